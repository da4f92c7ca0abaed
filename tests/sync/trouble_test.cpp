// What stands still with a list is told once, kept while it lasts, and told once more when it is over.
#include <gmock/gmock.h>

#include "sync/world.hpp"

namespace entente::test {
namespace {

using sync::Effect, sync::Notice, sync::Outcome, sync::Purpose, sync::Trouble;
using testing::HasSubstr;

class Troubles : public testing::Test {
protected:
    // The list of A's things fails from now on, or does not.
    void things_fail(bool fail) {
        const DataTypeIndex things = world.workspace().find_data_type("A.Thing");
        const ResourceIndex list = world.workspace().data_type(things).resource;
        world.tamper = [=](const Effect& effect, sync::Answer& answer) {
            if (!fail || effect.purpose != Purpose::page || resource_of(effect.call) != list)
                return;
            answer = {};
            answer.outcome = Outcome::retry_later;
            answer.message = "it is out of order";
        };
    }
    // Looks once; what failed may be asked again by then.
    void look() {
        world.pass(60'000);
        world.sweep();
    }
    std::vector<Trouble> troubles() { return world.store()->troubles(); }

    World world{small_workspace("", "books"), small_catalog()};
};

TEST_F(Troubles, a_list_that_fails_three_times_in_a_row_is_told_until_it_is_read) {
    world.sweep();
    things_fail(true);
    look();
    look();
    EXPECT_TRUE(troubles().empty()) << "it may be a bad page";
    look();
    const Instant since = world.now();
    ASSERT_EQ(troubles().size(), 1u);
    EXPECT_EQ(troubles()[0].kind, Trouble::Kind::list);
    EXPECT_THAT(troubles()[0].text, HasSubstr("it is out of order"));
    for (int i = 0; i < 5; ++i) look();
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    EXPECT_LE(troubles()[0].since, since);
    things_fail(false);
    look();
    EXPECT_TRUE(troubles().empty());
    EXPECT_EQ(world.notices[Notice::Kind::mended], 1);
}

TEST_F(Troubles, failures_that_are_not_in_a_row_are_not_told) {
    world.sweep();
    for (int i = 0; i < 4; ++i) {
        things_fail(true);
        look();
        look();
        things_fail(false);
        look();
    }
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 0);
}

// Goal: who starts the process anew is not told once more, and the end is not missed.
TEST_F(Troubles, a_trouble_outlives_the_process) {
    world.sweep();
    things_fail(true);
    for (int i = 0; i < 3; ++i) look();
    world.crash();
    for (int i = 0; i < 4; ++i) look();
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    ASSERT_EQ(troubles().size(), 1u);
    world.crash();
    things_fail(false);
    look();
    EXPECT_TRUE(troubles().empty());
}

TEST_F(Troubles, an_empty_list_that_we_may_not_read_is_told_until_we_may) {
    world.add("C", "quotes", R"({"code":"T1","name":"one"})");
    world["C"].unreadable = {"quotes"};
    world.sweep();
    look();
    ASSERT_EQ(troubles().size(), 1u);
    EXPECT_EQ(troubles()[0].kind, Trouble::Kind::rights);
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    world["C"].unreadable.clear();
    look();
    EXPECT_TRUE(troubles().empty());
    EXPECT_EQ(world.notices[Notice::Kind::mended], 1);
}

}  // namespace
}  // namespace entente::test
