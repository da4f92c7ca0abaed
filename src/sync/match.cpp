#include "sync/match.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/kinship.hpp"
#include "sync/lines.hpp"
#include "sync/link.hpp"
#include "sync/suspect.hpp"

namespace entente::sync {
namespace {

Value body_of(const WorkRecord& record) {
    auto body = json::read(record.body);
    CHECK(body.has_value(), "a stored body is the JSON we wrote");
    return *std::move(body);
}

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

// What a newcomer may be: an entity, with those of its records that led to it.
struct Candidate {
    EntityId entity;
    std::vector<RecordId> records;
    Likeness likeness = Likeness::unsure;
    bool is_proven = false;
};

// Around one newcomer: the entities that it may be, and the kin that have none yet.
struct Surroundings {
    std::vector<Candidate> candidates;
    std::vector<Kin> pending;      // kin of other resources that wait for their turn
    std::vector<RecordId> parked;  // kin that wait for a person: they are looked at anew when the newcomer is linked
};

struct Newcomer {
    WorkRecord& record;
    DataTypeIndex data_type;
    const Projection& shown;
};

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

// One batch of newcomers of one data type.
class Matcher {
public:
    Matcher(Step& step, DataTypeIndex data_type, bool is_joining)
        : step_(step),
          data_type_(data_type),
          kinship_(step, data_type),
          has_chains_(chains_are_possible(step, step.data_type(data_type).model)),
          is_joining_(is_joining) {}

    Kinship& kinship() { return kinship_; }
    void match(const Newcomer& newcomer);

private:
    std::vector<RecordId> distinct(std::vector<RecordId> records);
    std::vector<RecordId> rivals(const WorkRecord& record);
    std::vector<RecordId> best_of(RecordId self, std::vector<RecordId> records);
    void collect(const WorkRecord& record, const std::optional<Kin>& through, Surroundings& out,
                 std::vector<RecordId>& visited);
    void add(Surroundings& out, EntityId entity, const Kin& kin) const;
    void judge(const Newcomer& newcomer, std::vector<Candidate>& candidates);
    bool is_another(const Newcomer& newcomer, Candidate& candidate);
    void keep_best(RecordId self, std::vector<Candidate>& candidates);
    bool is_contested(const WorkRecord& record, EntityId entity);
    bool is_blocked(const Newcomer& newcomer, const Candidate& candidate);
    void look_around(const WorkRecord& record, EntityId taken);
    void link(const Newcomer& newcomer, EntityId entity, LinkOrigin origin,
              const Surroundings& around);
    void ask(const Newcomer& newcomer, const std::vector<Candidate>& candidates,
             const std::vector<Kin>& pending);
    void park(const Newcomer& newcomer, ParkReason reason, std::vector<RecordId> candidates,
              std::string text);

