#include "world/scenario_expect.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <ranges>

#include "base/json.hpp"

namespace entente::world {
namespace {

// Which true thing a sentence is about, as the world names it.
struct Subject {
    std::string table, thing;
};

Subject subject_of(std::string_view piece) {
    constexpr std::string_view line = "line ";
    if (!piece.starts_with(line)) {
        const auto [table, code] = thing_of(piece);
        return {table, code};
    }
    const auto parts = fit("line {text} of {thing}", piece, {});
    CHECK(parts.has_value(), "a subject that fitted is a line of a thing");
    return {"lines", thing_of((*parts)[1]).second + "/" + value_of((*parts)[0]).as_text()};
}

// What a sentence is judged by.
struct End {
    const Script& script;
    const Outcome& outcome;
    Names names;

    std::vector<const Standing*> records(const Subject& subject, int system) const {
        std::vector<const Standing*> out;
        for (const Standing& record : outcome.records)
            if (record.system == system && record.table == subject.table &&
                record.thing == subject.thing)
                out.push_back(&record);
        return out;
    }
    bool is(const oracle::RecordKey& key, const Subject& subject) const {
        const auto thing = outcome.things.find(key);
        return key.table == subject.table && thing != outcome.things.end() &&
               thing->second == subject.thing;
    }
    // All systems that could show the property of the subject, where the sentence says everywhere.
    std::vector<int> systems(std::string_view where, const Subject& subject,
                             std::string_view property) const {
        if (where != "everywhere") return systems_of(where, names);
        std::vector<int> out;
        for (std::size_t i = 0; i < script.systems.size(); ++i) {
            const sim::Traits& traits = script.systems[i];
            const bool has_table = subject.table == "lines"
                                       ? traits.lines != sim::Traits::Lines::none
                                   : subject.table == "owners" ? traits.owners
                                                               : true;
            if (has_table && (property != "owner" || traits.owners))
                out.push_back(static_cast<int>(i));
        }
        return out;
    }
    const std::string& name(int system) const { return names.at(static_cast<std::size_t>(system)); }
    std::int64_t counter(std::string_view name) const {
        const auto found = outcome.counters.find(name);
        return found == outcome.counters.end() ? 0 : found->second;
    }
};

using Unmet = std::optional<std::string>;

struct Sentence {
    std::string_view pattern;
    std::function<Unmet(const Pieces&, const End&)> judge;
};

Unmet judge_values(const End& end, std::string_view property, std::string_view subject_words,
                   const Value& value, std::string_view where) {
    const Subject subject = subject_of(subject_words);
    for (const int system : end.systems(where, subject, property)) {
        const auto records = end.records(subject, system);
        if (records.empty())
            return fmt::format("{} has no record of {}", end.name(system), subject_words);
        for (const Standing* record : records) {
            const Value* field = record->fields.find(property);
            const Value shown = field ? *field : Value();
            const bool is_empty = shown.is_null() || shown == Value("");
            if (!(shown == value || (value.is_null() && is_empty)))
                return fmt::format("it is {} in {}", json::write(shown), end.name(system));
        }
    }
    return std::nullopt;
}

Unmet judge_count(std::int64_t count, std::int64_t demanded, std::string_view what) {
    if (count == demanded) return std::nullopt;
    return fmt::format("{} {}", count, what);
}

Unmet judge_held(const Pieces& p, const End& end) {
    const Subject subject = subject_of(p[1]);
    const int system = system_of(p[2], end.names);
    for (const oracle::LinkSight& link : end.outcome.sight.links)
        if (link.key.system == system && link.is_live && end.is(link.key, subject))
            for (const oracle::HeldSight& held : link.held)
                if (held.property == p[0]) return std::nullopt;
    return "it is not held there";
}

Unmet judge_nothing_held(const Pieces&, const End& end) {
    for (const oracle::LinkSight& link : end.outcome.sight.links)
        if (link.is_live && !link.held.empty())
            return fmt::format("{} is held in {}: {}", link.held.front().property,
                               end.name(link.key.system), link.held.front().reason);
    return std::nullopt;
}

Unmet judge_waits(const Pieces& p, const End& end) {
    const Subject subject = subject_of(p[0]);
    const int system = system_of(p[1], end.names);
    const oracle::EngineSight& sight = end.outcome.sight;
    const bool is_parked =
        std::ranges::any_of(sight.parked,
                            [&](const oracle::RecordKey& key) {
                                return key.system == system && end.is(key, subject);
                            }) ||
        std::ranges::any_of(sight.parked_creates, [&](const auto& create) {
            return create.first == subject.thing && create.second == system;
        });
    return is_parked ? Unmet() : "it does not wait there";
}

Unmet judge_loser(const Pieces& p, const End& end) {
    const Value loser = value_of(p[0]);
    const Subject subject = subject_of(p[2]);
    std::vector<std::string> kept;
    for (const oracle::KeptSight& sight : end.outcome.sight.kept) {
        if (sight.property != p[1] || !end.is(sight.key, subject)) continue;
        if (sight.loser == loser) return std::nullopt;
        kept.push_back(json::write(sight.loser));
    }
    return fmt::format("kept are: {}",
                       kept.empty() ? "none" : fmt::format("{}", fmt::join(kept, ", ")));
}

const sim::TraitSystem::Counts& counts(const End& end, std::string_view system) {
    return end.outcome.counts.at(static_cast<std::size_t>(system_of(system, end.names)));
}

const std::vector<Sentence>& sentences() {
    static const std::vector<Sentence> all{
        {"{word} of {subject} is empty {where}",
         [](const Pieces& p, const End& end) {
             return judge_values(end, p[0], p[1], Value(), p[2]);
         }},
        {"{word} of {subject} is held in {system}", judge_held},
        {"{word} of {subject} is {value} {where}",
         [](const Pieces& p, const End& end) {
             return judge_values(end, p[0], p[1], value_of(p[2]), p[3]);
         }},
        {"{value} is kept as the loser of {word} of {subject}", judge_loser},
        {"{system} has {count} (record|records) of {subject}",
         [](const Pieces& p, const End& end) {
             const auto found = end.records(subject_of(p[2]), system_of(p[0], end.names));
             return judge_count(static_cast<std::int64_t>(found.size()), count_of(p[1]),
                                "are there");
         }},
        {"{subject} waits for a person in {system}", judge_waits},
        {"nothing waits for a person",
         [](const Pieces&, const End& end) {
             return judge_count(end.counter("parked"), 0, "wait");
         }},
        {"nothing is held", judge_nothing_held},
        {"there (is|are) {count} (conflict|conflicts)",
         [](const Pieces& p, const End& end) {
             return judge_count(end.counter("conflict"), count_of(p[0]), "were told");
         }},
        {"there (is|are) {count} (difference|differences) at a first join",
         [](const Pieces& p, const End& end) {
             return judge_count(end.counter("first join"), count_of(p[0]), "were told");
         }},
        {"we have created {count} (record|records) in {system}",
         [](const Pieces& p, const End& end) {
             return judge_count(counts(end, p[1]).creates, count_of(p[0]), "were created");
         }},
        {"we have made {count} (update|updates) in {system}",
         [](const Pieces& p, const End& end) {
             const sim::TraitSystem::Counts& made = counts(end, p[1]);
             return judge_count(made.writes - made.creates, count_of(p[0]), "were made");
         }},
        {"we have met {text}", [](const Pieces& p, const End& end) -> Unmet {
             const std::string name = value_of(p[0]).as_text();
             if (end.counter(name) > 0) return std::nullopt;
             return fmt::format("met are: {}",
                                fmt::join(std::views::keys(end.outcome.counters), ", "));
         }}};
    return all;
}

}  // namespace

std::expected<void, Closest> check_expectation(std::string_view sentence, const Names& names) {
    Closest closest;
    for (const Sentence& known : sentences()) {
        const auto pieces = fit(known.pattern, sentence, names);
        if (pieces) return {};
        closest.add(pieces.error());
    }
    return std::unexpected(closest);
}

std::optional<std::string> unmet(const Expectation& expectation, const Script& script,
                                 const Outcome& outcome) {
    End end{script, outcome, {}};
    for (const sim::Traits& traits : script.systems) end.names.push_back(traits.name);
    for (const Sentence& known : sentences())
        if (const auto pieces = fit(known.pattern, expectation.text, end.names))
            return known.judge(*pieces, end);
    CHECK(false, "an expectation that was read is understood");
    return std::nullopt;
}

}  // namespace entente::world
