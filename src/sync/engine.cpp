#include "sync/engine.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/act.hpp"
#include "sync/feed.hpp"
#include "sync/guard.hpp"
#include "sync/in_vain.hpp"
#include "sync/life.hpp"
#include "sync/line_look.hpp"
#include "sync/link.hpp"
#include "sync/match.hpp"
#include "sync/refusal.hpp"
#include "sync/replay.hpp"
#include "sync/resettle.hpp"
#include "sync/rights.hpp"
#include "sync/search.hpp"
#include "sync/unknown.hpp"
#include "sync/write.hpp"

namespace entente::sync {
namespace {

// What is referred to, and parents, come before what refers to them and lines. Cycles are cut where they are met again.
std::vector<DataTypeIndex> dependency_order(const model::Workspace& workspace) {
    std::vector<DataTypeIndex> order;
    std::vector<bool> visited(workspace.data_types.size());
    const std::function<void(std::size_t)> visit = [&](std::size_t i) {
        if (visited[i]) return;
        visited[i] = true;
        const model::DataType& d = workspace.data_types[i];
        if (d.parent) visit(d.parent.at());
        for (const model::Mapping& mapping : d.map)
            for (DataTypeIndex target : mapping.refers_to) visit(target.at());
        order.push_back({static_cast<std::int32_t>(i)});
    };
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i) visit(i);
    return order;
}

class EngineOnStore final : public Engine {
public:
    EngineOnStore(const model::Workspace& workspace, Store& store)
        : workspace_(workspace), store_(store) {}

    Result<void> load(EngineOptions options, Instant now);
    Result<StepResult> step(std::span<const Event> events, Instant now) override;
    Instant next_due() const override;
    bool wants_room(SystemIndex system) const override;
    bool at_rest() const override;
    const std::map<ResourceIndex, FeedState>& feeds() const override { return memory_.feeds; }
    const std::map<DataTypeIndex, DataTypeState>& data_types() const override {
        return memory_.data_types;
    }
    std::unique_ptr<Engine> clone(Store& store) const override;
    std::vector<Kept> kept() const override;

private:
    void load_feeds(Transaction& transaction);
    void load_data_types(Transaction& transaction, bool approve);
    void load_refusals(DataTypeState& state, const DataTypeCounts& counts);
    void load_answered(Step& step, std::span<const Event> events);
    void dispatch(Step& step, const Event& event);
    void take_acts(Step& step, std::span<const Event> events);
    void take_answer(Step& step, const Answered& answered);
    bool can_write(DataTypeIndex d) const;
    bool resettles() const;
    void keep_losses(std::vector<Kept>& out) const;
    void keep_failures(std::vector<Kept>& out) const;
    void keep_searches(std::vector<Kept>& out) const;

