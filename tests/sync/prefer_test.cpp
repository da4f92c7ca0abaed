// G2 with `prefer` and three systems (docs/decisions/0017): two edits are decided where their lines fork, whoever typed the same
// value before, whatever was forgotten meanwhile, and whatever was on its way. A, B and E hold one thing.
#include "sync/world.hpp"

namespace entente::test {
namespace {

class Prefer : public ::testing::Test {
protected:
    std::optional<World> world;
    std::map<std::string, std::string> id;

    void begin(const std::string& order) {
        world.emplace(small_workspace("conflicts: {prefer: [" + order + "]}\n", "again"),
                      small_catalog());
        for (const char* system : {"A", "B", "E"})
            id[system] = world->add(system, "things", R"({"code":"T1","name":"one"})");
        world->sweep();
    }
    void edit(const std::string& system, const std::string& name) {
        world->edit(system, "things", id[system], "name", name);
    }
    void expect_everywhere(const std::string& name) {
        for (const auto& [system, thing] : id)
            EXPECT_EQ(world->value(system, "things", thing, "name"), Value(name)) << system;
    }
};

// B's write fails at first: it is made when A's and E's equal edits have become one.
TEST_F(Prefer, two_edits_upon_a_value_that_two_have_typed_fork_after_it) {
    begin("E, A, B");
    (*world)["B"].fates = {Fate::not_executed};
    edit("A", "typed twice");
    edit("E", "typed twice");
    world->poll();
    expect_everywhere("typed twice");
    edit("A", "from A");
    edit("B", "from B");
    world->poll();
    expect_everywhere("from A");
}

// A refuses what E typed and stays where it is; B continues E's line. However long that is, A's line parts from it at E's edit.
TEST_F(Prefer, the_place_where_lines_part_is_never_forgotten) {
    begin("E, A, B");
    (*world)["A"].fates = {Fate::refused, Fate::refused};
    edit("E", "from E");
    edit("A", "from A");
    world->poll();
    edit("B", "upon E's");
    world->poll();
    ASSERT_TRUE((*world)["A"].fates.empty());
    edit("A", "upon A's");
    world->poll();
    expect_everywhere("upon E's");
}

}  // namespace
}  // namespace entente::test
