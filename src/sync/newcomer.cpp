#include "sync/newcomer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/seeded_bug.hpp"
#include "sync/link.hpp"
#include "sync/suspect.hpp"

namespace entente::sync {
namespace {

std::string describe(Step& step, std::span<const RecordId> records) {
    std::string out;
    for (RecordId r : records) {
        const WorkRecord& record = step.work.record(r);
        const model::Resource& resource = step.resource(record.resource);
        out += fmt::format("{}{} {} {}", out.empty() ? "" : ", ",
                           step.workspace.system(resource.system).name, resource.name,
                           record.external_id);
    }
    return out;
}

constexpr int chain_length_max =
    12;  // pending neighbours followed: chains of one thing are as long as there are systems

// With two resources a pending neighbour can lead only back to where we came from.
bool chains_are_possible(const Step& step, ModelIndex model) {
    std::set<ResourceIndex> resources;
    for (const model::DataType& d : step.workspace.data_types)
        if (d.model == model) resources.insert(d.resource);
    return resources.size() > 2;
}

bool is_strictly_within(std::uint64_t part, std::uint64_t whole) {
    return part != whole && (part & ~whole) == 0;
}

}  // namespace

Matcher::Matcher(Step& step, DataTypeIndex data_type, bool is_joining)
    : step_(step),
      data_type_(data_type),
      kinship_(step, data_type),
      has_chains_(chains_are_possible(step, step.data_type(data_type).model)),
      is_joining_(is_joining) {}

// Of records of one resource, those that are not duplicates of an earlier one.
std::vector<RecordId> Matcher::distinct(std::vector<RecordId> records) {
    if (records.size() < 2) return records;
    std::vector<RecordId> out;
    for (const RecordId r : records) {
        const auto& kin = kinship_.kin_of(step_.work.record(r));
        const bool is_duplicate = std::ranges::any_of(kin, [&](const Kin& k) {
            return k.likeness == Likeness::same && std::ranges::find(out, k.record) != out.end();
        });
        if (!is_duplicate) out.push_back(r);
    }
    return out;
}

// Without those that share less with the record than another one does.
std::vector<RecordId> Matcher::best_of(RecordId self, std::vector<RecordId> records) {
    if (records.size() < 2) return records;
    std::vector<std::uint64_t> equal;
    for (const RecordId r : records) equal.push_back(kinship_.compared(self, r).equal);
    std::vector<RecordId> out;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const bool is_less = std::ranges::any_of(
            equal, [&](std::uint64_t other) { return is_strictly_within(equal[i], other); });
        if (!is_less) out.push_back(records[i]);
    }
    return out;
}

// The several records of one other resource that this record could be, or nothing.
std::vector<RecordId> Matcher::rivals(const WorkRecord& record) {
    const auto& kin = kinship_.kin_of(record);
    if (kin.size() < 2) return {};
    std::map<ResourceIndex, std::vector<RecordId>> by_resource;
    for (const Kin& k : kin)
        if (k.resource != record.resource) by_resource[k.resource].push_back(k.record);
    for (auto& [resource, records] : by_resource) {
        std::vector<RecordId> left = best_of(record.id, distinct(std::move(records)));
        if (left.size() > 1) return left;
    }
    return {};
}

void Matcher::add(Surroundings& out, EntityId entity, const Kin& kin) const {
    const bool is_here = kin.resource == step_.data_type(data_type_).resource;
    const auto known = std::ranges::find(out.candidates, entity, &Candidate::entity);
    if (known == out.candidates.end()) {
        out.candidates.push_back({entity, {kin.record}, kin.likeness, kin.is_proven, is_here});
        return;
    }
    known->records.push_back(kin.record);
    known->is_proven |= kin.is_proven;
    known->is_here |= is_here;
    known->likeness = std::max(known->likeness, kin.likeness);
}

// Follows kin to their entities; a pending one leads further to its own kin. `through`: the newcomer's own kin that led here; a
// chain is no surer than any of its parts.
void Matcher::collect(const WorkRecord& record, const std::optional<Kin>& through,
                      Surroundings& out, std::vector<RecordId>& visited) {
    for (const Kin& found : kinship_.kin_of(record)) {
        if (std::ranges::find(visited, found.record) != visited.end()) continue;
        visited.push_back(found.record);
        Kin kin = through.value_or(found);
        kin.likeness = std::min(kin.likeness, found.likeness);
        kin.is_proven = kin.is_proven && found.is_proven;
        const auto links = step_.work.links_of_record(found.record);
        for (const WorkLink* link : links) add(out, link->entity, kin);
        if (!links.empty()) continue;
        const WorkRecord& other = step_.work.record(found.record);
        if (other.matching == Matching::parked) {
            // A parked duplicate stands for what it is a duplicate of; whoever waits for an answer stands for nothing.
            const auto parked = step_.transaction.parked_record(other.id);
            if (parked && parked->reason != ParkReason::duplicate) out.parked.push_back(other.id);
            if (!parked || parked->reason != ParkReason::duplicate) continue;
            for (const RecordId r : parked->candidates)
                for (const WorkLink* link : step_.work.links_of_record(r))
                    add(out, link->entity, kin);
        } else if (other.matching == Matching::pending && other.resource != record.resource &&
                   static_cast<int>(visited.size()) < chain_length_max) {
            out.pending.push_back({found.record, found.resource, kin.likeness, kin.is_proven});
            const bool leads_on = has_chains_ && kin.likeness == Likeness::same;
            if (leads_on && rivals(other).empty()) collect(other, kin, out, visited);
        }
    }
}

