// Creates that a system refuses: each content once, and again when the source or the configuration is corrected; and creates that
// say nothing. G1, G13, G16.
#include <gmock/gmock.h>

#include "sync/world.hpp"

namespace entente::test {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// Refuses whatever holds the word "bad" somewhere.
std::string dislikes_bad(const Value& body) {
    return json::write(body).contains("bad") ? "we do not take bad things" : "";
}

class RefusedCreate : public ::testing::Test {
protected:
    explicit RefusedCreate(std::vector<model::SourceFile> catalog = small_catalog(),
                           const std::string& systems = "")
        : world(small_workspace("", systems), std::move(catalog), true) {}

    std::string refused(const std::string& system = "B") {
        world.sweep();
        world[system].refuses = dislikes_bad;
        const auto id = world.add("A", "things", R"({"code":"T1","name":"bad"})");
        world.poll();
        EXPECT_EQ(world.count(system, "things"), 0u);
        EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_failed], 1);
        return id;
    }
    std::int64_t told(HistoryEvent::Kind kind) { return world.store()->history_counts()[kind]; }
    std::string waits_in(const std::string& data_type) {
        const auto d = world.workspace().find_data_type(data_type);
        const auto waiting = world.store()->dirty_waiting(d, 9);
        return waiting.empty() ? "" : waiting.front().why;
    }

    World world;
};

TEST_F(RefusedCreate, is_tried_again_when_its_source_is_corrected_and_not_before) {
    const auto a = refused();
    for (int i = 0; i < 3; ++i) world.sweep();
    world.crash();
    world.sweep();
    EXPECT_EQ(world["B"].refusals, 1);
    world.edit("A", "things", a, "name", "good");
    world.poll();
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world["B"].refusals, 1);
    EXPECT_TRUE(world.store()->parked_counts().empty());
    EXPECT_EQ(told(HistoryEvent::Kind::released), 1);
    const int writes = world.total_writes();
    world.sweep();
    EXPECT_EQ(world.total_writes(), writes);
}

TEST_F(RefusedCreate, is_tried_again_when_its_source_was_corrected_while_nobody_looked) {
    const auto a = refused();
    world.edit("A", "things", a, "name", "good");
    world.crash();
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(RefusedCreate, waits_again_when_the_correction_is_refused_too) {
    const auto a = refused();
    for (const char* name : {"bad again", "still bad"}) {
        world.edit("A", "things", a, "name", name);
        for (int i = 0; i < 3; ++i) world.sweep();
    }
    EXPECT_EQ(world["B"].refusals, 3);
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_failed], 1);
    world.edit("A", "things", a, "name", "bad");  // refused before, but that was another time
    world.poll();
    EXPECT_EQ(world["B"].refusals, 4);
}

TEST_F(RefusedCreate, is_tried_again_under_another_configuration_and_not_under_the_same) {
    refused();
    world.configure(small_workspace());
    world.sweep();
    EXPECT_EQ(world["B"].refusals, 1);
    world.configure(small_workspace("# corrected\n"));
    world.sweep();
    EXPECT_EQ(world["B"].refusals, 2);
    world.sweep();
    world.configure(small_workspace("# corrected\n"));
    world.sweep();
    EXPECT_EQ(world["B"].refusals, 2);
    world["B"].refuses = nullptr;
    world.configure(small_workspace("# corrected once more\n"));
    world.sweep();
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(RefusedCreate, a_refused_edit_is_tried_again_under_another_configuration) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"one","note":"n"})");
    world.sweep();
    const auto b = world["B"].tables["things"].begin()->first;
    world["B"].refuses = dislikes_bad;
    world.edit("A", "things", a, "name", "bad");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world["B"].refusals, 1);
    world["B"].refuses = nullptr;
    world.configure(small_workspace());
    world.sweep();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one"));
    world.configure(small_workspace("# corrected\n"));
    world.sweep();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("bad"));
    EXPECT_EQ(told(HistoryEvent::Kind::released), 1);
}

