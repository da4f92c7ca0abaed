// Rows that nobody can read (G16): the rest of their list goes on, they are told once, and what they hide is neither gone (G12) nor made
// a second time (G6).
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "sync/world.hpp"

namespace entente::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* plain_things = "catalog/connectors/plain/things.yaml";

// Method of all: pages of A's things show records of some codes as rows that cannot be read, with their id or without.
class BadRows : public ::testing::Test {
protected:
    explicit BadRows(std::vector<model::SourceFile> catalog = small_catalog())
        : world(small_workspace(), std::move(catalog)) {
        world.tamper = [this](const Effect& effect, Answer& answer) {
            if (effect.purpose != Purpose::page || effect.system != world["A"].index) return;
            std::vector<SeenRecord> readable;
            for (SeenRecord& seen : answer.records) {
                const Value* code = seen.body.find("code");
                if (code == nullptr || !bad.contains(code->as_text())) {
                    readable.push_back(std::move(seen));
                    continue;
                }
                BadRow row;
                row.number = readable.size() + answer.bad_rows.size() + 1;
                if (shows_ids) row.external_id = seen.external_id;
                row.why = "half of a surrogate pair at `name`";
                answer.bad_rows.push_back(std::move(row));
            }
            answer.records = std::move(readable);
        };
    }

    void both_hold(int things) {
        for (int i = 1; i <= things; ++i) {
            const std::string body = R"({"code":"T)" + std::to_string(i) + R"(","name":"one"})";
            in_a.push_back(world.add("A", "things", body));
            in_b.push_back(world.add("B", "things", body));
        }
    }
    std::vector<Trouble> troubles() { return world.store()->troubles(); }

    World world;
    std::set<std::string> bad;
    bool shows_ids = true;
    std::vector<std::string> in_a, in_b;
};

std::vector<model::SourceFile> unsearchable() {
    auto catalog = small_catalog();
    for (auto& file : catalog) {
        if (file.path != plain_things) continue;
        const std::string create =
            "{grade: searchable, search: [code, email], visible_after: 1s, late_execution: 2s}";
        file.text.replace(file.text.find(create), create.size(), "{grade: none}");
    }
    return catalog;
}

class BlindBadRows : public BadRows {
protected:
    BlindBadRows() : BadRows(unsearchable()) {}
};

TEST_F(BadRows, the_rest_of_the_list_is_linked_and_the_bad_row_is_told_once) {
    both_hold(3);
    bad = {"T2"};
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 3u);
    EXPECT_EQ(world.count("B", "things"), 3u);
    world.edit("A", "things", in_a[2], "name", "edited");
    world.poll();
    EXPECT_EQ(world.value("B", "things", in_b[2], "name"), Value("edited"));
    ASSERT_EQ(troubles().size(), 1u);
    EXPECT_EQ(troubles()[0].kind, Trouble::Kind::rows);
    EXPECT_THAT(troubles()[0].text, HasSubstr("1 row cannot be read"));
    EXPECT_THAT(troubles()[0].text,
                HasSubstr("record " + in_a[1] + ": half of a surrogate pair at `name`"));
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    bad.clear();
    world.sweep();
    EXPECT_TRUE(troubles().empty());
    EXPECT_EQ(world.notices[Notice::Kind::mended], 1);
    world.edit("A", "things", in_a[1], "name", "mended");
    world.poll();
    EXPECT_EQ(world.value("B", "things", in_b[1], "name"), Value("mended"));
    EXPECT_EQ(world["A"].creates + world["B"].creates, 0);
}

TEST_F(BadRows, a_row_that_was_read_before_is_neither_gone_nor_asked_for) {
    both_hold(3);
    world.sweep();
    world.pass(60'000);
    for (const bool with_ids : {true, false}) {
        shows_ids = with_ids;
        bad = {"T1", "T2", "T3"};
        for (int i = 0; i < 3; ++i) world.sweep();
        EXPECT_EQ(world.notices[Notice::Kind::stopped], 0);
        bad.clear();
        world.sweep();
    }
    world.edit("B", "things", in_b[0], "name", "still linked");
    world.poll();
    EXPECT_EQ(world.value("A", "things", in_a[0], "name"), Value("still linked"));
    EXPECT_EQ(world["A"].creates + world["B"].creates, 0);
}

TEST_F(BlindBadRows, what_may_stand_in_a_bad_row_is_not_made_beside_it) {
    both_hold(2);
    world.sweep();
    bad = {"T9"};
    world.add("A", "things", R"({"code":"T9","name":"theirs"})");
    world.poll();
    world.add("B", "things", R"({"code":"T9","name":"ours"})");
    world.poll();
    world.sweep();
    EXPECT_EQ(world["A"].creates, 0);
    const auto waiting =
        world.store()->dirty_waiting(world.workspace().find_data_type("A.Thing"), 10);
    ASSERT_EQ(waiting.size(), 1u);
    EXPECT_THAT(waiting[0].why, HasSubstr("1 row cannot be read"));
    world.crash();
    world.poll();
    EXPECT_EQ(world["A"].creates, 0);
    bad.clear();
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 3u) << "they are one";
    EXPECT_EQ(world.count("B", "things"), 3u);
    world.add("B", "things", R"({"code":"T10","name":"only here"})");
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 4u) << "nothing is hidden any more";
}

}  // namespace
}  // namespace entente::test
