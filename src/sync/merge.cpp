#include "sync/merge.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"

namespace entente::sync {
namespace {

// The workspace's order settles ties; a person in Entente (none) comes before all of them.
bool earlier(const Author& a, const Author& b) {
    return std::pair(a.system.value, a.data_type.value) <
           std::pair(b.system.value, b.data_type.value);
}

int rank(SystemIndex system, const std::vector<SystemIndex>& order) {
    for (std::size_t i = 0; i < order.size(); ++i)
        if (order[i] == system) return static_cast<int>(i);
    return static_cast<int>(order.size()) + 1 + system.value;
}

// Seeded: what is closer than this counts as made at once.
bool is_close(const Stamp& a, const Stamp& b) {
    return std::max(a.t, b.t) - std::min(a.t, b.t) <= Duration{1'000};
}

bool later(const Stamp& a, const Stamp& b) {
    if (SEEDED_WHERE(total, is_close(a, b))) return earlier(a.author, b.author);
    if (a.l != b.l) return a.l > b.l;
    if (a.c != b.c) return a.c > b.c;
    if (a.t != b.t) return a.t > b.t;
    return earlier(a.author, b.author);
}

// Seeded: the last editor alone.
bool is_from_preferred(const Stamp& a, const Stamp& b, const std::vector<SystemIndex>& order) {
    const int ra = rank(a.author.system, order), rb = rank(b.author.system, order);
    return ra != rb ? ra < rb : a.t > b.t;
}

bool preferred(const Revision& a, const Revision& b, const std::vector<SystemIndex>& order) {
    if (SEEDED(line)) return is_from_preferred(a.stamp, b.stamp, order);
    const std::vector<LineEdit> x = line_of(a), y = line_of(b);
    for (std::size_t k = 0;; ++k) {
        if (k >= x.size() || k >= y.size())
            return x.size() > y.size();  // a line that continues the other wins
        if (x[k] == y[k]) continue;
        const int rx = rank(x[k].system, order), ry = rank(y[k].system, order);
        return rx != ry ? rx < ry : x[k].rev > y[k].rev;
    }
}

}  // namespace

std::vector<LineEdit> line_of(const Revision& revision) {
    if (revision.rev == 0) return {};
    if (revision.line.empty()) return {{revision.rev, revision.stamp.author.system}};
    return revision.line;
}

Revision revision_upon(const Revision& base, std::uint32_t rev, Instant t, Author author) {
    Revision made;
    made.rev = rev;
    made.stamp.t = t;
    made.stamp.author = author;
    made.stamp.l = t;
    if (base.rev != 0) {
        const Stamp& b = base.stamp;
        made.stamp.l = SEEDED_WHERE(stamp, t < b.l) ? t : std::max(t, b.l);
        made.stamp.c = t > b.l || SEEDED(stamp) ? 0 : author == b.author ? b.c : b.c + 1;
        made.line = line_of(base);
        made.line.push_back({rev, author.system});
        if (made.line.size() > limits::line_edits_max) made.line.erase(made.line.begin());
    }
    return made;
}

bool beats(const Revision& a, const Revision& b, const model::ConflictPolicy& policy) {
    return policy.prefer ? preferred(a, b, policy.order) : later(a.stamp, b.stamp);
}

MergeResult take_edit(Entity& entity, PropertyIndex p, Shadow& shadow, LinkId origin, Value value,
                      Value shown, bool equal, Instant t, Author author,
                      const model::ConflictPolicy& policy) {
    EntityProperty& held = entity.properties[p.at()];
    const Revision base = shadow.revision;
    const Revision made = revision_upon(base, ++entity.rev, t, author);
    MergeResult result;
    result.first_join = base.rev == 0;

    if (held.revision.rev == base.rev) {
        held = {std::move(value), made, origin};
        shadow = {std::move(shown), made};
        return result;
    }
    const bool wins = beats(made, held.revision, policy);
    if (equal) {
        result.merge = Merge::agreed;
        if (wins && !SEEDED(max_agree)) {
            held.revision.stamp = made.stamp;
            held.revision.line = line_of(made);
        } else {
            result.entity_changed = false;
            --entity.rev;  // nobody shows this edit's number: the entity stays as it is
        }
        shadow = {std::move(shown), held.revision};
    } else if (wins) {
        result.merge = Merge::won;
        result.loser = std::move(held.value);
        held = {std::move(value), made, origin};
        shadow = {std::move(shown), made};
    } else {
        result.merge = Merge::lost;
        result.loser = std::move(value);
        shadow = {std::move(shown), made};
        if (SEEDED(keep_winner)) held.revision.rev = made.rev;
    }
    return result;
}

}  // namespace entente::sync
