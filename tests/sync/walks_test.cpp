// Lists whose pages lie: an order with ties shows one row twice and hides another, rows shift while pages are counted, a list has no
// end (docs/decisions/0022). And searches before and after creates, by every match rule (0023). G6, G12, G16.
#include <gmock/gmock.h>

#include "sync/walk.hpp"
#include "sync/world.hpp"

namespace entente::test {
namespace {

using ::testing::HasSubstr;

constexpr const char* plain_connector = "catalog/connectors/plain/connector.yaml";
constexpr const char* plain_things = "catalog/connectors/plain/things.yaml";

// A lists its things by number of page, three on each.
std::vector<model::SourceFile> counted() {
    return small_catalog_where(plain_connector, "update: {verb: PATCH}",
                               "paging: {kind: page, page: page}\nupdate: {verb: PATCH}");
}

std::vector<model::SourceFile> counted_and_unsearchable() {
    auto catalog = counted();
    for (auto& file : catalog) {
        if (file.path != plain_things) continue;
        const std::string create =
            "{grade: searchable, search: [code, email], visible_after: 1s, late_execution: 2s}";
        file.text.replace(file.text.find(create), create.size(), "{grade: none}");
    }
    return catalog;
}

class Walks : public ::testing::Test {
protected:
    explicit Walks(std::vector<model::SourceFile> catalog = counted())
        : world(small_workspace(), std::move(catalog)) {}

    World world;
    int lies = 0;  // sweeps of A's things whose last row is the first once more
    std::optional<SeenRecord> first;

