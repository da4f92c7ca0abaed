// Which of the edits that do not know of each other must win: what the oracle reckons (src/oracle/judge_order.cpp).
// Three records of one thing, their people and our writes are told to an oracle; it is asked for violations of G2.
#include <gtest/gtest.h>

#include <algorithm>

#include "oracle/oracle.hpp"

namespace entente::oracle {
namespace {

class Order : public testing::Test {
protected:
    explicit Order(std::vector<Duration> ahead = {{0}, {0}, {0}}) : oracle_(sights(ahead)) {
        for (int system = 0; system < 3; ++system)
            tell(RecordChange::Kind::created, true, system, 1, Value(), "as it was");
    }

    void types(int system, std::int64_t at, const std::string& name) {
        tell(RecordChange::Kind::changed, true, system, at, Value(shown_[system]), name);
        oracle_.shown(key(system), named(Value(name)), Instant{at + 1});
    }
    void we_write(int system, std::int64_t at, const std::string& name) {
        tell(RecordChange::Kind::changed, false, system, at, Value(shown_[system]), name);
    }
    // Everywhere it stands in the end.
    void ends(const std::string& name) {
        for (int system = 0; system < 3; ++system)
            if (shown_[system] != name) we_write(system, 9'000, name);
    }
    bool is_wrong() {
        EngineSight sight;
        for (int system = 0; system < 3; ++system)
            sight.links.push_back({key(system), 1, true, Instant{1}, {}});
        oracle_.judge(sight);
        return std::ranges::any_of(oracle_.verdict().violations(),
                                   [](const Violation& v) { return v.guarantee == 2; });
    }

    Oracle oracle_;

private:
    static std::vector<SystemSight> sights(const std::vector<Duration>& ahead) {
        std::vector<SystemSight> out(3);
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i].name = std::string(1, static_cast<char>('A' + i));
            out[i].ahead = ahead[i];
            out[i].tables = {"things"};
            out[i].form = [](std::string_view, const Value& value) { return value; };
            out[i].is_difficult = [](std::string_view) { return false; };
        }
        return out;
    }
    static RecordKey key(int system) { return {system, "things", "1"}; }
    static Value named(const Value& name) {
        Value fields = Value::object();
        fields.set("name", name);
        return fields;
    }
    void tell(RecordChange::Kind kind, bool by_person, int system, std::int64_t at,
              const Value& before, const std::string& name) {
        RecordChange change;
        change.kind = kind;
        change.by_person = by_person;
        change.key = key(system);
        change.thing = "T1";
        change.before = before.is_null() ? Value() : named(before);
        change.after = named(Value(name));
        if (!by_person) change.sent = change.after;
        change.at = change.asked_at = Instant{at};
        oracle_.changed(change);
        shown_[system] = name;
    }

    std::map<int, std::string> shown_;
};

TEST_F(Order, the_later_of_two_strangers_edits_must_win) {
    oracle_.expect_latest(Duration{1});
    types(0, 2'000, "early");
    types(1, 2'500, "late");
    ends("early");
    EXPECT_TRUE(is_wrong());
}

TEST_F(Order, the_later_one_may_win) {
    oracle_.expect_latest(Duration{1});
    types(0, 2'000, "early");
    types(1, 2'500, "late");
    ends("late");
    EXPECT_FALSE(is_wrong());
}

TEST_F(Order, of_a_value_typed_twice_the_later_time_counts) {
    oracle_.expect_latest(Duration{1});
    types(0, 2'000, "agreed");
    types(2, 2'300, "rival");
    types(1, 2'600, "agreed");
    ends("rival");
    EXPECT_TRUE(is_wrong());
}

TEST_F(Order, an_edit_upon_the_preferred_systems_must_win) {
    oracle_.expect_preferred(1);
    types(1, 2'000, "preferred");
    we_write(2, 2'200, "preferred");
    types(2, 2'400, "upon it");
    types(0, 2'500, "rival");
    ends("rival");
    EXPECT_TRUE(is_wrong());
}

TEST_F(Order, an_edit_upon_nothing_of_the_preferred_systems_may_lose) {
    oracle_.expect_preferred(1);
    types(2, 2'400, "one");
    types(0, 2'500, "other");
    ends("one");
    EXPECT_FALSE(is_wrong());
}

class OrderByClocks : public Order {
protected:
    OrderByClocks() : Order({{1'000}, {-1'000}, {0}}) {}
};

TEST_F(OrderByClocks, whoever_saw_a_value_is_later_than_it_whatever_his_clock_says) {
    oracle_.expect_latest(Duration{1});
    types(0, 2'000, "fast clock");  // told as 3'000
    we_write(1, 2'200, "fast clock");
    types(1, 2'400, "slow clock");  // told as 1'400, but upon 3'000
    types(2, 2'300, "rival");
    ends("rival");
    EXPECT_TRUE(is_wrong());
}

TEST_F(OrderByClocks, clocks_decide_between_strangers) {
    oracle_.expect_latest(Duration{1});
    types(0, 2'000, "fast clock");
    types(1, 2'400, "slow clock");
    ends("fast clock");
    EXPECT_FALSE(is_wrong());
}

}  // namespace
}  // namespace entente::oracle
