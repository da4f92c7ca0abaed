// A version that is a modified time in whole seconds stands for two states while its second lasts. Goal: it is demanded only
// when it was read after that; an edit made in the same second is never overwritten by a write that seemed conditional (G3).
// Method: B's versions become its times, and a person is quicker than our write.
#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr Duration second{1'000};

struct Pair {
    std::string a, b;
};

Pair linked(World& world) {
    Pair pair;
    pair.a = world.add("A", "things", R"({"code":"T1","name":"one"})");
    pair.b = world.add("B", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    return pair;
}

std::string name_in(World& world, const std::string& system, const std::string& id) {
    return world.value(system, "things", id, "name").as_text();
}

class TimeVersion : public ::testing::Test {
protected:
    TimeVersion() { world["B"].version_granule = second; }

    World world{small_workspace(),
                small_catalog_where("catalog/connectors/versioned/connector.yaml",
                                    R"(granularity: 1ms, overlap: 1s, filter: since}
version: {etag: etag)",
                                    R"(granularity: 1s, overlap: 1s, filter: since}
version: {etag: updated)")};
};

TEST_F(TimeVersion, an_edit_in_the_second_of_the_version_is_not_overwritten) {
    const Pair pair = linked(world);
    world.pass(5'000);
    world.edit("B", "things", pair.b, "note", "seen in this second");
    world.poll();
    world.edit("A", "things", pair.a, "name", "from A");
    const int seen = world.notices[Notice::Kind::edit_seen];
    bool is_typed = false;
    world.meanwhile = [&] {
        if (is_typed || world.notices[Notice::Kind::edit_seen] == seen) return;
        is_typed = true;
        world.edit("B", "things", pair.b, "name", "from B");
    };
    world.poll();
    world.meanwhile = nullptr;
    ASSERT_TRUE(is_typed);
    world.sweep();
    world.sweep();
    // By its coarse time B's edit is the earlier one: it loses, and is kept as the loser.
    EXPECT_EQ(name_in(world, "A", pair.a), name_in(world, "B", pair.b));
    EXPECT_EQ(world.notices[Notice::Kind::conflict], 1);
}

// A is edited, and a second before our write arrives in B somebody edits there: the write must not go over it.
void expect_demanded(World& world, const Pair& pair) {
    world.edit("A", "things", pair.a, "name", "from A");
    world["B"].before_write = [&] {
        world.pass(1'000);
        world.edit("B", "things", pair.b, "name", "from B");
    };
    world.poll();
    world.sweep();
    EXPECT_EQ(name_in(world, "A", pair.a), "from B");
    EXPECT_EQ(name_in(world, "B", pair.b), "from B");
}

TEST_F(TimeVersion, a_version_whose_second_has_passed_is_demanded) {
    const Pair pair = linked(world);
    world.pass(60'000);
    expect_demanded(world, pair);
}

TEST_F(TimeVersion, a_version_whose_second_lasts_is_not_demanded) {
    const Pair pair = linked(world);
    world.pass(60'000);
    world.edit("B", "things", pair.b, "note", "just now");
    world.poll();
    std::vector<std::string> demanded;
    world.tamper = [&](const Effect& effect, Answer&) {
        if (const auto* update = std::get_if<UpdateCall>(&effect.call);
            update && effect.system == world["B"].index)
            demanded.push_back(update->precondition);
    };
    world.edit("A", "things", pair.a, "name", "from A");
    world.poll();
    EXPECT_EQ(demanded, (std::vector<std::string>{""})) << "it stands for two states";
}

TEST(VersionOfSingleRecords, is_demanded_by_the_write_after_the_look) {
    // Many systems show the version in the header of a single answer only: what a list showed has none.
    World world(small_workspace(), small_catalog());
    world["B"].lists_show_versions = false;
    expect_demanded(world, linked(world));
}

}  // namespace
}  // namespace entente::test
