// `entente run`: keeps workspaces in agreement, for ever or until nothing is left to do.
#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <thread>

#include "app/command.hpp"
#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "app/run_summary.hpp"
#include "app/signals.hpp"
#include "report/plan.hpp"
#include "run/connectors.hpp"
#include "run/simulated_processes.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

// Each has a thread of its own.
constexpr std::size_t workspaces_max = 64;

struct RunArguments {
    std::vector<std::string> dirs;
    bool until_idle = false;
    bool approve = false;
    bool json = false;
    std::string give_up_after = "30s";
};

// Lines of several workspaces share one terminal.
class Console {
public:
    explicit Console(bool silent) : line_(silent) {}
    void say(const std::string& text) {
        const std::lock_guard lock(mutex_);
        line_.say(text);
    }
    void show(const std::string& text) {
        const std::lock_guard lock(mutex_);
        line_.show(text, 0, 0);
    }
    void print(const Value& value) {
        const std::lock_guard lock(mutex_);
        line_.clear();
        print_json(value);
    }
    int fail(const Error& error) {
        const std::lock_guard lock(mutex_);
        line_.clear();
        return report(error);
    }

private:
    std::mutex mutex_;  // guards the terminal: line_ and standard output
    ProgressLine line_;
};

// Tells people, and starts a simulated system again when it has gone.
class RunWatcher final : public run::Watcher {
public:
    RunWatcher(const run::WorkspaceFolder& folder, run::SimulatedProcesses& processes,
               Console& console)
        : folder_(folder), processes_(processes), console_(console) {}

    void notice(const sync::Notice& notice) override {
        if (auto text = notice_text(*folder_.workspace, notice)) console_.say(named(*text));
    }
    void health(SystemIndex system, run::Health health, const std::string& why) override {
        console_.say(named(health_text(*folder_.workspace, system, health, why)));
        if (health != run::Health::down || !folder_.workspace->system(system).simulated) return;
        const auto started = run::start_simulated(processes_, folder_.path, *folder_.workspace);
        if (!started) console_.say(named(started.error().message()));
    }
    void progress(const run::Progress& progress) override {
        console_.show(named(progress_text(progress)));
    }

private:
    std::string named(const std::string& text) const {
        return fmt::format("[{}] {}", folder_.workspace->name, text);
    }

    const run::WorkspaceFolder& folder_;
    run::SimulatedProcesses& processes_;
    Console& console_;
};

// Which runs a signal has to stop.
class Stopper {
public:
    void add(run::WorkspaceRun& run) {
        const std::lock_guard lock(mutex_);
        runs_.push_back(&run);
        if (stopped_) run.stop();
    }
    void remove(run::WorkspaceRun& run) {
        const std::lock_guard lock(mutex_);
        std::erase(runs_, &run);
    }
    void stop() {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (auto* run : runs_) run->stop();
    }

private:
    std::mutex mutex_;  // guards both: the signals' thread stops runs that other threads own
    std::vector<run::WorkspaceRun*> runs_;
    bool stopped_ = false;
};

int ask_for_approval(const run::WorkspaceFolder& folder,
                     const std::vector<DataTypeIndex>& unapproved, bool json, Console& console) {
    auto store = run::open_snapshot(folder);
    if (!store) return console.fail(store.error());
    const auto plans = report::plan(*folder.workspace, **store, unapproved);
    if (auto state = (*store)->state(); !state) return console.fail(state.error());
    Value list = Value::list();
    for (const auto& plan : plans) {
        const std::string& name = folder.workspace->data_type(plan.data_type).full_name;
        Value one = Value::object();
        one.set("data_type", name);
        one.set("creates", plan.creates);
        one.set("updates", plan.updates);
        one.set("waits", plan.waits);
        list.as_list().push_back(std::move(one));
        console.say(fmt::format(
            "{}: would create {} and update {}{}", name, counted(plan.creates, "record", "records"),
            counted(plan.updates, "record", "records"),
            plan.waits == 0 ? "" : fmt::format("; {} wait for a person", plan.waits)));
    }
    if (json) {
        Value out = Value::object();
        out.set("workspace", folder.workspace->name);
        out.set("approved", false);
        out.set("would", std::move(list));
        console.print(out);
    }
    console.say(fmt::format("Nothing was written. To allow it: entente run {} --approve",
                            folder.path.string()));
    return Exit::differences;
}

