// Themes (src/world/draw_themes.hpp): what they bring together does happen, and what they are not about stays as it is.
#include <gtest/gtest.h>

#include <algorithm>

#include "world/draw_themes.hpp"
#include "world/scenario.hpp"
#include "world/world.hpp"

namespace entente::world {
namespace {

bool is_ambiguous(const Script& script) {
    return !World(script).play().sight.held_up.empty();
}

TEST(Theme, a_seed_in_seven_has_one_and_always_the_same) {
    int themes = 0;
    for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
        const auto script = draw_theme(seed);
        if (!script) continue;
        ++themes;
        EXPECT_EQ(print_scenario(*draw_theme(seed)), print_scenario(*script));
    }
    EXPECT_GT(themes, 110);
    EXPECT_LT(themes, 220);
}

TEST(Theme, a_record_that_matches_two_things_waits_and_so_do_they) {
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        const auto script = draw_theme(seed);
        const bool is_late_join =
            script && script->at_first < static_cast<int>(script->systems.size());
        if (!is_late_join) continue;
        EXPECT_TRUE(is_ambiguous(*script)) << "seed " << seed;
        EXPECT_TRUE(World(*script).play().verdict.violations().empty()) << "seed " << seed;
        return;
    }
    FAIL() << "none of these seeds has that theme";
}

}  // namespace
}  // namespace entente::world
