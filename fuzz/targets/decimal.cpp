// Decimals: what is parsed prints as what parses the same, and sums, products, order and rounding
// keep the laws of numbers as far as 36 digits reach.
#include "base/decimal.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

// Sums and products of what is shorter than this fit, so that their laws can be asked.
constexpr std::size_t short_max = 17;

bool is_short(std::string_view text) {
    return text.size() <= short_max && text.find_first_of("eE") == std::string_view::npos;
}

std::optional<Decimal> number_of(std::string_view text) {
    const Result<Decimal> number = Decimal::parse(text);
    if (number) return *number;
    CHECK(number.error().kind == ErrorKind::bad_input, "a text that is no number is bad input");
    return std::nullopt;
}

void check_text(const Decimal& number) {
    const std::string text = number.text();
    CHECK(text.find_first_of("eE+") == std::string::npos, "a number is printed without exponent");
    const Result<Decimal> again = Decimal::parse(text);
    CHECK(again.has_value(), "what is printed can be parsed");
    CHECK(*again == number, "what is printed is parsed as the same number");
    CHECK(again->text() == text, "printed twice is printed the same");
    const std::size_t point = text.find('.');
    const std::size_t decimals = point == std::string::npos ? 0 : text.size() - point - 1;
    CHECK(static_cast<std::size_t>(number.decimals()) == decimals,
          "decimals are the digits behind the point");
}

void check_whole(const Decimal& number) {
    const Result<std::int64_t> whole = number.to_int();
    if (!whole) return;
    CHECK(number.is_whole() && Decimal(*whole) == number, "a whole number is itself");
}

void check_rounded(const Decimal& number, int decimals) {
    const Decimal rounded = number.rounded(decimals);
    check_text(rounded);
    CHECK(rounded.decimals() <= std::max(decimals, 0) || rounded == number,
          "a rounded number has no more decimals");
    CHECK(rounded.rounded(decimals) == rounded, "rounding twice is rounding once");
    // Rounding never passes zero, and keeps the order with it.
    const Decimal zero;
    CHECK((number >= zero || rounded <= zero) && (number <= zero || rounded >= zero),
          "rounding does not change the sign");
}

void check_pair(const Decimal& a, const Decimal& b) {
    CHECK((a < b) == (b > a) && (a == b) == (b == a), "order does not depend on the side");
    CHECK((a < b) + (a == b) + (a > b) == 1, "one of less, equal, greater");
}

void check_arithmetic(const Decimal& a, const Decimal& b) {
    const Decimal zero;
    CHECK(a.plus(b) == b.plus(a) && a.times(b) == b.times(a), "the order of operands is free");
    CHECK(a.plus(b).minus(b) == a, "what is added can be taken away");
    CHECK((a.minus(b) < zero) == (a < b), "the difference has the sign of the order");
    CHECK(a.plus(zero) == a && a.times(Decimal(1)) == a && a.times(zero) == zero,
          "nothing added, once, and no times");
    if (is_short(a.plus(b).text())) {
        CHECK(a.plus(b).times(b) == a.times(b).plus(b.times(b)), "products distribute over sums");
    }
    check_text(a.plus(b));
    check_text(a.times(b));
}

}  // namespace

void fuzz_decimal(Bytes input) {
    std::string_view rest = text_of(input);
    const std::string_view first = take_line(rest);
    const std::string_view second = take_line(rest);
    const std::string_view third = take_line(rest);
    const auto a = number_of(first);
    const auto b = number_of(second);
    int decimals = 2;
    std::from_chars(third.data(), third.data() + third.size(), decimals);
    decimals = std::clamp(decimals, 0, 40);
    for (const auto& number : {a, b}) {
        if (!number) continue;
        check_text(*number);
        check_whole(*number);
        check_rounded(*number, decimals);
        CHECK(*number == *number, "a number is itself");
    }
    if (!a || !b) return;
    check_pair(*a, *b);
    if (is_short(first) && is_short(second)) check_arithmetic(*a, *b);
}

}  // namespace entente::fuzz
