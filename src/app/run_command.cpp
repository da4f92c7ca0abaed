// `entente run`: keeps workspaces in agreement, for ever or until nothing is left to do.
#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "app/command.hpp"
#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "app/run_summary.hpp"
#include "app/signals.hpp"
#include "app/simulated_folder.hpp"
#include "report/waiting.hpp"
#include "run/connectors.hpp"
#include "run/plan_run.hpp"
#include "run/simulated_processes.hpp"
#include "run/store_patience.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

// Each has a thread of its own.
constexpr std::size_t workspaces_max = 64;

struct RunArguments {
    std::vector<std::string> dirs;
    FolderChoice choice;
    bool until_idle = false;
    bool approve = false;
    bool json = false;
    std::string give_up_after = "30s";
};

// Lines of several workspaces share one terminal.
class Console {
public:
    // `stop` is called when what it prints is lost: nobody would learn of what comes next.
    Console(bool silent, std::function<void()> stop) : stop_(std::move(stop)), line_(silent) {}
    void say(const std::string& text) {
        const std::lock_guard lock(mutex_);
        line_.say(text);
        if (is_output_lost()) stop_();
    }
    void show(const std::string& text) {
        const std::lock_guard lock(mutex_);
        line_.show(text, 0, 0);
    }
    void print(const Value& value) {
        const std::lock_guard lock(mutex_);
        line_.clear();
        print_json(value);
        if (is_output_lost()) stop_();
    }
    int fail(const Error& error) {
        const std::lock_guard lock(mutex_);
        line_.clear();
        return report(error);
    }

private:
    const std::function<void()> stop_;
    std::mutex mutex_;  // guards the terminal: line_ and standard output
    ProgressLine line_;
};

// Tells people, and starts a simulated system again when it has gone.
class RunWatcher final : public run::Watcher {
public:
    RunWatcher(const run::WorkspaceFolder& folder, report::Place place,
               run::SimulatedProcesses& processes, Console& console)
        : folder_(folder), place_(std::move(place)), processes_(processes), console_(console) {}

    void notice(const sync::Notice& notice) override {
        if (auto text = notice_text(*folder_.workspace, notice))
            console_.say(named(*text + remedy(notice.kind)));
    }
    void health(SystemIndex system, run::Health health, const std::string& why) override {
        console_.say(named(health_text(*folder_.workspace, system, health, why)));
        if (health != run::Health::down || !folder_.workspace->system(system).simulated) return;
        const auto started = run::start_simulated(processes_, folder_.path, *folder_.workspace);
        if (!started) console_.say(named(started.error().message()));
    }
    void out_of_quota(SystemIndex system, Instant until) override {
        console_.say(named(quota_text(*folder_.workspace, system, until)));
    }
    void waits(ResourceIndex resource, Instant until) override {
        console_.say(named(waits_text(*folder_.workspace, resource, until)));
    }
    void progress(const run::Progress& progress) override {
        console_.show(named(progress_text(progress)));
    }

private:
    std::string named(const std::string& text) const {
        return fmt::format("[{}] {}", folder_.workspace->name, text);
    }
    // The command that tells more, or lets it go on.
    std::string remedy(sync::Notice::Kind kind) const {
        using Kind = sync::Notice::Kind;
        if (kind == Kind::stopped)
            return "; if that is right: " + report::command_of(place_, "run", {"--approve"});
        if (kind == Kind::parked || kind == Kind::held)
            return "; what answers it: " + report::command_of(place_, "status", {});
        return {};
    }

    const run::WorkspaceFolder& folder_;
    const report::Place place_;
    run::SimulatedProcesses& processes_;
    Console& console_;
};

// What a signal has to stop: runs, and plans that are being made.
class Stopper {
public:
    // Requires: the run lives until it is removed.
    template <class Run>
    void add(Run& run) {
        const std::lock_guard lock(mutex_);
        stops_[&run] = [&run] { run.stop(); };
        if (stopped_) run.stop();
    }
    template <class Run>
    void remove(Run& run) {
        const std::lock_guard lock(mutex_);
        stops_.erase(&run);
    }
    void stop() {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (const auto& [run, stop] : stops_) stop();
        has_stopped_.notify_all();
    }
    // Ensures: true, at once, when it is stopped before the time has passed.
    bool is_stopped_within(Duration time) {
        std::unique_lock lock(mutex_);
        return has_stopped_.wait_for(lock, std::chrono::milliseconds(time.ms),
                                     [&] { return stopped_; });
    }

private:
    std::mutex mutex_;  // guards all: the signals' thread stops runs that other threads own
    std::map<const void*, std::function<void()>> stops_;
    std::condition_variable has_stopped_;
    bool stopped_ = false;
};

