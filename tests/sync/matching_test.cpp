// Match and link: G6, G7, and the promise that no record is created while it may be there already.
#include "sync/world.hpp"

namespace entente::test {
namespace {

class Matching_ : public ::testing::Test {
protected:
    World world{small_workspace(), small_catalog()};
    std::map<ParkReason, std::int64_t> parked() { return world.store()->parked_counts(); }
};

TEST_F(Matching_, the_second_rule_links_what_the_first_misses) {
    world.add("A", "things", R"({"code":"T1","email":"x@example.org"})");
    world.add("B", "things", R"({"code":"T-1","mail":" X@Example.org"})");
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(Matching_, a_record_that_matches_two_is_parked_and_none_of_them_is_created_beside_it) {
    world.add("A", "things", R"({"code":"T1","email":"x@example.org"})");
    world.add("B", "things", R"({"code":"T1","mail":"other@example.org"})");
    world.add("B", "things", R"({"code":"T2","mail":"x@example.org"})");
    world.sweep();
    EXPECT_EQ(parked()[ParkReason::ambiguous], 1);
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 2u);
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(parked()[ParkReason::ambiguous], 1);
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Matching_, an_ambiguous_record_is_linked_once_a_person_has_told_them_apart) {
    const auto a = world.add("A", "things", R"({"code":"T1","email":"x@example.org"})");
    world.add("B", "things", R"({"code":"T1","mail":"other@example.org"})");
    const auto b2 = world.add("B", "things", R"({"code":"T2","mail":"x@example.org"})");
    world.sweep();
    world.edit("B", "things", b2, "mail", "second@example.org");
    world.sweep();
    world.sweep();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
}

TEST_F(Matching_, a_second_record_of_one_resource_parks_as_a_duplicate) {
    world.add("A", "things", R"({"code":"T1","name":"first"})");
    world.add("A", "things", R"({"code":"T1","name":"again"})");
    world.add("B", "things", R"({"code":"T1","name":"first"})");
    world.sweep();
    EXPECT_EQ(parked()[ParkReason::duplicate], 1);
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 1u);
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Matching_, a_key_that_many_carry_is_no_key) {
    for (int i = 0; i < 5; ++i)
        world.add("A", "things",
                  R"({"code":"A)" + std::to_string(i) + R"(","email":"info@example.org"})");
    world.add("B", "things", R"({"code":"B","mail":"info@example.org"})");
    world.sweep();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "things"), 6u);
    EXPECT_EQ(world.count("B", "things"), 6u);
}

TEST_F(Matching_, the_same_new_thing_typed_into_both_systems_is_one_thing) {
    world.sweep();
    world.add("A", "things", R"({"code":"new"})");
    world.add("B", "things", R"({"code":"new"})");
    world.poll();
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(Matching_, nothing_is_created_before_both_sides_were_swept) {
    world.add("A", "things", R"({"code":"T1"})");
    world.add("B", "things", R"({"code":"T1"})");
    world["B"].down = true;
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    world["B"].down = false;
    world.sweep();
    EXPECT_EQ(world.total_writes(), 0);
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(Matching_, a_record_made_by_hand_while_ours_was_on_its_way_is_found_before_the_create) {
    world.sweep();
    world.add("A", "things", R"({"code":"race"})");
    world.add("B", "things", R"({"code":"race"})");  // typed there, not polled yet
    world.poll();
    EXPECT_EQ(world.count("B", "things"), 1u);
}

TEST_F(Matching_, a_reference_is_translated_and_what_it_refers_to_goes_first) {
    const auto owner = world.add("A", "owners", R"({"code":"O1"})");
    const auto a = world.add("A", "things", R"({"code":"T1","owner":")" + owner + R"("})");
    (void)a;
    world.sweep();
    ASSERT_EQ(world.count("B", "owners"), 1u);
    ASSERT_EQ(world.count("B", "things"), 1u);
    const auto& thing = world["B"].tables["things"].begin()->second.body;
    EXPECT_EQ(*thing.find("owner"), Value(world["B"].tables["owners"].begin()->first));
}

// Goal: what a record refers to may wait for a person for ever; the rest of the record travels all the same. Method: A has no
// versions, so each write to it is preceded by a look, which finds the reference that is in no shadow.
TEST_F(Matching_, a_record_whose_reference_leads_nowhere_yet_is_written_all_the_same) {
    const auto a = world.add("A", "things", R"({"code":"T1","owner":"nobody"})");
    const auto b = world.add("B", "things", R"({"code":"T1"})");
    world.sweep();
    world.edit("B", "things", b, "note", "from B");
    world.poll();
    world.sweep();
    const Value& shown = world["A"].tables["things"].at(a).body;
    EXPECT_EQ(*shown.find("note"), Value("from B"));
    EXPECT_EQ(*shown.find("owner"), Value("nobody"));
    EXPECT_EQ(world.total_writes(), 1);
}

TEST_F(Matching_, emptying_many_records_at_once_stops_the_data_type_before_any_write) {
    std::vector<std::string> ids;
    for (int i = 0; i < 60; ++i)
        ids.push_back(world.add("A", "things",
                                R"({"code":"T)" + std::to_string(i) + R"(","note":"keep me"})"));
    world.sweep();
    ASSERT_EQ(world.count("B", "things"), 60u);
    const int before = world.total_writes();
    for (int i = 0; i < 25; ++i)
        world.edit("A", "things", ids[static_cast<std::size_t>(i)], "note", nullptr);
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::stopped], 1);
    EXPECT_EQ(world.total_writes(), before);
    for (int i = 0; i < 25; ++i)
        world.edit("A", "things", ids[static_cast<std::size_t>(i)], "note", "keep me");
    world.sweep();
    world.edit("A", "things", ids[0], "note", "goes on");
    world.poll();
    EXPECT_EQ(world.total_writes(), before + 1);
}

TEST_F(Matching_, an_emptied_list_deletes_and_creates_nothing) {
    for (int i = 0; i < 40; ++i)
        world.add("A", "things", R"({"code":"T)" + std::to_string(i) + R"("})");
    world.sweep();
    const int before = world.total_writes();
    auto kept = std::exchange(world["B"].tables["things"], {});
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::stopped], 1);
    EXPECT_EQ(world.count("B", "things"), 0u);
    world["B"].tables["things"] = kept;
    world.sweep();
    world.sweep();
    EXPECT_EQ(world.total_writes(), before);
    EXPECT_EQ(world.notices[Notice::Kind::gone], 0);
}

}  // namespace
}  // namespace entente::test
