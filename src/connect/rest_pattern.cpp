#include "connect/rest_pattern.hpp"

#include "base/http.hpp"
#include "connect/people_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::connect {
namespace {

std::unexpected<Error> bad(std::string text) {
    return fail(ErrorKind::bad_input, std::move(text));
}

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_plain_word(std::string_view text) {
    constexpr std::string_view others = ".:_-+,/";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return is_alphanumeric(c) || others.contains(c);
    });
}

// "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
bool is_guid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool is_hexadecimal =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (is_dash ? c != '-' : !is_hexadecimal) return false;
    }
    return true;
}

std::string with_doubled_quotes(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '\'') out += c;
    }
    return out;
}

// `before`: what stands before the value in the pattern, up to the one before it.
Result<std::string> fitted(const Filling& filling, bool is_quoted, std::string_view before) {
    if (filling.is_ours) return filling.value;
    if (!is_quoted && !is_plain_word(filling.value) && !filling.is_encoded) {
        return bad(
            fmt::format("`{}` cannot stand there without quotes", people_text(filling.value, 40)));
    }
    if (is_quoted && before.ends_with("guid'") && !is_guid(filling.value)) {
        return bad(fmt::format("`{}` is no GUID", people_text(filling.value, 40)));
    }
    std::string value = is_quoted ? with_doubled_quotes(filling.value) : filling.value;
    return filling.is_encoded ? http::percent_encode(value) : value;
}

}  // namespace

Result<std::string> fill_pattern(std::string_view pattern, const std::vector<Filling>& fillings) {
    std::string out;
    bool is_quoted = false;
    while (!pattern.empty()) {
        const std::size_t open = std::min(pattern.find('{'), pattern.size());
        const std::string_view before = pattern.substr(0, open);
        out += before;
        if (std::ranges::count(before, '\'') % 2 != 0) is_quoted = !is_quoted;
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const std::size_t close = pattern.find('}');
        if (close == std::string_view::npos) return bad("a pattern has a brace without end");
        const std::string_view name = pattern.substr(1, close - 1);
        const auto filling = std::ranges::find(fillings, name, &Filling::name);
        if (filling == fillings.end()) return bad(fmt::format("nothing fills in {{{}}}", name));
        TRY(const std::string value, fitted(*filling, is_quoted, before));
        out += value;
        pattern.remove_prefix(close + 1);
    }
    return out;
}

}  // namespace entente::connect
