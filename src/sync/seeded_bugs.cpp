#include "sync/seeded_bugs.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "sync/project.hpp"

namespace entente::sync::seeded {

std::uint32_t newest_shown(const Link& link) {
    std::uint32_t newest = 0;
    for (const Shadow& shadow : link.shadows) newest = std::max(newest, shadow.revision.rev);
    return newest;
}

void take_whole(WorkLink& link, const Projection& shown) {
    for (std::size_t p = 0; p < shown.values.size(); ++p)
        if (shown.values[p]) link.shadows[p].value = shown.values[p];
    link.changed = true;
}

void empty_unseen(const Step& step, WorkLink& link, const Projection& shown) {
    for (const model::Mapping& mapping : step.data_type(link.data_type).map)
        if (!shown.values[mapping.property.at()])
            link.shadows[mapping.property.at()].value = Value();
    link.changed = true;
}

model::Canonical folded(const model::Model& model, model::Canonical values) {
    for (std::size_t p = 0; p < values.size(); ++p) {
        const bool is_text = model.properties[p].type == model::PropertyType::text;
        if (is_text && values[p] && values[p]->is_text())
            values[p] = Value(text::fold(values[p]->as_text()));
    }
    return values;
}

void share_shadow(Step& step, const WorkLink& link, PropertyIndex p) {
    for (WorkLink* other : step.work.links_of(link.entity)) {
        if (other == &link || other->state != LinkState::live) continue;
        other->shadows[p.at()] = link.shadows[p.at()];
        other->changed = true;
    }
}

void agree(Step& step, EntityId entity) {
    const WorkEntity& holds = step.work.entity(entity);
    for (WorkLink* link : step.work.links_of(entity))
        for (std::size_t p = 0; p < link->shadows.size(); ++p) {
            link->shadows[p].revision = holds.properties[p].revision;
            link->changed = true;
        }
}

void send_again(Step& step, Intent intent) {
    intent.again = true;
    ++intent.tries;
    intent.idempotency_key.clear();
    intent.phase = IntentPhase::sent;
    // A pause, so that a system that never answers is not asked without end in one instant.
    intent.not_before = step.now + Duration{250};
    keep_intent(step, intent);
    step.out.effects.push_back(write_effect(step, intent, Purpose::write));
}

bool is_live(Step& step, EntityId entity, DataTypeIndex data_type) {
    return std::ranges::any_of(step.work.links_of(entity), [&](const WorkLink* link) {
        return link->data_type == data_type && link->state == LinkState::live;
    });
}

void fill(Step& step, const IntentPart& part, Value& body) {
    const model::DataType& d = step.data_type(part.data_type);
    const WorkEntity& entity = step.work.entity(part.entity);
    for (const model::Mapping& mapping : d.map) {
        const bool can_write = mapping.lens.access == model::Access::write ||
                               mapping.lens.access == model::Access::write_only;
        if (!can_write || step.model_of(d)[mapping.property].local) continue;
        const auto value =
            expressed(step, d, mapping, entity.properties[mapping.property.at()].value, nullptr);
        // What the lens refuses stays out, as it does without the bug.
        if (value) (void)model::put(mapping.lens, *value, body);
    }
}

bool shows_the_same(const Step& step, const Record& record, const Value& body) {
    const Value stored = stored_body(record);
    for (DataTypeIndex d : step.workspace.data_types_of(record.resource)) {
        const model::DataType& data_type = step.data_type(d);
        if (project(step, data_type, stored).values != project(step, data_type, body).values)
            return false;
        for (DataTypeIndex c : data_type.children)
            if (step.data_type(c).is_nested()) return false;
    }
    return true;
}

bool is_first_look(const Step& step, ResourceIndex resource) {
    const FeedState& feed = step.memory.feeds.at(resource);
    return feed.swept_at.ms > 0 && feed.polled_at.ms == 0;
}

}  // namespace entente::sync::seeded
