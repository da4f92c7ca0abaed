// entente_bench: measures the speed targets and prints one line of JSON each. The exit status says whether it could
// measure, not whether the targets hold.
#include <CLI/CLI.hpp>

#include "bench/measurements.hpp"

int main(int argc, char** argv) {
    CLI::App app{"Measures first sync, memory, rescan, propagation and phones against bare loops"};
    entente::bench::Plan plan;
    std::string only;
    bool engine_only = false;
    app.add_option("--systems", plan.systems, "systems: 2 (as in the earliest figures) or 3")
        ->check(CLI::Range(2, 3));
    app.add_option("--records", plan.records, "records in each of the systems")
        ->check(CLI::Range(1'000, 20'000'000));
    app.add_option("--edits", plan.edits, "edits to propagate")->check(CLI::Range(100, 1'000'000));
    app.add_option("--concurrent", plan.concurrent, "writes under way at a time")
        ->check(CLI::Range(1, 64));
    app.add_option("--only", only, "sync, propagate or phones")
        ->check(CLI::IsMember({"sync", "propagate", "phones"}));
    app.add_flag("--engine-only", engine_only, "leave out the bare loops of sync, for a profiler");
    CLI11_PARSE(app, argc, argv);
    const auto is_wanted = [&](const char* name) { return only.empty() || only == name; };
    if (is_wanted("sync")) entente::bench::measure_sync(plan, !engine_only);
    if (is_wanted("propagate")) entente::bench::measure_propagation(plan);
    if (is_wanted("phones")) entente::bench::measure_phones(plan);
    return 0;
}
