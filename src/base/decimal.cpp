#include "base/decimal.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/shown.hpp"

namespace entente {

__extension__ typedef unsigned __int128 Uint128;

// A number while it is computed with: sign and magnitude apart, scale not yet in its final form.
struct DecimalParts {
    bool negative = false;
    Uint128 magnitude = 0;
    int scale = 0;

    static DecimalParts of(const Decimal& number);
    // Requires: at most 36 digits, as every Decimal has.
    Decimal number() const;
};

namespace {

constexpr int digits_max = 36;
constexpr int scale_max = 400;
// Ten to this power is the largest that fits 128 bits; one digit of head room over digits_max.
constexpr int power_max = 37;

constexpr auto powers = [] {
    std::array<Uint128, power_max + 1> out{};
    out[0] = 1;
    for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
    return out;
}();

constexpr Uint128 power_of_ten(int exponent) {
    return powers[static_cast<std::size_t>(exponent)];
}

int digits_of(Uint128 n) {
    int digits = 0;
    while (digits <= power_max && n >= power_of_ten(digits)) ++digits;
    return digits;
}

// Makes the form of a value one: no exponent where the digits can be written out, no negative zero.
void spread_exponent(DecimalParts& parts) {
    if (parts.magnitude == 0) {
        parts.negative = false;
        parts.scale = std::max(parts.scale, 0);
        return;
    }
    while (parts.scale < 0 && parts.magnitude < power_of_ten(digits_max - 1)) {
        parts.magnitude *= 10;
        ++parts.scale;
    }
}

// Gives up zeros at the end: the number stays, the room it needs shrinks. Zero fits every scale.
void drop_zeros(DecimalParts& parts) {
    if (parts.magnitude == 0) {
        parts.scale = -scale_max;
        return;
    }
    while (parts.magnitude % 10 == 0) {
        parts.magnitude /= 10;
        --parts.scale;
    }
}

// What the grammar of JSON finds in a number.
struct Token {
    bool negative = false;
    std::string_view whole;
    std::string_view fraction;
    int exponent = 0;
};

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& rest) {
    std::size_t n = 0;
    while (n < rest.size() && is_digit(rest[n])) ++n;
    const std::string_view digits = rest.substr(0, n);
    rest.remove_prefix(n);
    return digits;
}

bool take(std::string_view& rest, char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
}

// An exponent beyond every limit is as good as a larger one, so it cannot overflow here.
int exponent_of(std::string_view digits) {
    int exponent = 0;
    for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), 100'000);
    return exponent;
}

bool read_token(std::string_view text, Token& token) {
    token.negative = take(text, '-');
    token.whole = take_digits(text);
    if (token.whole.empty() || (token.whole.size() > 1 && token.whole.front() == '0')) return false;
    if (take(text, '.')) {
        token.fraction = take_digits(text);
        if (token.fraction.empty()) return false;
    }
    if (take(text, 'e') || take(text, 'E')) {
        const bool negative = take(text, '-');
        if (!negative) take(text, '+');
        const std::string_view digits = take_digits(text);
        if (digits.empty()) return false;
        token.exponent = negative ? -exponent_of(digits) : exponent_of(digits);
    }
    return text.empty();
}

std::uint64_t small_number_of(std::string_view digits, std::uint64_t n) {
    for (const char c : digits) n = n * 10 + static_cast<std::uint64_t>(c - '0');
    return n;
}

bool append_digits(std::string_view digits, Uint128& n) {
    for (const char c : digits) {
        if (n >= power_of_ten(digits_max - 1)) return false;
        n = n * 10 + static_cast<Uint128>(c - '0');
    }
    return true;
}