    Step& step_;
    DataTypeIndex data_type_;
    Kinship kinship_;
    bool has_chains_;
    bool is_joining_;
};

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
    const auto known = std::ranges::find(out.candidates, entity, &Candidate::entity);
    if (known == out.candidates.end()) {
        out.candidates.push_back({entity, {kin.record}, kin.likeness, kin.is_proven});
        return;
    }
    known->records.push_back(kin.record);
    known->is_proven |= kin.is_proven;
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
    std::erase_if(candidates, [&](Candidate& candidate) {
        return is_another(newcomer, candidate);
    });
    const bool is_decided = std::ranges::any_of(candidates, &Candidate::is_proven);
    if (!is_decided) return keep_best(newcomer.record.id, candidates);
    std::erase_if(candidates, [&](const Candidate& candidate) {
        const bool is_here = std::ranges::any_of(candidate.records, [&](RecordId r) {
            return step_.work.record(r).resource == newcomer.record.resource;
        });
        return !candidate.is_proven && !is_here;
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
    const bool is_one = candidates.size() + pending.size() == 1;
    const std::string but = !differ.empty()
                                ? fmt::format(", but {} differs: one thing or two?", differ)
                                : ", and nothing proves that they are one thing";
    park(newcomer, is_one ? ParkReason::unsure : ParkReason::ambiguous, std::move(named),
         shares + but);
}

void Matcher::match(const Newcomer& newcomer) {
    WorkRecord& record = newcomer.record;
    if (const auto several = rivals(record); !several.empty() && !SEEDED(match_first)) {
        return park(
            newcomer, ParkReason::ambiguous, several,
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
        const std::string text = fmt::format("matches records that are not linked to each other: {}",
                                             describe(step_, named));
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

void match_batch(Step& step, DataTypeIndex d, std::span<const RecordId> ids) {
    step.work.load_links_of_records(ids);
    Matcher matcher(step, d, !step.joined(d));
    std::vector<Projection> shown;
    for (RecordId id : ids) {
        shown.push_back(project(step, step.data_type(d), body_of(step.work.record(id))));
        matcher.kinship().know(id, match_digests(step, step.data_type(d), shown.back().values),
                               shown.back().values);
    }
    const std::vector<RecordId> around = matcher.kinship().prepare();
    step.work.load_links_of_records(around);
    std::vector<EntityId> entities;
    std::vector<RecordId> unlinked;
    for (RecordId r : around) {
        const auto links = step.work.links_of_record(r);
        if (links.empty()) unlinked.push_back(r);
        for (const WorkLink* link : links) entities.push_back(link->entity);
    }
    step.work.load_records(unlinked);
    std::ranges::sort(entities);
    entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
    step.work.load_entities(entities);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        WorkRecord& record = step.work.record(ids[i]);
        if (record.matching != Matching::pending || record.state != RecordState::live) continue;
        matcher.match({record, d, shown[i]});
    }
}

bool swept(const model::Workspace& workspace, const Memory& memory, DataTypeIndex d) {
    const model::Resource& resource = workspace.resource(workspace.data_type(d).resource);
    const ResourceIndex read =
        resource.nested_in ? resource.nested_in : workspace.data_type(d).resource;
    const auto feed = memory.feeds.find(read);
    return feed != memory.feeds.end() && (feed->second.swept_at.ms != 0 || SEEDED(join_ignored));
}

// Everything of the model has been read, and some of it was never matched.
bool model_is_joining(const model::Workspace& workspace, const Memory& memory, ModelIndex model) {
    bool all_joined = true;
    for (std::size_t i = 0; i < workspace.data_types.size(); ++i) {
        const DataTypeIndex d{static_cast<std::int32_t>(i)};
        if (workspace.data_types[i].model != model) continue;
        if (!swept(workspace, memory, d)) return false;
        all_joined = all_joined && memory.data_types.at(d).joined;
    }
    return !all_joined && !SEEDED(join_ignored);
}

// A data type's records are matched once every data type of its model has been swept, and what it refers to has joined.
bool may_match(const Step& step, DataTypeIndex d) {
    if (!swept(step.workspace, step.memory, d)) return false;
    if (step.joined(d)) return true;
    const model::DataType& own = step.data_type(d);
    for (std::size_t i = 0; i < step.workspace.data_types.size(); ++i) {
        const DataTypeIndex other{static_cast<std::int32_t>(i)};
        if (step.workspace.data_types[i].model == own.model &&
            !swept(step.workspace, step.memory, other))
            return false;
    }
    if (own.parent && !step.joined(own.parent)) return false;
    for (const model::Mapping& mapping : own.map)
        for (DataTypeIndex target : mapping.refers_to)
            if (step.data_type(target).model != own.model && !step.joined(target)) return false;
    return true;
}

void join(Step& step, DataTypeIndex d) {
    DataTypeState& state = step.memory.data_types.at(d);
    state.joined = true;
    state.joined_at = step.now;
    step.transaction.put_data_type_state(state);
    for (auto& [other, maybe] : step.memory.maybe_ready) maybe = true;
    for (const model::DataType& other : step.workspace.data_types)
        step.memory.match_wanted.insert(other.resource);
    Notice notice;
    notice.kind = Notice::Kind::joined;
    notice.data_type = d;
    notice.count = step.memory.counterparts[d];
    step.notice(std::move(notice));
}

}  // namespace

bool is_joining(const model::Workspace& workspace, const Memory& memory, DataTypeIndex data_type) {
    const model::DataType& d = workspace.data_type(data_type);
    return model_is_joining(workspace, memory, d.model) ||
           std::ranges::any_of(d.children, [&](DataTypeIndex c) {
               return model_is_joining(workspace, memory, workspace.data_type(c).model);
           });
}

bool match_some(Step& step) {
    for (ResourceIndex resource : step.memory.match_order) {
        if (!step.memory.match_wanted.contains(resource) || is_create_under_way(step, resource))
            continue;
        const auto here = step.workspace.data_types_of(resource);
        if (here.empty() ||
            !std::ranges::all_of(here, [&](DataTypeIndex d) { return may_match(step, d); }))
            continue;
        RecordId& after = step.memory.match_after[resource];
        const auto pending =
            step.transaction.pending_records(resource, after, limits::match_per_step);
        step.work.load_records(pending);
        const std::set<RecordId> suspects = suspects_of(step, resource, pending);
        if (!suspects.empty())
            step.memory.doubted[resource].insert(suspects.begin(), suspects.end());
        for (DataTypeIndex d : here) {
            std::vector<RecordId> mine;
            for (RecordId id : pending)
                if (!suspects.contains(id) &&
                    (here.size() == 1 || meets(step.data_type(d), body_of(step.work.record(id)))))
                    mine.push_back(id);
            if (mine.empty()) continue;
            if (step.data_type(d).parent)
                match_lines(step, d, mine);
            else
                match_batch(step, d, mine);
        }
        if (static_cast<int>(pending.size()) == limits::match_per_step) {
            after = pending.back();
            return true;
        }
        after = {};
        step.memory.match_wanted.erase(resource);
        for (DataTypeIndex d : here)
            if (!step.joined(d)) join(step, d);
        return true;
    }
    return false;
}

}  // namespace entente::sync
