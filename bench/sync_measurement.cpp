#include <deque>

#include "bench/bare.hpp"
#include "bench/measurements.hpp"
#include "bench/report_line.hpp"

namespace entente::bench {
namespace {

constexpr double bare_rate_min =
    30'000;  // records of 0.5 kB a second: a slower bare loop would hide a slow engine
constexpr double resident_mib_max = 200;

double per_second(std::int64_t count, double seconds) {
    return seconds <= 0 ? 0 : static_cast<double>(count) / seconds;
}

struct Measured {
    Stage::Run first, again;
    MemoryUse half, end;
};

// Both sides in both kinds of time: on a busy machine the ratio of the time used says more than that of the time passed.
void add_sides(ReportLine& line, const Stage::Run& run, const Stopwatch& bare) {
    line.add_number("seconds", run.watch.seconds(), 2);
    line.add_number("cpu_seconds", run.watch.cpu_seconds(), 2);
    line.add_number("records_per_second", per_second(run.records, run.watch.seconds()), 0);
    line.add_number("bare_seconds", bare.seconds(), 2);
    line.add_number("bare_cpu_seconds", bare.cpu_seconds(), 2);
    line.add_number("bare_records_per_second", per_second(run.records, bare.seconds()), 0);
    line.add_number("cpu_ratio", run.watch.cpu_seconds() / bare.cpu_seconds(), 2);
}

void print_first_sync(const Plan& plan, const Stage::Run& run, const Stopwatch& bare,
                      const std::string& differing) {
    ReportLine line("first_sync");
    line.add("systems", plan.systems);
    line.add("records_per_system", plan.records);
    add_sides(line, run, bare);
    line.add("bare_target", "at least 30000 records a second");
    line.add("bare_holds", per_second(run.records, bare.seconds()) >= bare_rate_min);
    line.add("steps", run.steps);
    line.add("tables_that_differ", differing);
    line.at_most(run.watch.seconds() / bare.seconds(), 2.0);
    line.print();
}

void print_memory(const Plan& plan, const Measured& measured) {
    ReportLine line("memory");
    line.add("systems", plan.systems);
    line.add("records_per_system", plan.records);
    line.add_number("resident_peak_mib", measured.end.resident_peak, 1);
    line.add_number("resident_half_way_mib", measured.half.resident, 1);
    line.add_number("resident_end_mib", measured.end.resident, 1);
    line.add("ratio_is", "the peak against 200 MiB");
    line.at_most(measured.end.resident_peak / resident_mib_max, 1.0);
    line.print();
}

void print_rescan(const Plan& plan, const Stage::Run& run, const Stopwatch& bare) {
    ReportLine line("rescan");
    line.add("systems", plan.systems);
    line.add("records_per_system", plan.records);
    add_sides(line, run, bare);
    line.at_most(run.watch.seconds() / bare.seconds(), 1.5);
    line.print();
}

}  // namespace

void measure_sync(const Plan& plan, bool with_bare) {
    const Folder folder;
    const std::string path = folder.file("engine.db"), bare_path = folder.file("bare.db");
    const model::Workspace workspace = load_workspace(nowhere(plan.systems));
    std::deque<Shelf> held;
    std::vector<Shelf*> shelves;
    for (std::size_t i = 0; i < workspace.systems.size(); ++i)
        shelves.push_back(&held.emplace_back(kind_of(i), plan.records));
    const std::int64_t records = plan.systems * plan.records;
    Stage stage(workspace, shelves);
    Measured measured;
    {
        auto store = must(store::SqliteStore::open(path, store::names_of(workspace)));
        auto engine = must(sync::Engine::open(workspace, *store, {.approve = true}, stage.now()));
        measured.first = stage.sweep(*engine, records, [&] { measured.half = memory_use(); });
        measured.end = memory_use();
        measured.again = stage.sweep(*engine, records, [] {});
    }
    print_memory(plan, measured);
    if (!with_bare) return;
    Stopwatch bare_first;
    {
        auto finished = must(store::SqliteStore::open_reader(path, store::names_of(workspace)));
        auto target = must(store::SqliteStore::open(bare_path, store::names_of(workspace)));
        bare_first = bare_first_sync(workspace, *finished, *target, shelves, plan.records);
    }
    print_first_sync(plan, measured.first, bare_first, tables_that_differ(path, bare_path));
    auto store = must(store::SqliteStore::open(path, store::names_of(workspace)));
    print_rescan(plan, measured.again, bare_rescan(workspace, *store, shelves, plan.records));
}

}  // namespace entente::bench
