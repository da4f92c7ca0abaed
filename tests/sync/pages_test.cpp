// Pages that never end: rings, the last page again and again, empty pages that name a next one. Whatever is read page by page ends when
// nothing new comes, is told, and what it did not show does not count as not there. G6, G13, G16.
#include <gmock/gmock.h>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "sync/walk.hpp"
#include "sync/world.hpp"

namespace entente::test {
namespace {

using ::testing::HasSubstr;

constexpr int for_ever = 300;  // a list that has named so many pages ends after all

const std::string with_removals =
    "removals: {path: /gone, key: of, row_version: stamp, "
    "filter: {parameter: after, value: \"{version}\"}}\n";

std::vector<model::SourceFile> catalog_with_removals() {
    return small_catalog_where("catalog/connectors/versioned/things.yaml", "key: id\n",
                               "key: id\n" + with_removals);
}

// What the tests of pages have in common: some pages of a kind that have no end, and how many were asked for.
class Endless : public ::testing::Test {
protected:
    explicit Endless(const std::string& systems = "",
                     std::vector<model::SourceFile> catalog = small_catalog())
        : world(small_workspace("", systems), std::move(catalog)) {}

    // What such a call shows is followed by the page that `lie` makes of the next one, until `pages` have come.
    void make_endless(std::function<bool(const Effect&)> is_it,
                      std::function<void(const Effect&, Answer&)> lie) {
        world.tamper = [this, is_it, lie](const Effect& effect, Answer& answer) {
            if (!is_it(effect) || ++pages >= for_ever) return;
            lie(effect, answer);
        };
    }
    static void name_another(int page, Answer& answer) { answer.next = page % 2 == 0 ? "0" : "00"; }
    std::string resource_of_call(const Effect& effect) {
        return world.workspace().resource(resource_of(effect.call)).name;
    }
    std::vector<std::string> troubles() {
        std::vector<std::string> out;
        for (const Trouble& trouble : world.store()->troubles())
            out.push_back(std::string(name_of(trouble.kind)) + ": " + trouble.text);
        return out;
    }

    World world;
    int pages = 0;
};

class EndlessRemovals : public Endless {
protected:
    EndlessRemovals() : Endless("", catalog_with_removals()) {}
};

class EndlessOfBooks : public Endless {
protected:
    EndlessOfBooks() : Endless("books") {}

    std::size_t lines_of_orders() { return world.count("C", "orders-lines"); }
    std::string order_of(int lines) {
        std::string list;
        for (int i = 1; i <= lines; ++i)
            list += (i == 1 ? "" : ",") + std::string(R"({"text":"x)") + std::to_string(i) +
                    R"(","quantity":1})";
        return R"({"code":"T1","lines":[)" + list + "]}";
    }
    bool is_of_lines(const Effect& effect) {
        return std::holds_alternative<SearchCall>(effect.call) &&
               resource_of_call(effect) == "orders-lines";
    }
};

// Goal: G13: what was removed is read to an end. Method: the list of removals goes in a ring.
TEST_F(EndlessRemovals, in_a_ring_end_and_are_told) {
    const auto a = world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world.remove("B", "things", b);
    world["B"].removed["things"] = {{7, b}};
    make_endless(
        [](const Effect& effect) {
            const auto* list = std::get_if<ListCall>(&effect.call);
            return list && list->is_of_removals;
        },
        [this](const Effect&, Answer& answer) { name_another(pages, answer); });
    world.poll();
    EXPECT_LT(pages, 10);
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1) << "what it has shown is looked at";
    EXPECT_THAT(troubles(), ::testing::ElementsAre(HasSubstr("removals: ")));
    world.poll();
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    world.edit("A", "things", a, "name", "two");
    pages = for_ever;
    world.poll();
    EXPECT_TRUE(troubles().empty());
    EXPECT_EQ(world.notices[Notice::Kind::mended], 1);
}

