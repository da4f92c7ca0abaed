#include "sync/intent.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/seeded_bug.hpp"
#include "sync/search.hpp"

namespace entente::sync {

bool version_is_a_time(const model::RestProtocol& rest) {
    return !rest.etag_at.empty() && rest.etag_at == rest.modified_at;
}

void take_turn(Step& step, Effect& effect) {
    effect.turn = step.memory.turns[effect.intent] = ++step.memory.last_turn;
}

Effect write_effect(Step& step, const Intent& intent, Purpose purpose) {
    Effect effect;
    effect.system = step.resource(intent.resource).system;
    effect.purpose = purpose;
    effect.intent = intent.id;
    take_turn(step, effect);
    effect.not_before = intent.not_before;
    if (purpose != Purpose::write) {
        const std::string& id = intent.is_create() ? intent.made_id : intent.external_id;
        if (id.empty()) {
            const auto alternatives = search_alternatives(step, intent.parts.front());
            const std::size_t rule = step.memory.probes[intent.id].rule;
            effect.call = SearchCall{
                intent.resource, rule < alternatives.size() ? alternatives[rule] : SearchTerms()};
        } else {
            effect.call = ReadCall{intent.resource, id};
        }
        return effect;
    }
    auto body = json::read(intent.body);
    CHECK(body.has_value(), "an intent's body is the JSON we wrote");
    if (intent.is_create())
        effect.call = CreateCall{intent.resource, std::move(*body), intent.idempotency_key};
    else
        effect.call =
            UpdateCall{intent.resource, intent.external_id, std::move(*body), intent.precondition};
    return effect;
}

void keep_intent(Step& step, const Intent& intent) {
    const bool fresh = step.memory.intents.insert_or_assign(intent.id, intent).second;
    if (!fresh || !SEEDED(intent_after_call)) step.transaction.put_intent(intent);
    if (!fresh) return;
    if (intent.is_create()) {
        ++step.memory.creates_open[intent.resource];
        const auto met = step.memory.met_meanwhile.find(intent.resource);
        step.memory.met_before[intent.id] =
            met == step.memory.met_meanwhile.end() ? 0 : met->second.size();
        step.memory.being_created.insert(
            {intent.parts.front().entity, intent.parts.front().data_type});
    } else {
        step.memory.intent_of[intent.record] = intent.id;
    }
}

void close_intent(Step& step, IntentId id) {
    const auto closed = step.memory.intents.extract(id);
    CHECK(!closed.empty(), "an intent is closed once");
    const Intent& intent = closed.mapped();
    step.transaction.drop_intent(id);
    step.memory.turns.erase(id);
    step.memory.made_version.erase(id);
    step.memory.probes.erase(id);
    step.memory.absent.erase(id);
    step.memory.asleep.erase(id);
    if (intent.is_create()) {
        // What could have been this create was not matched while nobody knew.
        if (step.memory.doubted.erase(intent.resource) > 0)
            step.memory.match_wanted.insert(intent.resource);
        step.memory.met_before.erase(id);
        if (--step.memory.creates_open[intent.resource] == 0)
            step.memory.met_meanwhile.erase(intent.resource);
        step.memory.being_created.erase(
            {intent.parts.front().entity, intent.parts.front().data_type});
    } else {
        step.memory.intent_of.erase(intent.record);
    }
    for (const IntentPart& part : intent.parts) step.unsettled.insert(part.entity);
    // A line that came while its parent was being written found the parent busy: it is looked at now.
    const IntentPart& self = intent.parts.front();
    for (DataTypeIndex c : step.data_type(self.data_type).children) {
        // Its lines waited for it, to be told from those that it made.
        if (intent.is_create()) step.memory.match_wanted.insert(step.data_type(c).resource);
        if (step.data_type(c).is_nested() || !step.data_type(c).create_inside.empty())
            for (EntityId child : step.work.child_entities(self.entity))
                step.unsettled.insert(child);
    }
}

}  // namespace entente::sync