int ask_for_approval(const run::WorkspaceFolder& folder, const std::string& dir,
                     const RunArguments& arguments, const std::vector<std::string>& unapproved,
                     Duration give_up_after, run::Watcher& watcher, Console& console,
                     Stopper& stopper) {
    auto planning = run::PlanRun::open(folder, {.give_up_after = give_up_after}, watcher);
    if (!planning) return console.fail(planning.error());
    stopper.add(**planning);
    auto plan = (*planning)->run();
    stopper.remove(**planning);
    if (!plan) return console.fail(plan.error());
    for (const auto& line : report::to_text(*plan, *folder.workspace)) console.say(line);
    if (arguments.json) {
        Value out = report::to_json(*plan, *folder.workspace);
        out.set("approved", false);
        console.print(out);
    }
    console.say(fmt::format(
        "Nothing was written: nobody has approved {}{} yet. To allow it: entente run {}{} "
        "--approve",
        unapproved.front(),
        unapproved.size() == 1 ? "" : fmt::format(" and {} more", unapproved.size() - 1), dir,
        arguments.choice.simulated ? " --simulated" : ""));
    return Exit::differences;
}

// What is left at rest.
struct Left {
    std::int64_t waits = 0;   // records and creates, for a person
    std::int64_t asleep = 0;  // writes, for their next try
};

Result<Left> count_left(const run::WorkspaceFolder& folder) {
    TRY(auto store, run::open_snapshot(folder));
    const Left left{report::count_waiting(*store), report::count_asleep(*folder.workspace, *store)};
    TRY_VOID(store->state());
    return left;
}

// Whoever asked for rest is told when it is not all there is: a person has to answer something first, or writes go on to fail.
int tell_end(const run::WorkspaceFolder& folder, const run::WorkspaceRun& run,
             const RunArguments& arguments, const std::string& dir, Console& console) {
    bool is_stopped = false;
    for (const auto& [index, state] : run.engine().data_types())
        is_stopped |= !state.stopped.empty();
    auto totals = totals_json(folder);
    if (!totals) return console.fail(totals.error());
    totals->set("api_calls", calls_json(*folder.workspace, run.runner()));
    const auto left = count_left(folder);
    if (!left) return console.fail(left.error());
    totals->set("waits", left->waits);
    totals->set("asleep", left->asleep);
    if (arguments.json) {
        Value out = Value::object();
        out.set("workspace", folder.workspace->name);
        for (auto& [key, value] : totals->as_object()) out.set(key, std::move(value));
        console.print(out);
    } else {
        const auto number = [&](std::string_view key) {
            return grouped(totals->find(key)->as_decimal().to_int().value_or(0));
        };
        console.say(
            fmt::format("[{}] {} linked, {} created, {} values written, {} conflicts, {} held",
                        folder.workspace->name, number("linked"), number("created"),
                        number("values_written"), number("conflicts"), number("held")));
    }
    const std::string status = report::command_of({dir, arguments.choice.simulated}, "status", {});
    if (left->waits > 0)
        console.say(fmt::format(
            "[{}] {} for a person; what, why, and what answers it: {}", folder.workspace->name,
            left->waits == 1 ? "1 thing waits" : grouped(left->waits) + " things wait", status));
    if (left->asleep > 0)
        console.say(fmt::format(
            "[{}] {} failed again and again, and {} tried at least daily while entente runs; "
            "what, and why: {}",
            folder.workspace->name,
            left->asleep == 1 ? "1 write has" : grouped(left->asleep) + " writes have",
            left->asleep == 1 ? "is" : "are", status));
    const bool is_left =
        is_stopped || (arguments.until_idle && (left->waits > 0 || left->asleep > 0));
    return is_left ? Exit::differences : Exit::done;
}

// From the opening of a workspace to its end.
struct Life {
    std::unique_ptr<run::WorkspaceRun> run;  // null: it could not be opened
    Instant began;                           // by elapsed()
    Result<void> ended;
};

// Time that has passed since some moment: whoever sets the machine's clock changes no pause and no patience.
Instant elapsed() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

Life live(const run::WorkspaceFolder& folder, const run::WorkspaceOptions& options,
          run::Watcher& watcher, Stopper& stopper) {
    Life life;
    auto opened = run::WorkspaceRun::open(folder, options, watcher);
    if (!opened) {
        life.ended = std::unexpected(std::move(opened).error());
        return life;
    }
    life.run = std::move(*opened);
    life.began = elapsed();
    stopper.add(*life.run);
    life.ended = life.run->run();
    stopper.remove(*life.run);
    return life;
}