// Goal: pages without a removal of ours are passed over, however many, as a list of all removals shows those of every kind.
TEST_F(EndlessRemovals, of_other_kinds_do_not_end_it) {
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.sweep();
    const std::string b = world["B"].tables["things"].begin()->first;
    world.remove("B", "things", b);
    world.tamper = [&](const Effect& effect, Answer& answer) {
        const auto* list = std::get_if<ListCall>(&effect.call);
        if (!list || !list->is_of_removals) return;
        answer = {.began = answer.began, .ended = answer.ended};
        if (++pages < 200) {
            answer.passed_over = 50;
            answer.next = std::to_string(pages);
        } else {
            answer.records.push_back({.external_id = b, .row_version = 9});
        }
    };
    world.poll();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
    EXPECT_TRUE(troubles().empty());
}

// Goal: G13: an empty page that names a next one is not followed for ever. Method: all that follow are empty, each with another name.
TEST_F(Endless, empty_pages_of_a_list_end_it) {
    for (const char* system : {"A", "B"})
        world.add(system, "things", R"({"code":"T1","name":"one"})");
    const auto is_of_things = [this](const Effect& effect) {
        return effect.purpose == Purpose::page && effect.system == world["A"].index &&
               resource_of_call(effect) == "things";
    };
    std::map<bool, int> of_sweeps;
    make_endless(is_of_things, [&](const Effect& effect, Answer& answer) {
        ++of_sweeps[effect.sweep];
        answer.next = std::to_string(1'000 + pages);
    });
    world.sweep();
    EXPECT_LT(pages, for_ever);
    EXPECT_EQ(world["A"].creates + world["B"].creates, 0);
    EXPECT_EQ(world.notices[Notice::Kind::doubted], 1);
    const int before = pages;
    world.poll();
    EXPECT_LT(pages - before, 50);
    EXPECT_LT(pages, for_ever);
}

// Goal: some systems show a page or two without rows before they go on: nothing behind them is passed over.
TEST_F(Endless, an_empty_page_in_the_middle_is_no_end) {
    for (int i = 1; i <= 4; ++i)
        for (const char* system : {"A", "B"})
            world.add(system, "things", R"({"code":"T)" + std::to_string(i) + R"("})");
    std::map<std::string, int> shown;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        const auto* list = std::get_if<ListCall>(&effect.call);
        if (!list || effect.system != world["A"].index || resource_of_call(effect) != "things")
            return;
        if (shown[list->cursor]++ < 3) {
            answer.records.clear();
            answer.next = list->cursor.empty() ? "0" : list->cursor;
        }
    };
    world.sweep();
    EXPECT_EQ(world["A"].creates + world["B"].creates, 0);
    EXPECT_EQ(world.notices[Notice::Kind::linked], 4);
    EXPECT_EQ(world.notices[Notice::Kind::doubted], 0);
}

// Goal: G1: what a poll in a ring did not show is asked for again. Method: the ring of one poll hides an edit; nobody sweeps.
TEST_F(Endless, what_the_ring_of_a_poll_has_hidden_is_asked_for_again) {
    for (int i = 1; i <= 4; ++i)
        for (const char* system : {"A", "B"})
            world.add(system, "things", R"({"code":"T)" + std::to_string(i) + R"("})");
    world.sweep();
    world.pass(60'000);
    world.sweep();
    world.pass(60'000);
    for (const char* id : {"4", "1", "2", "3"}) {
        world.edit("A", "things", id, "note", Value("typed"));
        world.pass(5'000);
    }
    bool lies = true;
    make_endless(
        [&](const Effect& effect) {
            const auto* list = std::get_if<ListCall>(&effect.call);
            return lies && list && list->since && effect.system == world["A"].index &&
                   resource_of_call(effect) == "things";
        },
        [&](const Effect&, Answer& answer) {
            std::erase_if(answer.records,
                          [](const SeenRecord& seen) { return seen.external_id == "4"; });
            name_another(pages, answer);
        });
    world.poll();
    EXPECT_EQ(world.value("B", "things", "1", "note"), Value("typed"));
    EXPECT_TRUE(world.value("B", "things", "4", "note").is_null());
    lies = false;
    world.poll();
    EXPECT_EQ(world.value("B", "things", "4", "note"), Value("typed"));
}

// Goal: G6, G13: lines of a create that a search in a ring hides are not made again. Method: its first page comes again and again.
TEST_F(EndlessOfBooks, lines_that_a_ring_hides_are_not_made_twice) {
    world.sweep();
    world.add("A", "things", order_of(5));
    make_endless([this](const Effect& effect) { return is_of_lines(effect); },
                 [this](const Effect&, Answer& answer) { name_another(pages, answer); });
    world.poll();
    EXPECT_LT(pages, 100);
    EXPECT_EQ(lines_of_orders(), 5u);
    EXPECT_THAT(world.texts, ::testing::Contains(HasSubstr("has no end")));
    pages = for_ever;
    world.sweep();
    world.poll();
    EXPECT_EQ(lines_of_orders(), 5u);
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_unknown], 0)
        << "the list has shown them";
}

// Goal: the same, where the list shows them no better: a person says, and nothing is made before. Method: hidden everywhere.
TEST_F(EndlessOfBooks, lines_that_nothing_shows_wait_for_a_person) {
    world.sweep();
    world.add("A", "things", order_of(5));
    std::size_t hidden = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (resource_of_call(effect) != "orders-lines") return;
        hidden += std::erase_if(answer.records, [](const SeenRecord& seen) {
            return *seen.body.find("text") == Value("x5");
        });
        if (is_of_lines(effect) && ++pages < for_ever) name_another(pages, answer);
    };
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_GT(hidden, 0u);
    EXPECT_EQ(lines_of_orders(), 5u);
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_unknown], 1);
    EXPECT_THAT(troubles(), ::testing::Contains(HasSubstr("search: ")));
    world.crash();
    world.sweep();
    EXPECT_EQ(lines_of_orders(), 5u);
}