// Whether the candidate is another thing than the newcomer after all, judged by all of its records.
bool Matcher::is_another(const Newcomer& newcomer, Candidate& candidate) {
    const RecordId self = newcomer.record.id;
    const WorkLink* own = nullptr;
    bool differs = false;
    for (const WorkLink* link : step_.work.links_of(candidate.entity)) {
        if (link->state == LinkState::unlinked) continue;
        if (kinship_.are_apart(self, link->record)) return true;
        if (link->state == LinkState::live &&
            step_.data_type(link->data_type).resource == newcomer.record.resource)
            own = link;
        differs |= !candidate.is_proven && kinship_.differ(self, link->record);
    }
    if (candidate.is_proven || SEEDED(weaker_rule_links)) return false;
    if (differs && own != nullptr) return true;
    if (differs) candidate.likeness = Likeness::unsure;
    if (own == nullptr) return false;
    const Compared both = kinship_.compared(self, own->record);
    return both.equal == 0 && both.different != 0;
}

void Matcher::judge(const Newcomer& newcomer, std::vector<Candidate>& candidates) {
    std::erase_if(candidates,
                  [&](Candidate& candidate) { return is_another(newcomer, candidate); });
    const bool is_decided = std::ranges::any_of(candidates, &Candidate::is_proven);
    if (!is_decided) return keep_best(newcomer.record.id, candidates);
    std::erase_if(candidates, [&](const Candidate& candidate) {
        return !candidate.is_proven && !candidate.is_here;
    });
}

// Without those that share less with the newcomer than another one does.
void Matcher::keep_best(RecordId self, std::vector<Candidate>& candidates) {
    if (candidates.size() < 2) return;
    std::vector<std::uint64_t> equal;
    for (const Candidate& candidate : candidates) {
        equal.push_back(0);
        for (const RecordId r : candidate.records) equal.back() |= kinship_.compared(self, r).equal;
    }
    std::vector<Candidate> out;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const bool is_less = std::ranges::any_of(
            equal, [&](std::uint64_t other) { return is_strictly_within(equal[i], other); });
        if (!is_less) out.push_back(std::move(candidates[i]));
    }
    candidates = std::move(out);
}

// A record that came after its counterpart was linked must not take it from a rival that came with it.
bool Matcher::is_contested(const WorkRecord& record, EntityId entity) {
    const std::vector<Kin> own = kinship_.kin_of(record);
    for (const WorkLink* link : step_.work.links_of(entity)) {
        if (std::ranges::find(own, link->record, &Kin::record) == own.end()) continue;
        std::vector<RecordId> here;
        for (const Kin& k : kinship_.kin_of(step_.work.record(link->record))) {
            const bool is_new =
                k.record == record.id || step_.work.record(k.record).matching == Matching::pending;
            if (k.resource == record.resource && is_new) here.push_back(k.record);
        }
        const auto left = best_of(link->record, distinct(std::move(here)));
        if (left.size() > 1 || (left.size() == 1 && left.front() != record.id)) return true;
    }
    return false;
}

// Entities that waited for this record to become theirs may have to be created where it is.
void Matcher::look_around(const WorkRecord& record, EntityId taken) {
    for (const RecordId r : kinship_.around(record))
        for (const WorkLink* link : step_.work.links_of_record(r))
            if (link->entity != taken) step_.unsettled.insert(link->entity);
}

void Matcher::park(const Newcomer& newcomer, ParkReason reason, std::vector<RecordId> candidates,
                   std::string text) {
    look_around(newcomer.record, {});
    for (const RecordId r : candidates)
        for (const WorkLink* link : step_.work.links_of_record(r))
            step_.unsettled.insert(link->entity);
    park_record(step_, newcomer.record, data_type_, reason, std::move(candidates), std::move(text));
}