    void both_hold(int things) {
        for (int i = 1; i <= things; ++i)
            for (const char* system : {"A", "B"}) {
                const std::string n = std::to_string(i);
                world.add(system, "things", R"({"code":"T)" + n + R"(","name":"one"})");
            }
        world.pass(60'000);  // long ago: no poll shows them
    }
    bool is_sweep_of_things(const Effect& effect) {
        return effect.purpose == Purpose::page && effect.sweep && is_of_things(effect) &&
               !std::get<ListCall>(effect.call).since;
    }
    bool is_of_things(const Effect& effect) {
        return effect.system == world["A"].index &&
               world.workspace().resource(resource_of(effect.call)).name == "things";
    }
    void lie(int times) {
        lies = times;
        world.tamper = [this](const Effect& effect, Answer& answer) {
            if (!is_sweep_of_things(effect) || answer.records.empty()) return;
            if (std::get<ListCall>(effect.call).cursor.empty()) first = answer.records.front();
            if (!answer.next.empty() || lies <= 0) return;
            --lies;
            answer.records.back() = *first;
        };
    }
    FeedState feed() {
        for (const FeedState& feed : world.store()->feeds()) {
            const auto& resource = world.workspace().resource(feed.resource);
            if (resource.name == "things" && resource.system == world["A"].index) return feed;
        }
        return {};
    }
};

class BlindWalks : public Walks {
protected:
    BlindWalks() : Walks(counted_and_unsearchable()) {}
};

// Its pages go by a cursor.
class WalksByCursor : public Walks {
protected:
    WalksByCursor() : Walks(small_catalog()) {}
};

// Goal: G6 where an order with ties shows one row on two pages and another on none. Method: both sides hold the same things; the
// first walk shows one of them twice.
TEST_F(Walks, what_a_doubled_row_hides_is_not_made_again) {
    both_hold(4);
    lie(1);
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 4u);
    EXPECT_EQ(world.count("B", "things"), 4u);
    EXPECT_EQ(world["A"].creates + world["B"].creates, 0);
    EXPECT_EQ(feed().doubtful_walks, 0);
    EXPECT_EQ(feed().doubt, "");
    EXPECT_EQ(world.notices[Notice::Kind::doubted], 0);
}

// Goal: a list that lies each time keeps nobody out, and what it hides is found by search. Method: every walk is in doubt.
TEST_F(Walks, a_list_that_lies_each_time_joins_and_its_creates_are_searched_for) {
    both_hold(4);
    world.add("B", "things", R"({"code":"T5","name":"only here"})");
    lie(1'000);
    world.sweep();
    EXPECT_EQ(feed().doubtful_walks, 3);
    EXPECT_THAT(feed().doubt, HasSubstr("came twice"));
    EXPECT_EQ(world.notices[Notice::Kind::doubted], 1);
    EXPECT_GT(world["A"].searches, 0);
    EXPECT_EQ(world["A"].creates, 1);
    EXPECT_EQ(world.count("A", "things"), 5u);
    EXPECT_EQ(world.count("B", "things"), 5u);
    world.crash();
    EXPECT_EQ(feed().doubtful_walks, 3);
    world.sweep();
    EXPECT_EQ(world["A"].creates, 1);
    lies = 0;
    world.sweep();
    EXPECT_EQ(feed().doubtful_walks, 0);
    EXPECT_EQ(feed().doubt, "");
    EXPECT_EQ(world.count("A", "things"), 5u);
}

// Goal: where nobody can be asked, a create waits with words until a walk is without doubt. Method: no search; every walk lies for
// a while.
TEST_F(BlindWalks, what_cannot_be_searched_for_waits_for_a_walk_without_doubt) {
    both_hold(4);
    world.add("B", "things", R"({"code":"T5","name":"only here"})");
    lie(3);
    world.sweep();
    EXPECT_EQ(world["A"].creates, 0);
    const auto waiting =
        world.store()->dirty_waiting(world.workspace().find_data_type("A.Thing"), 10);
    ASSERT_EQ(waiting.size(), 2u);
    EXPECT_THAT(waiting[0].why, HasSubstr("cannot be searched for"));
    world.sweep();
    EXPECT_EQ(world["A"].creates, 0)
        << "this one showed what the lies had hidden, and may hide more";
    world.sweep();
    EXPECT_EQ(world["A"].creates, 1);
    EXPECT_EQ(world.count("A", "things"), 5u);
    EXPECT_EQ(world.count("B", "things"), 5u);
}

// Goal: a row that is put in before shifts the last of a page to the next one: that is no doubt. Method: a person adds one between
// two pages; a poll shows it.
TEST_F(Walks, a_new_row_explains_that_another_came_twice) {
    both_hold(4);
    world["A"].next_id = 10;  // stands behind 1
    bool added = false;
    world.tamper = [&](const Effect& effect, Answer&) {
        if (!is_sweep_of_things(effect) || std::exchange(added, true)) return;
        world.pass(10);
        world.add("A", "things", R"({"code":"T9","name":"new"})");
    };
    world.sweep();
    EXPECT_EQ(feed().doubtful_walks, 0);
    EXPECT_THAT(feed().doubt, HasSubstr("explains"));
    EXPECT_EQ(world.count("A", "things"), 5u);
    EXPECT_EQ(world.count("B", "things"), 5u);
    // Until a walk is without doubt what is to be created is searched for.
    world.add("B", "things", R"({"code":"T6","name":"later"})");
    world.poll();
    EXPECT_GT(world["A"].searches, 0);
    world.sweep();
    EXPECT_EQ(feed().doubt, "");
    const int searches = world["A"].searches;
    world.add("B", "things", R"({"code":"T7","name":"later still"})");
    world.poll();
    EXPECT_EQ(world.count("A", "things"), 7u);
    // Of more than a page of counted rows nothing tells the total.
    EXPECT_EQ(world["A"].searches, searches);
}

// Goal: an edited row that came twice has left a place before, and what stood behind it slipped past. Method: the sweep shows a row
// twice, edited meanwhile, and hides one.
TEST_F(Walks, an_edited_row_that_came_twice_explains_nothing_where_pages_are_counted) {
    both_hold(4);
    bool edited = false;
    lie(1);
    const auto lying = world.tamper;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        lying(effect, answer);
        if (!is_sweep_of_things(effect) || std::exchange(edited, true)) return;
        world.pass(10);
        world.edit("A", "things", "1", "note", Value("typed"));
    };
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 4u);
    EXPECT_EQ(world["A"].creates, 0);
}

// Goal: G12: what a walk in doubt does not show is not missing by it. Method: all is linked; then every walk hides a row.
TEST_F(Walks, nothing_is_gone_by_a_walk_in_doubt) {
    both_hold(4);
    world.sweep();
    int checks = 0;
    lie(1'000);
    const auto lying = world.tamper;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        lying(effect, answer);
        checks += effect.purpose == Purpose::check;
    };
    const Instant before = feed().swept_at;
    world.sweep();
    EXPECT_EQ(checks, 0);
    EXPECT_GT(feed().swept_at, before);  // the third one counts
    EXPECT_EQ(world.notices[Notice::Kind::gone], 0);
    lies = 0;
    world.remove("A", "things", "4");
    world.sweep();
    EXPECT_EQ(world.notices[Notice::Kind::gone], 1);
}

// Goal: a total tells what no doubled row does. Method: the pages tell of one more than they show, once.
TEST_F(Walks, fewer_rows_than_the_total_put_a_walk_in_doubt) {
    both_hold(4);
    bool hidden = false;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (!is_sweep_of_things(effect)) return;
        answer.total = 4;
        if (answer.next.empty() && !std::exchange(hidden, true)) answer.records.clear();
    };
    world.sweep();
    EXPECT_TRUE(hidden);
    EXPECT_EQ(world.count("A", "things"), 4u);
    EXPECT_EQ(world["A"].creates, 0);
    EXPECT_EQ(feed().doubt, "");
}

