// Random streams are the same for ever: a recorded seed must replay on every machine.
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <array>

namespace entente {
namespace {

TEST(Random, a_stream_gives_the_same_numbers_for_ever) {
    Random random(42, "faults");
    EXPECT_EQ(random.next(), 645824013202047478u);
    EXPECT_EQ(random.next(), 17462519733170158726u);
    EXPECT_EQ(random.below(1000), 969u);
    EXPECT_EQ(random.between(-5, 5), -1);
    EXPECT_EQ(Random(0, "").next(), 2173012722847780656u);
}

TEST(Random, streams_of_one_seed_and_seeds_of_one_stream_differ) {
    EXPECT_NE(Random(1, "a").next(), Random(1, "b").next());
    EXPECT_NE(Random(1, "a").next(), Random(2, "a").next());
}

TEST(Random, drawing_from_one_stream_does_not_shift_another) {
    Random first(7, "first");
    Random second(7, "second");
    const std::uint64_t expected = Random(7, "second").next();
    for (int i = 0; i < 100; ++i) first.next();
    EXPECT_EQ(second.next(), expected);
}

TEST(Random, numbers_below_a_limit_are_even) {
    Random random(1, "dice");
    std::array<int, 6> thrown{};
    for (int i = 0; i < 60'000; ++i) ++thrown[random.below(6)];
    for (const int times : thrown) EXPECT_NEAR(times, 10'000, 500);
    EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, both_ends_of_a_range_are_drawn) {
    Random random(1, "range");
    bool is_low_seen = false;
    bool is_high_seen = false;
    for (int i = 0; i < 1000; ++i) {
        const std::int64_t drawn = random.between(-2, 2);
        ASSERT_GE(drawn, -2);
        ASSERT_LE(drawn, 2);
        is_low_seen |= drawn == -2;
        is_high_seen |= drawn == 2;
    }
    EXPECT_TRUE(is_low_seen && is_high_seen);
    EXPECT_EQ(random.between(3, 3), 3);
    static_cast<void>(random.between(INT64_MIN, INT64_MAX));
}

TEST(Random, chance_is_in_percent) {
    Random random(1, "chance");
    int hits = 0;
    for (int i = 0; i < 10'000; ++i) hits += random.chance(30) ? 1 : 0;
    EXPECT_NEAR(hits, 3000, 200);
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(100));
}

TEST(Random, a_draw_from_nothing_ends_the_program) {
    Random random(1, "nothing");
    EXPECT_DEATH(static_cast<void>(random.below(0)), "broken invariant");
    EXPECT_DEATH(static_cast<void>(random.between(1, 0)), "broken invariant");
}

}  // namespace
}  // namespace entente
