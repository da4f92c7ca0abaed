// Laws of Decimal over random numbers, judged by 128-bit integers of one scale.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "base/decimal.hpp"

namespace entente {
namespace {

__extension__ typedef __int128 Int128;

struct Sample {
    std::int64_t coefficient;
    int exponent;

    std::string text() const {
        return std::to_string(coefficient) + "e" + std::to_string(exponent);
    }
    Decimal decimal() const { return *Decimal::parse(text()); }
    // In units of 10^-8.
    Int128 units() const {
        Int128 n = coefficient;
        for (int i = -8; i < exponent; ++i) n *= 10;
        return n;
    }
};

Sample sample() {
    return {*rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000),
            *rc::gen::inRange(-8, 9)};
}

int sign(std::strong_ordering order) {
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}
int sign(Int128 n) {
    return n < 0 ? -1 : n > 0 ? 1 : 0;
}

RC_GTEST_PROP(DecimalLaw, what_text_prints_parse_accepts_as_the_same, ()) {
    const Decimal number = sample().decimal();
    const Result<Decimal> again = Decimal::parse(number.text());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == number);
    RC_ASSERT(again->text() == number.text());
}

RC_GTEST_PROP(DecimalLaw, order_is_the_order_of_the_numbers, ()) {
    const Sample a = sample();
    const Sample b = sample();
    RC_ASSERT(sign(a.decimal() <=> b.decimal()) == sign(a.units() - b.units()));
}

RC_GTEST_PROP(DecimalLaw, more_zeros_change_the_text_but_not_the_number, ()) {
    const Decimal number = *Decimal::parse(std::to_string(sample().coefficient) + ".5");
    const Decimal longer =
        *Decimal::parse(number.text() + std::string(*rc::gen::inRange(0, 15), '0'));
    RC_ASSERT(longer == number);
}

RC_GTEST_PROP(DecimalLaw, what_is_added_can_be_taken_away, ()) {
    const Decimal a = sample().decimal();
    const Decimal b = sample().decimal();
    RC_ASSERT(a.plus(b).minus(b) == a);
    RC_ASSERT(a.plus(b) == b.plus(a));
}

RC_GTEST_PROP(DecimalLaw, a_product_is_the_product_of_the_coefficients, ()) {
    const auto a = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
    const auto b = *rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000);
    const Decimal x = *Decimal::parse(std::to_string(a) + "e-3");
    const Decimal y = *Decimal::parse(std::to_string(b) + "e-2");
    RC_ASSERT(x.times(y) == *Decimal::parse(std::to_string(a * b) + "e-5"));
}

RC_GTEST_PROP(DecimalLaw, rounding_moves_a_number_by_half_a_unit_at_most, ()) {
    const Decimal number = sample().decimal();
    const int decimals = *rc::gen::inRange(0, 8);
    const Decimal moved = number.rounded(decimals).minus(number);
    const Decimal half = *Decimal::parse("0.5e-" + std::to_string(decimals));
    RC_ASSERT(moved <= half && Decimal(0).minus(moved) <= half);
    RC_ASSERT(number.rounded(decimals).decimals() <= decimals);
}

}  // namespace
}  // namespace entente