// False when the token has more digits than fit.
bool read_digits(Token token, DecimalParts& parts) {
    parts.negative = token.negative;
    parts.scale =
        static_cast<int>(std::min<std::size_t>(token.fraction.size(), 100'000)) - token.exponent;
    if (token.whole.size() + token.fraction.size() <= 18) {
        parts.magnitude = small_number_of(token.fraction, small_number_of(token.whole, 0));
        return true;
    }
    // What text() prints for 1e40 must be readable: its zeros become an exponent again.
    while (token.fraction.empty() && token.whole.size() > digits_max && token.whole.back() == '0') {
        token.whole.remove_suffix(1);
        --parts.scale;
    }
    return append_digits(token.whole, parts.magnitude) &&
           append_digits(token.fraction, parts.magnitude);
}

Error refused(std::string_view text, std::string_view why) {
    constexpr std::size_t shown_max = 60;
    return {
        ErrorKind::bad_input, "\"" + text::shown(text, shown_max) + "\" " + std::string(why), {}};
}

// Writes the decimal digits of n so that they end at `end`; returns where they begin.
char* write_backwards(std::uint64_t n, char* end) {
    do {
        *--end = static_cast<char>('0' + n % 10);
        n /= 10;
    } while (n != 0);
    return end;
}

char* write_backwards(Uint128 n, char* end) {
    constexpr std::uint64_t block = 1'000'000'000'000'000'000u;
    constexpr int block_digits = 18;
    while (n >= block) {
        char* const begin = end - block_digits;
        char* const written = write_backwards(static_cast<std::uint64_t>(n % block), end);
        std::fill(begin, written, '0');
        end = begin;
        n /= block;
    }
    return write_backwards(static_cast<std::uint64_t>(n), end);
}

std::strong_ordering compare_magnitudes(Uint128 a, int a_scale, Uint128 b, int b_scale) {
    if (a_scale == b_scale || a == 0 || b == 0) return a <=> b;
    if (a_scale > b_scale) return 0 <=> compare_magnitudes(b, b_scale, a, a_scale);
    // a has the smaller scale: it is the one to be multiplied, unless that makes it larger than
    // all.
    const int shift = b_scale - a_scale;
    if (digits_of(a) + shift > power_max) return std::strong_ordering::greater;
    return a * power_of_ten(shift) <=> b;
}

// Multiplies so that the number has that scale. False when it does not fit.
bool raise_scale(DecimalParts& parts, int scale) {
    if (parts.magnitude == 0) {
        parts.scale = scale;
        return true;
    }
    const int shift = scale - parts.scale;
    if (digits_of(parts.magnitude) + shift > digits_max) return false;
    parts.magnitude *= power_of_ten(shift);
    parts.scale = scale;
    return true;
}

DecimalParts sum_of(DecimalParts a, DecimalParts b) {
    const int scale = std::max(a.scale, b.scale);
    if (!raise_scale(a, scale) || !raise_scale(b, scale)) {
        drop_zeros(a);
        drop_zeros(b);
        const int short_scale = std::max(a.scale, b.scale);
        CHECK(raise_scale(a, short_scale) && raise_scale(b, short_scale),
              "a sum must fit the digits of a decimal");
    }
    DecimalParts sum{a.negative, a.magnitude + b.magnitude, a.scale};
    if (a.negative != b.negative) {
        const bool first_is_larger = a.magnitude >= b.magnitude;
        sum.negative = first_is_larger ? a.negative : b.negative;
        sum.magnitude = first_is_larger ? a.magnitude - b.magnitude : b.magnitude - a.magnitude;
    }
    if (sum.magnitude >= power_of_ten(digits_max)) drop_zeros(sum);
    return sum;
}

}  // namespace

DecimalParts DecimalParts::of(const Decimal& number) {
    const auto high = static_cast<std::uint64_t>(number.high_);
    const Uint128 bits = static_cast<Uint128>(high) << 64 | number.low_;
    const bool negative = number.high_ < 0;
    return {negative, negative ? Uint128(0) - bits : bits, number.scale_};
}

Decimal DecimalParts::number() const {
    DecimalParts form = *this;
    if (form.scale < 0 || form.magnitude == 0) spread_exponent(form);
    CHECK(form.magnitude < power_of_ten(digits_max), "a decimal has at most 36 digits");
    const Uint128 bits = form.negative ? Uint128(0) - form.magnitude : form.magnitude;
    Decimal out;
    out.low_ = static_cast<std::uint64_t>(bits);
    out.high_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(bits >> 64));
    out.scale_ = form.scale;
    return out;
}

Decimal::Decimal(std::int64_t whole)
    : low_(static_cast<std::uint64_t>(whole)), high_(whole < 0 ? -1 : 0) {}

Result<Decimal> Decimal::parse(std::string_view text) {
    Token token;
    if (!read_token(text, token)) return std::unexpected(refused(text, "is not a number"));
    DecimalParts parts;
    if (!read_digits(token, parts)) {
        return std::unexpected(refused(text, "has more than 36 significant digits"));
    }
    if (parts.scale > scale_max || parts.scale < -scale_max) {
        return std::unexpected(refused(text, "has an exponent beyond 400"));
    }
    return parts.number();
}

