#include "sync/question.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sync/kinship.hpp"

namespace entente::sync {
namespace {

bool has_link_in(Step& step, EntityId entity, ResourceIndex resource) {
    return std::ranges::any_of(step.work.links_of(entity), [&](const WorkLink* link) {
        return link->state == LinkState::live &&
               step.data_type(link->data_type).resource == resource;
    });
}

// Whether the thing of a record is none that we could be one with: it has a record of its own where one of ours is, or a person
// has told the two apart.
bool is_another(Step& step, Kinship& kinship, EntityId entity, RecordId there) {
    for (const WorkLink* theirs : step.work.links_of_record(there))
        for (const WorkLink* ours : step.work.links_of(entity)) {
            if (ours->state != LinkState::live) continue;
            if (has_link_in(step, theirs->entity, step.data_type(ours->data_type).resource))
                return true;
            for (const WorkLink* member : step.work.links_of(theirs->entity))
                if (kinship.are_apart(ours->record, member->record)) return true;
        }
    return false;
}

std::string told(Step& step, Kinship& kinship, RecordId ours, const std::vector<RecordId>& there) {
    const WorkRecord& record = step.work.record(there.front());
    const std::string differ = kinship.difference(ours, there.front());
    return fmt::format("shares {} with {} {}{}", kinship.agreement(ours, there.front()),
                       step.resource(record.resource).name, record.external_id,
                       differ.empty() ? ", and nothing proves that they are one thing"
                                      : fmt::format(", but {} differs: one thing or two?", differ));
}

}  // namespace

std::vector<RecordId> may_be_there(Step& step, EntityId entity, DataTypeIndex data_type) {
    std::vector<RecordId> out;
    if (step.data_type(data_type).parent) return out;
    for (const WorkLink* link : step.work.links_of(entity)) {
        if (link->state != LinkState::live) continue;
        Kinship kinship(step, link->data_type);
        for (const RecordId there :
             kinship.likely_in(step.work.record(link->record), step.data_type(data_type).resource))
            if (!is_another(step, kinship, entity, there)) out.push_back(there);
    }
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

bool is_a_question(Step& step, EntityId entity, DataTypeIndex data_type) {
    std::vector<RecordId> there = may_be_there(step, entity, data_type);
    if (there.empty()) return false;
    const WorkLink* ours = nullptr;
    for (const WorkLink* link : step.work.links_of(entity))
        if (!ours && link->state == LinkState::live) ours = link;
    Kinship kinship(step, ours->data_type);
    Parked parked{ParkReason::unsure, {}, entity, data_type, "", std::move(there), step.now};
    parked.text = told(step, kinship, ours->record, parked.candidates);
    step.memory.anything_parked = step.memory.anything_refused = true;
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::parked;
    event.entity = entity;
    event.data_type = data_type;
    event.text = parked.text;
    Notice notice;
    notice.kind = Notice::Kind::parked;
    notice.entity = entity;
    notice.data_type = data_type;
    notice.text = fmt::format("{}: {}", name_of(parked.reason), parked.text);
    step.transaction.put_parked(std::move(parked));
    step.notice(std::move(notice));
    step.record(std::move(event));
    return true;
}

}  // namespace entente::sync
