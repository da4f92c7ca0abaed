// Ctrl-C, SIGTERM and SIGHUP (the terminal was closed) as a call: the first asks for a clean end, the second ends the process at
// once. A thread waits for the signals, so nothing runs in a signal handler and no state is global.
// Made before other threads, so that all of them leave the signals to it.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <thread>

namespace entente::app {

class StopSignals {
public:
    // `stop` is called from another thread, once.
    explicit StopSignals(std::function<void()> stop);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    bool have_come() const { return come_; }

private:
    void wait(const std::function<void()>& stop);

    sigset_t awaited_{};
    sigset_t before_{};
    std::atomic<bool> come_ = false;
    std::atomic<bool> closing_ = false;
    std::thread waiter_;
};

}  // namespace entente::app