    const model::Workspace& workspace_;
    Store& store_;
    Memory memory_;
    bool resumed_ = false;
};

void EngineOnStore::load_feeds(Transaction& transaction) {
    for (std::size_t i = 0; i < workspace_.resources.size(); ++i) {
        const ResourceIndex r{static_cast<std::int32_t>(i)};
        memory_.feeds[r].resource = r;
        memory_.match_wanted.insert(r);
    }
    for (const FeedState& feed : transaction.feeds()) {
        memory_.feeds[feed.resource] = feed;
        // What an earlier process listed is too old to create upon (G6).
        memory_.feeds[feed.resource].polled_at = {};
    }
    // Deferred observations of a run that ended with the last process are seen again by the next sweep.
    for (const auto& [resource, feed] : memory_.feeds) transaction.drop_deferred(resource);
}

void EngineOnStore::load_data_types(Transaction& transaction, bool approve) {
    std::set<ModelIndex> known_models;  // whose things were settled before
    for (const DataTypeState& state : transaction.data_type_states()) {
        memory_.data_types[state.data_type] = state;
        Instant& joined_at = memory_.data_types[state.data_type].joined_at;
        joined_at = std::min(joined_at, memory_.began);  // by a clock that was ahead
        if (state.joined) known_models.insert(workspace_.data_type(state.data_type).model);
    }
    for (DataTypeIndex d : dependency_order(workspace_)) {
        const model::DataType& data_type = workspace_.data_type(d);
        const bool is_new = !memory_.data_types.contains(d);
        DataTypeState& state = memory_.data_types[d];
        state.data_type = d;
        const Digest now = settled_by(workspace_, d);
        if (is_new && !known_models.contains(data_type.model)) state.fingerprint = now;
        if (state.fingerprint.low != now.low) memory_.rekeying[data_type.resource] = {};
        if (state.fingerprint != now) memory_.resettling[d] = {DataTypeIndex{0}, LinkId{}};
        const DataTypeCounts counts = transaction.counts(d);
        load_refusals(state, counts);
        if (approve) {
            state.approved = true;
            if (!state.stopped.empty()) memory_.guard_waived.insert(d);
        }
        transaction.put_data_type_state(state);
        memory_.maybe_ready[d] = true;
        memory_.write_order.push_back(d);
        if (std::ranges::find(memory_.match_order, data_type.resource) ==
            memory_.match_order.end()) {
            memory_.match_order.push_back(data_type.resource);
            memory_.live[data_type.resource] = 0;
        }
        memory_.live[data_type.resource] =
            std::max(memory_.live[data_type.resource], counts.records);
    }
}

// Another configuration is another chance for all that was refused, and for systems that had turned out to be one.
void EngineOnStore::load_refusals(DataTypeState& state, const DataTypeCounts& counts) {
    if (state.configuration == workspace_.configuration) return;
    if (std::exchange(state.is_one_with_another, false)) state.stopped.clear();
    if (counts.parked == 0 && counts.held == 0)
        state.configuration = workspace_.configuration;
    else
        memory_.releasing[state.data_type] = {};
}

Result<void> EngineOnStore::load(EngineOptions options, Instant now) {
    TRY(auto transaction, store_.begin());
    begin_life(*transaction, workspace_, memory_, now, options.clock_moved);
    load_losses(*transaction, memory_);
    load_feeds(*transaction);
    load_data_types(*transaction, options.approve);
    for (Intent& intent : transaction->intents()) {
        if (intent.is_create()) {
            ++memory_.creates_open[intent.resource];
            memory_.being_created.insert(
                {intent.parts.front().entity, intent.parts.front().data_type});
        } else {
            memory_.intent_of[intent.record] = intent.id;
        }
        memory_.intents[intent.id] = std::move(intent);
    }
    memory_.next_timed = transaction->next_dirty({}).value_or(Instant::never());
    memory_.next_awaited = transaction->next_awaited({}).value_or(Instant::never());
    memory_.troubles = transaction->troubles();
    const auto parked = transaction->parked_counts();
    memory_.anything_parked = !parked.empty();
    memory_.anything_refused =
        parked.contains(ParkReason::create_failed) || parked.contains(ParkReason::unsure);
    // Nobody can wait in a store that has never seen a resource to its end.
    memory_.somebody_waits =
        std::ranges::any_of(memory_.feeds, [](const auto& f) { return f.second.swept_at.ms != 0; });
    return transaction->commit();
}

void EngineOnStore::take_answer(Step& step, const Answered& answered) {
    watch_clock(step, answered.effect.system, answered.answer);
    switch (answered.effect.purpose) {
        case Purpose::page:
            return take_page(step, answered);
        case Purpose::check:
            if (!take_line_look(step, answered)) take_check(step, answered);
            return;
        case Purpose::rights:
            return take_rights(step, answered);
        case Purpose::search:
            return take_search(step, answered);
        case Purpose::compare:
        case Purpose::write:
        case Purpose::read_back:
        case Purpose::probe:
            return take_write_answer(step, answered);
    }
}

// What answers to our writes are about, in one go: they come in batches, and one by one they would cost a statement each.
void EngineOnStore::load_answered(Step& step, std::span<const Event> events) {
    std::vector<RecordId> records;
    std::vector<EntityId> entities;
    for (const Event& event : events) {
        const auto* answered = std::get_if<Answered>(&event);
        const auto intent =
            answered ? memory_.intents.find(answered->effect.intent) : memory_.intents.end();
        if (intent == memory_.intents.end()) continue;
        records.push_back(intent->second.record);
        for (const IntentPart& part : intent->second.parts) entities.push_back(part.entity);
    }
    step.work.load_records(records);
    step.work.load_links_of_records(records);
    step.work.load_entities(entities);
}

void EngineOnStore::dispatch(Step& step, const Event& event) {
    if (const auto* answered = std::get_if<Answered>(&event))
        take_answer(step, *answered);
    else if (const auto* due = std::get_if<FeedDue>(&event))
        start_feed(step, due->resource, due->sweep);
    else if (const auto* room = std::get_if<Room>(&event))
        reconcile(step, *room);
}

// Before anything else: what a person says stands upon what is stored.
void EngineOnStore::take_acts(Step& step, std::span<const Event> events) {
    for (const Event& event : events)
        if (const auto* act = std::get_if<Act>(&event))
            step.out.acts.push_back(take_act(step, *act));
}

Result<StepResult> EngineOnStore::step(std::span<const Event> events, Instant now) {
    TRY(auto transaction, store_.begin());
    StepResult out;
    Work work(*transaction);
    Step step{workspace_, *transaction, work, memory_, now, out};
    if (!resumed_) {
        resume_intents(step);
        resumed_ = true;
    }
    if (memory_.next_timed <= now) {
        for (auto& [d, maybe] : memory_.maybe_ready) maybe = true;
        note_next_timed(step);
    }
    watch_our_clock(step);
    wake_sleepers(step);
    take_acts(step, events);
    bool progress = rekey_some(step);
    if (!progress) progress = match_some(step);
    progress |= replay_deferred(step);
    progress |= resettle_some(step);
    progress |= release_some(step);
    load_answered(step, events);
    for (const Event& event : events) {
        dispatch(step, event);
        progress |=
            !std::holds_alternative<TimePassed>(event) && !std::holds_alternative<Room>(event);
    }
    take_judged(step);
    memory_.match_progress = progress;
    // Settling may open the way for what waits, and what wakes may need settling; both only ever shrink.
    while (!step.newly_linked.empty() || !step.unsettled.empty()) {
        settle(step);
        wake_waiting(step);
    }
    start_wanted_feeds(step);
    work.flush();
    for (const auto& [record, keys] : step.keys)
        transaction->set_keys(record, work.record(record).resource, keys,
                              step.keys_fresh.contains(record));
    transaction->append(step.history);
    TRY_VOID(transaction->commit());
    return out;
}

bool EngineOnStore::resettles() const {
    const auto is_joined = [&](const auto& entry) {
        return memory_.data_types.at(entry.first).joined;
    };
    return std::ranges::any_of(memory_.resettling, is_joined) ||
           std::ranges::any_of(memory_.releasing, is_joined);
}

bool EngineOnStore::can_write(DataTypeIndex d) const {
    const DataTypeState& state = memory_.data_types.at(d);
    return (state.joined || SEEDED(join_ignored)) && state.approved && state.stopped.empty() &&
           workspace_.data_type(d).share;
}

Instant EngineOnStore::next_due() const {
    if (memory_.match_progress && !memory_.match_wanted.empty()) return {0};
    if (resettles() || !memory_.rekeying.empty()) return {0};
    if (!memory_.replay_wanted.empty() || (!resumed_ && !memory_.intents.empty())) return {0};
    Instant due = std::min(memory_.next_timed, losses_due(memory_));
    for (ResourceIndex r : memory_.poll_wanted)
        if (const auto at = memory_.poll_not_before.find(r);
            at != memory_.poll_not_before.end() && !memory_.runs.contains(r))
            due = std::min(due, at->second);
    for (const auto& [intent, asleep] : memory_.asleep)
        if (!asleep.is_asked) due = std::min(due, asleep.until);
    for (const auto& [r, from] : memory_.look_from)
        if (!memory_.runs.contains(r)) due = std::min(due, from);
    for (const auto& [r, again] : memory_.walk_again)
        if (!memory_.runs.contains(r)) due = std::min(due, again);
    return due;
}

bool EngineOnStore::wants_room(SystemIndex system) const {
    if (!memory_.rekeying.empty()) return false;
    return std::ranges::any_of(memory_.maybe_ready, [&](const auto& entry) {
        const model::DataType& d = workspace_.data_type(entry.first);
        const bool blocked = memory_.poll_wanted.contains(d.resource) ||
                             memory_.match_wanted.contains(d.resource) ||
                             lines_are_unmatched(workspace_, memory_, d);
        return entry.second && d.system == system && can_write(entry.first) && !blocked &&
               !is_joining(workspace_, memory_, entry.first);
    });
}

bool EngineOnStore::at_rest() const {
    if (!resumed_ && !memory_.intents.empty()) return false;
    if (resettles() || !memory_.rekeying.empty()) return false;
    if (!memory_.runs.empty() || !memory_.checks.empty()) return false;
    const bool is_any_awake = std::ranges::any_of(memory_.intents, [&](const auto& open) {
        const auto asleep = memory_.asleep.find(open.first);
        return asleep == memory_.asleep.end() || asleep->second.is_asked;
    });
    if (is_any_awake) return false;
    if (!memory_.replay_wanted.empty() || !memory_.poll_wanted.empty()) return false;
    if (std::ranges::any_of(memory_.line_looks, [](const auto& l) { return l.second.turn != 0; }))
        return false;
    if (!memory_.walk_again.empty() || !memory_.looks.empty()) return false;
    if ((memory_.match_progress && !memory_.match_wanted.empty()) ||
        memory_.next_awaited != Instant::never())
        return false;
    return std::ranges::none_of(memory_.maybe_ready, [&](const auto& entry) {
        return entry.second && can_write(entry.first);
    });
}

std::unique_ptr<Engine> EngineOnStore::clone(Store& store) const {
    auto copy = std::make_unique<EngineOnStore>(workspace_, store);
    copy->memory_ = memory_;
    copy->resumed_ = resumed_;
    return copy;
}

void EngineOnStore::keep_losses(std::vector<Kept>& out) const {
    for (const auto& [resource, losses] : memory_.losses) {
        // Where there are no more than the guard lets pass, nothing depends on it.
        const auto live = memory_.live.find(resource);
        const std::int64_t there = live == memory_.live.end() ? 0 : live->second;
        if (there + std::ssize(losses.believed) > limits::guard_records)
            for (const auto& [record, at] : losses.believed) out.push_back({'J', record.value, at});
        for (const auto& [record, answer] : losses.aside)
            out.push_back({'I', record.value, answer.began});
    }
}

void EngineOnStore::keep_failures(std::vector<Kept>& out) const {
    for (const auto& [system, pairs] : memory_.failing) {
        out.push_back({'Q', system.value, {}});
        for (const Pair& pair : pairs) out.push_back({'H', pair.first.value, {pair.second.value}});
    }
    for (const auto& [record, unread] : memory_.unread)
        out.push_back({'x', record.value, unread.second});
    for (IntentId intent : memory_.absent) out.push_back({'A', intent.value, {}});
    for (const auto& [intent, asleep] : memory_.asleep)
        out.push_back({'z', intent.value, asleep.is_asked ? Instant::never() : asleep.until});
    for (const auto& [key, forbidden] : memory_.forbidden)
        out.push_back({'o',
                       key.first.value * 2 + (key.second ? 1 : 0),
                       {std::ssize(forbidden.in_a_row) + forbidden.again.ms}});
}

void EngineOnStore::keep_searches(std::vector<Kept>& out) const {
    for (const auto& [resource, again] : memory_.walk_again)
        out.push_back({'w', resource.value, again});
    for (const auto& [resource, doubts] : memory_.doubtful_polls)
        if (doubts > 0) out.push_back({'q', resource.value, {doubts}});
    for (const auto& [number, look] : memory_.looks)
        for (const auto& [pair, asked] : look.pairs)
            out.push_back({'k', pair.first.value, {std::ssize(look.turns)}});
    for (const auto& [pair, looked] : memory_.looked_for)
        out.push_back({'f', pair.first.value, looked.at});
    for (const auto& [entity, d] : memory_.look_alone) out.push_back({'s', entity.value, {}});
    for (const auto& [intent, probe] : memory_.probes)
        if (probe.rule > 0 || !probe.shown.empty() || probe.is_cut)
            out.push_back(
                {'b', intent.value * 2 + (probe.is_cut ? 1 : 0), {std::ssize(probe.shown)}});
}

std::vector<Kept> EngineOnStore::kept() const {
    std::vector<Kept> out;
    for (const auto& [resource, run] : memory_.runs)
        out.push_back({'r', resource.value, run.began});
    for (const auto& [intent, shown] : memory_.evidence_lost)
        out.push_back({'e', intent.value, {static_cast<std::int64_t>(shown.low)}});
    for (const auto& [intent, version] : memory_.made_version)
        out.push_back({'v', intent.value, {static_cast<std::int64_t>(digest_of(version).low)}});
    for (const auto& [record, check] : memory_.checks)
        out.push_back({'c',
                       record.value * (limits::doubtful_reads_max + 2) + check.reads,
                       {(check.is_judged ? 1 : 0) + (check.is_absent ? 2 : 0)}});
    keep_losses(out);
    for (const auto& [key, look] : memory_.line_looks)
        out.push_back({'k', key.first.value * (limits::unknown_tries_max + 1) + look.tries,
                       look.turn != 0 ? look.began : look.known_at});
    for (ResourceIndex r : memory_.match_wanted) {
        const auto after = memory_.match_after.find(r);
        out.push_back({'m', r.value, {}});
        if (after != memory_.match_after.end()) out.push_back({'a', after->second.value, {}});
    }
    for (const auto& [r, records] : memory_.doubted)
        for (RecordId record : records) out.push_back({'w', r.value, {record.value}});
    for (ResourceIndex r : memory_.replay_wanted) out.push_back({'d', r.value, {}});
    for (ResourceIndex r : memory_.poll_wanted) {
        const auto at = memory_.poll_not_before.find(r);
        out.push_back({'p', r.value, at == memory_.poll_not_before.end() ? Instant{} : at->second});
    }
    for (const auto& [r, from] : memory_.look_from) out.push_back({'f', r.value, from});
    for (const auto& [intent, count] : memory_.met_before)
        out.push_back({'b', intent.value, {static_cast<std::int64_t>(count)}});
    for (const auto& [r, records] : memory_.met_meanwhile)
        for (RecordId record : records) out.push_back({'n', r.value, {record.value}});
    for (const auto& [resource, failures] : memory_.failed_looks)
        out.push_back({'i', resource.value, {failures}});
    keep_searches(out);
    keep_failures(out);
    for (const auto& [r, trial] : memory_.trials)
        out.push_back({'s', r.value * 2 + (trial.is_passed ? 1 : 0), {trial.entity.value}});
    for (const auto& [d, maybe] : memory_.maybe_ready)
        if (maybe) out.push_back({'y', d.value, {}});
    for (const auto& [resource, records] : memory_.live)
        if (records != 0) out.push_back({'l', records, {}});
    out.push_back({'h', 0, memory_.began});
    for (const auto& [r, skew] : memory_.cursor_skew)
        if (skew.ms != 0) out.push_back({'j', skew.ms, {}});
    if (memory_.match_progress) out.push_back({'g', 0, {}});
    if (!resumed_ && !memory_.intents.empty()) out.push_back({'u', 0, {}});
    if (memory_.next_timed != Instant::never()) out.push_back({'t', 0, memory_.next_timed});
    if (memory_.next_awaited != memory_.next_timed) out.push_back({'t', 1, memory_.next_awaited});
    return out;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(const model::Workspace& workspace, Store& store,
                                             EngineOptions options, Instant now) {
    auto engine = std::make_unique<EngineOnStore>(workspace, store);
    TRY_VOID(engine->load(options, now));
    return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace entente::sync
