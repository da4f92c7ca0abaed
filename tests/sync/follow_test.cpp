// What a change of a record means beyond its values: edits that were refused are tried again, a parent whose line moved is read
// before it is written, a record that changes its kind stays linked and is shown. Method: the systems of small_catalog with a few
// more lines of YAML in them.
#include <algorithm>

#include "sync/world.hpp"

namespace entente::test {
namespace {

std::vector<model::SourceFile> catalog_with(const std::string& path, const std::string& more) {
    std::vector<model::SourceFile> files = small_catalog();
    const auto file = std::ranges::find(files, path, &model::SourceFile::path);
    CHECK(file != files.end(), path);
    file->text += more;
    return files;
}

const std::string things = "catalog/connectors/versioned/things.yaml";

class Follow : public ::testing::Test {
protected:
    explicit Follow(const std::string& more =
                        "edits_depend_on: note\nlines_move_version: true\n"
                        "gone_means: it was shipped\n")
        : world(small_workspace(), catalog_with(things, more)) {}

    std::pair<std::string, std::string> linked() {
        const std::string body = R"({"code":"T1","name":"one","note":"draft"})";
        const auto a = world.add("A", "things", body);
        const auto b = world.add("B", "things", body);
        world.sweep();
        EXPECT_EQ(world.total_writes(), 0);
        return {a, b};
    }

    World world;
};

TEST_F(Follow, a_refused_edit_waits_in_the_systems_own_words_until_the_record_takes_edits_again) {
    const auto [a, b] = linked();
    world["B"].fates = {Fate::refused};
    world.edit("A", "things", a, "name", "two");
    world.poll();
    ASSERT_EQ(world.notices[Notice::Kind::held], 1);
    EXPECT_EQ(world.texts.back(), "we do not like it");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one")) << "not tried in vain";
    EXPECT_EQ(world.notices[Notice::Kind::held], 1);
    world.edit("B", "things", b, "note", "open");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("two"));
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::released], 1);
}

TEST_F(Follow, a_refused_edit_of_a_line_waits_for_its_parent) {
    const auto a =
        world.add("A", "things", R"({"code":"T1","lines":[{"id":"1","text":"x","quantity":1}]})");
    world.sweep();
    ASSERT_EQ(world.count("B", "lines"), 1u);
    const std::string thing = world["B"].tables["things"].begin()->first;
    const std::string line = world["B"].tables["lines"].begin()->first;
    world["B"].fates = {Fate::refused};
    world.edit("A", "things", a, "lines",
               json::read(R"([{"id":"1","text":"x","quantity":2}])").value());
    world.poll();
    EXPECT_EQ(world.value("B", "lines", line, "quantity"), Value(1));
    world.edit("B", "things", thing, "note", "open");
    world.poll();
    EXPECT_EQ(world.value("B", "lines", line, "quantity"), Value(2));
}

TEST_F(Follow, another_change_of_the_record_is_no_reason_to_try_again) {
    const auto [a, b] = linked();
    world["B"].fates = {Fate::refused};
    world.edit("A", "things", a, "name", "two");
    world.poll();
    world.edit("B", "things", b, "mail", "x@y.nl");
    world.poll();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("one"));
}

TEST_F(Follow, a_parent_is_read_before_it_is_written_once_its_line_has_moved) {
    const auto a =
        world.add("A", "things", R"({"code":"T1","lines":[{"id":"1","text":"x","quantity":1}]})");
    world.sweep();
    ASSERT_EQ(world.count("B", "lines"), 1u);
    const std::string thing = world["B"].tables["things"].begin()->first;
    const std::string line = world["B"].tables["lines"].begin()->first;
    world.sweep();
    world.edit("B", "lines", line, "quantity", 2);
    // Its version moves with the line, and no page shows it in time.
    world.tamper = [&](const Effect& effect, Answer& answer) {
        const auto* list = std::get_if<ListCall>(&effect.call);
        if (list == nullptr) return;
        std::erase_if(answer.records, [&](const SeenRecord& seen) {
            return seen.external_id == thing && effect.system == world["B"].index;
        });
    };
    world.poll();
    ++world["B"].tables["things"].at(thing).version;
    const int writes = world["B"].writes;
    world.edit("A", "things", a, "name", "two");
    world.poll();
    EXPECT_EQ(world.value("B", "things", thing, "name"), Value("two"));
    EXPECT_EQ(world["B"].writes, writes + 1) << "no write upon a version that was known to be old";
}

TEST_F(Follow, a_record_that_is_gone_is_told_with_what_it_means) {
    const auto [a, b] = linked();
    world.remove("B", "things", b);
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(std::ranges::count(world.texts, "it was shipped"), 1);
}

