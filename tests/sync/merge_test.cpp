// G2, G3, G18 on the real merge rules, exhaustively in small worlds: every interleaving of people's edits, observations and
// conditional writes. At rest all systems agree, every edit is final, seen by a later editor or a recorded loser, and the same
// history of edits always ends in the same value.
#include "sync/merge.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace entente::sync {
namespace {

constexpr PropertyIndex property{0};

struct Place {
    int value = 0;  // the edit it shows; 0 is the value before all edits
    Instant modified;
    Shadow shadow;
    int edits_left = 0;
    std::set<int> shown{0};  // what a person sitting here has seen
};

struct Small {
    Entity entity;
    std::vector<Place> places;
    int edits = 0;
    std::set<int> losers;
    std::map<int, std::set<int>> seen;  // by edit: what its editor had seen
    std::string history;
};

struct World {
    std::vector<std::int64_t> skew;
    model::ConflictPolicy policy{};
    std::vector<std::int32_t> system_of{};  // by place; empty: a system each
    int edits_max = 99;
    std::map<std::string, std::set<int>> ends;
    std::set<std::string> visited;
    int rests = 0, unsound = 0;

    Small start(int edits_each) const {
        Small s;
        s.entity.properties.resize(1);
        s.entity.rev = 1;
        s.entity.properties[0].revision.rev = 1;
        s.entity.properties[0].value = Value(0);
        for (std::size_t i = 0; i < skew.size(); ++i) {
            Place p;
            p.edits_left = edits_each;
            p.shadow.value = Value(0);
            p.shadow.revision = s.entity.properties[0].revision;
            s.places.push_back(std::move(p));
        }
        return s;
    }

    static std::string key(const Small& s) {
        std::string k = s.history + "|" + std::to_string(s.entity.rev);
        auto add = [&](const Revision& r) {
            k += "," + std::to_string(r.rev) + ":" + std::to_string(r.stamp.l.ms) + "." +
                 std::to_string(r.stamp.c);
            for (const LineEdit& e : line_of(r)) k += "-" + std::to_string(e.rev);
        };
        k += s.entity.properties[0].value.as_decimal().text();
        add(s.entity.properties[0].revision);
        for (const Place& p : s.places) {
            k += "/" + std::to_string(p.value) + "=" + p.shadow.value->as_decimal().text();
            add(p.shadow.revision);
        }
        for (int l : s.losers) k += "!" + std::to_string(l);
        return k;
    }

    void judge(const Small& s) {
        ++rests;
        const int final_value =
            static_cast<int>(*s.entity.properties[0].value.as_decimal().to_int());
        for (const Place& p : s.places) unsound += p.value != final_value;
        for (int e = 1; e <= s.edits; ++e) {
            bool fine = e == final_value || s.losers.contains(e);
            for (const auto& [later, saw] : s.seen) fine |= later != e && saw.contains(e);
            unsound += !fine;
        }
        for (const auto& [later, saw] : s.seen)
            if (later != final_value && saw.contains(final_value) && !s.losers.contains(later))
                ++unsound;  // resurrected
        ends[s.history].insert(final_value);
    }

    void explore(const Small& s) {
        if (!visited.insert(key(s)).second) return;
        bool moved = false;
        for (std::size_t i = 0; i < s.places.size(); ++i) {
            const Place& p = s.places[i];
            const auto place = static_cast<std::int32_t>(i);
            const Author author{{system_of.empty() ? place : system_of[i]}, {place}};
            if (p.edits_left > 0 && s.edits < edits_max) {
                Small t = s;
                const int e = ++t.edits;
                Place& q = t.places[i];
                --q.edits_left;
                t.history += std::to_string(i) + "^" + std::to_string(q.value) + " ";
                for (int saw : q.shown) {
                    t.seen[e].insert(saw);
                    t.seen[e].insert(t.seen[saw].begin(), t.seen[saw].end());
                }
                q.value = e;
                q.shown.insert(e);
                q.modified = {1000 + 10 * e + skew[i]};
                explore(t);
                moved = true;
            }
            const int shadow = static_cast<int>(*p.shadow.value->as_decimal().to_int());
            if (p.value != shadow) {
                Small t = s;
                Place& q = t.places[i];
                const Value& holds = t.entity.properties[0].value;
                const MergeResult merged =
                    take_edit(t.entity, property, q.shadow, {}, Value(q.value), Value(q.value),
                              holds == Value(q.value), q.modified, author, policy);
                if (merged.merge == Merge::won || merged.merge == Merge::lost)
                    t.losers.insert(static_cast<int>(*merged.loser.as_decimal().to_int()));
                explore(t);
                moved = true;
            } else if (s.entity.properties[0].revision.rev != p.shadow.revision.rev) {
                Small t = s;  // a conditional write: the record still is what the shadow shows
                Place& q = t.places[i];
                q.value = static_cast<int>(*t.entity.properties[0].value.as_decimal().to_int());
                q.shown.insert(q.value);
                q.modified = {1000 + 10 * t.edits + 5 + skew[i]};
                q.shadow = {t.entity.properties[0].value, t.entity.properties[0].revision};
                explore(t);
                moved = true;
            }
        }
        if (!moved) judge(s);
    }

    void run(int edits_each) {
        explore(start(edits_each));
        EXPECT_EQ(unsound, 0);
        EXPECT_GT(rests, 10);
        for (const auto& [history, results] : ends) EXPECT_EQ(results.size(), 1u) << history;
    }
};

TEST(Merge, two_systems_agree_whatever_the_order) {
    World w{.skew = {0, 0}};
    w.run(2);
}

TEST(Merge, a_clock_that_is_behind_cannot_bring_an_overwritten_value_back) {
    World w{.skew = {0, -35}};
    w.run(2);
}

TEST(Merge, three_systems_agree_whatever_the_order) {
    World w{.skew = {0, 0, -25}};
    w.run(1);
}

TEST(Merge, two_records_of_one_system_are_two_places) {
    World w{.skew = {0, -15, 25}, .system_of = {0, 1, 1}};
    w.run(1);
}

TEST(Merge, a_preferred_system_wins_forks_but_not_over_those_who_saw_its_value) {
    World w{.skew = {0, 0}, .policy = {.prefer = true, .order = {{1}, {0}}}};
    w.run(2);
}

TEST(Merge, with_three_systems_preference_is_decided_where_the_histories_fork) {
    World w{.skew = {0, 0, 0}, .policy = {.prefer = true, .order = {{0}, {1}}}, .edits_max = 4};
    w.run(2);
}

}  // namespace
}  // namespace entente::sync
