#include "sync/kinship.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"

namespace entente::sync {
namespace {

using model::KeyKind;

// A key that more than a few records of one resource carry is not a key.
bool is_key(const std::vector<Carrier>& carriers) {
    if (std::ssize(carriers) <= limits::match_carriers_max) return true;
    std::map<ResourceIndex, int> count;
    for (const Carrier& c : carriers)
        if (++count[c.resource] > limits::match_carriers_max) return false;
    return true;
}

bool meets_a_filter(Step& step, const WorkRecord& record) {
    const auto here = step.workspace.data_types_of(record.resource);
    if (std::ranges::any_of(here, [&](DataTypeIndex d) { return step.data_type(d).where.empty(); }))
        return true;
    const Value body = stored_body(record);
    return std::ranges::any_of(here,
                               [&](DataTypeIndex d) { return meets(step.data_type(d), body); });
}

// What an address reaches several people by: it speaks for one thing only where something else does.
bool is_shared_by_nature(const model::Property& property) {
    return property.type == model::PropertyType::email ||
           property.type == model::PropertyType::phone;
}

constexpr std::uint64_t bit(std::size_t n) {
    return std::uint64_t{1} << n;
}

std::string joined(const std::vector<std::string_view>& names) {
    return fmt::format("{}", fmt::join(names, " and "));
}

}  // namespace

// A record that shares keys with another: which rules agree exactly, and which loosely, a bit each.
struct Kinship::Found {
    RecordId record;
    ResourceIndex resource;
    std::uint64_t rules = 0, alike = 0;
};

Kinship::Kinship(Step& step, DataTypeIndex data_type)
    : step_(step),
      model_(step.model_of(step.data_type(data_type))),
      identities_(model::identities(model_)) {
    for (std::size_t i = 0; i < model_.match.size(); ++i) {
        if (model_.decides(model_.match[i])) deciding_ |= bit(i);
        for (const PropertyIndex p : model_.match[i]) {
            const bool is_value = model_[p].type != model::PropertyType::reference;
            if (is_value &&
                std::ranges::find(compared_properties_, p) == compared_properties_.end())
                compared_properties_.push_back(p);
        }
    }
    CHECK(compared_properties_.size() <= model::match_properties_max,
          "the loader refuses a model whose rules name more");
}

const std::vector<Digest>& Kinship::keys_of(RecordId record) {
    const auto known = keys_.find(record);
    if (known != keys_.end()) return known->second;
    return keys_.emplace(record, step_.transaction.keys_of(std::array{record}).front())
        .first->second;
}

const std::vector<Carrier>& Kinship::carriers(const Digest& key) {
    const auto asked = step_.carriers_of_key.find(key);
    if (asked != step_.carriers_of_key.end()) return asked->second;
    ask_for(std::array{key});
    return step_.carriers_of_key.at(key);
}

void Kinship::know(RecordId record, std::vector<Digest> keys) {
    own_keys_.insert(own_keys_.end(), keys.begin(), keys.end());
    keys_[record] = std::move(keys);
}

std::vector<RecordId> Kinship::prepare() {
    ask_for(own_keys_);
    std::vector<RecordId> around;
    for (const Digest& key : own_keys_) {
        if (model::kind_of(key).of == KeyKind::Of::identity) continue;
        const std::vector<Carrier>& all = carriers(key);
        if (!is_key(all)) continue;
        for (const Carrier& c : all) around.push_back(c.record);
    }
    std::ranges::sort(around);
    around.erase(std::unique(around.begin(), around.end()), around.end());
    return around;
}

// Records of one thing carry the same keys and are matched together: each key is asked for once in a step.
void Kinship::ask_for(std::span<const Digest> keys) {
    std::vector<Digest> unknown;
    for (const Digest& key : keys)
        if (model::kind_of(key).of != KeyKind::Of::identity && !step_.carriers_of_key.contains(key))
            unknown.push_back(key);
    std::ranges::sort(unknown);
    unknown.erase(std::unique(unknown.begin(), unknown.end()), unknown.end());
    auto found = step_.transaction.carriers(unknown, carriers_asked(step_));
    for (std::size_t i = 0; i < unknown.size(); ++i)
        step_.carriers_of_key.emplace(unknown[i], std::move(found[i]));
}

const model::Canonical& Kinship::values_of(RecordId id) {
    const auto known = values_.find(id);
    if (known != values_.end()) return known->second;
    const WorkRecord& record = step_.work.record(id);
    const Value body = stored_body(record);
    model::Canonical values(model_.properties.size());
    for (const DataTypeIndex d : step_.workspace.data_types_of(record.resource)) {
        const model::DataType& data_type = step_.data_type(d);
        if (&step_.model_of(data_type) != &model_ || !meets(data_type, body)) continue;
        values = project(step_, data_type, body).values;
        break;
    }
    return values_.emplace(id, std::move(values)).first->second;
}

std::vector<Kinship::Found> Kinship::gather(const WorkRecord& record) {
    std::vector<Found> out;
    for (const Digest& key : keys_of(record.id)) {
        const KeyKind kind = model::kind_of(key);
        if (kind.of == KeyKind::Of::identity) continue;
        const std::vector<Carrier>& all = carriers(key);
        if (!is_key(all)) continue;
        for (const Carrier& c : all) {
            if (c.record == record.id) continue;
            auto known = std::ranges::find(out, c.record, &Found::record);
            if (known == out.end()) {
                out.push_back({c.record, c.resource, 0, 0});
                known = std::prev(out.end());
            }
            const std::uint64_t rule = bit(static_cast<std::size_t>(kind.number));
            (kind.of == KeyKind::Of::rule ? known->rules : known->alike) |= rule;
        }
    }
    std::ranges::sort(out, {}, &Found::record);
    return out;
}

bool Kinship::differ_before(RecordId a, RecordId b, int rule) {
    for (const KeyKind kind : identities_) {
        if (kind.of == KeyKind::Of::rule && kind.number >= rule) return false;
        const Digest* x = model::key_of_kind(keys_of(a), kind);
        const Digest* y = x == nullptr ? nullptr : model::key_of_kind(keys_of(b), kind);
        if (y != nullptr && *x != *y) return true;
    }
    return false;
}

bool Kinship::differ(RecordId a, RecordId b) {
    return model::are_told_apart(model_, keys_of(a), keys_of(b));
}

// The strongest rule that decides and agrees while nothing stronger that identifies differs; -1: none.
int Kinship::proof(RecordId self, const Found& found) {
    const std::uint64_t agreeing = found.rules & deciding_;
    for (std::size_t i = 0; i < model_.match.size(); ++i) {
        if ((agreeing & bit(i)) == 0) continue;
        const int rule = static_cast<int>(i);
        return differ_before(self, found.record, rule) ? -1 : rule;
    }
    return -1;
}

Compared Kinship::compared(RecordId a, RecordId b) {
    Compared out;
    const model::Canonical& x = values_of(a);
    const model::Canonical& y = values_of(b);
    for (std::size_t i = 0; i < compared_properties_.size(); ++i) {
        const model::Property& property = model_[compared_properties_[i]];
        const auto folded = [&](const std::optional<Value>& value) {
            return !value ? std::string()
                          : model::fold_for_match(property, *value, step_.workspace.country,
                                                  property.identifies ? model::Closeness::exact
                                                                      : model::Closeness::loose);
        };
        const std::string left = folded(x[compared_properties_[i].at()]);
        const std::string right = folded(y[compared_properties_[i].at()]);
        if (left.empty() || right.empty()) continue;
        (left == right ? out.equal : out.different) |= bit(i);
    }
    return out;
}

// Whether more speaks for it than an address that several may share, or nothing else could speak at all.
bool Kinship::is_supported(RecordId self, const Found& found) {
    std::uint64_t agreeing = 0;
    for (std::size_t i = 0; i < model_.match.size(); ++i) {
        if ((found.rules & bit(i)) == 0) continue;
        for (const PropertyIndex p : model_.match[i]) {
            if (!is_shared_by_nature(model_[p])) return true;
            const auto at = std::ranges::find(compared_properties_, p);
            agreeing |= bit(static_cast<std::size_t>(at - compared_properties_.begin()));
        }
    }
    const Compared both = compared(self, found.record);
    return (both.equal & ~agreeing) != 0 || (both.different & ~agreeing) == 0;
}

// The usable keys that both carry.
std::vector<Digest> Kinship::shared_keys(RecordId self, RecordId other) {
    std::vector<Digest> out;
    for (const Digest& key : keys_of(self)) {
        if (model::kind_of(key).of == KeyKind::Of::identity) continue;
        const std::vector<Carrier>& all = carriers(key);
        if (is_key(all) && std::ranges::find(all, other, &Carrier::record) != all.end())
            out.push_back(key);
    }
    return out;
}

// Whether several records of one of the two resources carry a key that they share.
bool Kinship::is_shared(const WorkRecord& self, const Found& found) {
    return std::ranges::any_of(shared_keys(self.id, found.record), [&](const Digest& key) {
        const std::vector<Carrier>& all = carriers(key);
        return std::ranges::count(all, self.resource, &Carrier::resource) > 1 ||
               std::ranges::count(all, found.resource, &Carrier::resource) > 1;
    });
}

// Whether what they share is no more than the name of several variants: one resource has it for things that differ in what
// identifies.
bool Kinship::is_of_variants(RecordId self, const Found& found) {
    return std::ranges::all_of(shared_keys(self, found.record), [&](const Digest& key) {
        const std::vector<Carrier>& all = carriers(key);
        for (std::size_t i = 0; i < all.size(); ++i)
            for (std::size_t j = i + 1; j < all.size(); ++j)
                if (all[i].resource == all[j].resource && differ(all[i].record, all[j].record))
                    return true;
        return false;
    });
}

// Whether another record of our resource has a better claim to be what was found: it is proven, or nothing tells it apart and it
// shares all that we share, and more. Then we are another thing.
bool Kinship::is_taken(const WorkRecord& self, const Found& found) {
    const WorkRecord& other = step_.work.record(found.record);
    const std::uint64_t ours = compared(self.id, found.record).equal;
    return std::ranges::any_of(gather(other), [&](const Found& rival) {
        if (rival.resource != self.resource || rival.record == self.id) return false;
        if (proof(found.record, rival) >= 0) return true;
        if (differ(found.record, rival.record)) return false;
        const std::uint64_t theirs = compared(rival.record, found.record).equal;
        return ours != theirs && (ours & ~theirs) == 0;
    });
}

// How likely two records are one thing although no value that identifies says so.
Likeness Kinship::weigh(const WorkRecord& self, const Found& found) {
    const bool is_here = found.resource == self.resource;
    if ((found.rules & deciding_) != 0) return Likeness::unsure;  // a stronger one differs
    const auto is_nobodys_proof = [&] {
        return found.rules != 0 && !is_supported(self.id, found) &&
               (is_here || is_shared(self, found));
    };
    if (differ(self.id, found.record)) {
        if (SEEDED(weaker_rule_links)) return Likeness::same;
        const bool is_other = is_here || is_of_variants(self.id, found) || is_nobodys_proof() ||
                              is_taken(self, found);
        return is_other ? Likeness::other : Likeness::unsure;
    }
    if (found.rules == 0) return Likeness::unsure;  // no more than alike
    if (is_nobodys_proof()) return Likeness::other;
    return is_supported(self.id, found) ? Likeness::same : Likeness::unsure;
}

const Kinship::Known& Kinship::known(const WorkRecord& record) {
    const auto before = known_.find(record.id);
    if (before != known_.end()) return before->second;
    Known out;
    std::vector<Found> all;
    if (meets_a_filter(step_, record)) all = gather(record);
    for (const Found& found : all) out.around.push_back(found.record);
    std::erase_if(all, [&](const Found& f) { return are_apart(record.id, f.record); });
    // Where what identifies agrees with a record of another resource, it has decided for that resource, and for whoever differs.
    std::set<ResourceIndex> decided;
    std::vector<bool> proven;
    for (const Found& found : all) {
        proven.push_back(proof(record.id, found) >= 0);
        if (proven.back() && found.resource != record.resource) decided.insert(found.resource);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Found& found = all[i];
        if (!proven[i] && !decided.empty() && found.resource != record.resource &&
            (decided.contains(found.resource) || differ(record.id, found.record)))
            continue;
        const Likeness likeness = proven[i] ? Likeness::same : weigh(record, found);
        if (likeness != Likeness::other)
            out.kin.push_back({found.record, found.resource, likeness, proven[i]});
    }
    return known_.emplace(record.id, std::move(out)).first->second;
}

const std::vector<Kin>& Kinship::kin_of(const WorkRecord& record) {
    return known(record).kin;
}

std::vector<RecordId> Kinship::likely_in(const WorkRecord& record, ResourceIndex resource) {
    std::vector<RecordId> out;
    if (!meets_a_filter(step_, record)) return out;
    for (const Found& found : gather(record)) {
        if (found.resource != resource || found.resource == record.resource) continue;
        if (are_apart(record.id, found.record)) continue;
        if (proof(record.id, found) >= 0 || weigh(record, found) != Likeness::other)
            out.push_back(found.record);
    }
    return out;
}

const std::vector<RecordId>& Kinship::around(const WorkRecord& record) {
    return known(record).around;
}

bool Kinship::are_apart(RecordId a, RecordId b) {
    auto known = apart_.find(a);
    if (known == apart_.end()) known = apart_.emplace(a, step_.transaction.apart_from(a)).first;
    return std::ranges::find(known->second, b) != known->second.end();
}

std::string Kinship::agreement(RecordId a, RecordId b) {
    const Compared both = compared(a, b);
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < compared_properties_.size(); ++i)
        if ((both.equal & bit(i)) != 0) names.push_back(model_[compared_properties_[i]].name);
    return joined(names);
}

std::string Kinship::difference(RecordId a, RecordId b) {
    std::vector<std::string_view> names;
    for (const KeyKind kind : identities_) {
        const Digest* x = model::key_of_kind(keys_of(a), kind);
        const Digest* y = model::key_of_kind(keys_of(b), kind);
        if (x == nullptr || y == nullptr || *x == *y) continue;
        names.push_back(model_[model::told_by(model_, kind)].name);
    }
    return joined(names);
}

}  // namespace entente::sync
