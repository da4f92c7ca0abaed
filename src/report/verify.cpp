#include "report/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "report/membership.hpp"

namespace entente::report {

namespace {

// A person reads the first findings of a flow and mends their cause; the numbers count all.
constexpr std::size_t findings_max = 100;

// The flows of a report, by their ordered pair of systems.
using FlowsByPair = std::map<std::pair<SystemIndex, SystemIndex>, std::vector<const model::Flow*>>;

FlowsByPair flows_by_pair(const model::Workspace& workspace,
                          const std::optional<SystemPair>& only) {
    FlowsByPair out;
    for (const auto& flow : workspace.flows) {
        const SystemIndex from = workspace.data_type(flow.from).system;
        const SystemIndex to = workspace.data_type(flow.to).system;
        const bool is_asked = !only || (from == only->one && to == only->other) ||
                              (from == only->other && to == only->one);
        if (is_asked) out[{from, to}].push_back(&flow);
    }
    return out;
}

class Verification {
public:
    Verification(const model::Workspace& workspace, sync::StoreReader& store,
                 const Snapshot& snapshot, const Membership& membership)
        : workspace_(workspace), store_(store), snapshot_(snapshot), membership_(membership) {}

    FlowVerdict judge(const model::Flow& flow);
    std::int64_t values_that_differ() const { return static_cast<std::int64_t>(differing_.size()); }
    std::int64_t records_that_miss() const { return static_cast<std::int64_t>(missing_.size()); }

private:
    struct Side {
        DataTypeIndex index;
        const FreshRecord& record;
        const Membership::Member* member;
    };
    void judge_pair(const Side& from, const Side& to, FlowVerdict& verdict);
    void judge_unpaired(const Side& from, const model::Flow& flow, const std::string* counterpart,
                        FlowVerdict& verdict);
    bool has_paired_parent(const Side& from, DataTypeIndex to) const;
    bool is_parked(const Membership::Member& member, DataTypeIndex to) const;
    bool waits(const Membership::Member& member, DataTypeIndex to) const;
    bool refers_to_what_waits(const Side& from, const model::Mapping& mapping,
                              DataTypeIndex to) const;
    bool waits_with_another(const Side& from, DataTypeIndex to) const;
    bool agree(const Side& from, const Side& to, PropertyIndex property) const;
    bool is_left_behind(const Side& side, PropertyIndex property) const;
    std::optional<Value> in_common(const Side& side, const model::Mapping& mapping) const;
    std::string name_of(const Side& side) const;
    const FreshRecord* fresh(DataTypeIndex data_type, const std::string& id) const;

