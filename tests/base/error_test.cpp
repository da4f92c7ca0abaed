// Errors are values with a kind and a place; broken invariants end the program.
#include "base/error.hpp"

#include <gtest/gtest.h>

namespace entente {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0) return fail(ErrorKind::rejected, "odd", "half");
    return n / 2;
}

Result<int> quarter(int n) {
    TRY(const int once, half(n));
    TRY_VOID(half(once));
    return once / 2;
}

TEST(Error, the_place_comes_before_the_text) {
    EXPECT_EQ((Error{ErrorKind::bad_input, "unknown key", "entente.yaml:12:5"}.message()),
              "entente.yaml:12:5: unknown key");
    EXPECT_EQ((Error{ErrorKind::bad_input, "unknown key", ""}.message()), "unknown key");
}

TEST(Error, an_error_passes_through_at_once) {
    EXPECT_EQ(quarter(8), 2);
    ASSERT_FALSE(quarter(7).has_value());
    EXPECT_EQ(quarter(7).error().kind, ErrorKind::rejected);
    EXPECT_EQ(quarter(6).error().message(), "half: odd");
}

TEST(Error, a_kind_has_a_name) {
    EXPECT_EQ(name_of(ErrorKind::unknown_outcome), "unknown_outcome");
    EXPECT_EQ(name_of(ErrorKind::busy), "busy");
}

TEST(Error, a_broken_invariant_ends_the_program_and_says_why) {
    EXPECT_DEATH(CHECK(1 + 1 == 3, "arithmetic holds"),
                 "broken invariant: arithmetic holds .1 . 1 == 3");
}

}  // namespace
}  // namespace entente
