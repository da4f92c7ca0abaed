#include "app/demo_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "app/demo_questions.hpp"
#include "app/run_summary.hpp"
#include "base/json.hpp"
#include "sim/ledger.hpp"
#include "sim/tampering.hpp"
#include "sync/state.hpp"

namespace entente::app {

namespace {

Result<Value> stats_of(const DemoSystem& system, PatientFetch& fetch) {
    TRY(const auto response, fetch({"GET", system.url + "/sim/stats", {}, {}}));
    return json::read(response.body);
}

Result<void> change(const DemoSystem& system, const sim::Tampering& what, const std::string& id,
                    std::int64_t number, PatientFetch& fetch) {
    const auto ask = [&](http::Request request) -> Result<Value> {
        request.url = system.url + request.url;
        TRY(const auto response, fetch(request));
        if (response.status == 200) return json::read(response.body);
        return fail(ErrorKind::rejected, fmt::format("answered {}", response.status),
                    request.method + " " + request.url);
    };
    TRY(const Value before, ask(sim::look_before_tampering(what, id, system.credential)));
    TRY(const Value after, ask(sim::tamper_with(what, id, number, before, system.credential)));
    const Value* was = before.find(what.property);
    const Value* is = after.find(what.property);
    if (was && is && !(*was == *is)) return {};
    return fail(ErrorKind::rejected, fmt::format("still shows the same {}", what.property), id);
}

// Ids of its records that belong to things without riddles.
std::vector<std::pair<const sim::Tampering*, std::string>> candidates(const Value& truth,
                                                                      const std::string& system) {
    std::vector<std::pair<const sim::Tampering*, std::string>> found;
    const Value* things = truth.find("things");
    if (!things || !things->is_list()) return found;
    for (const auto& what : sim::tamperings()) {
        for (const auto& thing : things->as_list()) {
            const Value* ids = thing.at_path("records." + system);
            const bool is_plain = *thing.find("kind") == Value("both") && !thing.find("disputed");
            if (!is_plain || !(*thing.find("model") == Value(what.model)) || !ids ||
                !ids->is_list())
                continue;
            for (const auto& id : ids->as_list()) found.emplace_back(&what, id.as_text());
        }
    }
    return found;
}

std::int64_t number_at(const Value& object, std::string_view path) {
    const Value* value = object.at_path(path);
    return value && value->is_decimal() ? value->as_decimal().to_int().value_or(0) : 0;
}

// Each ambiguous and each doubled thing and each record in question waits for a person, and nothing else does.
bool is_as_expected(const Value& parked, const checker::Verdict& verdict) {
    const auto questions = static_cast<std::int64_t>(verdict.questions.size());
    const std::pair<sync::ParkReason, std::int64_t> expected[] = {
        {sync::ParkReason::ambiguous, verdict.ambiguous},
        {sync::ParkReason::duplicate, verdict.doubled},
        {sync::ParkReason::unsure, questions}};
    std::int64_t all = 0, wanted = 0;
    for (const auto& [reason, count] : parked.as_object())
        all += count.as_decimal().to_int().value_or(0);
    for (const auto& [reason, count] : expected) {
        if (number_at(parked, sync::name_of(reason)) != count) return false;
        wanted += count;
    }
    return all == wanted;
}

// What can be tampered with, in its system; bad_input: not so much.
struct Victims {
    const DemoSystem* system = nullptr;
    std::vector<std::pair<const sim::Tampering*, std::string>> records;
};
Result<Victims> victims(const DemoFolder& folder, std::int64_t count) {
    const auto system = std::ranges::find(folder.systems, sim::tampered_kind(), &DemoSystem::kind);
    if (system == folder.systems.end()) {
        return fail(
            ErrorKind::bad_input,
            fmt::format("this demo has no {} whose values could be changed", sim::tampered_kind()),
            "--tamper");
    }
    TRY(const Value truth, folder.truth());
    Victims found{&*system, candidates(truth, system->name)};
    if (static_cast<std::int64_t>(found.records.size()) < count) {
        return fail(ErrorKind::bad_input,
                    fmt::format("only {} records can be tampered with", found.records.size()),
                    "--tamper");
    }
    return found;
}

}  // namespace

Result<void> check_tampering(const DemoFolder& folder, std::int64_t count) {
    if (count == 0) return {};
    TRY_VOID(victims(folder, count));
    return {};
}

Result<void> tamper(const DemoFolder& folder, std::int64_t count, PatientFetch& fetch) {
    if (count == 0) return {};
    TRY(const Victims found, victims(folder, count));
    for (std::int64_t number = 0; number < count; ++number) {
        const auto& [what, id] = found.records[static_cast<std::size_t>(number)];
        TRY_VOID(change(*found.system, *what, id, number, fetch));
    }
    return {};
}

Result<checker::Verdict> judge(const DemoFolder& folder, PatientFetch& fetch) {
    checker::Input input;
    for (const auto& system : folder.systems) {
        input.systems.push_back({system.name, system.kind, system.url, system.credential});
    }
    TRY(input.truth, folder.truth());
    TRY(const auto edits, sim::read_ledger(folder.ledger().string()));
    input.ledger = Value::list();
    for (const auto& edit : edits) input.ledger.as_list().push_back(sim::to_json(edit));
    input.fetch = [&](const http::Request& request) { return fetch(request); };
    return checker::check(input);
}

Result<Value> counted_by_systems(const DemoFolder& folder, PatientFetch& fetch) {
    Value out = Value::object();
    for (const auto& system : folder.systems) {
        TRY(auto stats, stats_of(system, fetch));
        out.set(system.name, std::move(stats));
    }
    return out;
}

Result<DemoResult> summarise(const DemoFolder& demo, const run::WorkspaceFolder& folder,
                             const checker::Verdict& verdict, Value stats, Duration took) {
    TRY(auto totals, totals_json(folder));
    TRY(auto questions, questions_of(folder, verdict));
    Value systems = Value::list();
    Value calls = Value::object();
    std::int64_t updated = 0;
    for (const auto& system : demo.systems) {
        const Value* counted = stats.find(system.name);
        const Value* records = counted ? counted->find("records") : nullptr;
        std::int64_t all = 0;
        if (records && records->is_object()) {
            for (const auto& [resource, count] : records->as_object())
                all += count.as_decimal().to_int().value_or(0);
        }
        Value one = Value::object();
        one.set("name", system.name);
        one.set("kind", system.kind);
        one.set("url", system.url);
        one.set("records", all);
        systems.as_list().push_back(std::move(one));
        updated += number_at(*counted, "writes") - number_at(*counted, "creates");
        Value asked = Value::object();
        asked.set("requests", number_at(*counted, "requests"));
        asked.set("writes", number_at(*counted, "writes"));
        asked.set("quota", number_at(*counted, "quota"));
        asked.set("status_429", number_at(*counted, "rejected_429"));
        calls.set(system.name, std::move(asked));
    }
    Value truth = Value::object();
    truth.set("things", verdict.truth_things);
    truth.set("shared", verdict.truth_shared);
    truth.set("own", verdict.truth_own);
    truth.set("records", verdict.truth_records);
    const Value parked = *totals.find("parked");
    const bool is_parked_well = is_as_expected(parked, verdict);

    DemoResult result{Value::object(),
                      verdict.is_clean() && is_parked_well && questions.are_as_expected,
                      verdict.explanations};
    result.summary.set("systems", std::move(systems));
    result.summary.set("truth", std::move(truth));
    result.summary.set("linked", verdict.linked);
    result.summary.set("wrong_links", verdict.wrong_links);
    result.summary.set("duplicates", verdict.duplicates);
    result.summary.set("missing", verdict.missing);
    result.summary.set("differ", verdict.differ);
    result.summary.set("questions", questions.count);
    result.summary.set("questions_by_kind", std::move(questions.by_kind));
    result.summary.set("question_samples", std::move(questions.samples));
    result.summary.set("waiting", verdict.waiting);
    result.summary.set("created", *totals.find("created"));
    result.summary.set("updated", updated);
    for (const std::string_view key : {"conflicts", "first_joins", "parked", "held"}) {
        result.summary.set(key, *totals.find(key));
    }
    result.summary.set("api_calls", std::move(calls));
    result.summary.set(
        "seconds", Value(*Decimal::parse(fmt::format("{}.{:03}", took.ms / 1000, took.ms % 1000))));
    if (!is_parked_well) {
        result.explanations.push_back(fmt::format(
            "parked is {}, but the truth has {} ambiguous and {} doubled things and {} "
            "records in question",
            json::write(parked), verdict.ambiguous, verdict.doubled, verdict.questions.size()));
    }
    result.explanations.insert(result.explanations.end(), questions.explanations.begin(),
                               questions.explanations.end());
    return result;
}

}  // namespace entente::app