std::string Decimal::text() const {
    std::string out;
    append_to(out);
    return out;
}

void Decimal::append_to(std::string& out) const {
    const DecimalParts parts = DecimalParts::of(*this);
    char buffer[48];
    char* const end = buffer + sizeof buffer;
    const bool small = (parts.magnitude >> 64) == 0;
    char* const begin = small ? write_backwards(static_cast<std::uint64_t>(parts.magnitude), end)
                              : write_backwards(parts.magnitude, end);
    const std::string_view digits(begin, static_cast<std::size_t>(end - begin));
    if (parts.negative) out += '-';
    if (scale_ <= 0) {
        out += digits;
        out.append(static_cast<std::size_t>(-scale_), '0');
        return;
    }
    const auto decimals = static_cast<std::size_t>(scale_);
    if (digits.size() > decimals) {
        out += digits.substr(0, digits.size() - decimals);
        out += '.';
        out += digits.substr(digits.size() - decimals);
        return;
    }
    out += "0.";
    out.append(decimals - digits.size(), '0');
    out += digits;
}

int Decimal::decimals() const {
    return std::max(scale_, 0);
}

Decimal Decimal::rounded(int decimals) const {
    if (scale_ <= decimals) return *this;
    DecimalParts parts = DecimalParts::of(*this);
    const int dropped = scale_ - decimals;
    parts.scale = decimals;
    if (dropped > digits_max) {
        parts.magnitude = 0;
        return parts.number();
    }
    const Uint128 unit = power_of_ten(dropped);
    const Uint128 rest = parts.magnitude % unit;
    parts.magnitude = parts.magnitude / unit + (rest >= unit - rest ? 1 : 0);
    return parts.number();
}

Decimal Decimal::plus(const Decimal& other) const {
    return sum_of(DecimalParts::of(*this), DecimalParts::of(other)).number();
}

Decimal Decimal::minus(const Decimal& other) const {
    DecimalParts subtracted = DecimalParts::of(other);
    subtracted.negative = !subtracted.negative;
    return sum_of(DecimalParts::of(*this), subtracted).number();
}

Decimal Decimal::times(const Decimal& other) const {
    DecimalParts a = DecimalParts::of(*this);
    DecimalParts b = DecimalParts::of(other);
    if (digits_of(a.magnitude) + digits_of(b.magnitude) > digits_max) {
        drop_zeros(a);
        drop_zeros(b);
    }
    DecimalParts product{a.negative != b.negative, 0, a.scale + b.scale};
    CHECK(!__builtin_mul_overflow(a.magnitude, b.magnitude, &product.magnitude),
          "a product must fit the digits of a decimal");
    if (product.magnitude >= power_of_ten(digits_max)) drop_zeros(product);
    if (product.magnitude == 0) product.scale = std::clamp(product.scale, 0, scale_max);
    CHECK(product.scale <= scale_max && product.scale >= -scale_max,
          "a product must fit the exponents of a decimal");
    return product.number();
}

bool Decimal::is_whole() const {
    if (scale_ <= 0) return true;
    const Uint128 magnitude = DecimalParts::of(*this).magnitude;
    if (scale_ > digits_max) return magnitude == 0;
    return magnitude % power_of_ten(scale_) == 0;
}

Result<std::int64_t> Decimal::to_int() const {
    if (!is_whole()) return std::unexpected(refused(text(), "is not a whole number"));
    const Decimal whole = rounded(0);
    const bool is_sign_extended =
        whole.high_ == (static_cast<std::int64_t>(whole.low_) < 0 ? -1 : 0);
    if (whole.scale_ < 0 || !is_sign_extended) {
        return std::unexpected(refused(text(), "is out of range"));
    }
    return static_cast<std::int64_t>(whole.low_);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    const DecimalParts x = DecimalParts::of(a);
    const DecimalParts y = DecimalParts::of(b);
    if (x.negative != y.negative) {
        return x.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    }
    const auto order = compare_magnitudes(x.magnitude, x.scale, y.magnitude, y.scale);
    return x.negative ? 0 <=> order : order;
}

}  // namespace entente
