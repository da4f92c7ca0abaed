// What is wrong with a simulated system at the moment, its clock and its quota.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "connect/budget.hpp"
#include "connect/skew.hpp"
#include "sim/trait_world.hpp"

namespace entente::test {
namespace {

using sim::Traits;
using sync::Outcome;

Traits slow() {
    Traits traits;
    traits.name = "A";
    traits.lag = {2'000};
    traits.visible_after = {5'000};
    return traits;
}

TEST(TraitMood, stale_reads_show_the_oldest_body_that_the_lag_allows) {
    TraitWorld world(slow());
    const std::string id = world.add(R"({"code": "x", "name": "one"})");
    world.now.ms += 60'000;
    world.edit(id, "name", "two");
    world.now.ms += 1'500;
    world.edit(id, "name", "three");
    const auto name_shown = [&] { return *world.read(id).records.front().body.find("name"); };
    EXPECT_EQ(name_shown(), Value("three"));
    world.system.mood.stale = true;
    EXPECT_EQ(name_shown(), Value("one"));
    EXPECT_EQ(world.read(id).records.front().etag, "1");
    EXPECT_EQ(*world.list().front().body.find("name"), Value("one"));
    world.now.ms += 499;
    EXPECT_EQ(name_shown(), Value("one"));
    world.now.ms += 1;
    EXPECT_EQ(name_shown(), Value("two"));
    world.now.ms += 1'500;
    EXPECT_EQ(name_shown(), Value("three"));
}

TEST(TraitMood, a_write_answers_fresh_and_compares_fresh_versions) {
    TraitWorld world(slow());
    world.system.mood.stale = true;
    const std::string id = world.add(R"({"code": "x"})");
    const auto answer = world.update(id, R"({"name": "n"})", "1");
    EXPECT_EQ(*answer.records.front().body.find("name"), Value("n"));
    EXPECT_EQ(world.read(id).records.front().etag, "1");
    EXPECT_EQ(world.update(id, R"({"name": "m"})", "1").outcome, Outcome::precondition_failed);
}

TEST(TraitMood, stale_lists_and_searches_miss_new_records_that_reads_show) {
    TraitWorld world(slow());
    world.system.mood.stale = true;
    const std::string id = world.add(R"({"code": "x"})");
    world.now.ms += 4'999;
    EXPECT_TRUE(world.search("code", "x").records.empty());
    EXPECT_TRUE(world.list().empty());
    EXPECT_EQ(world.read(id).outcome, Outcome::ok);
    world.now.ms += 1;
    EXPECT_EQ(world.search("code", "x").records.size(), 1u);
    EXPECT_EQ(world.list().size(), 1u);
}

TEST(TraitMood, a_removed_record_is_shown_for_the_lag) {
    TraitWorld world(slow());
    world.system.mood.stale = true;
    const std::string id = world.add(R"({"code": "x"})");
    world.now.ms += 60'000;
    world.system.remove("things", id, world.now);
    world.now.ms += 1'999;
    EXPECT_EQ(world.read(id).outcome, Outcome::ok);
    EXPECT_EQ(world.list().size(), 1u);
    EXPECT_EQ(world.update(id, R"({"name": "n"})").outcome, Outcome::not_found);
    world.now.ms += 1;
    EXPECT_EQ(world.read(id).outcome, Outcome::not_found);
    EXPECT_TRUE(world.list().empty());
}

// Whoever reads a feed by row version asks for what is later than the last row it saw, and for nothing else.
TEST(TraitMood, a_stale_feed_by_row_version_skips_nothing) {
    Traits traits = slow();
    traits.feed = Traits::Feed::row_version;
    TraitWorld world(traits);
    world.system.mood.stale = true;
    const std::string old = world.add(R"({"code": "old"})");
    world.now.ms += 60'000;
    world.add(R"({"code": "new"})");
    world.now.ms += 100;
    world.edit(old, "name", "n");
    world.now.ms += 3'000;  // the edit is older than the lag, the record not yet visible
    EXPECT_TRUE(world.list({}, 2).empty());
    world.now.ms += 3'000;
    EXPECT_EQ(world.list({}, 2).size(), 2u);
}

TEST(TraitMood, without_lag_nothing_is_stale) {
    Traits traits;
    traits.name = "A";
    TraitWorld world(traits);
    world.system.mood.stale = true;
    const std::string id = world.add(R"({"code": "x"})");
    world.edit(id, "name", "n");
    EXPECT_EQ(*world.list().front().body.find("name"), Value("n"));
}

TEST(TraitMood, without_rights_lists_are_empty_and_the_question_says_why) {
    Traits traits = slow();
    traits.rights = true;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x"})");
    const sync::RightsCall question{world.resource("things")};
    EXPECT_EQ(world.carry(question).outcome, Outcome::ok);
    world.system.mood.no_rights = true;
    EXPECT_TRUE(world.list().empty());
    EXPECT_EQ(world.carry(question).outcome, Outcome::forbidden);
    EXPECT_EQ(world.search("code", "x").outcome, Outcome::forbidden);
    EXPECT_EQ(world.read(id).outcome, Outcome::forbidden);
    EXPECT_EQ(world.create("things", R"({"code": "y"})").outcome, Outcome::forbidden);
    EXPECT_EQ(world.system.table("things").size(), 1u);
}

TEST(TraitMood, a_drifted_system_shows_notes_as_objects_and_takes_them_so) {
    Traits traits = slow();
    traits.full_update = true;
    TraitWorld world(traits);
    const std::string id = world.add(R"({"code": "x", "note": "typed"})");
    world.system.mood.drifted = true;
    Value body = world.read(id).records.front().body;
    EXPECT_TRUE(body.find("note")->is_object());
    body.set("name", Value("n"));
    EXPECT_EQ(world.update(id, json::write(body)).outcome, Outcome::ok);
    EXPECT_EQ(world.stored(id, "note"), Value("typed"));
}

TEST(TraitMood, a_feed_that_skips_shows_changes_in_no_poll) {
    TraitWorld world(slow());
    const std::string id = world.add(R"({"code": "x"})");
    const Instant cursor = *world.read(id).records.front().modified;
    world.now.ms += 60'000;
    world.system.mood.skips_feed = true;
    world.edit(id, "name", "n");
    world.add(R"({"code": "y"})");
    EXPECT_EQ(world.list(cursor + Duration{1}).size(), 0u);
    world.now.ms += 60'000;
    const auto edited = world.read(id).records.front();
    EXPECT_EQ(edited.etag, "2");
    EXPECT_EQ(*edited.body.find("name"), Value("n"));
    EXPECT_EQ(edited.modified, cursor);
    EXPECT_EQ(world.list().size(), 2u);
}

TEST(TraitMood, early_stamps_are_before_the_true_time) {
    TraitWorld world(slow());
    world.system.mood.early_stamps = true;
    const std::string id = world.add(R"({"code": "x"})");
    EXPECT_EQ(*world.read(id).records.front().modified, world.now - Duration{3'000});
}

// Goal: a ring hides the last page and names no end; once the mood has passed the same cursor leads on truly.
TEST(TraitMood, pages_in_a_ring_name_no_end) {
    Traits traits = slow();
    traits.paging = Traits::Paging::cursor;
    traits.page_size = 2;
    TraitWorld world(traits);
    for (const char* code : {"x", "y", "z"})
        world.add(R"({"code": ")" + std::string(code) + R"("})");
    world.system.mood.pages = sim::Mood::Pages::ring;
    const auto ring = world.send("GET", "/things?size=2").body;
    EXPECT_TRUE(ring.contains(R"("next":"-1.")")) << ring;
    EXPECT_FALSE(ring.contains(R"("z")"));
    EXPECT_TRUE(world.send("GET", "/things?size=2&cursor=-1.").body.contains(R"("next":"-2.")"));
    world.system.mood.pages = sim::Mood::Pages::empty;
    const auto empty = world.send("GET", "/things?size=2&cursor=-1.~1").body;
    EXPECT_TRUE(empty.contains(R"("data":[])")) << empty;
    EXPECT_TRUE(empty.contains(R"("next":"-1.~2")")) << empty;
    EXPECT_EQ(world.system.counts().empty_in_a_row, 2);
    world.system.mood.pages = sim::Mood::Pages::honest;
    EXPECT_TRUE(world.send("GET", "/things?size=2&cursor=-1.~2").body.contains(R"("y")"));
}

TEST(TraitClock, is_told_in_whole_seconds) {
    Traits traits = slow();
    traits.skew = {90'700};
    TraitWorld world(traits);
    const auto response = world.send("GET", "/things");
    const auto date = parse_http_date(http::find(response.headers, "Date").value_or(""));
    ASSERT_TRUE(date);
    EXPECT_EQ(*date, Instant{world.now.ms + 90'000});
}

TEST(TraitQuota, too_many_requests_are_refused_until_the_window_ends) {
    for (const bool tells : {true, false}) {
        Traits traits = slow();
        traits.quota = 3;
        traits.tells_wait = tells;
        TraitWorld world(traits);
        for (int i = 0; i < 3; ++i) EXPECT_EQ(world.send("GET", "/things").status, 200);
        const auto refused = world.send("GET", "/things");
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(http::find(refused.headers, "Retry-After"),
                  tells ? std::optional<std::string_view>("10") : std::nullopt);
        EXPECT_EQ(world.system.counts().throttled, 1);
        EXPECT_EQ(world.system.in_window(world.now), 4);
        world.now.ms += 10'000;
        EXPECT_EQ(world.system.in_window(world.now), 0);
        EXPECT_EQ(world.send("GET", "/things").status, 200);
    }
}

// Whatever its clock says: who keeps the declared quota, and believes what is told of it, is never refused.
TEST(TraitQuota, who_keeps_the_declared_quota_is_never_refused) {
    for (const std::int64_t skew : {0, 700, 1'900, -1'900, 2'100, -2'100, 61'234, -400'000}) {
        Traits traits = slow();
        traits.quota = 5;
        traits.skew = {skew};
        TraitWorld world(traits);
        world.now.ms += 4'321;
        const auto loaded = load({traits});
        connect::Budget budget(
            connect::budget_limits(loaded.workspace->system(SystemIndex{0}).rest), world.now);
        connect::Skew clock;
        for (int i = 0; i < 200; ++i) {
            world.now = std::max(world.now, budget.next_slot(world.now));
            budget.sent(world.now);
            const Instant began = world.now;
            world.now.ms += 40;
            const auto response = world.send("GET", "/things");
            world.now.ms += 40;
            clock.seen(response.headers, began, world.now);
            budget.clock_is_off(clock.estimate());
            budget.answered(world.now, response);
        }
        EXPECT_EQ(world.system.counts().throttled, 0) << "skew " << skew;
        const Duration took = world.now - Instant{1'800'000'000'000};
        EXPECT_LT(took.ms, 200 / 5 * 14'000) << "the quota can be used";
    }
}

}  // namespace
}  // namespace entente::test