// Goal: a list without end ends, and is told. Method: each page names one more.
TEST_F(WalksByCursor, pages_in_a_ring_end_and_are_told) {
    both_hold(2);
    int pages = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (!is_of_things(effect) || effect.purpose != Purpose::page || !effect.sweep) return;
        if (++pages < 500) answer.next = pages % 2 == 0 ? "0" : "00";
    };
    world.sweep();
    EXPECT_LT(pages, 20);
    EXPECT_EQ(world.notices[Notice::Kind::doubted], 1);
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world["A"].creates, 0);
}

// Goal: G3: an edit behind the page that a poll is at is met by the next one. Method: all was edited; after the first page of the
// poll somebody edits a record of it, and a later one that comes on the second page.
TEST_F(WalksByCursor, an_edit_behind_the_page_of_a_poll_is_met_by_the_next) {
    both_hold(5);
    world.sweep();
    for (const char* id : {"1", "2", "3", "4", "5"})
        world.edit("A", "things", id, "note", Value("first"));
    bool edited = false;
    world.tamper = [&](const Effect& effect, Answer&) {
        const bool is_poll = effect.purpose == Purpose::page && is_of_things(effect) &&
                             std::get<ListCall>(effect.call).since;
        if (!is_poll || std::exchange(edited, true)) return;
        world.pass(60'000);
        world.edit("A", "things", "1", "note", Value("behind"));
        world.pass(60'000);
        world.edit("A", "things", "5", "note", Value("ahead"));
    };
    world.poll();
    EXPECT_EQ(world.value("B", "things", "5", "note"), Value("ahead"));
    world.poll();
    EXPECT_EQ(world.value("B", "things", "1", "note"), Value("behind"));
}

Walk counted_walk(std::vector<std::pair<std::vector<RecordId>, std::int64_t>> pages) {
    Walk walk{.is_counted = true};
    for (const auto& [rows, total] : pages) walk.take_page(rows, total);
    walk.end(false);
    return walk;
}

// Goal: a record that came before the last page explains a doubled row: the total has grown by it.
TEST(Explained, a_row_that_came_twice_is_by_a_new_one_that_is_counted) {
    const Walk walk = counted_walk({{{{1}, {2}}, 3}, {{{2}, {3}}, 4}});
    Walk poll{.is_counted = true};
    poll.take_page(std::vector<RecordId>{{4}}, std::nullopt);
    EXPECT_NE(doubt_of(walk), "");
    EXPECT_TRUE(is_explained(walk, poll, {RecordId{4}}));
}

// Goal: G6: one that came after the last page is not among those that it told of, and hides none that was passed over.
TEST(Explained, a_row_that_was_passed_over_is_not_by_one_that_came_later) {
    const Walk walk = counted_walk({{{{1}, {2}}, 3}, {{{1}}, 3}});
    Walk poll{.is_counted = true};
    poll.take_page(std::vector<RecordId>{{4}}, std::nullopt);
    EXPECT_FALSE(is_explained(walk, poll, {RecordId{4}}));
}

// Goal: behind its end some lists show their last page again; that is no doubt. Method: pages by number that do.
TEST_F(Walks, the_last_page_again_is_the_end) {
    both_hold(6);
    int pages = 0;
    std::vector<SeenRecord> last;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        if (!is_sweep_of_things(effect)) return;
        ++pages;
        if (answer.records.empty()) answer.records = last;
        last = answer.records;
        answer.next = std::to_string(3 * pages);
    };
    world.sweep();
    EXPECT_EQ(pages, 4);
    EXPECT_EQ(feed().doubt, "");
    EXPECT_EQ(world.notices[Notice::Kind::doubted], 0);
}

// Goal: G6: a lost create is looked for by every rule. Method: ours was not executed, and meanwhile a person types the thing with the
// same e-mail address and another code.
TEST_F(Walks, a_lost_create_is_looked_for_by_every_match_rule) {
    world.sweep();
    world["A"].fates = {Fate::request_lost};
    world.add("B", "things", R"({"code":"T1","mail":"a@x.no","name":"one"})");
    bool made = false;
    world.meanwhile = [&] {
        if (made || !world.is_planned("A", Purpose::probe)) return;
        made = true;
        world.add("A", "things", R"({"code":"OWN","email":"a@x.no","name":"one"})");
    };
    world.poll();
    world.meanwhile = nullptr;
    ASSERT_TRUE(made);
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 1u);
    EXPECT_EQ(world["A"].creates, 0);
}