// The entity has, or had, a record where the newcomer is: the newcomer cannot be linked to it without a person.
bool Matcher::is_blocked(const Newcomer& newcomer, const Candidate& candidate) {
    for (const WorkLink* link : step_.work.links_of(candidate.entity)) {
        if (step_.data_type(link->data_type).resource != newcomer.record.resource) continue;
        const bool is_live = link->state == LinkState::live;
        std::vector<RecordId> named{link->record};
        // What else it agrees with must not get a record of its own here meanwhile.
        for (const Kin& k : kinship_.kin_of(newcomer.record))
            if (k.is_proven && k.record != link->record) named.push_back(k.record);
        const std::string of = describe(step_, std::array{link->record});
        park(newcomer, is_live ? ParkReason::duplicate : ParkReason::recreated, std::move(named),
             is_live ? fmt::format("is the same thing as {} of the same list", of)
                     : fmt::format("matches what was linked to {}, which is gone", of));
        return true;
    }
    return false;
}

void Matcher::link(const Newcomer& newcomer, EntityId entity, LinkOrigin origin,
                   const Surroundings& around) {
    look_around(newcomer.record, entity);
    for (const Kin& kin : around.pending) step_.expected.insert({entity, kin.resource});
    // Whoever waits for an answer may find it in the newcomer.
    for (const RecordId r : around.parked) {
        WorkRecord& waiting = step_.work.record(r);
        waiting.matching = Matching::pending;
        waiting.changed = true;
        step_.memory.match_wanted.insert(waiting.resource);
        step_.expected.insert({entity, waiting.resource});
    }
    WorkLink& link = make_link(step_, newcomer.record, data_type_, entity, origin);
    compare_link(step_, link, newcomer.shown, stored_edit_time(step_, newcomer.record));
}

// Nothing proves that the newcomer is one of these, and nothing that it is none.
void Matcher::ask(const Newcomer& newcomer, const std::vector<Candidate>& candidates,
                  const std::vector<Kin>& pending) {
    std::vector<RecordId> named;
    for (const Candidate& candidate : candidates)
        named.insert(named.end(), candidate.records.begin(), candidate.records.end());
    for (const Kin& kin : pending) named.push_back(kin.record);
    const RecordId self = newcomer.record.id;
    const std::string agree = kinship_.agreement(self, named.front());
    const std::string differ = kinship_.difference(self, named.front());
    const std::string shares = fmt::format("shares {} with {}", agree, describe(step_, named));
    const std::string but = !differ.empty()
                                ? fmt::format(", but {} differs: one thing or two?", differ)
                                : ", and nothing proves that they are one thing";
    park(newcomer, ParkReason::unsure, std::move(named), shares + but);
}

void Matcher::match(const Newcomer& newcomer) {
    WorkRecord& record = newcomer.record;
    if (const auto several = rivals(record); !several.empty() && !SEEDED(match_first)) {
        return park(newcomer, ParkReason::ambiguous, several,
                    fmt::format("matches several records: {}", describe(step_, several)));
    }
    Surroundings around;
    std::vector<RecordId> visited{record.id};
    collect(record, {}, around, visited);
    std::vector<Candidate>& candidates = around.candidates;
    judge(newcomer, candidates);
    if (candidates.size() > 1 && !SEEDED(match_first)) {
        std::vector<RecordId> named;
        for (const Candidate& candidate : candidates)
            named.insert(named.end(), candidate.records.begin(), candidate.records.end());
        const std::string text = fmt::format(
            "matches records that are not linked to each other: {}", describe(step_, named));
        return park(newcomer, ParkReason::ambiguous, std::move(named), text);
    }
    if (candidates.empty()) {
        std::vector<Kin> unsure;
        std::ranges::copy_if(around.pending, std::back_inserter(unsure),
                             [](const Kin& k) { return k.likeness == Likeness::unsure; });
        const bool is_unsure = !unsure.empty() && unsure.size() == around.pending.size();
        if (is_unsure) return ask(newcomer, {}, unsure);
        const WorkEntity& entity = make_entity(step_, step_.data_type(data_type_).model, {});
        return link(newcomer, entity.id, LinkOrigin::first, around);
    }
    Candidate& candidate = candidates.front();
    if (is_being_created(step_, candidate.entity, record.resource)) {
        step_.memory.doubted[record.resource].insert(record.id);
        return;
    }
    if (candidate.likeness == Likeness::unsure) return ask(newcomer, candidates, {});
    if (is_blocked(newcomer, candidate)) return;
    if (!is_joining_ && is_contested(record, candidate.entity)) {
        const std::string text = fmt::format("is one of several new records that match {}",
                                             describe(step_, candidate.records));
        return park(newcomer, ParkReason::ambiguous, candidate.records, text);
    }
    link(newcomer, candidate.entity, LinkOrigin::matched, around);
}

}  // namespace entente::sync
