// How long a clock that jumps again and again is left alone.
#include "run/jump_pause.hpp"

#include <gtest/gtest.h>

namespace entente::run {
namespace {

constexpr Duration minute{60'000};
constexpr Duration day{86'400'000};

TEST(JumpPause, the_first_jump_is_followed_at_once) {
    EXPECT_EQ(JumpPause().after(minute), Duration{0});
}

TEST(JumpPause, each_further_one_is_followed_later_up_to_an_hour) {
    JumpPause pause;
    EXPECT_EQ(pause.after(minute), Duration{0});
    EXPECT_EQ(pause.after(minute), Duration{10'000});
    EXPECT_EQ(pause.after(minute), Duration{20'000});
    EXPECT_EQ(pause.after(minute), Duration{40'000});
    for (int jumps = 0; jumps < 20; ++jumps) EXPECT_LE(pause.after(minute), Duration{3'600'000});
    EXPECT_EQ(pause.after(minute), Duration{3'600'000});
}

TEST(JumpPause, a_clock_that_was_right_for_long_is_followed_at_once_again) {
    JumpPause pause;
    for (int jumps = 0; jumps < 20; ++jumps) pause.after(minute);
    EXPECT_EQ(pause.after(day), Duration{0});
}

}  // namespace
}  // namespace entente::run
