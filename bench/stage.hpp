// What every measurement needs: a workspace of two or three systems from the shipped catalogue, a store in a folder of its own, and
// for the in-process measurements the loop that hands pages from the shelves to the engine.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/shelf.hpp"
#include "connect/rest_connector.hpp"
#include "model/workspace.hpp"
#include "store/sqlite_store.hpp"
#include "sync/engine.hpp"

namespace entente::bench {

// Rows of a page: fixed, so that engine and bare loop commit equally often.
inline constexpr int rows_per_page = 500;

struct Places {
    std::vector<std::string> urls;  // by system
    int concurrent = 4;
};
// For measurements that send nothing.
Places nowhere(int systems);

// A is a custom-webshop, B and C are a custom-erp each; their quotas are lifted. Ends the process when it does not load.
model::Workspace load_workspace(const Places& places);
std::vector<connect::RestConnector> open_connectors(const model::Workspace& workspace);

// What must hold in a measurement; prints and ends the process otherwise.
template <class T>
T must(Result<T> result);
void must(Result<void> result);
[[noreturn]] void give_up(const std::string& why);

// A folder below the system's temporary one, removed at the end.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

// Running totals: time that passed, and the calling thread's own. The second is what counts on a busy machine.
class Stopwatch {
public:
    void start();
    void stop();
    double seconds() const { return static_cast<double>(passed_) / 1e9; }
    double cpu_seconds() const { return static_cast<double>(used_) / 1e9; }

private:
    std::int64_t passed_ = 0, used_ = 0;  // nanoseconds
    std::int64_t begun_ = 0, begun_cpu_ = 0;
};

// Drives an engine from the shelves, without sockets, until it rests. Time is by hand.
class Stage {
public:
    // Requires: a shelf for each system of the workspace; they outlive the stage.
    Stage(const model::Workspace& workspace, std::vector<Shelf*> shelves);

    struct Run {
        Stopwatch watch;  // without the making of the pages
        std::int64_t records = 0;
        std::int64_t steps = 0;
    };
    // Sweeps everything and works until rest. `half_way` is called once, when half of `records` have been read.
    Run sweep(sync::Engine& engine, std::int64_t records, const std::function<void()>& half_way);
    Instant now() const { return now_; }

private:
    void step(sync::Engine& engine, std::vector<sync::Event> events, Run& run);
    sync::Answered answer(sync::Effect effect, Stopwatch& watch);

    const model::Workspace& workspace_;
    std::vector<Shelf*> shelves_;  // by system
    std::vector<connect::RestConnector> connectors_;
    std::deque<sync::Effect> effects_;
    Instant now_{1'796'000'000'000};
};

template <class T>
T must(Result<T> result) {
    if (!result) give_up(result.error().message());
    return std::move(*result);
}

}  // namespace entente::bench
