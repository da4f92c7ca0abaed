// `entente demo`: simulated systems with overlapping, dirty data find each other and stay in
// agreement.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <mutex>

#include "app/command.hpp"
#include "app/demo_judge.hpp"
#include "app/demo_live.hpp"
#include "app/demo_questions.hpp"
#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "app/signals.hpp"
#include "run/workspace_run.hpp"
#include "sim/generator.hpp"
#include "sim/system.hpp"

namespace entente::app {

namespace {

struct DemoArguments {
    DemoOptions options;
    bool once = false;
    bool json = false;
    bool shows_questions = false;
    std::int64_t tampered = 0;
};

// Shows how the first sync comes along, and starts systems again that somebody has ended.
class DemoWatcher final : public run::Watcher {
public:
    DemoWatcher(const run::WorkspaceFolder& folder, run::SimulatedProcesses& processes,
                std::int64_t records, bool json)
        : folder_(folder), processes_(processes), records_(records), line_(json) {}

    void notice(const sync::Notice& notice) override {
        using Kind = sync::Notice::Kind;
        // A first sync has hundreds of these; they are counted, and `entente status` lists them.
        if (notice.kind == Kind::parked || notice.kind == Kind::conflict ||
            notice.kind == Kind::held)
            return;
        if (auto text = notice_text(*folder_.workspace, notice)) line_.say(*text);
    }
    void health(SystemIndex system, run::Health health, const std::string& why) override {
        line_.say(health_text(*folder_.workspace, system, health, why));
        if (health != run::Health::down) return;
        if (const auto revived = processes_.revive(); !revived)
            line_.say(revived.error().message());
    }
    void out_of_quota(SystemIndex system, Instant until) override {
        line_.say(quota_text(*folder_.workspace, system, until));
    }
    void waits(ResourceIndex resource, Instant until) override {
        line_.say(waits_text(*folder_.workspace, resource, until));
    }
    void progress(const run::Progress& progress) override {
        line_.show(progress_text(progress), std::min(progress.records_read, records_), records_);
    }
    ProgressLine& line() { return line_; }

private:
    const run::WorkspaceFolder& folder_;
    run::SimulatedProcesses& processes_;
    std::int64_t records_;
    ProgressLine line_;
};

// What a signal ends: whichever part of the demo is running.
class Stopping {
public:
    void stop() {
        const std::lock_guard lock(mutex_);
        asked_ = true;
        if (stop_part_) stop_part_();
    }
    void part(std::function<void()> stop_part) {
        const std::lock_guard lock(mutex_);
        stop_part_ = std::move(stop_part);
        if (asked_ && stop_part_) stop_part_();
    }
    bool asked() {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    std::mutex mutex_;  // guards both: the signals' thread stops what this one runs
    std::function<void()> stop_part_;
    bool asked_ = false;
};

// Keeps `stop_part` in place for as long as the part lives.
class Part {
public:
    Part(Stopping& stopping, std::function<void()> stop_part) : stopping_(stopping) {
        stopping_.part(std::move(stop_part));
    }
    ~Part() { stopping_.part({}); }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

private:
    Stopping& stopping_;
};

Result<void> first_sync(const run::WorkspaceFolder& folder, run::Watcher& watcher,
                        Stopping& stopping) {
    TRY(auto opened, run::WorkspaceRun::open(
                         folder, {.approve = true, .runner = {.until_idle = true}}, watcher));
    const Part part(stopping, [&] { opened->stop(); });
    return opened->run();
}

std::int64_t number_at(const Value& object, std::string_view path) {
    const Value* value = object.at_path(path);
    return value && value->is_decimal() ? value->as_decimal().to_int().value_or(0) : 0;
}

// What only a person can know.
void tell_questions(const Value& summary, const std::string& dir, bool shows_them) {
    std::string kinds;
    for (const auto& [why, count] : summary.find("questions_by_kind")->as_object())
        kinds +=
            fmt::format("{}{} of {}", kinds.empty() ? "" : "; ", count.as_decimal().text(), why);
    if (kinds.empty()) return;
    print_line(fmt::format("  of these, {} that only a person can answer: {}; {} with them",
                           counted(number_at(summary, "questions"), "question", "questions"), kinds,
                           counted(number_at(summary, "waiting"), "record waits", "records wait")));
    print_line(fmt::format("  `entente status {}` lists them", dir));
    if (!shows_them) return;
    for (const auto& sample : summary.find("question_samples")->as_list())
        print_line("    " + question_text(sample));
}

// The same numbers as the JSON's, in sentences.
void tell_people(const Value& summary, const std::string& dir, bool shows_them) {
    const auto number = [&](std::string_view path) { return grouped(number_at(summary, path)); };
    std::string calls, waiting;
    for (const auto& [system, asked] : summary.find("api_calls")->as_object()) {
        calls += fmt::format("{}{} to {} ({} refused by its quota)", calls.empty() ? "" : ", ",
                             grouped(number_at(asked, "requests")), system,
                             grouped(number_at(asked, "status_429")));
    }
    for (const auto& [reason, count] : summary.find("parked")->as_object()) {
        waiting +=
            fmt::format("{}{} {}", waiting.empty() ? "" : ", ", count.as_decimal().text(), reason);
    }
    print_line(fmt::format(
        "  {} records of {} real things ({} shared, {} of one system alone) now "
        "agree with their counterparts",
        number("linked"), number("truth.things"), number("truth.shared"), number("truth.own")));
    print_line(fmt::format("  {} records created and {} changed, in {} s; calls: {}",
                           number("created"), number("updated"),
                           summary.find("seconds")->as_decimal().text(), calls));
    print_line(fmt::format(
        "  {} values differed when the records were found; the later one won, the other is kept",
        number("first_joins")));
    print_line(fmt::format("  waiting for a person: {}", waiting.empty() ? "nothing" : waiting));
    tell_questions(summary, dir, shows_them);
    print_line(fmt::format(
        "  judged over HTTP against the truth: {} wrong links, {} duplicates, {} missing, {} "
        "differing values",
        number("wrong_links"), number("duplicates"), number("missing"), number("differ")));
}

void tell(const DemoResult& result, const DemoArguments& arguments, const std::string& dir,
          ProgressLine& line) {
    line.clear();
    for (const auto& explanation : result.explanations) print_error(explanation);
    if (arguments.json) {
        print_json(result.summary);
        return;
    }
    tell_people(result.summary, dir, arguments.shows_questions);
    print_line(result.is_good ? "All systems agree." : "They do not agree.");
}

Result<DemoResult> conclude(const DemoFolder& demo, const run::WorkspaceFolder& folder,
                            std::int64_t tampered, Duration took) {
    TRY(auto fetch, PatientFetch::make());
    TRY(auto stats, counted_by_systems(demo, fetch));
    TRY_VOID(tamper(demo, tampered, fetch));
    TRY(const auto verdict, judge(demo, fetch));
    return summarise(demo, folder, verdict, std::move(stats), took);
}

Result<int> demo(const DemoArguments& arguments) {
    Stopping stopping;
    const StopSignals signals([&] { stopping.stop(); });
    run::SystemClock clock;
    run::SimulatedProcesses processes;
    ProgressLine line(arguments.json);
    if (arguments.once && arguments.options.records == 0)
        return fail(ErrorKind::bad_input, "a demo of nothing proves nothing; ask for some",
                    "--records");
    TRY(const DemoFolder demo, open_demo(arguments.options, processes));
    line.say(fmt::format("{} {}", demo.is_resumed ? "Resuming" : "Made", demo.path.string()));
    for (const auto& system : demo.systems)
        line.say(fmt::format("{} ({}) at {}", system.name, system.kind, system.url));
    TRY(const auto folder, run::require_workspace_folder(demo.path));
    TRY_VOID(check_tampering(demo, arguments.tampered));

    const Instant began = clock.now();
    TRY(auto fetch, PatientFetch::make());
    TRY(const Value before, counted_by_systems(demo, fetch));
    std::int64_t records = 0;
    for (const auto& [name, stats] : before.as_object()) {
        for (const auto& [resource, count] : stats.find("records")->as_object()) {
            records += count.as_decimal().to_int().value_or(0);
        }
    }
    {
        DemoWatcher watcher(folder, processes, records, arguments.json);
        TRY_VOID(first_sync(folder, watcher, stopping));
    }
    const Duration took = clock.now() - began;
    if (!stopping.asked()) {
        TRY(const DemoResult result, conclude(demo, folder, arguments.tampered, took));
        tell(result, arguments, demo.path.string(), line);
        if (arguments.once) return result.is_good ? Exit::done : Exit::differences;
    }
    if (stopping.asked()) return arguments.once ? Exit::differences : Exit::done;
    LiveDemo live(demo, folder, processes, {.json = arguments.json});
    const Part part(stopping, [&] { live.stop(); });
    TRY_VOID(live.run());
    return Exit::done;
}

}  // namespace

void add_demo(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<DemoArguments>();
    auto& options = arguments->options;
    std::vector<std::string_view> names;
    for (const auto& kind : sim::kinds_of_systems()) names.push_back(kind.name);
    CLI::App* app =
        cli.add_subcommand("demo", "Simulated systems find each other and stay in agreement");
    app->footer(
        "Makes a workspace with simulated systems that hold overlapping, dirty data,\n"
        "links them, and judges the result over HTTP against the truth that the engine never\n"
        "sees. Then people edit all of them until Ctrl-C, and each edit is shown as it\n"
        "arrives elsewhere. A demo that was interrupted is resumed.");
    auto* once = app->add_flag("--once", arguments->once,
                               "End after the first sync; status 1 when anything is wrong");
    app->add_option("--records", options.records, "Real things that the systems share")
        ->check(CLI::Range(0, 10'000'000))
        ->capture_default_str();
    app->add_option("--seed", options.seed, "The same seed makes the same records")
        ->capture_default_str();
    app->add_option("--dir", options.dir, "The demo's folder; by default demo-SEED, here");
    app->add_option(
           "--systems", options.systems,
           fmt::format("Which simulated systems: names with commas between them, or all: {}",
                       fmt::join(names, ",")))
        ->capture_default_str();
    app->add_option("--clock", options.clock, "Their quotas refill so many times faster")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app->add_option("--tamper", arguments->tampered,
                    "With --once: change so many values once the engine has exited")
        ->check(CLI::NonNegativeNumber)
        ->needs(once);
    std::vector<std::string> populations;
    for (const auto& known : sim::kinds_of_populations()) populations.emplace_back(known.name);
    app->add_option("--population", options.population,
                    "Which things they share: " + sim::populations_in_words(&sim::SystemKind::name))
        ->check(CLI::IsMember(populations))
        ->capture_default_str();
    app->add_flag("--show-questions", arguments->shows_questions,
                  "Show ten of the questions that only a person can answer, with both records");
    app->add_flag("--json", arguments->json, "Print JSON, the result as the last line");
    app->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto status = demo(*arguments);
            return status ? *status : report(status.error());
        };
    });
}

}  // namespace entente::app
