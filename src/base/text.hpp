// Text folding: when two spellings are one value. Used by match keys (G7) and lens equivalences
// (G20). ICU for what is not ASCII; ASCII takes a fast path. All functions are pure and total.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace entente::text {

std::string trim(std::string_view s);     // outer white space
std::string squeeze(std::string_view s);  // trim, inner runs of white space become one space
std::string upper(std::string_view s);    // full Unicode, root locale
std::string lower(std::string_view s);
std::string digits_only(std::string_view s);
std::string without_spaces(std::string_view s);
// Case, accents, punctuation and spaces folded away: "  Müller & Co. " -> "mullerco".
std::string fold(std::string_view s);
// What tells one article, order or account from another, compared exactly: only case and outer white space are left out, so that
// "10-1" is not "101". A GUID is written in one way, whatever its case, hyphens and brackets.
std::string fold_identity(std::string_view s);
// fold, and legal forms at the end dropped ("AS", "B.V.", "GmbH", "Ltd", "Inc" ...): for
// organisation names.
std::string fold_organisation(std::string_view s);
std::string fold_email(std::string_view s);  // trim + lower
// E.164 without the plus, as libphonenumber reads the first number of the text: "+47 22 33 44 55", "0047...", local with
// country "NO" -> "4722334455"; extensions do not count. `country` is ISO 3166 alpha-2 or empty; no part for what begins with
// a plus. What cannot be read (no country, too short, too long) is its digits, and no digits are no number: empty. May be
// called by several threads at once; the first number that is not E.164 already loads the library, which takes a moment.
std::string fold_phone(std::string_view s, std::string_view country);
std::string fold_vat(std::string_view s);  // letters and digits, upper
// First `max` characters (code points, never half a one).
std::string truncate(std::string_view s, std::size_t max);
std::size_t length(std::string_view s);  // code points
bool is_utf8(std::string_view s);
// Edit distance at most `limit`, else limit + 1; for "did you mean".
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit);
// The nearest of `known` within distance 3 and half the word (the first of equals), or empty.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace entente::text
