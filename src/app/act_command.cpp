// `entente link`, `apart`, `relink` and `retry`: what a person says of records, while nobody runs the workspace.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <memory>

#include "app/command.hpp"
#include "app/output.hpp"
#include "app/simulated_folder.hpp"
#include "base/shown.hpp"
#include "report/waiting.hpp"
#include "run/say.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

using Kind = sync::Act::Kind;

struct ActArguments {
    report::Place place;
    std::vector<std::string> records;
    std::string to, by;
    bool is_not_there = false, json = false;
};

std::string user_name() {
    const passwd* user = ::getpwuid(::geteuid());
    return user != nullptr ? user->pw_name : fmt::format("user {}", ::geteuid());
}

Result<sync::Act> read_act(const model::Workspace& workspace, Kind kind,
                           const ActArguments& arguments) {
    sync::Act act;
    act.kind = kind;
    act.by = arguments.by.empty() ? user_name() : arguments.by;
    act.is_not_there = arguments.is_not_there;
    std::vector<std::string> words = arguments.records;
    if (!arguments.to.empty()) words.push_back(arguments.to);
    act.all = kind == Kind::retry && words == std::vector<std::string>{"all"};
    if (act.all && act.is_not_there) {
        return fail(ErrorKind::bad_input,
                    "--not-there is said of one record: nobody has looked for all of them", "all");
    }
    for (const std::string& word : words) {
        if (act.all) break;
        TRY(auto named, report::read_record_word(workspace, word));
        act.records.push_back(std::move(named));
    }
    return act;
}

Value result_json(const sync::ActResult& result, const sync::Act& act,
                  const std::vector<report::Remedy>& remedies) {
    return Value(Value::Object{{"done", result.refusal == sync::Refusal::none},
                               {"text", result.text},
                               {"by", act.by},
                               {"remedies", report::to_json(remedies)}});
}

Result<int> carry_out(Kind kind, const ActArguments& arguments) {
    TRY(const auto folder, read_folder(arguments.place.dir, arguments.place.simulated));
    const auto& workspace = *folder.workspace;
    TRY(const sync::Act act, read_act(workspace, kind, arguments));
    TRY(const sync::ActResult result, run::say(folder, act));
    const bool is_done = result.refusal == sync::Refusal::none;
    TRY(auto store, run::open_snapshot(folder));
    const auto remedies =
        report::remedies_of_refusal(workspace, *store, arguments.place, act, result);
    TRY_VOID(store->state());
    if (arguments.json) {
        print_json(result_json(result, act, remedies));
    } else if (is_done) {
        print_line(fmt::format("{} (says {}). What follows from it is done by: {}", result.text,
                               act.by, report::command_of(arguments.place, "run", {})));
    } else {
        print_error(result.text + "; nothing was changed");
        for (const auto& line : report::to_text(remedies)) print_error(line);
    }
    return is_done ? Exit::done : Exit::differences;
}

// `retry` alone: what there is to be tried again, and how.
Result<int> list_retries(const ActArguments& arguments) {
    TRY(const auto folder, read_folder(arguments.place.dir, arguments.place.simulated));
    TRY(auto store, run::open_snapshot(folder));
    std::int64_t held = 0;
    for (std::size_t at = 0; at < folder.workspace->data_types.size(); ++at)
        held += store->counts({static_cast<std::int32_t>(at)}).held;
    Value parked = Value::object();
    std::string told;
    for (const auto& [reason, count] : store->parked_counts()) {
        parked.set(sync::name_of(reason), count);
        told += fmt::format("{} {}, ", grouped(count), sync::name_of(reason));
    }
    TRY_VOID(store->state());
    if (arguments.json) {
        print_json(Value(Value::Object{{"parked", std::move(parked)}, {"held", held}}));
        return Exit::unusable;
    }
    print_error(fmt::format("which? There are: {}{} held", told, grouped(held)));
    print_error("all of them: " + report::command_of(arguments.place, "retry", {"all"}));
    print_error("one of them: " + report::command_of(arguments.place, "retry", {"SYSTEM.TYPE:ID"}));
    print_error("what they are: " + report::command_of(arguments.place, "status", {}));
    return Exit::unusable;
}

