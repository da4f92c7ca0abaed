// An exact decimal number, as JSON writes it: 0.10 stays 0.10, 1234567890123456.78 stays what it is
// (money must survive, so nothing here ever passes through a double). Value type; compares by
// number (0.10 == 0.1), prints with the digits it was read with. At most 36 significant digits and
// exponents within +-400; what is longer is refused with a message, never rounded.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace entente {

class Decimal {
public:
    Decimal() = default;
    explicit Decimal(std::int64_t whole);

    // Accepts exactly the JSON number grammar (no "01.2", no "+1", no ".5", no "1."), else
    // bad_input naming the text.
    static Result<Decimal> parse(std::string_view text);

    // As read: same number of decimals, never an exponent ("1e2" prints as "100"), no negative zero
    // ("-0.0" prints as "0.0"). What it prints, parse accepts.
    std::string text() const;
    void append_to(std::string& out) const;

    // The number of digits behind the point that text() prints.
    int decimals() const;
    // Half away from zero, to that many decimals; fewer digits are left as they are.
    Decimal rounded(int decimals) const;
    // Exact sum and difference; CHECK that they fit.
    Decimal plus(const Decimal& other) const;
    Decimal minus(const Decimal& other) const;
    // Exact product; CHECKs that it fits (limits on input make it so for amounts times quantities).
    Decimal times(const Decimal& other) const;

    bool is_whole() const;
    // bad_input when not whole or out of range.
    Result<std::int64_t> to_int() const;

    friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
    friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

private:
    friend struct DecimalParts;  // the form numbers are computed in

    // value = coefficient * 10^-scale; kept as two halves so that a Decimal is 8-aligned and small.
    std::uint64_t low_ = 0;
    std::int64_t high_ = 0;
    // Negative only where 36 digits do not reach the point (1e40); text() then prints zeros.
    std::int32_t scale_ = 0;
};

}  // namespace entente
