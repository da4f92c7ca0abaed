#include <algorithm>
#include <string>
#include <vector>

#include "base/fold.hpp"
#include "base/organisation_forms.hpp"
#include "base/text.hpp"

namespace entente::text {
namespace {

// "S. de R.L. de C.V." is seven words; no form has more.
constexpr std::size_t words_of_form_max = 7;

std::vector<std::string_view> words_of(std::string_view spaced) {
    std::vector<std::string_view> words;
    while (!spaced.empty()) {
        const std::size_t end = std::min(spaced.find(' '), spaced.size());
        words.push_back(spaced.substr(0, end));
        spaced.remove_prefix(std::min(end + 1, spaced.size()));
    }
    return words;
}

// How many words at the end are one legal form; the longest wins ("ag" must not eat a part of
// another). The first word is never one of them: a name may be just "AS".
std::size_t words_of_last_form(const std::vector<std::string_view>& words) {
    std::string joined;
    std::size_t found = 0;
    for (std::size_t n = 1; n <= words_of_form_max && n < words.size(); ++n) {
        joined.insert(0, words[words.size() - n]);
        if (std::ranges::find(organisation_forms, joined) != organisation_forms.end()) found = n;
    }
    return found;
}

}  // namespace

std::string fold_organisation(std::string_view s) {
    const std::string spaced = fold_with_gaps(s, " ");
    std::vector<std::string_view> words = words_of(spaced);
    while (const std::size_t dropped = words_of_last_form(words)) {
        words.resize(words.size() - dropped);
        const bool is_joint =
            words.size() > 1 &&
            std::ranges::find(words_before_forms, words.back()) != words_before_forms.end();
        if (is_joint) words.pop_back();
    }
    std::string out;
    for (const std::string_view word : words) out += word;
    return out;
}

}  // namespace entente::text