// Goal: a ring for a moment costs a moment. Method: the search goes in a ring once.
TEST_F(EndlessOfBooks, a_search_that_ends_again_is_told_no_more) {
    world.sweep();
    world.add("A", "things", order_of(5));
    make_endless([this](const Effect& effect) { return is_of_lines(effect) && pages < 5; },
                 [this](const Effect&, Answer& answer) { name_another(pages, answer); });
    world.poll();
    EXPECT_EQ(lines_of_orders(), 5u);
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_unknown], 0);
    EXPECT_TRUE(troubles().empty());
    EXPECT_EQ(world.notices[Notice::Kind::troubled], 1);
    EXPECT_EQ(world.notices[Notice::Kind::mended], 1);
}

// Goal: G13: the look at all lines of a thing ends. Method: a line is typed anew, and the search for its siblings goes in a ring.
TEST_F(EndlessOfBooks, the_look_at_all_lines_ends) {
    const auto a = world.add("A", "things", order_of(4));
    world.sweep();
    std::string line, of;
    for (const auto& [id, record] : world["C"].tables["orders-lines"])
        if (*record.body.find("text") == Value("x2")) {
            line = id;
            of = record.body.find("of")->as_text();
        }
    world.remove("C", "orders-lines", line);
    world.add("C", "orders-lines", R"({"of":")" + of + R"(","text":"x2","quantity":8})");
    make_endless([this](const Effect& effect) { return is_of_lines(effect); },
                 [this](const Effect&, Answer& answer) { name_another(pages, answer); });
    world.poll();
    EXPECT_GT(pages, 0);
    EXPECT_LT(pages, 20);
    EXPECT_EQ(lines_of_orders(), 4u);
    EXPECT_EQ(*world.value("A", "things", a, "lines").as_list()[1].find("quantity"), Value(8));
    EXPECT_THAT(troubles(), ::testing::Contains(HasSubstr("search: ")));
}

// Goal: G12: what a search without end has not shown was not missed: one 404 removes no line. Method: the same, but the ring hides a
// line that nobody has touched, and its first read says that it is not there.
TEST_F(EndlessOfBooks, a_line_that_a_ring_hides_is_not_gone_by_a_single_404) {
    world.add("A", "things", order_of(4));
    world.sweep();
    std::string replaced, hidden, of;
    for (const auto& [id, record] : world["C"].tables["orders-lines"]) {
        if (*record.body.find("text") == Value("x2")) replaced = id;
        if (*record.body.find("text") == Value("x4")) hidden = id;
        of = record.body.find("of")->as_text();
    }
    world.remove("C", "orders-lines", replaced);
    world.add("C", "orders-lines", R"({"of":")" + of + R"(","text":"x2","quantity":8})");
    int denied = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        const auto* read = std::get_if<ReadCall>(&effect.call);
        if (read && read->external_id == hidden && denied++ == 0) {
            answer.records.clear();
            answer.outcome = Outcome::not_found;
        }
        if (!is_of_lines(effect) || ++pages >= for_ever) return;
        std::erase_if(answer.records,
                      [&](const SeenRecord& seen) { return seen.external_id == hidden; });
        name_another(pages, answer);
    };
    world.poll();
    EXPECT_GT(denied, 1);
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1) << "the line that was typed anew";
}

