// G3 in a system that goes on to show the state before a change for a while (docs/decisions/0013): no read is believed before that
// while has passed since the last change we know of. Method: both systems lag, and say so; what they show is the state before
// the last change.
#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr Duration lag{500};

std::vector<model::SourceFile> lagging_catalog(const std::string& connector) {
    return small_catalog_where("catalog/connectors/" + connector + "/connector.yaml",
                               "filter: since}", "filter: since, lag: 500ms}");
}

class Lag : public ::testing::Test {
protected:
    // `late`: the system that lags, A (without versions) or B (with).
    void begin(const std::string& late) {
        world.emplace(small_workspace(), lagging_catalog(late == "A" ? "plain" : "versioned"));
        a = world->add("A", "things", R"({"code":"T1","name":"one"})");
        b = world->add("B", "things", R"({"code":"T1","name":"one"})");
        world->sweep();
        world->pass(60'000);
        (*world)[late].lag = lag;
    }
    Value name_in(const std::string& system) {
        return world->value(system, "things", system == "A" ? a : b, "name");
    }
    // Counts the calls of that purpose to the system.
    void count(const std::string& system, Purpose purpose) {
        world->tamper = [this, at = (*world)[system].index, purpose](const Effect& effect,
                                                                     Answer&) {
            counted += effect.system == at && effect.purpose == purpose;
        };
    }
    std::optional<World> world;
    std::string a, b;
    int counted = 0;
};

TEST_F(Lag, a_read_back_that_shows_the_state_before_our_write_is_made_again) {
    begin("B");
    (*world)["B"].answers_nothing = true;
    world->edit("A", "things", a, "name", "two");
    world->poll();
    EXPECT_EQ(name_in("B"), Value("two"));
    EXPECT_EQ(world->notices[Notice::Kind::held], 0);
}

TEST_F(Lag, a_read_back_that_shows_our_value_is_believed_at_once) {
    begin("B");
    (*world)["B"].answers_nothing = true;
    (*world)["B"].lag = Duration{0};
    count("B", Purpose::read_back);
    world->edit("A", "things", a, "name", "two");
    world->poll();
    EXPECT_EQ(counted, 1);
}

TEST_F(Lag, after_a_refused_precondition_the_record_is_read_when_the_lag_has_passed) {
    begin("B");
    count("B", Purpose::write);
    world->edit("A", "things", a, "name", "two");
    (*world)["B"].before_write = [&] { world->edit("B", "things", b, "note", "theirs"); };
    world->poll();
    EXPECT_EQ(counted, 2) << "one that is refused, and one upon what was read then";
    EXPECT_EQ(name_in("B"), Value("two"));
    EXPECT_EQ(world->value("A", "things", a, "note"), Value("theirs"));
}

// Goal: a single read of a doubtful record is not believed either while it may show what was before our second write. Method:
// the list that shows the state before the first write is read before the second one is begun.
TEST_F(Lag, a_check_that_may_show_the_state_before_our_last_write_is_made_again) {
    begin("B");
    world->edit("A", "things", a, "name", "two");
    world->poll();
    world->edit("A", "things", a, "name", "three");
    world->choose = [](std::size_t n) { return n - 1; };  // B's list before A's
    world->poll();
    world->choose = nullptr;
    world->poll();
    EXPECT_EQ(name_in("A"), Value("three"));
    EXPECT_EQ(name_in("B"), Value("three"));
    EXPECT_EQ(world->notices[Notice::Kind::conflict], 0);
}

TEST_F(Lag, a_comparison_that_may_show_the_state_before_our_last_write_puts_the_write_off) {
    begin("A");
    for (const char* name : {"two", "three"}) {
        world->edit("B", "things", b, "name", name);
        world->poll();
    }
    EXPECT_EQ(name_in("A"), Value("three"));
    EXPECT_EQ(name_in("B"), Value("three"));
    EXPECT_EQ(world->notices[Notice::Kind::edit_seen], 2) << "what A shows is nobody's edit";
}

// Goal: W is D + L. Method: the write is executed at the end of D and shown L later; between the two nothing of it is seen.
TEST_F(Lag, a_change_of_unknown_outcome_is_looked_at_when_it_can_neither_be_executed_nor_hidden) {
    begin("A");
    (*world)["A"].fates = {Fate::late};
    world->edit("B", "things", b, "name", "two");
    world->poll();
    EXPECT_EQ(name_in("A"), Value("two"));
    EXPECT_EQ((*world)["A"].writes, 1) << "what was executed late is found and not sent again";
}

}  // namespace
}  // namespace entente::test
