#include "sync/refusal.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/in_vain.hpp"
#include "sync/question.hpp"

namespace entente::sync {
namespace {

// What is offered again has failed before: it is given few tries.
constexpr int tries_before_an_offer = limits::unknown_tries_max - 2;

void tell_released(Step& step, const Parked& parked, std::string text) {
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::released;
    event.entity = parked.entity;
    event.data_type = parked.data_type;
    event.text = std::move(text);
    step.record(std::move(event));
}

// Its offers go on where they stood.
void hold_again(Step& step, WorkLink& link, const Sent& sent, const std::string& reason,
                const Offers& fresh) {
    const auto before = std::ranges::find_if(link.held, [&](const Held& held) {
        return held.property == sent.property && held.rev == sent.revision.rev;
    });
    const Offers offers =
        before == link.held.end() || before->offers.pause.ms == 0 ? fresh : before->offers;
    hold(step, link, {sent.property, reason, sent.revision.rev, offers});
}

void drop(Step& step, const Parked& parked, std::string text) {
    step.transaction.drop_parked_create(parked.entity, parked.data_type);
    tell_released(step, parked, std::move(text));
}

// Whether the system refused it: what cannot be read, did not stick or cannot be expressed is no refusal of this configuration.
bool was_refused(Step& step, const Link& link, const Held& held) {
    const model::Mapping* mapping = step.data_type(link.data_type).mapping(held.property);
    if (!mapping || held.rev == Held::every_edit) return false;
    if (mapping->lens.access != model::Access::write &&
        mapping->lens.access != model::Access::write_only)
        return false;
    return link.shadows[held.property.at()].revision.rev != held.rev;
}

void release_held(Step& step, const Link& stored) {
    if (stored.held.empty() || stored.state != LinkState::live) return;
    WorkLink* link = step.work.link(stored.record, stored.data_type);
    if (!link || link->id != stored.id) return;
    const auto released =
        std::erase_if(link->held, [&](const Held& h) { return was_refused(step, *link, h); });
    if (released == 0) return;
    link->changed = true;
    step.unsettled.insert(link->entity);
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::released;
    event.entity = link->entity;
    event.link = link->id;
    event.record = link->record;
    event.data_type = link->data_type;
    event.text = "the configuration has changed";
    step.record(std::move(event));
}

}  // namespace

Digest content_of(const Step& step, std::string_view body) {
    return digest_of(body, step.workspace.configuration.low);
}

Digest content_of_line(Step& step, const IntentPart& line) {
    return content_of(step, json::write(compose(step, line.data_type, {line}, nullptr)));
}

bool stays_parked(Step& step, const Parked& parked, const Digest& content) {
    if (parked.reason != ParkReason::create_failed) return true;
    if (parked.refused == content || SEEDED(refused_for_ever)) return true;
    drop(step, parked, "what it carries, or the configuration, has changed since it was refused");
    return false;
}

std::optional<ParkedWait> parked_as_it_is(Step& step, EntityId entity, DataTypeIndex data_type) {
    if (!step.memory.anything_parked) return std::nullopt;
    const auto parked = step.transaction.parked_create(entity, data_type);
    if (!parked) return std::nullopt;
    if (parked->reason == ParkReason::unsure && may_be_there(step, entity, data_type).empty()) {
        drop(step, *parked, "nothing there may be it any more");
        return std::nullopt;
    }
    if (parked->reason != ParkReason::create_failed) return ParkedWait{{}, "waits for a person"};
    const DataTypeIndex parents = step.data_type(data_type).parent;
    if (parents && !has_live_parent(step, entity, parents)) return std::nullopt;
    const Parts parts = parts_of(step, entity, data_type, nullptr);
    if (parts.awaits || !parts.missing.empty()) return std::nullopt;
    const Value body = compose(step, data_type, parts.parts, nullptr);
    if (!stays_parked(step, *parked, content_of(step, json::write(body)))) return std::nullopt;
    if (is_due(parked->offers, step.now)) return std::nullopt;
    return ParkedWait{parts.lacks, "was refused as it is", due_at(parked->offers, step.now)};
}

void hold_sent(Step& step, const Intent& intent, const std::string& reason, const std::string& path,
               bool is_forbidden) {
    // Of several only one may be what was refused: each is soon offered alone.
    std::size_t sent_in_all = 0;
    for (const IntentPart& part : intent.parts) sent_in_all += part.sent.size();
    const Offers fresh = first_offers(step.now, is_forbidden || sent_in_all > 1);
    bool is_told = false;
    for (const bool all : {false, true}) {
        if (is_told) break;
        for (const IntentPart& part : intent.parts) {
            WorkLink* link = part.link ? step.work.link_in(part.entity, part.data_type) : nullptr;
            if (!link || link->id != part.link) continue;
            for (const Sent& sent : part.sent) {
                const bool match =
                    !path.empty() &&
                    step.data_type(part.data_type).mapping(sent.property)->lens.path == path;
                if (!all && !match) continue;
                hold_again(step, *link, sent, reason, fresh);
                is_told |= !all;
            }
        }
    }
    // Without a name new lines may be the cause as well. They cannot be held: as they are, they would be sent again.
    for (const IntentPart& part : intent.parts) {
        if (part.link || is_told) continue;
        step.memory.anything_parked = step.memory.anything_refused = true;
        Parked parked{
            ParkReason::create_failed, {}, part.entity, part.data_type, reason, {}, step.now};
        parked.refused = content_of_line(step, part);
        parked.offers = offers_of(step, parked).value_or(fresh);
        step.transaction.put_parked(parked);
    }
}

Instant refused_until(Step& step, EntityId entity, DataTypeIndex data_type) {
    if (!step.memory.anything_parked) return {};
    const auto parked = step.transaction.parked_create(entity, data_type);
    if (!parked || !is_due(parked->offers, step.now)) return {};
    return parked->offers.next;
}

std::optional<Offers> offers_of(Step& step, const Parked& refused) {
    const auto before = step.transaction.parked_create(refused.entity, refused.data_type);
    if (!before || before->reason != ParkReason::create_failed) return std::nullopt;
    return before->refused == refused.refused ? std::optional(before->offers) : std::nullopt;
}

bool is_taken(Step& step, const Intent& intent) {
    return std::ranges::all_of(intent.parts, [&](const IntentPart& part) {
        const WorkLink* link = step.work.link_in(part.entity, part.data_type);
        return link && std::ranges::all_of(part.sent, [&](const Sent& sent) {
                   return link->shadows[sent.property.at()].revision.rev == sent.revision.rev;
               });
    });
}

void forget_taken(Step& step, const Intent& intent) {
    for (const IntentPart& part : intent.parts) {
        WorkLink* link = part.link ? step.work.link_in(part.entity, part.data_type) : nullptr;
        if (!link || link->held.empty()) continue;
        const auto taken = std::erase_if(link->held, [&](const Held& held) {
            return held.offers.pause.ms > 0 &&
                   std::ranges::any_of(part.sent, [&](const Sent& sent) {
                       return sent.property == held.property && sent.revision.rev == held.rev &&
                              link->shadows[held.property.at()].revision.rev == held.rev;
                   });
        });
        link->changed |= taken > 0;
    }
}

void note_offers(Step& step, Intent& intent) {
    bool is_any = false;
    for (const IntentPart& part : intent.parts) {
        if (!part.link) {
            if (!step.memory.anything_parked) continue;
            auto parked = step.transaction.parked_create(part.entity, part.data_type);
            if (!parked || !is_due(parked->offers, step.now)) continue;
            advance(parked->offers, step.now);
            step.transaction.put_parked(*parked);
            is_any = true;
            continue;
        }
        WorkLink* link = step.work.link_in(part.entity, part.data_type);
        if (!link) continue;
        for (Held& held : link->held) {
            const bool is_sent = std::ranges::any_of(part.sent, [&](const Sent& sent) {
                return sent.property == held.property && sent.revision.rev == held.rev;
            });
            if (!is_sent || !is_due(held.offers, step.now)) continue;
            advance(held.offers, step.now);
            link->changed = is_any = true;
        }
    }
    if (is_any) intent.in_vain.failed = std::max(intent.in_vain.failed, tries_before_an_offer);
}

void forget_refusal(Step& step, EntityId entity, DataTypeIndex data_type) {
    if (!step.memory.anything_refused) return;
    const auto parked = step.transaction.parked_create(entity, data_type);
    if (parked && parked->reason != ParkReason::create_unknown)
        drop(step, *parked, "it is not to be created there any more");
}

bool release_some(Step& step) {
    const auto joined = std::ranges::find_if(
        step.memory.releasing, [&](const auto& entry) { return step.joined(entry.first); });
    if (joined == step.memory.releasing.end()) return false;
    auto& [d, place] = *joined;
    auto& [entity, link] = place;
    if (entity != Releasing::all) {
        const auto parked = step.transaction.parked_creates(d, entity, limits::work_per_step);
        for (const Parked& p : parked) step.unsettled.insert(p.entity);
        const bool is_last = static_cast<int>(parked.size()) < limits::work_per_step;
        entity = is_last ? Releasing::all : parked.back().entity;
        return true;
    }
    const auto links = step.transaction.links(d, link, limits::work_per_step);
    for (const Link& l : links) release_held(step, l);
    if (static_cast<int>(links.size()) == limits::work_per_step) {
        link = links.back().id;
        return true;
    }
    DataTypeState& state = step.memory.data_types.at(d);
    state.configuration = step.workspace.configuration;
    step.transaction.put_data_type_state(state);
    step.memory.releasing.erase(joined);
    return true;
}

}  // namespace entente::sync