    const model::Workspace& workspace_;
    sync::StoreReader& store_;
    const Snapshot& snapshot_;
    const Membership& membership_;
    std::set<std::tuple<RecordId, RecordId, PropertyIndex>> differing_;
    std::set<std::pair<std::string, DataTypeIndex>> missing_;
};

const FreshRecord* Verification::fresh(DataTypeIndex data_type, const std::string& id) const {
    const auto& records = snapshot_.data_types.at(data_type);
    const auto found = records.find(id);
    return found == records.end() ? nullptr : &found->second;
}

std::string Verification::name_of(const Side& side) const {
    return fmt::format("{} {}", workspace_.data_type(side.index).full_name,
                       side.record.external_id);
}

FlowVerdict Verification::judge(const model::Flow& flow) {
    FlowVerdict verdict{.from = flow.from, .to = flow.to};
    for (const auto& [id, record] : snapshot_.data_types.at(flow.from)) {
        const auto* member = membership_.find(flow.from, id);
        const Side from{flow.from, record, member};
        const std::string* counterpart =
            member && member->entity ? membership_.counterpart(member->entity, flow.to) : nullptr;
        const FreshRecord* other = counterpart ? fresh(flow.to, *counterpart) : nullptr;
        if (other) {
            judge_pair(from, {flow.to, *other, membership_.find(flow.to, *counterpart)}, verdict);
        } else {
            judge_unpaired(from, flow, counterpart, verdict);
        }
    }
    return verdict;
}

// The value in a form that both sides share: a reference as the entity it means, everything else as
// it is.
std::optional<Value> Verification::in_common(const Side& side,
                                             const model::Mapping& mapping) const {
    const auto& value = side.record.values[mapping.property.at()];
    if (!value || value->is_null() || mapping.refers_to.empty() || !value->is_text()) return value;
    for (const DataTypeIndex target : mapping.refers_to) {
        const auto* member = membership_.find(target, value->as_text());
        if (member && member->entity) return Value(member->entity.value);
    }
    return value;
}

bool Verification::agree(const Side& from, const Side& to, PropertyIndex property) const {
    const auto* here = workspace_.data_type(from.index).mapping(property);
    const auto* there = workspace_.data_type(to.index).mapping(property);
    const auto mine = in_common(from, *here);
    const auto theirs = in_common(to, *there);
    if (!mine || !theirs || *mine == *theirs)
        return true;  // what a system does not show cannot be judged
    if (!here->refers_to.empty()) return false;
    return model::equivalent(here->lens, *mine, *theirs) ||
           model::equivalent(there->lens, *mine, *theirs);
}

// A value that cannot be written there stays behind when it is changed elsewhere; it must be shown by all others only when it
// was typed there.
bool Verification::is_left_behind(const Side& side, PropertyIndex property) const {
    const auto* mapping = workspace_.data_type(side.index).mapping(property);
    if (mapping->lens.access != model::Access::read) return false;
    for (const auto& entity : store_.entities(std::array{side.member->entity})) {
        const LinkId origin = entity.properties[property.at()].origin;
        const auto links = store_.links_of_records(std::array{side.member->record});
        return std::ranges::none_of(links,
                                    [&](const sync::Link& link) { return link.id == origin; });
    }
    return false;
}

void Verification::judge_pair(const Side& from, const Side& to, FlowVerdict& verdict) {
    ++verdict.linked;
    const auto& here = workspace_.data_type(from.index);
    const auto& there = workspace_.data_type(to.index);
    const auto& model = workspace_.model(here.model);
    bool differs = !from.record.unreadable.empty() || !to.record.unreadable.empty();
    bool is_held = false;
    bool waits_with_another = false;
    for (const auto& mapping : here.map) {
        const PropertyIndex property = mapping.property;
        const auto* other = there.mapping(property);
        const bool is_carried =
            other && !model[property].local && other->lens.access != model::Access::read;
        if (!is_carried || agree(from, to, property) || is_left_behind(from, property)) continue;
        if (refers_to_what_waits(from, mapping, to.index) ||
            refers_to_what_waits(to, *other, from.index)) {
            waits_with_another = true;
            continue;
        }
        if (from.member->held.contains(property) || to.member->held.contains(property)) {
            is_held = true;
            continue;
        }
        differs = true;
        differing_.insert({std::min(from.member->record, to.member->record),
                           std::max(from.member->record, to.member->record), property});
        if (verdict.findings.size() < findings_max) {
            verdict.findings.push_back({name_of(from), name_of(to), model[property].name,
                                        from.record.values[property.at()],
                                        to.record.values[property.at()], "differs"});
        }
    }
    const bool waits = membership_.waits(from.member->entity, to.index);
    if (is_held) ++verdict.held;
    if ((differs && waits) || waits_with_another) ++verdict.waiting;
    if (differs) ++verdict.differ;
    if (!differs && !is_held && !waits_with_another) ++verdict.agree;
    const std::string& unreadable =
        from.record.unreadable.empty() ? to.record.unreadable : from.record.unreadable;
    if (unreadable.empty()) return;
    differing_.insert({std::min(from.member->record, to.member->record),
                       std::max(from.member->record, to.member->record), PropertyIndex::none()});
    if (verdict.findings.size() < findings_max) {
        verdict.findings.push_back(
            {name_of(from), name_of(to), "", {}, {}, "cannot be read as declared: " + unreadable});
    }
}

bool Verification::has_paired_parent(const Side& from, DataTypeIndex to) const {
    const DataTypeIndex parent_here = workspace_.data_type(from.index).parent;
    const DataTypeIndex parent_there = workspace_.data_type(to).parent;
    const auto* parent = membership_.find(parent_here, from.record.parent);
    if (!parent || !parent->entity || !parent_there) return false;
    const auto* counterpart = membership_.counterpart(parent->entity, parent_there);
    return counterpart && snapshot_.data_types.contains(parent_there) &&
           fresh(parent_there, *counterpart);
}

bool Verification::is_parked(const Membership::Member& member, DataTypeIndex to) const {
    return member.parked || membership_.create_is_parked(member.entity, to);
}

bool Verification::waits(const Membership::Member& member, DataTypeIndex to) const {
    return (member.entity && membership_.waits(member.entity, to)) ||
           membership_.is_named_by_parked(member.record, workspace_.data_type(to).resource);
}

// What one record of the side refers to waits for a person: whether the other system has it is not
// known before the answer.
bool Verification::refers_to_what_waits(const Side& from, const model::Mapping& mapping,
                                        DataTypeIndex to) const {
    const auto* there = workspace_.data_type(to).mapping(mapping.property);
    const auto& value = from.record.values[mapping.property.at()];
    if (!there || !value || !value->is_text()) return false;
    for (const DataTypeIndex target : mapping.refers_to) {
        const auto* member = membership_.find(target, value->as_text());
        if (!member) continue;
        const bool one_waits = std::ranges::any_of(there->refers_to, [&](DataTypeIndex other) {
            return !membership_.counterpart(member->entity, other) &&
                   (is_parked(*member, other) || waits(*member, other));
        });
        if (one_waits) return true;
    }
    return false;
}

// A record is not created, nor recognised, before what it refers to has its counterpart there.
bool Verification::waits_with_another(const Side& from, DataTypeIndex to) const {
    return std::ranges::any_of(workspace_.data_type(from.index).map, [&](const auto& mapping) {
        return refers_to_what_waits(from, mapping, to);
    });
}

void Verification::judge_unpaired(const Side& from, const model::Flow& flow,
                                  const std::string* counterpart, FlowVerdict& verdict) {
    const auto& here = workspace_.data_type(flow.from);
    if (here.parent && !has_paired_parent(from, flow.to)) return;
    const bool is_expected = counterpart || flow.create == model::CreateRule::always;
    if (!is_expected) return;
    if (from.member && !counterpart) {
        if (is_parked(*from.member, flow.to)) {
            ++verdict.parked;
            return;
        }
        if (waits(*from.member, flow.to) || waits_with_another(from, flow.to)) {
            ++verdict.waiting;
            return;
        }
    }
    ++verdict.missing;
    missing_.insert({name_of(from), flow.to});
    if (verdict.findings.size() >= findings_max) return;
    verdict.findings.push_back({name_of(from),
                                workspace_.data_type(flow.to).full_name,
                                "",
                                {},
                                {},
                                counterpart
                                    ? fmt::format("its counterpart {} is not there", *counterpart)
                                    : std::string("has no counterpart")});
}

}  // namespace

Result<Snapshot> read_for_verify(const model::Workspace& workspace, Reader& reader,
                                 const std::optional<SystemPair>& only) {
    std::set<DataTypeIndex> wanted;
    for (const auto& [systems, flows] : flows_by_pair(workspace, only)) {
        for (const auto* flow : flows) {
            for (const DataTypeIndex index : {flow->from, flow->to}) {
                wanted.insert(index);
                if (workspace.data_type(index).parent)
                    wanted.insert(workspace.data_type(index).parent);
                // What is referred to has to be known, to tell whether two references mean one
                // thing.
                for (const auto& mapping : workspace.data_type(index).map) {
                    wanted.insert(mapping.refers_to.begin(), mapping.refers_to.end());
                }
            }
        }
    }
    return read_snapshot(workspace, {wanted.begin(), wanted.end()}, reader);
}

Verdict verify(const model::Workspace& workspace, sync::StoreReader& store,
               const Snapshot& snapshot, const std::optional<SystemPair>& only) {
    const Membership membership(workspace, store, snapshot);
    Verification verification(workspace, store, snapshot, membership);
    Verdict verdict;
    for (const auto& [systems, flows] : flows_by_pair(workspace, only)) {
        PairVerdict pair{systems.first, systems.second, {}};
        for (const auto* flow : flows) pair.flows.push_back(verification.judge(*flow));
        verdict.pairs.push_back(std::move(pair));
    }
    verdict.differ = verification.values_that_differ();
    verdict.missing = verification.records_that_miss();
    verdict.gets = snapshot.gets;
    return verdict;
}

}  // namespace entente::report