TEST_F(RefusedCreate, of_a_line_is_tried_again_when_the_line_is_corrected) {
    const auto b = world.add("B", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    ASSERT_EQ(world.count("A", "things"), 1u);
    const auto a = world["A"].tables["things"].begin()->first;
    world["A"].refuses = dislikes_bad;
    const auto line = world.add("B", "lines", R"({"thing":")" + b + R"(","text":"bad"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world["A"].refusals, 1);
    world.edit("B", "lines", line, "text", "good");
    world.poll();
    EXPECT_EQ(world["A"].refusals, 1);
    const Value* lines = world["A"].tables["things"].at(a).body.find("lines");
    ASSERT_TRUE(lines && lines->is_list() && lines->as_list().size() == 1u);
    EXPECT_EQ(*lines->as_list()[0].find("text"), Value("good"));
    EXPECT_TRUE(world.store()->parked_counts().empty());
}

TEST_F(RefusedCreate, ends_when_its_source_is_removed) {
    const auto a = refused();
    world.remove("A", "things", a);
    world.sweep();
    EXPECT_TRUE(world.store()->parked_counts().empty());
    EXPECT_EQ(world["B"].refusals, 1);
}

// Goal: "there is one already" is no end. Method: somebody types the thing just before our create; it is seen and linked.
TEST_F(RefusedCreate, of_what_is_there_already_ends_when_that_is_seen) {
    world.sweep();
    world["B"].fates = {Fate::taken};
    world["B"].before_write = [&] {
        world.add("B", "things", R"({"code":"T1","name":"by hand"})");
    };
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.poll();
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_TRUE(world.store()->parked_counts().empty());
    world.sweep();
    EXPECT_EQ(world["B"].creates, 0);
}

class RefusedWithLines : public RefusedCreate {
protected:
    RefusedWithLines() : RefusedCreate(small_catalog(), "books") {}
};

// Goal: what the create of a parent carries of its lines is part of what was refused. Method: C makes lines with their parent.
TEST_F(RefusedWithLines, is_tried_again_when_a_line_is_corrected) {
    world.sweep();
    world["C"].refuses = dislikes_bad;
    const auto b = world.add("B", "things", R"({"code":"T1","name":"one"})");
    const auto line = world.add("B", "lines", R"({"thing":")" + b + R"(","text":"bad"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    const int refusals = world["C"].refusals;
    EXPECT_GE(refusals, 1);
    world.sweep();
    EXPECT_EQ(world["C"].refusals, refusals);
    world.edit("B", "lines", line, "text", "also bad");
    world.poll();
    EXPECT_GT(world["C"].refusals, refusals);
    EXPECT_EQ(world.count("C", "orders"), 0u);
    world.edit("B", "lines", line, "text", "good");
    world.poll();
    EXPECT_EQ(world.count("C", "orders"), 1u);
}

class EmptyCreate : public RefusedCreate {
protected:
    EmptyCreate()
        : RefusedCreate(small_catalog_where(
              "catalog/connectors/versioned/owners.yaml",
              "code: {type: text, required: true}\ndata_types:\n  Owner: {model: owner, map: "
              "{code: code}}",
              "code: {type: text}\ndata_types:\n  Owner: {model: owner, map: {}}")) {}
};

TEST_F(EmptyCreate, what_the_model_requires_and_nobody_maps_is_created_nowhere) {
    world.sweep();
    world.add("A", "owners", R"({"code":"O1"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world["B"].creates, 0);
    EXPECT_EQ(waits_in("B.Owner"), "owner requires `code`, which B.Owner does not map");
}

TEST_F(RefusedCreate, nothing_is_made_of_a_record_that_says_nothing) {
    world.sweep();
    world.add("A", "things", R"({"code":null,"name":null})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world["B"].creates, 0);
    EXPECT_EQ(waits_in("B.Thing"), "nothing of it can be written to B.Thing");
}

}  // namespace
}  // namespace entente::test