int run_one(const std::string& dir, const RunArguments& arguments, Duration give_up_after,
            Console& console, Stopper& stopper) {
    run::SimulatedProcesses processes;
    FolderChoice choice = arguments.choice;
    choice.dir = dir;
    auto folder = open_folder(choice, processes);
    if (!folder) return console.fail(folder.error());
    for (const auto& warning : run::secret_warnings(*folder)) console.say(warning);
    RunWatcher watcher(*folder, {dir, arguments.choice.simulated}, processes, console);
    auto unapproved = run::unapproved(*folder);
    if (!unapproved) return console.fail(unapproved.error());
    if (!arguments.approve && !unapproved->empty()) {
        return ask_for_approval(*folder, dir, arguments, *unapproved, give_up_after, watcher,
                                console, stopper);
    }
    const run::WorkspaceOptions options{
        .approve = arguments.approve,
        .runner = {.until_idle = arguments.until_idle, .give_up_after = give_up_after}};
    run::StorePatience patience;
    for (bool is_first = true;; is_first = false) {
        auto life = live(*folder, options, watcher, stopper);
        if (life.ended) return tell_end(*folder, *life.run, arguments, dir, console);
        const Error& error = life.ended.error();
        const auto began = life.run ? std::optional(life.began) : std::nullopt;
        // Who waits for an end, or has just typed the command, is told at once.
        const bool may_pass =
            error.kind == ErrorKind::store && !arguments.until_idle && (life.run || !is_first);
        const auto pause = may_pass ? patience.after_failure(began, elapsed()) : std::nullopt;
        if (!pause) return console.fail(error);
        console.say(fmt::format("[{}] the store failed: {}; it is opened again in {}",
                                folder->workspace->name, error.message(), format_duration(*pause)));
        life.run.reset();
        if (stopper.is_stopped_within(*pause)) return console.fail(error);
    }
}

// One of several workspaces. Where all are to run for ever, one that cannot go on ends the process: nobody else would notice it.
int run_beside_others(const std::string& dir, const RunArguments& arguments, Duration give_up_after,
                      Console& console, Stopper& stopper) {
    const int exit = run_one(dir, arguments, give_up_after, console, stopper);
    if (exit != Exit::done && !arguments.until_idle && !stopper.is_stopped_within(Duration{0})) {
        console.say(fmt::format("{} cannot go on, so the others are stopped as well", dir));
        stopper.stop();
    }
    return exit;
}

int run_all(const RunArguments& arguments) {
    if (arguments.dirs.size() > workspaces_max) {
        return report({ErrorKind::bad_input,
                       fmt::format("at most {} workspaces are run by one process", workspaces_max),
                       "DIR"});
    }
    const auto give_up_after = parse_duration(arguments.give_up_after);
    if (!give_up_after) return report(give_up_after.error());
    Stopper stopper;
    Console console(arguments.json, [&] { stopper.stop(); });
    StopSignals signals([&] { stopper.stop(); });
    if (arguments.dirs.size() == 1)
        return run_one(arguments.dirs.front(), arguments, *give_up_after, console, stopper);

    std::vector<int> exits(arguments.dirs.size(), Exit::done);
    std::vector<std::thread> threads;
    for (std::size_t at = 0; at < arguments.dirs.size(); ++at) {
        threads.emplace_back([&, at] {
            exits[at] =
                run_beside_others(arguments.dirs[at], arguments, *give_up_after, console, stopper);
        });
    }
    for (auto& thread : threads) thread.join();
    return *std::ranges::max_element(exits);
}

}  // namespace

void add_run(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<RunArguments>();
    CLI::App* run = cli.add_subcommand("run", "Keep workspaces in agreement");
    run->footer(
        "Keeps the systems of each workspace in agreement until Ctrl-C, or with --until-idle\n"
        "until nothing is left to do; the status is then 1 if anything waits for a person\n"
        "(`entente status` tells what). While any data type was never approved, the plan is\n"
        "printed instead (see `entente plan`), nothing is written, and the status is 1;\n"
        "--approve allows it, for good. Simulated systems (simulated: true) that do not\n"
        "answer are started; --simulated replaces every system by its simulated one.");
    run->add_option("DIR", arguments->dirs, "The workspaces' folders")->required();
    run->add_flag("--until-idle", arguments->until_idle,
                  "End when everything agrees and nothing new is found");
    run->add_flag("--approve", arguments->approve,
                  "Allow writes to every data type of the workspace, for good");
    add_simulated_options(*run, arguments->choice);
    run->add_option("--give-up-after", arguments->give_up_after,
                    "With --until-idle: how long a system may answer nothing (status 3)")
        ->capture_default_str();
    run->add_flag("--json", arguments->json, "Print one JSON object at the end");
    run->callback([arguments, &chosen] { chosen = [arguments] { return run_all(*arguments); }; });
}

}  // namespace entente::app