int tell_end(const run::WorkspaceFolder& folder, const run::WorkspaceRun& run, bool json,
             Console& console) {
    bool is_stopped = false;
    for (const auto& [index, state] : run.engine().data_types())
        is_stopped |= !state.stopped.empty();
    auto totals = totals_json(folder);
    if (!totals) return console.fail(totals.error());
    totals->set("api_calls", calls_json(*folder.workspace, run.runner()));
    if (json) {
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
    return is_stopped ? Exit::differences : Exit::done;
}

int run_one(const std::string& dir, const RunArguments& arguments, Duration give_up_after,
            Console& console, Stopper& stopper) {
    auto folder = run::require_workspace_folder(dir);
    if (!folder) return console.fail(folder.error());
    for (const auto& warning : run::secret_warnings(*folder)) console.say(warning);
    run::SimulatedProcesses processes;
    RunWatcher watcher(*folder, processes, console);
    run::WorkspaceOptions options{
        .approve = arguments.approve,
        .runner = {.until_idle = arguments.until_idle, .give_up_after = give_up_after}};
    auto opened = run::WorkspaceRun::open(*folder, options, watcher);
    if (!opened) return console.fail(opened.error());
    const auto unapproved = (*opened)->unapproved();
    if (!unapproved.empty()) {
        // Looking is all that may be done; then the counts are shown.
        opened->reset();
        options.runner.until_idle = options.runner.look_only = true;
        opened = run::WorkspaceRun::open(*folder, options, watcher);
        if (!opened) return console.fail(opened.error());
    }
    if (auto started = run::start_simulated(processes, folder->path, *folder->workspace);
        !started) {
        return console.fail(started.error());
    }
    auto& workspace_run = **opened;
    stopper.add(workspace_run);
    const auto ended = workspace_run.run();
    stopper.remove(workspace_run);
    if (!ended) return console.fail(ended.error());
    if (!unapproved.empty()) return ask_for_approval(*folder, unapproved, arguments.json, console);
    return tell_end(*folder, workspace_run, arguments.json, console);
}

int run_all(const RunArguments& arguments) {
    if (arguments.dirs.size() > workspaces_max) {
        return report({ErrorKind::bad_input,
                       fmt::format("at most {} workspaces are run by one process", workspaces_max),
                       "DIR"});
    }
    const auto give_up_after = parse_duration(arguments.give_up_after);
    if (!give_up_after) return report(give_up_after.error());
    Console console(arguments.json);
    Stopper stopper;
    StopSignals signals([&] { stopper.stop(); });
    if (arguments.dirs.size() == 1)
        return run_one(arguments.dirs.front(), arguments, *give_up_after, console, stopper);

    std::vector<int> exits(arguments.dirs.size(), Exit::done);
    std::vector<std::thread> threads;
    for (std::size_t at = 0; at < arguments.dirs.size(); ++at) {
        threads.emplace_back([&, at] {
            exits[at] = run_one(arguments.dirs[at], arguments, *give_up_after, console, stopper);
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
        "until nothing is left to do. Data types that were never approved are read and\n"
        "matched only: what would be written is printed, and the status is 1. --approve\n"
        "allows it, for good. Simulated systems (simulated: true) that do not answer are\n"
        "started.");
    run->add_option("DIR", arguments->dirs, "The workspaces' folders")->required();
    run->add_flag("--until-idle", arguments->until_idle,
                  "End when everything agrees and nothing new is found");
    run->add_flag("--approve", arguments->approve,
                  "Allow writes to every data type of the workspace, for good");
    run->add_option("--give-up-after", arguments->give_up_after,
                    "With --until-idle: how long a system may answer nothing (status 3)")
        ->capture_default_str();
    run->add_flag("--json", arguments->json, "Print one JSON object at the end");
    run->callback([arguments, &chosen] { chosen = [arguments] { return run_all(*arguments); }; });
}

}  // namespace entente::app