const std::string with_removals =
    "removals: {path: /gone, key: of, row_version: stamp, "
    "filter: {parameter: after, value: \"{version}\"}}\n";

class Removals : public Follow {
protected:
    explicit Removals(const std::string& more = with_removals) : Follow(more) {}
};

class NoRemovals : public Removals {
protected:
    NoRemovals() : Removals("") {}
};

TEST_F(Removals, are_seen_by_a_poll) {
    const auto [a, b] = linked();
    world.remove("B", "things", b);
    world["B"].removed["things"] = {{7, b}};
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
    EXPECT_EQ(world.count("A", "things"), 1u) << "nothing is removed elsewhere";
}

TEST_F(NoRemovals, are_seen_by_a_sweep_only) {
    const auto [a, b] = linked();
    world.remove("B", "things", b);
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 0);
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
}

TEST_F(Removals, are_looked_at_before_they_are_believed_and_asked_for_once) {
    const auto [a, b] = linked();
    world["B"].removed["things"] = {{7, b}, {9, "never seen"}};
    std::vector<std::int64_t> asked;
    world.tamper = [&](const Effect& effect, Answer&) {
        const auto* list = std::get_if<ListCall>(&effect.call);
        if (list != nullptr && list->is_of_removals) asked.push_back(*list->since_version);
    };
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 0) << "it is still there";
    world.sweep();
    world.poll();
    EXPECT_EQ(asked, (std::vector<std::int64_t>{0, 9, 9}));
}

// B shows things of a good kind only.
std::vector<model::SourceFile> catalog_of_kinds() {
    std::vector<model::SourceFile> files = catalog_with(things, "    where: {kind: good}\n");
    const auto file = std::ranges::find(files, things, &model::SourceFile::path);
    const std::string before = "  owner: {type: text}\n";
    file->text.insert(file->text.find(before), "  kind: {type: text}\n");
    return files;
}

TEST(Views, what_is_created_through_a_view_is_of_its_kind) {
    World world(small_workspace(), catalog_of_kinds());
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.add("B", "things", R"({"code":"T2","name":"bad","kind":"bad"})");
    world.sweep();
    ASSERT_EQ(world.count("B", "things"), 2u);
    EXPECT_EQ(world.count("A", "things"), 1u) << "of another kind: nobody's";
    int good = 0;
    for (const auto& [id, record] : world["B"].tables["things"]) {
        good += *record.body.find("kind") == Value("good") ? 1 : 0;
    }
    EXPECT_EQ(good, 1);
}

TEST(Views, a_record_that_changes_its_kind_stays_linked_and_is_shown_once) {
    World world(small_workspace(), catalog_of_kinds());
    const auto a = world.add("A", "things", R"({"code":"T1","name":"one"})");
    const auto b = world.add("B", "things", R"({"code":"T1","name":"one","kind":"good"})");
    world.sweep();
    world.edit("B", "things", b, "kind", "bad");
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::left], 1);
    EXPECT_EQ(world.texts.back(),
              "`kind` is \"bad\" now: it is no Thing any more; it stays linked");
    world.edit("A", "things", a, "name", "two");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.value("B", "things", b, "name"), Value("two"));
    EXPECT_EQ(world.count("B", "things"), 1u) << "and none is created in its place";
    EXPECT_EQ(world.notices[Notice::Kind::left], 1);
    EXPECT_EQ(world.store()->history_counts()[HistoryEvent::Kind::left], 1);
}

// Goal: what a record was matched by while it was of the kind tells nothing any more. Method: a thing of B alone leaves its
// kind; then A has two that carry one of its old values each.
TEST(Views, a_record_of_another_kind_makes_no_newcomers_rivals) {
    World world(small_workspace(), catalog_of_kinds());
    world.sweep();
    world["A"].fates = {Fate::refused};
    const auto b =
        world.add("B", "things", R"({"code":"T1","mail":"x@example.org","kind":"good"})");
    world.poll();
    ASSERT_EQ(world.count("A", "things"), 0u);
    world.edit("B", "things", b, "kind", "bad");
    world.poll();
    world.add("A", "things", R"({"code":"T1","email":"one@example.org"})");
    world.add("A", "things", R"({"code":"T2","email":"x@example.org"})");
    world.poll();
    EXPECT_TRUE(world.store()->parked_counts().empty());
    EXPECT_EQ(world.count("B", "things"), 2u) << "the second shares nothing with the first";
}

}  // namespace
}  // namespace entente::test
