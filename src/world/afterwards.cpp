// What people do once the engine rests: they wake what has slept too long, approve what the guard stopped, answer what waits for them,
// and edit while nothing else happens. Then everything is judged once more.
#include <fmt/format.h>

#include <algorithm>

#include "world/world.hpp"

namespace entente::world {
namespace {

constexpr int all = 1'000'000;
// So many answers in one world: each is one start of the process.
constexpr std::size_t answers_max = 4;

}  // namespace

void World::go_on() {
    const auto is_well = [&] { return oracle_.verdict().violations().empty(); };
    if (is_well()) approve_stops();
    if (is_well() && Random(script_.seed, "answers").chance(60)) answer_what_waits();
    if (is_well() && can_be_timed()) edit_in_quiet();
}

// G12: what the guard stopped goes on when a person says that it is right, and all agrees.
void World::approve_stops() {
    if (sight_.stopped.empty()) return;
    ++counters_["approved stop"];
    oracle_.approved(sight_.stopped);
    process_.approve();
    calm();
    check_rest(false);
    oracle_.verdict().check(12, sight_.stopped.empty(), [] {
        return "a data type stays stopped though a person has approved what stopped it";
    });
}

// What can be said of a record that waits, or of a create, by somebody who knows which things are which: as src/report tells it.
std::vector<World::Answer> World::answers_to(const sync::Parked& parked, sync::Transaction& store) {
    const auto head_of = [&](RecordId id) -> std::optional<sync::Record> {
        auto found = store.records(std::array{id});
        if (found.empty()) return std::nullopt;
        return std::move(found.front());
    };
    const auto named = [&](const sync::RecordHead& head) {
        return sync::Act::Named{workspace_.data_types_of(head.resource).front(), head.external_id};
    };
    const auto thing_at = [&](const sync::RecordHead& head) {
        const auto found = things_.find(key_of(head));
        return found == things_.end() ? std::string() : found->second;
    };
    RecordId self_id = parked.record;
    std::vector<Answer> out;
    if (!self_id)
        for (const sync::Link& link : store.links_of_entities(std::array{parked.entity}))
            if (link.state == sync::LinkState::live) self_id = link.record;
    const auto self = head_of(self_id);
    if (!self || self->state == sync::RecordState::gone) return out;
    using Kind = sync::Act::Kind;
    const auto say = [&](Kind kind, std::vector<sync::Act::Named> records, RecordId candidate) {
        Answer answer{.act = {}, .record = parked.record, .candidate = candidate};
        answer.act.kind = kind;
        answer.act.records = std::move(records);
        answer.act.by = "a person";
        out.push_back(std::move(answer));
    };
    for (const RecordId id : parked.candidates) {
        const auto other = head_of(id);
        if (!other) continue;
        const bool is_here = other->resource == self->resource;
        const bool is_duplicate = parked.reason == sync::ParkReason::duplicate;
        if (parked.record && is_duplicate && !is_here) continue;
        const bool is_same = thing_at(*other) == thing_at(*self);
        if (!is_same && (parked.record || parked.reason == sync::ParkReason::unsure))
            say(Kind::apart, {named(*self), named(*other)}, id);
        else if (is_same && other->state == sync::RecordState::gone)
            say(Kind::relink, {named(*self), named(*other)}, id);
        else if (is_same && !is_here)
            say(Kind::link, {named(*self), named(*other)}, id);
    }
    if (!parked.candidates.empty() || parked.reason == sync::ParkReason::create_unknown) return out;
    say(Kind::retry, {named(*self)}, {});
    return out;
}

// Something waits for a time that nobody waits for.
bool World::is_anything_offered() {
    auto begun = process_.store().begin();
    CHECK(begun.has_value(), "the store is sound in calm");
    return (*begun)->next_dirty({}).has_value();
}

// A write whose outcome nobody could tell for so long that it is asked about at long intervals only, and what kept it so is over.
bool World::is_anything_asleep() {
    auto begun = process_.store().begin();
    CHECK(begun.has_value(), "the store is sound in calm");
    return std::ranges::any_of((*begun)->intents(), [&](const sync::Intent& intent) {
        const std::size_t system = workspace_.resource(intent.resource).system.at();
        return systems_[system]->ailments.empty();
    });
}

// G1: sometimes a person does not wait for the next interval. False: nobody says anything, or can.
bool World::wake_what_sleeps() {
    if (!Random(script_.seed, "sleepers").chance(50)) return false;
    std::vector<sync::Act> said;
    {
        auto begun = process_.store().begin();
        CHECK(begun.has_value(), "the store is sound in calm");
        for (const sync::Intent& intent : (*begun)->intents())
            for (const sync::Link& link :
                 (*begun)->links_of_entities(std::array{intent.parts.front().entity})) {
                const auto records = (*begun)->records(std::array{link.record});
                if (link.state != sync::LinkState::live || records.empty()) continue;
                sync::Act act{.kind = sync::Act::Kind::retry, .by = "a person"};
                act.records.push_back({link.data_type, records.front().external_id});
                said.push_back(std::move(act));
                break;
            }
    }
    if (said.empty()) return false;
    oracle_.disturbed();
    for (sync::Act& act : said) {
        ++counters_["woken"];
        say_answer({.act = std::move(act), .record = {}, .candidate = {}});
    }
    return true;
}

// G1: what waits for a person can be answered, and what is answered waits no more, or is refused in words.
void World::answer_what_waits() {
    std::vector<Answer> answers;
    {
        auto begun = process_.store().begin();
        CHECK(begun.has_value(), "the store is sound in calm");
        for (const sync::Parked& parked : (*begun)->parked(all)) {
            if (answers.size() >= answers_max) break;
            // The first answer may settle the others.
            const auto possible = answers_to(parked, **begun);
            if (!possible.empty()) answers.push_back(possible.front());
        }
        for (std::size_t i = 0; i < workspace_.data_types.size() && answers.size() < answers_max;
             ++i)
            for (const sync::Link& link :
                 (*begun)->links({static_cast<std::int32_t>(i)}, {}, all)) {
                if (link.held.empty() || link.state != sync::LinkState::live) continue;
                Answer answer{.act = {}, .record = {}, .candidate = {}};
                answer.act.kind = sync::Act::Kind::retry;
                const auto records = (*begun)->records(std::array{link.record});
                answer.act.records.push_back({link.data_type, records.front().external_id});
                answer.act.by = "a person";
                answers.push_back(std::move(answer));
                break;
            }
    }
    if (answers.empty()) return;
    const std::size_t heard_before = process_.heard().size();
    for (const Answer& answer : answers) say_answer(answer);
    oracle_.disturbed();  // what was held or refused is written once more
    calm();
    judge_answers(answers, heard_before);
    check_rest(false);
}

void World::say_answer(const Answer& answer) {
    const sync::Act::Named& named = answer.act.records.front();
    auto [system, table] = table_of(named.data_type);
    const oracle::RecordKey key{system, std::move(table), named.external_id};
    if (answer.act.kind == sync::Act::Kind::relink) oracle_.said_typed_anew(key);
    if (answer.act.kind == sync::Act::Kind::retry) {
        // Of all records of the thing, and its lines.
        const auto self = std::ranges::find(sight_.links, key, &oracle::LinkSight::key);
        for (const oracle::LinkSight& link : sight_.links) {
            const bool is_of_it = self != sight_.links.end() && link.entity == self->entity;
            if (!is_of_it && link.key.table != "lines") continue;
            for (const oracle::HeldSight& held : link.held)
                if (!held.is_unreadable) oracle_.said_to_write_again(link.key, held.property);
        }
    }
    process_.say(answer.act);
}

void World::judge_answers(const std::vector<Answer>& answers, std::size_t heard_before) {
    auto begun = process_.store().begin();
    CHECK(begun.has_value(), "the store is sound in calm");
    const auto parked = (*begun)->parked(all);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        ++counters_["remedy played"];
        const Answer& answer = answers[i];
        const bool is_heard = heard_before + i < process_.heard().size();
        oracle_.verdict().check(1, is_heard, [] { return "what a person said was not heard"; });
        if (!is_heard) return;
        const sync::ActResult& result = process_.heard()[heard_before + i];
        oracle_.verdict().check(1, !result.text.empty(),
                                [] { return "a person is not told what became of his word"; });
        if (result.refusal != sync::Refusal::none || !answer.candidate) continue;
        const bool still_waits = std::ranges::any_of(parked, [&](const sync::Parked& p) {
            return answer.record && p.record == answer.record &&
                   std::ranges::count(p.candidates, answer.candidate) > 0;
        });
        oracle_.verdict().check(1, !still_waits, [&] {
            return fmt::format("{} still waits for what a person has answered: {}",
                               answer.act.records.front().external_id, result.text);
        });
    }
}

}  // namespace entente::world
