// Text folding: total over valid and broken UTF-8, idempotent, and never half a character.
#include "base/text.hpp"

#include <string>
#include <vector>

#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

using Fold = std::string (*)(std::string_view);

void check_folds(std::string_view text, bool is_utf8) {
    for (const Fold fold : {Fold{text::trim}, Fold{text::squeeze}, Fold{text::digits_only},
                            Fold{text::without_spaces}, Fold{text::fold}, Fold{text::fold_email},
                            Fold{text::fold_vat}, Fold{text::fold_organisation}, Fold{text::lower},
                            Fold{text::upper}}) {
        const std::string once = fold(text);
        CHECK(!is_utf8 || text::is_utf8(once), "folded UTF-8 is UTF-8");
    }
    // What broken bytes leave behind may be a character, and then a space.
    if (!is_utf8) return;
    for (const Fold fold : {Fold{text::trim}, Fold{text::squeeze}, Fold{text::digits_only},
                            Fold{text::without_spaces}, Fold{text::fold}, Fold{text::fold_vat}}) {
        const std::string once = fold(text);
        CHECK(fold(once) == once, "folding twice is folding once");
    }
}

void check_cuts(std::string_view text, bool is_utf8) {
    const std::size_t length = text::length(text);
    for (const std::size_t max : {std::size_t{0}, std::size_t{1}, length / 2, length, length + 1}) {
        const std::string cut = text::truncate(text, max);
        CHECK(text.starts_with(cut), "a cut text is how the text begins");
        if (is_utf8) {
            CHECK(text::is_utf8(cut), "a text is never cut inside of a character");
            CHECK(text::length(cut) == std::min(max, length), "a text is cut to its length");
        }
    }
}

}  // namespace

void fuzz_text(Bytes input) {
    std::string_view rest = text_of(input);
    const bool is_utf8 = text::is_utf8(rest);
    check_folds(rest, is_utf8);
    check_cuts(rest, is_utf8);
    const std::string_view first = take_line(rest);
    const std::string_view second = take_line(rest);
    for (const char* country : {"", "NL", "NO", "US"}) {
        const std::string phone = text::fold_phone(first, country);
        CHECK(text::digits_only(phone) == phone, "a folded phone number is digits");
        const std::string dialled = text::fold_phone("+" + phone, country);
        CHECK(text::fold_phone("+" + dialled, country) == dialled, "a folded number is its own");
    }
    constexpr std::size_t limit = 3;
    const std::size_t distance = text::distance(first, second, limit);
    CHECK(distance == text::distance(second, first, limit), "distance does not depend on the side");
    CHECK((distance == 0) == (first == second), "only what is equal has no distance");
    CHECK(distance <= limit + 1, "a distance ends at its limit");
}

}  // namespace entente::fuzz
