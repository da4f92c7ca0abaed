// Two systems of one connector that are one system (G6): what we write to one shows in the other. Method: E is like B, under
// another address; in some stories it is B itself.
#include <gmock/gmock.h>

#include "sync/world.hpp"

namespace entente::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

constexpr const char* two = R"(
workspace: small
store: state/entente.db
systems:
  B:
    connector: versioned
    base_url: http://127.0.0.1:1
    auth: {api_key: "${KEY}"}
  E:
    connector: versioned
    base_url: http://127.0.0.1:2
    auth: {api_key: "${KEY}"}
flows: derived
)";

class Siblings : public ::testing::Test {
protected:
    World world{two, small_catalog(), true};

    std::string stopped(const std::string& data_type) {
        const auto d = world.workspace().find_data_type(data_type);
        for (const DataTypeState& state : world.store()->data_type_states())
            if (state.data_type == d) return state.stopped;
        return "?";
    }
};

TEST_F(Siblings, one_record_of_one_system_does_not_become_more_than_two) {
    world.make_one("E", "B");
    world.add("B", "things", R"({"name":"Lone"})");
    for (int i = 0; i < 5; ++i) world.sweep();
    EXPECT_EQ(world.count("B", "things"), 2u);
    EXPECT_THAT(stopped("B.Thing"), HasSubstr("they are one system"));
    EXPECT_THAT(stopped("E.Thing"), HasSubstr("base_url"));
    EXPECT_THAT(stopped("B.Thing.lines"), HasSubstr("they are one system"));
    EXPECT_EQ(stopped("B.Owner"), "");
    world.crash();
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.count("B", "things"), 2u);
}

TEST_F(Siblings, so_it_is_with_what_is_typed_later_and_with_what_a_third_system_brings) {
    world.configure(std::string(two).replace(
        std::string(two).find("systems:\n"), 9,
        "systems:\n  A:\n    connector: plain\n    base_url: http://127.0.0.1:3\n"
        "    auth: {api_key: \"${KEY}\"}\n"));
    world.make_one("E", "B");
    world.sweep();
    for (int i = 0; i < 9; ++i)
        world.add("A", "things", R"({"code":"T)" + std::to_string(i) + R"(","name":"n"})");
    for (int i = 0; i < 5; ++i) world.sweep();
    EXPECT_LE(world.count("B", "things"), 2u);
    EXPECT_THAT(stopped("E.Thing"), HasSubstr("they are one system"));
}

TEST_F(Siblings, the_stop_ends_with_another_configuration) {
    world.make_one("E", "B");
    world.add("B", "things", R"({"name":"Lone"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    ASSERT_NE(stopped("B.Thing"), "");
    world.make_one("E", "E");
    world.configure(std::string(two) + "# corrected\n");
    EXPECT_EQ(stopped("B.Thing"), "");
    world.add("B", "things", R"({"code":"T1","name":"new"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_GE(world.count("E", "things"), 1u);
}

// Goal: the proof holds in either order. Method: the other address is read between our create and its answer, which is lost once.
TEST_F(Siblings, a_page_that_is_quicker_than_the_answer_proves_it_too) {
    world.make_one("E", "B");
    world.sweep();
    world["B"].fates = {Fate::reply_lost};
    bool asked = false;
    world.meanwhile = [&] {
        if (asked || world["B"].creates == 0) return;
        asked = true;
        world.ask(false);
        world.choose = [](std::size_t n) { return n - 1; };
    };
    world.add("B", "things", R"({"name":"Lone"})");
    for (int i = 0; i < 5; ++i) world.sweep();
    EXPECT_TRUE(asked);
    EXPECT_LE(world.count("B", "things"), 2u);
    EXPECT_THAT(stopped("E.Thing"), HasSubstr("they are one system"));
}

// Goal: no false alarm. Method: both number alike, and what a third system brings gets the same ids in both.
TEST_F(Siblings, two_shops_that_number_alike_are_two) {
    world.configure(std::string(two).replace(
        std::string(two).find("systems:\n"), 9,
        "systems:\n  A:\n    connector: plain\n    base_url: http://127.0.0.1:3\n"
        "    auth: {api_key: \"${KEY}\"}\n"));
    world.sweep();
    for (int i = 0; i < 4; ++i)
        world.add("A", "things", R"({"code":"T)" + std::to_string(i) + R"(","name":"n"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.count("B", "things"), 4u);
    EXPECT_EQ(world.count("E", "things"), 4u);
    world["E"].fates = {Fate::reply_lost};
    world.add("A", "things", R"({"code":"T9","name":"n"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.count("E", "things"), 5u);
    EXPECT_EQ(stopped("B.Thing"), "");
    EXPECT_EQ(stopped("E.Thing"), "");
}

// Goal: one that is down does not hold up the other for ever.
TEST_F(Siblings, creates_go_on_while_the_other_cannot_be_read) {
    world.sweep();
    world.add("E", "things", R"({"code":"T1","name":"n"})");
    world.add("E", "things", R"({"code":"T2","name":"n"})");
    world.ask(false);
    world.meanwhile = [&] {
        world["E"].down = world["B"].creates > 0 && world.count("B", "things") < 2;
    };
    world.settle();
    world.meanwhile = nullptr;
    EXPECT_EQ(world.count("B", "things"), 2u);
}

}  // namespace
}  // namespace entente::test
