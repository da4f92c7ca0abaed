// Exact decimals: what is read is written back, what does not fit is refused, and arithmetic is
// exact.
#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <string>

namespace entente {
namespace {

Decimal decimal(std::string_view text) {
    Result<Decimal> number = Decimal::parse(text);
    EXPECT_TRUE(number.has_value()) << text;
    return number.value_or(Decimal());
}

std::string error_of(std::string_view text) {
    const Result<Decimal> number = Decimal::parse(text);
    return number ? "accepted as " + number->text() : number.error().text;
}

const std::string digits_36 = "123456789012345678901234567890123456";

TEST(Decimal, an_amount_is_written_back_as_it_was_read) {
    for (const char* text : {"0", "0.10", "0.1", "1234567890123456.78", "-5", "-0.5", "100",
                             "99999999999999999999", "0.00", "18446744073709551615",
                             "18446744073709551616", "9223372036854775808", "-9223372036854775808",
                             "-9223372036854775809", "100000000000000000.000000000000000001"}) {
        EXPECT_EQ(decimal(text).text(), text);
    }
}

TEST(Decimal, an_exponent_is_spread_to_digits) {
    EXPECT_EQ(decimal("1e2").text(), "100");
    EXPECT_EQ(decimal("1E+2").text(), "100");
    EXPECT_EQ(decimal("1.5e1").text(), "15");
    EXPECT_EQ(decimal("1.50e1").text(), "15.0");
    EXPECT_EQ(decimal("15e-3").text(), "0.015");
    EXPECT_EQ(decimal("1e0000000000000000000000000000000000001").text(), "10");
    EXPECT_EQ(decimal("1e40").text(), "1" + std::string(40, '0'));
    EXPECT_EQ(decimal("1e-400").text(), "0." + std::string(399, '0') + "1");
    EXPECT_EQ(decimal("0e5").text(), "0");
}

TEST(Decimal, zero_has_no_sign) {
    EXPECT_EQ(decimal("-0").text(), "0");
    EXPECT_EQ(decimal("-0.00").text(), "0.00");
    EXPECT_EQ(decimal("-0.00"), decimal("0"));
}

TEST(Decimal, thirty_six_digits_are_held_and_one_more_is_refused) {
    EXPECT_EQ(decimal(digits_36).text(), digits_36);
    EXPECT_EQ(decimal("-0." + digits_36).text(), "-0." + digits_36);
    EXPECT_EQ(decimal("0.000" + digits_36).text(), "0.000" + digits_36);
    EXPECT_TRUE(error_of(digits_36 + "7").ends_with("has more than 36 significant digits"));
    EXPECT_TRUE(error_of("0." + digits_36 + "7").ends_with("has more than 36 significant digits"));
    EXPECT_TRUE(
        error_of("1." + std::string(36, '0')).ends_with("has more than 36 significant digits"));
}

TEST(Decimal, a_whole_number_may_end_in_more_zeros_than_that) {
    const std::string text = "1" + std::string(100, '0');
    EXPECT_EQ(decimal(text).text(), text);
    EXPECT_EQ(decimal(text), decimal("1e100"));
}

TEST(Decimal, what_the_grammar_of_json_has_not_is_refused_by_name) {
    for (const char* text :
         {"",    "-",     "+1",  "01.2", "00", "-01", ".5",  "-.5",      "1.",  "1.e2",  "1e",
          "1e+", "1e1.5", "0x1", "1 ",   " 1", "1,5", "NaN", "Infinity", "--1", "1_000", "1.2.3"}) {
        const Result<Decimal> number = Decimal::parse(text);
        ASSERT_FALSE(number.has_value()) << text;
        EXPECT_EQ(number.error().kind, ErrorKind::bad_input);
        EXPECT_EQ(number.error().text, "\"" + std::string(text) + "\" is not a number");
    }
}

TEST(Decimal, an_exponent_beyond_400_is_refused) {
    for (const char* text :
         {"1e401", "1e-401", "1e99999999999999999999", "1e-99999999999999999999"}) {
        EXPECT_TRUE(error_of(text).ends_with("has an exponent beyond 400")) << error_of(text);
    }
    EXPECT_TRUE(error_of("0." + std::string(500, '0')).ends_with("beyond 400"));
}

TEST(Decimal, numbers_compare_by_number) {
    EXPECT_EQ(decimal("0.10"), decimal("0.1"));
    EXPECT_EQ(decimal("1e2"), decimal("100.00"));
    EXPECT_LT(decimal("-1"), decimal("0.5"));
    EXPECT_LT(decimal("-2"), decimal("-1"));
    EXPECT_LT(decimal("0.1"), decimal("0.10000000000000000000000000000000001"));
    EXPECT_LT(decimal("1234567890123456.78"), decimal("1234567890123456.79"));
}

TEST(Decimal, comparison_is_exact_between_very_different_scales) {
    EXPECT_LT(decimal("1e-400"), decimal("1e400"));
    EXPECT_GT(decimal("-1e-400"), decimal("-1e400"));
    EXPECT_GT(decimal("1e-400"), decimal("0"));
    EXPECT_LT(decimal("-1e-400"), decimal("0.000"));
    EXPECT_GT(decimal("1e36"), decimal(std::string(36, '9')));
    EXPECT_LT(decimal("0." + std::string(36, '9')), decimal("1"));
    EXPECT_EQ(decimal("1." + std::string(35, '0')), decimal("1"));
}

TEST(Decimal, rounding_goes_half_away_from_zero) {
    EXPECT_EQ(decimal("0.125").rounded(2).text(), "0.13");
    EXPECT_EQ(decimal("-0.125").rounded(2).text(), "-0.13");
    EXPECT_EQ(decimal("0.124").rounded(2).text(), "0.12");
    EXPECT_EQ(decimal("9.99").rounded(1).text(), "10.0");
    EXPECT_EQ(decimal("-0.4").rounded(0).text(), "0");
    EXPECT_EQ(decimal("1.5").rounded(4).text(), "1.5");
    EXPECT_EQ(decimal("1250").rounded(-2).text(), "1300");
    EXPECT_EQ(decimal("1e-400").rounded(2).text(), "0.00");
    EXPECT_EQ(decimal("0." + std::string(36, '9')).rounded(0).text(), "1");
}

TEST(Decimal, sums_and_products_are_exact) {
    EXPECT_EQ(decimal("0.1").plus(decimal("0.20")).text(), "0.30");
    EXPECT_EQ(decimal("1").minus(decimal("0.01")).text(), "0.99");
    EXPECT_EQ(decimal("0.5").minus(decimal("0.5")).text(), "0.0");
    EXPECT_EQ(decimal("-1").plus(decimal("3")).text(), "2");
    EXPECT_EQ(decimal("19.99").times(decimal("3")).text(), "59.97");
    EXPECT_EQ(decimal("-0.25").times(decimal("0.50")).text(), "-0.1250");
    EXPECT_EQ(decimal("1e30").plus(decimal("1")).text(), "1" + std::string(29, '0') + "1");
    EXPECT_EQ(decimal("1e30").times(decimal("1e30")), decimal("1e60"));
    EXPECT_EQ(decimal("1e300").plus(decimal("0.00")), decimal("1e300"));
    EXPECT_EQ(decimal("1e300").times(decimal("0.00")), Decimal());
    EXPECT_EQ(decimal("1e300").times(decimal("0e-300")), Decimal());
    EXPECT_EQ(decimal(std::string(36, '9')).plus(decimal("1")), decimal("1e36"));
}

TEST(Decimal, a_sum_that_would_need_rounding_ends_the_program) {
    EXPECT_DEATH(static_cast<void>(decimal("1e300").plus(decimal("0.01"))), "broken invariant");
    EXPECT_DEATH(static_cast<void>(decimal(digits_36).times(decimal(digits_36))),
                 "broken invariant");
}

TEST(Decimal, a_whole_number_becomes_an_integer_when_it_fits) {
    EXPECT_EQ(decimal("100.00").to_int(), 100);
    EXPECT_EQ(decimal("-9223372036854775808").to_int(), INT64_MIN);
    EXPECT_EQ(decimal("9223372036854775807").to_int(), INT64_MAX);
    EXPECT_EQ(decimal("1e2").to_int(), 100);
    for (const char* text :
         {"0.5", "9223372036854775808", "-9223372036854775809", "1e40", "1e-9"}) {
        EXPECT_FALSE(decimal(text).to_int().has_value()) << text;
    }
    EXPECT_TRUE(decimal("1e40").is_whole());
    EXPECT_TRUE(decimal("0." + std::string(50, '0')).is_whole());
    EXPECT_FALSE(decimal("1e-50").is_whole());
}

TEST(Decimal, an_integer_is_a_decimal) {
    EXPECT_EQ(Decimal(-42).text(), "-42");
    EXPECT_EQ(Decimal(INT64_MIN).text(), "-9223372036854775808");
    EXPECT_EQ(Decimal().text(), "0");
    EXPECT_EQ(decimal("1.250").decimals(), 3);
    EXPECT_EQ(decimal("1e40").decimals(), 0);
}

}  // namespace
}  // namespace entente
