#include "sync/suspect.hpp"
#include <algorithm>

#include "base/seeded_bug.hpp"
#include "base/text.hpp"
#include "sync/in_vain.hpp"

namespace entente::sync {
namespace {

// Sent, and no answer that could be believed came.
bool is_doubted(const Intent& intent) {
    return intent.is_create() && intent.made_id.empty() && intent.again;
}

// Systems trim, cut and capitalise what they are given.
bool is_alike(const Step& step, const model::Property& property, const Value& shown,
              const Value& sent) {
    if (model::same_meaning(property, shown, sent, step.workspace.country)) return true;
    if (!shown.is_text() || !sent.is_text()) return shown.is_text() != sent.is_text();
    if (property.type == model::PropertyType::reference) return false;
    const std::string x = text::fold(shown.as_text());
    const std::string y = text::fold(sent.as_text());
    return x.contains(y) || y.contains(x);
}

// Whether the record differs in everything that it could be told by.
bool is_unlike(Step& step, const IntentPart& sent, const Value& body) {
    const model::DataType& d = step.data_type(sent.data_type);
    const model::Model& model = step.model_of(d);
    const Projection shown = project(step, d, body);
    std::set<PropertyIndex> tells;
    for (const auto& rule : model.match) tells.insert(rule.begin(), rule.end());
    bool is_compared = false;
    for (const Sent& s : sent.sent) {
        const auto& x = shown.values[s.property.at()];
        if (!tells.contains(s.property) || !x || x->is_null() || s.written.is_null()) continue;
        if (is_alike(step, model[s.property], *x, s.written)) return false;
        is_compared = true;
    }
    return is_compared;
}

// The parent's key as a line's body tells it; null when it does not.
const Value* parent_key(const model::DataType& d, const Value& body) {
    return d.parent_at.empty() ? nullptr : body.at_path(d.parent_at);
}

bool is_of_parent(Step& step, DataTypeIndex index, EntityId line, const Value& body) {
    const model::DataType& d = step.data_type(index);
    const Value* told = parent_key(d, body);
    const WorkLink* parent = step.work.link_in(step.work.entity(line).parent, d.parent);
    if (!told || !parent) return true;
    const model::Resource& parents = step.resource(step.data_type(d.parent).resource);
    return *told == key_value(parents, step.work.record(parent->record).external_id);
}

bool may_be(Step& step, const Intent& intent, const std::set<RecordId>& met, RecordId id) {
    const WorkRecord& record = step.work.record(id);
    if (!intent.made_id.empty()) return record.external_id == intent.made_id;
    // What the last process had met is not told from what it had not.
    if (step.memory.met_before.contains(intent.id) && !met.contains(id)) return false;
    const Value body = stored_body(record);
    const IntentPart& self = intent.parts.front();
    if (step.data_type(self.data_type).parent &&
        !is_of_parent(step, self.data_type, self.entity, body))
        return false;
    return !is_unlike(step, self, body);
}

std::set<RecordId> met_since(const Step& step, const Intent& intent) {
    const auto met = step.memory.met_meanwhile.find(intent.resource);
    const auto before = step.memory.met_before.find(intent.id);
    if (met == step.memory.met_meanwhile.end() || before == step.memory.met_before.end()) return {};
    const auto from = std::min(before->second, met->second.size());
    return {met->second.begin() + static_cast<std::ptrdiff_t>(from), met->second.end()};
}

bool share_a_key(Step& step, EntityId entity, RecordId record) {
    const auto own = step.transaction.keys_of(std::array{record}).front();
    std::vector<RecordId> members;
    for (const WorkLink* link : step.work.links_of(entity)) members.push_back(link->record);
    for (const auto& keys : step.transaction.keys_of(members))
        for (const Digest& key : keys)
            if (std::ranges::find(own, key) != own.end()) return true;
    return false;
}

}  // namespace

bool is_create_under_way(const Step& step, ResourceIndex resource) {
    const auto open = step.memory.creates_open.find(resource);
    if (open == step.memory.creates_open.end() || open->second == 0) return false;
    return std::ranges::any_of(step.memory.intents, [&](const auto& entry) {
        const Intent& intent = entry.second;
        return intent.resource == resource && intent.is_create() && intent.made_id.empty() &&
               !intent.again;
    });
}

std::set<RecordId> suspects_of(Step& step, ResourceIndex resource,
                               std::span<const RecordId> pending) {
    std::set<RecordId> out;
    if (step.memory.creates_open[resource] == 0 || SEEDED(suspect_matched)) return out;
    for (const auto& [number, intent] : step.memory.intents) {
        if (intent.resource != resource || !intent.is_create()) continue;
        const std::set<RecordId> met = met_since(step, intent);
        for (RecordId id : pending)
            if (!out.contains(id) && may_be(step, intent, met, id)) out.insert(id);
    }
    return out;
}

bool is_being_created(const Step& step, EntityId entity, ResourceIndex resource) {
    const auto& open = step.memory.being_created;
    for (auto at = open.lower_bound({entity, DataTypeIndex::none()});
         at != open.end() && at->first == entity; ++at)
        if (step.data_type(at->second).resource == resource) return true;
    return false;
}

std::optional<Suspected> suspected_until(Step& step, EntityId entity, DataTypeIndex data_type) {
    const model::DataType& d = step.data_type(data_type);
    const auto doubted = step.memory.doubted.find(d.resource);
    if (doubted == step.memory.doubted.end()) return std::nullopt;
    const bool is_suspected = std::ranges::any_of(doubted->second, [&](RecordId id) {
        if (!d.parent) return share_a_key(step, entity, id);
        const Value body = stored_body(step.work.record(id));
        return is_of_parent(step, data_type, entity, body);
    });
    if (!is_suspected) return std::nullopt;
    Suspected out{Instant::never(), true};
    for (const auto& [number, intent] : step.memory.intents) {
        if (intent.resource != d.resource || !is_doubted(intent)) continue;
        out.until = std::min(out.until, intent.not_before);
        out.is_lasting = out.is_lasting && is_lasting(intent.in_vain);
    }
    const Instant soonest = step.now + Duration{1'000};
    if (out.until == Instant::never()) return Suspected{soonest, false};
    out.until = std::max(out.until, soonest);
    return out;
}

}  // namespace entente::sync