// Goal: the same where ours was executed: it is ours. Method: both are there when we look.
TEST_F(Walks, our_own_is_told_from_what_a_later_rule_finds) {
    world.sweep();
    world["A"].fates = {Fate::reply_lost};
    world.add("B", "things", R"({"code":"T1","mail":"a@x.no","name":"one"})");
    bool made = false;
    world.meanwhile = [&] {
        if (made || !world.is_planned("A", Purpose::probe)) return;
        made = true;
        world.add("A", "things", R"({"code":"OWN","email":"a@x.no","name":"hers"})");
    };
    world.poll();
    world.meanwhile = nullptr;
    ASSERT_TRUE(made);
    world.sweep();
    EXPECT_EQ(world["A"].creates, 1);
    EXPECT_EQ(world.count("B", "things"), 2u)
        << "hers is another thing: only the address is shared";
    EXPECT_EQ(world.value("B", "things", "1", "name"), Value("one"));
}

// D can be asked for one of several things at once, or not.
std::vector<model::SourceFile> silent_catalog(bool is_joined) {
    auto catalog = small_catalog_where("catalog/connectors/silent/things.yaml", "search: [code]",
                                       "search: {code: {parameter: q, value: \"code eq "
                                       "'{value}'\"}}");
    for (auto& file : catalog)
        if (is_joined && file.path == "catalog/connectors/silent/connector.yaml")
            file.text += "list: {search_any: one_field}\n";
    return catalog;
}

// Goal: G16: what is to be created is searched for many at once where the system can. Method: five things, with and without.
TEST(Looks, many_are_asked_about_at_once_where_the_system_can) {
    for (const bool is_joined : {true, false}) {
        World world{small_workspace("", "silent"), silent_catalog(is_joined)};
        world.sweep();
        for (int i = 1; i <= 4; ++i)
            world.add("A", "things", R"({"code":"T)" + std::to_string(i) + R"(","name":"one"})");
        world.poll();
        EXPECT_EQ(world["D"].creates, 4);
        // A step has room for two, and looks for those that it knows of by then.
        EXPECT_EQ(world["D"].searches < 4, is_joined);
    }
}

// Goal: a look that is lost or refused keeps nobody back for ever. Method: the process dies after each step in turn; a search fails.
TEST(Looks, a_look_that_is_lost_is_made_again) {
    for (int steps = 1; steps < 40; ++steps) {
        World world{small_workspace("", "silent"), silent_catalog(true)};
        world.sweep();
        world.add("A", "things", R"({"code":"T1","name":"one"})");
        world.crash_after(steps);
        world.poll();
        world.poll();
        EXPECT_EQ(world.count("D", "things"), 1u) << steps;
        EXPECT_EQ(world["D"].creates, 1) << steps;
    }
}

TEST(Looks, a_search_that_fails_holds_up_no_other) {
    World world{small_workspace("", "silent"), silent_catalog(true)};
    world.sweep();
    int refused = 0;
    world.tamper = [&](const Effect& effect, Answer& answer) {
        const auto* search = std::get_if<SearchCall>(&effect.call);
        if (effect.purpose != Purpose::search || !search) return;
        const auto asks_for_t1 = [](const SearchTerms& terms) {
            return terms.front().second == Value("T1");
        };
        if (!asks_for_t1(search->equals) && std::ranges::none_of(search->others, asks_for_t1))
            return;
        if (++refused > 3) return;
        answer = {};
        answer.outcome = Outcome::rejected;
        answer.message = "no such filter";
    };
    for (int i = 1; i <= 3; ++i)
        world.add("A", "things", R"({"code":"T)" + std::to_string(i) + R"(","name":"one"})");
    world.poll();
    EXPECT_EQ(world["D"].creates, 3);
    EXPECT_EQ(refused, 4);
}

// Goal: what a person has typed is found by the look and linked. Method: it comes after the last list.
TEST(Looks, what_is_found_is_linked) {
    World world{small_workspace("", "silent"), silent_catalog(true)};
    world.sweep();
    bool typed = false;
    world.meanwhile = [&] {
        if (typed || !world.is_planned("D", Purpose::search)) return;
        typed = true;
        world.add("D", "things", R"({"code":"T1","name":"one"})");
    };
    world.add("A", "things", R"({"code":"T1","name":"one"})");
    world.poll();
    EXPECT_TRUE(typed);
    EXPECT_EQ(world.count("D", "things"), 1u);
    EXPECT_EQ(world["D"].creates, 0);
}

}  // namespace
}  // namespace entente::test
