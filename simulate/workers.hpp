// Numbered tasks on all cores; their results are taken in the order of the numbers, whoever was first.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace entente::world {

// `task(number)` on several threads, `take(number, result)` on this one; take says whether to go on.
template <class Task, class Take>
void for_each_number(std::uint64_t first, std::uint64_t count, unsigned threads, Task task,
                     Take take) {
    std::atomic<std::uint64_t> next{first};
    std::atomic<bool> is_over{false};
    std::mutex mutex;
    std::condition_variable ready;
    std::map<std::uint64_t, decltype(task(first))> results;
    std::vector<std::jthread> workers;
    for (unsigned i = 0; i < threads; ++i)
        workers.emplace_back([&] {
            for (;;) {
                const std::uint64_t number = next++;
                if (number >= first + count || is_over) return;
                auto result = task(number);
                const std::scoped_lock lock(mutex);
                results.emplace(number, std::move(result));
                ready.notify_one();
            }
        });
    for (std::uint64_t number = first; number < first + count; ++number) {
        std::unique_lock lock(mutex);
        ready.wait(lock, [&] { return results.contains(number); });
        auto result = std::move(results.extract(number).mapped());
        lock.unlock();
        if (take(number, std::move(result))) continue;
        is_over = true;
        return;
    }
}

}  // namespace entente::world