// Goal: G6: a search for a lost create that has no end does not say that nothing is there. Method: the answer is lost, and the search
// shows one empty page after the other.
TEST_F(Endless, a_lost_create_is_not_made_again_upon_a_search_without_end) {
    world.sweep();
    world["A"].fates = {Fate::reply_lost};
    world.add("B", "things", R"({"code":"T1","name":"one"})");
    make_endless([](const Effect& effect) { return effect.purpose == Purpose::probe; },
                 [this](const Effect&, Answer& answer) {
                     answer.records.clear();
                     answer.next = std::to_string(pages);
                 });
    world.poll();
    EXPECT_LT(pages, for_ever);
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world["A"].creates, 1);
    EXPECT_EQ(world.store()->parked_counts()[ParkReason::create_unknown], 1);
    EXPECT_THAT(world.texts, ::testing::Contains(HasSubstr("has no end")));
    world.sweep();
    EXPECT_EQ(world["A"].creates, 1);
}

// Goal: G6: what is searched for before it is created waits while the search has no end, with the reason, and goes on when it has.
TEST(EndlessLooks, hold_back_what_they_cannot_show) {
    World world{small_workspace("", "silent"), small_catalog()};
    world.sweep();
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    int pages = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::search || ++pages > 60) return;
        answer.next = std::to_string(pages);
    };
    bool is_told = false;
    world.meanwhile = [&] {
        for (const Dirty& pair :
             world.store()->dirty_waiting(world.workspace().find_data_type("D.Thing"), 10))
            is_told |= pair.why.contains("has no end");
    };
    world.poll();
    EXPECT_GT(pages, 60);
    EXPECT_TRUE(is_told);
    EXPECT_EQ(world["D"].creates, 1);
    EXPECT_EQ(world.count("D", "things"), 1u);
}

// Goal: G6: a search that is given up has not shown that nothing is there, though each page brought something. Method: it shows another
// record on each of many pages, then only what there is.
TEST(EndlessLooks, that_find_too_much_have_not_shown_what_is_missing) {
    World world{small_workspace("", "silent"), small_catalog()};
    world.sweep();
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    int pages = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (effect.purpose != Purpose::search || ++pages > 3 * limits::search_pages_max) return;
        answer.next = std::to_string(pages);
        SeenRecord other;
        other.external_id = "other" + answer.next;
        other.body = *json::read(R"({"code":"S)" + answer.next + R"(","name":"another"})");
        answer.records.push_back(std::move(other));
    };
    bool is_told = false;
    world.meanwhile = [&] {
        for (const Dirty& pair :
             world.store()->dirty_waiting(world.workspace().find_data_type("D.Thing"), 10)) {
            is_told |= pair.why.contains("may be there");
            EXPECT_EQ(world["D"].creates, 0) << "while it waits";
        }
    };
    world.poll();
    EXPECT_GT(pages, 3 * limits::search_pages_max);
    EXPECT_TRUE(is_told);
    EXPECT_EQ(world["D"].creates, 1);
}

// Goal: G6: whoever shows the first page only, whichever is asked for, has not shown all, unless the total says so. Method: a full page
// by number, three times.
TEST(EndlessWalk, the_first_page_again_is_no_end) {
    for (const bool tells_total : {false, true}) {
        Walk walk{.is_counted = true};
        const std::optional<std::int64_t> total =
            tells_total ? std::optional<std::int64_t>(2) : std::nullopt;
        for (int page = 0; page < 3; ++page) walk.take_page(std::vector<RecordId>{{1}, {2}}, total);
        EXPECT_TRUE(walk.pages.go_nowhere());
        walk.end(true);
        EXPECT_EQ(doubt_of(walk).empty(), tells_total);
    }
}

}  // namespace
}  // namespace entente::test
