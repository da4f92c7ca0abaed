// Quotas, their headers and the factory's refusals.
#include <gtest/gtest.h>

#include "fixture.hpp"
#include "sim/quota.hpp"

namespace entente::sim::test {
namespace {

TEST(Quota, a_full_bucket_empties_and_refills_evenly) {
    Quota quota(60, 1);
    const Instant start{1'000'000};
    for (int i = 0; i < 60; ++i) EXPECT_TRUE(quota.take(start));
    EXPECT_FALSE(quota.take(start));
    EXPECT_FALSE(quota.take(start + Duration{999}));
    EXPECT_TRUE(quota.take(start + Duration{1000}));
    EXPECT_FALSE(quota.take(start + Duration{1000}));
    EXPECT_EQ(quota.seconds_until_full(), 60);
    EXPECT_EQ(quota.seconds_until_one(), 1);
    // Idle time fills it, but never above the limit; a clock set back takes nothing away.
    EXPECT_TRUE(quota.take(start + Duration{86'400'000}));
    EXPECT_EQ(quota.remaining(), 59);
    EXPECT_TRUE(quota.take(start));
    EXPECT_EQ(quota.remaining(), 58);
}

TEST(Quota, a_faster_clock_refills_faster) {
    Quota quota(60, 60);
    for (int i = 0; i < 60; ++i) EXPECT_TRUE(quota.take({0}));
    EXPECT_FALSE(quota.take({16}));
    EXPECT_TRUE(quota.take({17}));
    EXPECT_EQ(quota.seconds_until_full(), 1);
}

TEST(Limits, every_answer_tells_the_quota_and_a_429_when_to_come_back) {
    for (const auto& [kind, limit] :
         {std::pair("custom-webshop", 1200), std::pair("custom-erp", 1800)}) {
        Client client({.kind = kind});
        const std::string url = std::string(kind) == "custom-erp" ? "/v1/orders" : "/api/orders";
        const Answer first = client.get(url);
        EXPECT_EQ(first.header("X-RateLimit-Limit"), std::to_string(limit));
        EXPECT_EQ(first.header("X-RateLimit-Remaining"), std::to_string(limit - 1));
        EXPECT_EQ(first.header("X-RateLimit-Reset"), "1");
        EXPECT_EQ(first.header("X-Sim-Clock"), "");
        for (int i = 1; i < limit; ++i) EXPECT_EQ(client.get(url).status, 200);
        const Answer refused = client.post(url, "{}");
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(refused.header("Retry-After"), "1");
        EXPECT_EQ(refused.header("X-RateLimit-Remaining"), "0");
        EXPECT_EQ(refused.header("X-RateLimit-Reset"), "60");
        EXPECT_EQ(*client.stats().find("rejected_429"), Value(1));
        client.now = client.now + Duration{60};
        EXPECT_EQ(client.get(url).status, 200);
    }
}

TEST(Limits, calls_without_login_use_up_no_quota) {
    Client client({.kind = "custom-erp"});
    client.get("/v1/orders");
    for (int i = 0; i < 10; ++i) client.raw({"GET", "/v1/orders", {}, ""});
    EXPECT_EQ(client.get("/v1/orders").header("X-RateLimit-Remaining"), "1798");
}

TEST(Limits, a_faster_clock_is_told_in_a_header) {
    Client client({.kind = "custom-webshop", .clock = 60});
    EXPECT_EQ(client.get("/api/orders").header("X-Sim-Clock"), "60");
    EXPECT_EQ(*client.stats().find("quota"), Value(72'000));
}

TEST(Factory, impossible_options_are_refused_with_what_is_possible) {
    const auto refusal = [](const SimOptions& options) {
        const auto made = make_system(options);
        if (made) return std::string("made");
        EXPECT_EQ(made.error().kind, ErrorKind::bad_input);
        return made.error().text;
    };
    const std::string unknown = refusal({.kind = "shopify"});
    EXPECT_NE(unknown.find("custom-webshop, custom-erp"), std::string::npos) << unknown;
    EXPECT_NE(refusal({.kind = "custom-erp", .records = -1}), "made");
    EXPECT_NE(refusal({.kind = "custom-erp", .clock = 0}), "made");
    EXPECT_NE(refusal({.kind = "custom-erp", .credential = ""}), "made");
}

}  // namespace
}  // namespace entente::sim::test
