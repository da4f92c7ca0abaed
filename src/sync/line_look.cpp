#include "sync/line_look.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/guard.hpp"
#include "sync/in_vain.hpp"
#include "sync/trouble.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {
namespace {

using Key = std::pair<RecordId, DataTypeIndex>;

Duration again_after(const LineLook& look) {
    return {std::min<std::int64_t>(60'000, 250ll << std::min(look.tries, 8))};
}

Effect effect_of(const Step& step, const LineLook& look, ResourceIndex resource, Instant when) {
    Effect effect;
    effect.system = step.resource(resource).system;
    effect.purpose = Purpose::check;
    effect.turn = look.turn;
    effect.not_before = when;
    return effect;
}

void search_page(Step& step, const Key& key, LineLook& look, Instant when) {
    const model::DataType& d = step.data_type(key.second);
    const model::Resource& parents = step.resource(step.data_type(d.parent).resource);
    Effect effect = effect_of(step, look, d.resource, when);
    effect.call =
        SearchCall{d.resource,
                   {{d.parent_at, key_value(parents, step.work.record(key.first).external_id)}},
                   look.cursor};
    step.out.effects.push_back(std::move(effect));
}

void read_line(Step& step, const LineLook& look, const WorkRecord& line, Instant when) {
    Effect effect = effect_of(step, look, line.resource, when);
    effect.call = ReadCall{line.resource, line.external_id};
    step.out.effects.push_back(std::move(effect));
}

// The lines that are there as far as we know, those that came too: they may be gone again.
std::vector<RecordId> present_lines(Step& step, const Key& key) {
    std::vector<RecordId> out;
    const auto children = step.work.child_records(key.first);
    step.work.load_records(children);
    for (RecordId child : children) {
        const WorkRecord& line = step.work.record(child);
        if (line.resource == step.data_type(key.second).resource && line.state == RecordState::live)
            out.push_back(child);
    }
    return out;
}

// What waited for the look is matched now, and lines that were to be made there are looked at again.
void end(Step& step, const Key& key, LineLook& look) {
    look.turn = 0;
    look.open.clear();
    look.met.clear();
    step.memory.match_wanted.insert(step.data_type(key.second).resource);
    if (const WorkLink* parent = step.work.link(key.first, step.data_type(key.second).parent))
        for (EntityId line : step.work.child_entities(parent->entity)) step.unsettled.insert(line);
}

void finish(Step& step, const Key& key, LineLook& look) {
    look.known_at = look.began;
    end(step, key, look);
}

void begin(Step& step, const Key& key, LineLook& look, Instant when) {
    const model::DataType& d = step.data_type(key.second);
    const auto& search = step.resource(d.resource).search;
    look.turn = ++step.memory.last_turn;
    look.began = when;
    look.cursor.clear();
    look.pages = {};
    look.met.clear();
    look.absent.clear();
    look.is_second = false;
    look.open.clear();
    if (std::ranges::find(search, d.parent_at, &model::SearchField::path) != search.end())
        return search_page(step, key, look, when);
    for (RecordId line : present_lines(step, key)) {
        look.open.insert(line);
        read_line(step, look, step.work.record(line), when);
    }
    if (look.open.empty()) finish(step, key, look);
}

void try_again(Step& step, const Key& key, LineLook& look, const Answer& answer, Instant when) {
    if (++look.tries >= limits::unknown_tries_max) {
        look.failure = answer.message.empty() ? "no reason was given" : answer.message;
        return end(step, key, look);
    }
    const Duration pause = std::max(answer.retry_after, again_after(look));
    begin(step, key, look, std::max(when, step.now + pause));
}

void take_found(Step& step, const Key& key, LineLook& look, const Answered& answered) {
    const auto& call = std::get<SearchCall>(answered.effect.call);
    const Answer& answer = answered.answer;
    // Once its lines are read one by one the search is at its end.
    if (call.cursor != look.cursor || !look.open.empty()) return;
    note_answered(step, answered);
    if (answer.outcome != Outcome::ok) return try_again(step, key, look, answer, step.now);
    if (call.cursor.empty()) look.began = answer.began;
    std::size_t news = 0;
    for (const SeenRecord& seen : answer.records) {
        WorkRecord* line = step.work.find_record(call.resource, seen.external_id);
        if (!line) line = &observe_new(step, call.resource, seen, reading_of(answer), {});
        news += look.met.insert(line->id).second;
        // One that has come back is believed when it is read for itself.
        if (line->state == RecordState::gone) check_record(step, line->id, step.now);
    }
    look.pages.take({answer.records.size(), news, answer.passed_over});
    look.cursor = answer.next;
    if (!answer.next.empty() && !look.pages.go_nowhere()) {
        look.turn = ++step.memory.last_turn;
        return search_page(step, key, look, step.now);
    }
    if (answer.next.empty())
        tell_ended(step, Trouble::Kind::search, call.resource, look.pages);
    else
        tell_endless(step, Trouble::Kind::search, call.resource);
    // What it has not shown is read for itself. Only a search with an end has missed it once already.
    look.is_second = answer.next.empty();
    for (RecordId line : present_lines(step, key))
        if (!look.met.contains(line)) {
            look.open.insert(line);
            read_line(step, look, step.work.record(line), step.now);
        }
    if (look.open.empty()) finish(step, key, look);
}

// Lines that went are not counted: those of one record go when it is saved anew, and a person is asked about what came instead.
Answer stopped_answer(const Step& step, const Key& key) {
    Answer answer;
    answer.message = step.memory.data_types.at(key.second).stopped;
    return answer;
}

// All that were open are read; those that were not there are read once more.
void end_round(Step& step, const Key& key, LineLook& look) {
    if (look.absent.empty()) return finish(step, key, look);
    look.turn = ++step.memory.last_turn;
    look.is_second = true;
    look.open = std::exchange(look.absent, {});
    const Duration lag = step.rest(step.data_type(key.second).resource).lag;
    for (RecordId line : look.open)
        read_line(step, look, step.work.record(line), step.now + std::max(second_look_after, lag));
}

void take_read(Step& step, const Key& key, LineLook& look, const Answered& answered) {
    const auto& call = std::get<ReadCall>(answered.effect.call);
    const Answer& answer = answered.answer;
    WorkRecord* line = step.work.find_record(call.resource, call.external_id);
    if (!line || !look.open.contains(line->id)) return;
    note_answered(step, answered);
    const bool is_there = answer.outcome == Outcome::ok && !answer.records.empty();
    if (!is_there && answer.outcome != Outcome::not_found)
        return try_again(step, key, look, answer, step.now);
    const Instant sure = sure_from(step, *line);
    if (const Intent* intent = step.intent_on(line->id)) {
        // Whether it is there shows when the answer to the write comes.
        put_aside(step, intent->id, line->resource,
                  is_there ? answer.records.front().body : Value());
        if (!is_there) return try_again(step, key, look, answer, step.now);
    } else if (!is_there && answer.began < sure) {
        return try_again(step, key, look, answer, sure);
    } else if (!is_there && !look.is_second && !SEEDED(absence_believed)) {
        look.absent.insert(line->id);
    } else if (!is_there) {
        observe_gone(step, *line);
    } else if (answer.began >= sure) {
        if (!guard_passes(step, *line, answer.records.front(), reading_of(answer), false))
            return try_again(step, key, look, stopped_answer(step, key), step.now);
        observe_known(step, *line, answer.records.front(), reading_of(answer));
    }
    look.open.erase(line->id);
    if (look.open.empty()) end_round(step, key, look);
}

}  // namespace

LinesKnown lines_known(Step& step, RecordId parent, DataTypeIndex lines, Instant from) {
    const Key key{parent, lines};
    LineLook& look = step.memory.line_looks[key];
    if (look.turn != 0) return LinesKnown::being_read;
    if (!look.failure.empty()) return LinesKnown::no;
    if (look.known_at.ms != 0 && look.known_at >= from) return LinesKnown::yes;
    begin(step, key, look, std::max(step.now, from));
    return look.turn != 0 ? LinesKnown::being_read : LinesKnown::yes;
}

void forget_line_look(Step& step, RecordId parent, DataTypeIndex lines) {
    step.memory.line_looks.erase({parent, lines});
}

bool lines_are_looked_at(const Step& step, RecordId parent, DataTypeIndex lines) {
    const auto look = step.memory.line_looks.find({parent, lines});
    return look != step.memory.line_looks.end() && look->second.turn != 0;
}

bool take_line_look(Step& step, const Answered& answered) {
    for (auto& [key, look] : step.memory.line_looks) {
        if (look.turn != answered.effect.turn) continue;
        const Key found = key;
        if (std::holds_alternative<SearchCall>(answered.effect.call))
            take_found(step, found, look, answered);
        else
            take_read(step, found, look, answered);
        return true;
    }
    return false;
}

}  // namespace entente::sync