CLI::App* declare(CLI::App& cli, Chosen& chosen, Kind kind, const std::string& name,
                  const std::string& what, const std::shared_ptr<ActArguments>& arguments) {
    CLI::App* command = cli.add_subcommand(name, what);
    command->add_option("DIR", arguments->place.dir, "The workspace's folder")->required();
    command->add_option("--by", arguments->by, "Who says so, for the history")
        ->default_str("the user's name");
    command->add_flag("--simulated", arguments->place.simulated,
                      "Of the trial with simulated systems (DIR/state/simulated)");
    command->add_flag("--json", arguments->json, "Print one JSON object");
    command->callback([arguments, kind, &chosen] {
        chosen = [arguments, kind] {
            const bool is_list = kind == Kind::retry && arguments->records.empty();
            const auto exit = is_list ? list_retries(*arguments) : carry_out(kind, *arguments);
            return exit ? *exit : report(exit.error());
        };
    });
    return command;
}

constexpr const char* record_help = "SYSTEM.TYPE:ID, like Shop.Customer:c-101";

void add_pair_command(CLI::App& cli, Chosen& chosen, Kind kind, const std::string& name,
                      const std::string& what, const std::string& footer) {
    auto arguments = std::make_shared<ActArguments>();
    CLI::App* command = declare(cli, chosen, kind, name, what, arguments);
    command->footer(footer);
    command->add_option("RECORDS", arguments->records, record_help)->required()->expected(2);
}

void add_relink(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<ActArguments>();
    CLI::App* command = declare(cli, chosen, Kind::relink, "relink",
                                "A record was removed and typed anew", arguments);
    command->footer(
        "The record takes the place of the one that is gone, with all that is known of what\n"
        "that one showed: what was changed meanwhile on either side travels as an edit, and\n"
        "what was not typed again is filled in. Example: entente relink acme Shop.Customer:c-102");
    command->add_option("RECORD", arguments->records, record_help)->required()->expected(1);
    command->add_option("--to", arguments->to, "The one that is gone, where it could be several");
}

void add_retry(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<ActArguments>();
    CLI::App* command =
        declare(cli, chosen, Kind::retry, "retry", "Try again what waits for a person", arguments);
    command->footer(
        "Matches parked records anew, writes held properties again, and offers refused creates\n"
        "again, of the record and of the thing that it belongs to; `all`: of everything.\n"
        "A create that was never answered is made again only with --not-there, by somebody who\n"
        "has looked. Example: entente retry acme Shop.Customer:c-101");
    command->add_option("RECORD", arguments->records, std::string(record_help) + ", or all")
        ->expected(0, 1);
    command->add_flag("--not-there", arguments->is_not_there,
                      "I have looked: what was sent and never answered is not there");
}

}  // namespace

void add_acts(CLI::App& cli, Chosen& chosen) {
    add_pair_command(
        cli, chosen, Kind::link, "link", "Two records are one thing",
        "What is linked to either belongs together from now on; values that differ are settled\n"
        "as at a first join, and the losers kept. Takes back what `apart` said of the two.\n"
        "Example: entente link acme Shop.Customer:c-101 ERP.Customer:4711");
    add_pair_command(
        cli, chosen, Kind::apart, "apart", "Two records are not one thing",
        "Never asked again, whatever the two show. If they are linked, the first becomes a\n"
        "thing of its own with the values that it shows.\n"
        "Example: entente apart acme Shop.Customer:c-101 ERP.Customer:4711");
    add_relink(cli, chosen);
    add_retry(cli, chosen);
}

}  // namespace entente::app
