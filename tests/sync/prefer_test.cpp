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
    void poll_last_first() {
        world->choose = [](std::size_t n) { return n - 1; };
        world->poll();
        world->choose = nullptr;
    }
    void expect_everywhere(const std::string& name) {
        for (const auto& [system, thing] : id)
            EXPECT_EQ(world->value(system, "things", thing, "name"), Value(name)) << system;
    }
};

// What E typed is seen first, and what A typed equals it.
TEST_F(Prefer, two_edits_upon_a_value_that_two_have_typed_fork_after_it) {
    begin("A, E, B");
    edit("A", "typed twice");
    edit("E", "typed twice");
    poll_last_first();
    expect_everywhere("typed twice");
    edit("E", "from E");
    edit("B", "from B");
    world->poll();
    expect_everywhere("from E");
}

// A refuses what E typed and stays where it is; B continues E's line. However long that is, A's line parts from it at E's edit.
TEST_F(Prefer, the_place_where_lines_part_is_never_forgotten) {
    begin("E, A, B");
    (*world)["A"].fates = {Fate::refused, Fate::refused};
    edit("E", "from E");
    edit("A", "from A");
    poll_last_first();
    edit("B", "upon E's");
    world->poll();
    ASSERT_TRUE((*world)["A"].fates.empty());
    edit("A", "upon A's");
    world->poll();
    expect_everywhere("upon E's");
}

// Whether our write to A was made is unknown for a while. Meanwhile all the others show what it carries, and B edits that.
TEST_F(Prefer, what_is_on_its_way_to_a_record_keeps_its_line) {
    begin("E, A, B");
    (*world)["A"].fates = {Fate::reply_lost, Fate::refused};
    edit("E", "from E");
    edit("A", "from A");
    bool edited = false;
    world->meanwhile = [&] {
        if (edited || !world->is_planned("A", Purpose::probe)) return;
        if (world->value("B", "things", id["B"], "name") != Value("from E")) return;
        edited = true;
        edit("B", "upon E's");
        world->ask(false);
    };
    poll_last_first();
    world->meanwhile = nullptr;
    ASSERT_TRUE(edited && (*world)["A"].fates.empty());
    edit("A", "upon E's too");
    world->poll();
    expect_everywhere("upon E's too");
}

}  // namespace
}  // namespace entente::test
