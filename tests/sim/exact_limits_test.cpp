// What limits the user of the simulated Exact Online, and the wall clock that it shows: on clocks of several speeds.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "fixture.hpp"
#include "sim/amsterdam.hpp"
#include "sim/exact_limits.hpp"

namespace entente::sim::test {
namespace {

constexpr const char* accounts = "/api/v1/1234567/crm/Accounts";
constexpr const char* no_account =
    "/api/v1/1234567/crm/Accounts(guid'acc00000-0000-4000-8000-000000009999')";
constexpr const char* items = "/api/v1/1234567/logistics/Items";

Answer as_person(Client& client, const std::string& method, const std::string& url,
                 const std::string& body = "") {
    return client.raw({method, url, {{"Authorization", "Bearer people:secret"}}, body});
}

TEST(ExactLimits, sixty_calls_fit_into_a_clock_minute) {
    Client client({.kind = "exact-online"});
    client.now = {1'795'000'020'000};  // 13:47:00
    for (int i = 0; i < 60; ++i) ASSERT_EQ(client.get(accounts).status, 200);
    client.now = client.now + Duration{59'999};
    const Answer refused = client.get(accounts);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("X-RateLimit-Minutely-Limit"), "60");
    EXPECT_EQ(refused.header("X-RateLimit-Minutely-Remaining"), "0");
    EXPECT_EQ(refused.header("X-RateLimit-Minutely-Reset"), "1795000080000");
    EXPECT_EQ(refused.header("X-RateLimit-Limit"), "") << "only what was hit is told";
    EXPECT_EQ(refused.header("Retry-After"), "");
    client.now = client.now + Duration{1};
    const Answer next = client.get(accounts);
    EXPECT_EQ(next.status, 200);
    EXPECT_EQ(next.header("X-RateLimit-Minutely-Remaining"), "59");
    EXPECT_EQ(next.header("X-RateLimit-Remaining"), "4939");
    EXPECT_EQ(next.header("X-RateLimit-Limit"), "5000");
    EXPECT_EQ(next.header("X-RateLimit-Reset"), "1795046400000") << "midnight";
    EXPECT_EQ(*client.stats().find("rejected_429"), Value(1));
}

TEST(ExactLimits, five_thousand_calls_fit_into_a_clock_day) {
    Client client({.kind = "exact-online", .clock = 60});
    client.now = {1'795'046'400'000};
    for (int i = 0; i < 5000; ++i) {
        ASSERT_EQ(client.get(accounts).status, 200);
        client.now = client.now + Duration{20};
    }
    const Answer refused = client.get(accounts);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(refused.header("X-RateLimit-Minutely-Limit"), "");
    const auto reset = std::stoll(refused.header("X-RateLimit-Reset"));
    EXPECT_EQ(reset % (86'400'000 / 60), 0) << "a day of its clock is 24 minutes";
    client.now = {reset};
    EXPECT_EQ(client.get(accounts).status, 200);
}

TEST(ExactLimits, a_faster_clock_has_shorter_minutes) {
    ClockWindow minute(60, Duration{60'000}, 60);
    EXPECT_TRUE(minute.has_room({1'795'000'000'500}));
    EXPECT_EQ(minute.reset(), (Instant{1'795'000'001'000}));
    for (int i = 0; i < 60; ++i) minute.take();
    EXPECT_FALSE(minute.has_room({1'795'000'000'999}));
    EXPECT_FALSE(minute.has_room({1'794'000'000'000})) << "a clock set back opens nothing";
    EXPECT_TRUE(minute.has_room({1'795'000'001'000}));
}

TEST(ExactLimits, more_than_ten_errors_block_the_set_for_an_hour) {
    Client client({.kind = "exact-online", .clock = 60});
    for (int i = 0; i < 11; ++i) {
        ASSERT_EQ(client.get(no_account).status, 404);
        client.now = client.now + Duration{100};
    }
    const Answer blocked = client.get(accounts);
    EXPECT_EQ(blocked.status, 403);
    EXPECT_EQ(blocked.header("Reason"), "BlockedUser");
    EXPECT_EQ(client.get(items).status, 200) << "another set is not blocked";
    EXPECT_EQ(as_person(client, "GET", accounts).status, 200);
    client.now = client.now + Duration{60'000};  // an hour of its clock
    EXPECT_EQ(client.get(accounts).status, 200);
}

TEST(ExactLimits, ten_errors_within_an_hour_are_allowed) {
    Client client({.kind = "exact-online", .clock = 60});
    for (int i = 0; i < 40; ++i) {
        ASSERT_EQ(client.get(no_account).status, 404) << i;
        client.now = client.now + Duration{6'000};
    }
}

TEST(ExactLimits, people_are_neither_counted_nor_blocked) {
    Client client({.kind = "exact-online"});
    for (int i = 0; i < 100; ++i) {
        ASSERT_EQ(as_person(client, "GET", accounts).status, 200);
        ASSERT_EQ(as_person(client, "GET", no_account).status, 404);
    }
    EXPECT_EQ(client.get(accounts).header("X-RateLimit-Minutely-Remaining"), "59");
}

TEST(ExactRights, a_hidden_set_looks_empty_and_cannot_be_written) {
    SimOptions options = exact_options();
    options.no_rights = {"crm/Accounts"};
    Client client(options);
    const std::string rights = "/api/v1/1234567/users/UserHasRights?endpoint='{}'&action='GET'";
    EXPECT_EQ(as_person(client, "POST", accounts, R"({"Name":"Vos"})").status, 201);
    const Answer list = client.get(accounts);
    EXPECT_EQ(list.status, 200);
    EXPECT_EQ(json::write(list.body), R"({"d":{"results":[]}})");
    const std::string one =
        "/api/v1/1234567/crm/Accounts(guid'acc00000-0000-4000-8000-000000000001')";
    EXPECT_EQ(client.get(one).status, 404);
    EXPECT_EQ(client.put(one, "{}").status, 403);
    EXPECT_EQ(client.post(accounts, R"({"Name":"Vos"})").status, 403);
    EXPECT_EQ(as_person(client, "GET", one).status, 200);
    EXPECT_EQ(client.get(fmt::format(fmt::runtime(rights), "crm/Accounts")).at("d.UserHasRights"),
              "false");
    EXPECT_EQ(
        client.get(fmt::format(fmt::runtime(rights), "Logistics/Items")).at("d.UserHasRights"),
        "true");
    EXPECT_EQ(client.get("/api/v1/1234567/users/UserHasRights").status, 400);
}

TEST(ExactRights, a_set_that_there_is_not_is_told) {
    EXPECT_FALSE(make_system({.kind = "exact-online", .no_rights = {"crm/Account"}}).has_value());
    EXPECT_FALSE(make_system({.kind = "custom-erp", .no_rights = {"crm/Accounts"}}).has_value());
    EXPECT_FALSE(make_system({.kind = "exact-online", .again = true}).has_value());
}

Instant at(const char* text) {
    return parse_instant(text).value();
}

TEST(Amsterdam, the_wall_is_an_hour_ahead_in_winter_and_two_in_summer) {
    const std::pair<const char*, const char*> times[] = {
        {"2026-03-29T00:59:59.999Z", "2026-03-29T01:59:59.999Z"},
        {"2026-03-29T01:00:00Z", "2026-03-29T03:00:00Z"},
        {"2026-10-25T00:59:59.999Z", "2026-10-25T02:59:59.999Z"},
        {"2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
        {"2027-03-28T01:00:00Z", "2027-03-28T03:00:00Z"},
        {"2027-10-31T01:00:00Z", "2027-10-31T02:00:00Z"},
        {"2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"},
        {"2026-12-31T23:30:00Z", "2027-01-01T00:30:00Z"}};
    for (const auto& [utc, wall] : times) EXPECT_EQ(wall_time(at(utc)).ms, at(wall).ms) << utc;
}

TEST(Amsterdam, an_hour_that_comes_twice_begins_the_first_time) {
    EXPECT_EQ(earliest_at(*parse_wall_time("2026-10-25T02:30:00")), at("2026-10-25T00:30:00Z"));
    EXPECT_EQ(earliest_at(*parse_wall_time("2026-10-25T03:00:00")), at("2026-10-25T02:00:00Z"));
    EXPECT_EQ(earliest_at(*parse_wall_time("2026-07-01T12:00:00.5")), at("2026-07-01T10:00:00.5Z"));
    EXPECT_EQ(earliest_at(*parse_wall_time("2026-12-01T12:00:00")), at("2026-12-01T11:00:00Z"));
}

TEST(Amsterdam, what_is_no_time_is_none) {
    for (const char* text : {"", "/Date()/", "/Date(1)", "/Date(1x)/", "2026-02-30", "x"}) {
        EXPECT_EQ(parse_day(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_day("/Date(-1)/")->ms, -86'400'000);
    EXPECT_EQ(parse_date_text("/Date(17)/")->ms, 17);
}

}  // namespace
}  // namespace entente::sim::test
