// G5 where whole records are written: fields that nobody maps stay as people left them, whenever that was.
#include "sync/world.hpp"

namespace entente::test {
namespace {

std::vector<model::SourceFile> catalog_of_whole_records() {
    auto catalog = small_catalog();
    for (model::SourceFile& file : catalog) {
        const std::string from = "update: {verb: PATCH}";
        const auto at = file.text.find(from);
        if (at != std::string::npos)
            file.text.replace(at, from.size(), "update: {verb: PATCH, full: true}");
    }
    return catalog;
}

class PrivateFields : public ::testing::Test {
protected:
    void SetUp() override {
        a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n","remark":"of A"})");
        b = world.add("B", "things", R"({"code":"T1","name":"one","note":"n","remark":"of B"})");
        world.sweep();
    }
    Value remark_in(const std::string& system) {
        return world.value(system, "things", system == "A" ? a : b, "remark");
    }

    World world{small_workspace(), catalog_of_whole_records()};
    std::string a, b;
};

TEST_F(PrivateFields, that_were_edited_before_our_write_stay) {
    for (int round = 0; round < 2; ++round) {
        world.edit("A", "things", a, "remark", "newer in A");
        world.edit("B", "things", b, "remark", "newer in B");
        world.poll();
        world.edit("A", "things", a, "name", "from A" + std::to_string(round));
        world.poll();
        world.edit("B", "things", b, "note", "from B" + std::to_string(round));
        world.poll();
        EXPECT_EQ(world.value("B", "things", b, "name"), Value("from A" + std::to_string(round)));
        EXPECT_EQ(world.value("A", "things", a, "note"), Value("from B" + std::to_string(round)));
        EXPECT_EQ(remark_in("A"), Value("newer in A"));
        EXPECT_EQ(remark_in("B"), Value("newer in B"));
    }
}

TEST_F(PrivateFields, that_are_edited_while_our_write_is_decided_stay) {
    bool is_typed = false;
    world.meanwhile = [&] {
        const bool is_at_hand = world.is_planned("A", Purpose::compare);
        if (is_at_hand && !std::exchange(is_typed, true))
            world.edit("A", "things", a, "remark", "just typed");
    };
    world.edit("B", "things", b, "name", "from B");
    world.poll();
    ASSERT_TRUE(is_typed);
    EXPECT_EQ(world.value("A", "things", a, "name"), Value("from B"));
    EXPECT_EQ(remark_in("A"), Value("just typed"));
    world["B"].before_write = [&] { world.edit("B", "things", b, "remark", "typed as well"); };
    world.edit("A", "things", a, "note", "from A");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("from A"));
    EXPECT_EQ(remark_in("B"), Value("typed as well"));
}

// Goal: the version that an answer in part bears says nothing of what it leaves out. Method: the system changes a field of its own with
// our write, and its answer does not show that.
TEST_F(PrivateFields,
       that_the_system_changes_with_our_write_stay_though_its_answer_leaves_them_out) {
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.system != world["B"].index || effect.purpose != Purpose::write) return;
        world["B"].tables["things"].at(b).body.set("remark", Value("of the system"));
        answer.complete = false;
        for (SeenRecord& seen : answer.records) seen.body.erase("remark");
    };
    world.edit("A", "things", a, "name", "two");
    bool is_typed = false;
    world.meanwhile = [&] {
        // Before any page shows the record as it is now.
        if (world["B"].writes == 0 || std::exchange(is_typed, true)) return;
        world.tamper = nullptr;
    };
    world.poll();
    ASSERT_TRUE(is_typed);
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.system == world["B"].index && effect.purpose == Purpose::page)
            answer.records.clear();
    };
    world.edit("A", "things", a, "note", "more");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "note"), Value("more"));
    EXPECT_EQ(remark_in("B"), Value("of the system"));
}

// Goal: what a page showed while a write was under way is looked at when that was refused. Method: somebody types a note beside a name
// that is refused, and the poll that shows it comes before the refusal.
TEST_F(PrivateFields, and_what_was_shown_beside_a_write_that_is_refused_is_read_again) {
    world["B"].refuses = [](const Value& body) -> std::string {
        return body.find("name") && *body.find("name") == Value("bad") ? "no such name" : "";
    };
    bool is_typed = false;
    world.meanwhile = [&] {
        if (!world.is_planned("B", Purpose::write) || std::exchange(is_typed, true)) return;
        world.edit("B", "things", b, "note", "typed beside it");
        world.choose = [](std::size_t count) { return count - 1; };
        world.ask(false);
    };
    world.edit("A", "things", a, "name", "bad");
    world.poll();
    ASSERT_TRUE(is_typed);
    EXPECT_EQ(world.value("A", "things", a, "note"), Value("typed beside it"));
}

}  // namespace
}  // namespace entente::test
