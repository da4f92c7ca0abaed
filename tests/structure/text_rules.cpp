#include <algorithm>
#include <array>
#include <set>

#include "structure/rules.hpp"

namespace entente::structure {
namespace {

bool is_pure_folder(const Source& source) {
    return source.is_in("src/base/") || source.is_in("src/model/") || source.is_in("src/sync/");
}

void find_all(const Source& source, std::string_view text, std::string_view word,
              const std::string& what, Findings& out) {
    for (std::size_t at = find_word(text, word); at != std::string_view::npos;
         at = find_word(text, word, at + 1))
        out.push_back({source.path, line_at(text, at), what});
}

// `name(` as a call of a C function: no member, no name of ours with a qualifier but std.
void find_calls(const Source& source, std::string_view name, Findings& out) {
    const std::string_view code = source.code;
    for (std::size_t at = find_word(code, name); at != std::string_view::npos;
         at = find_word(code, name, at + 1)) {
        const std::size_t end = at + name.size();
        if (end >= code.size() || code[end] != '(') continue;
        std::string_view before = code.substr(0, at);
        if (before.ends_with("std::")) before.remove_suffix(5);
        const bool is_member =
            before.ends_with('.') || before.ends_with("->") || before.ends_with(':');
        // "Duration time(" declares, "= time(" calls.
        const std::size_t last = before.find_last_not_of(' ');
        const bool declares = last != std::string_view::npos && last + 1 < before.size() &&
                              is_word_character(before[last]) &&
                              !before.substr(0, last + 1).ends_with("return");
        if (!is_member && !declares)
            out.push_back({source.path, line_at(code, at),
                           std::string(name) +
                               "(): base, model and sync take time and randomness as arguments"});
    }
}

// The name that a declaration `std::unordered_map<...> name` gives; empty for a use without a name.
std::string declared_name(std::string_view code, std::size_t at) {
    int depth = 0;
    for (; at < code.size(); ++at) {
        if (code[at] == '<')
            ++depth;
        else if (code[at] == '>' && --depth == 0)
            break;
        else if (depth == 0 && !is_word_character(code[at]) && code[at] != ' ')
            return {};
    }
    ++at;
    while (at < code.size() && (code[at] == ' ' || code[at] == '&' || code[at] == '\n')) ++at;
    std::size_t end = at;
    while (end < code.size() && is_word_character(code[end])) ++end;
    return std::string(code.substr(std::min(at, code.size()), end - at));
}

std::set<std::string> unordered_names(std::span<const Source> sources, std::string_view folder) {
    std::set<std::string> out;
    for (const Source& source : sources) {
        if (!source.is_in(folder)) continue;
        for (std::string_view kind :
             {"unordered_map", "unordered_set", "unordered_multimap", "unordered_multiset"})
            for (std::size_t at = find_word(source.code, kind); at != std::string_view::npos;
                 at = find_word(source.code, kind, at + 1))
                if (std::string name = declared_name(source.code, at + kind.size()); !name.empty())
                    out.insert(std::move(name));
    }
    return out;
}

// The text between `for (` and its closing parenthesis.
std::string_view loop_head(std::string_view code, std::size_t at) {
    const std::size_t open = code.find('(', at);
    int depth = 0;
    for (std::size_t i = open; i < code.size(); ++i) {
        if (code[i] == '(')
            ++depth;
        else if (code[i] == ')' && --depth == 0)
            return code.substr(open + 1, i - open - 1);
    }
    return {};
}

// The range of `auto& x : range`; empty for a classic loop.
std::string_view range_of(std::string_view head) {
    if (head.find(';') != std::string_view::npos && head.find(" : ") == std::string_view::npos)
        return {};
    const std::size_t colon = head.rfind(" : ");
    return colon == std::string_view::npos ? std::string_view{} : head.substr(colon + 3);
}

std::string_view last_word(std::string_view text) {
    std::size_t begin = text.size();
    while (begin > 0 && is_word_character(text[begin - 1])) --begin;
    return text.substr(begin);
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct BannedWord {
    std::string word;
    std::string why;
};

// Put together from halves, so that this file does not hold what it forbids.
std::vector<BannedWord> words_banned_everywhere() {
    const std::string why = "is no part of a finished file: write an issue, or do it";
    return {{std::string("TO") + "DO", why},
            {std::string("FIX") + "ME", why},
            {std::string("XX") + "X", why}};
}

}  // namespace

Findings impure_calls(std::span<const Source> sources) {
    constexpr std::array words{"system_clock", "steady_clock",  "high_resolution_clock",
                               "utc_clock",    "random_device", "jthread",
                               "gettimeofday", "clock_gettime", "this_thread"};
    constexpr std::array standard{"std::thread", "std::async", "std::mt19937", "std::mt19937_64"};
    constexpr std::array calls{"rand", "srand", "time", "clock", "localtime", "gmtime"};
    Findings out;
    for (const Source& source : sources) {
        if (!is_pure_folder(source)) continue;
        for (std::string_view word : words)
            find_all(
                source, source.code, word,
                std::string(word) + ": base, model and sync know no clock, thread or random device",
                out);
        for (std::string_view word : standard)
            find_all(
                source, source.code, word,
                std::string(word) + ": base, model and sync know no clock, thread or random device",
                out);
        for (std::string_view call : calls) find_calls(source, call, out);
    }
    return out;
}

Findings unordered_loops(std::span<const Source> sources) {
    constexpr std::string_view folder = "src/sync/";
    const std::set<std::string> names = unordered_names(sources, folder);
    Findings out;
    for (const Source& source : sources) {
        if (!source.is_in(folder)) continue;
        for (std::size_t at = find_word(source.code, "for"); at != std::string_view::npos;
             at = find_word(source.code, "for", at + 1)) {
            const std::string name(last_word(range_of(loop_head(source.code, at))));
            if (names.contains(name))
                out.push_back(
                    {source.path, line_at(source.code, at),
                     "a loop over the unordered '" + name + "': its order differs between runs"});
        }
        for (const std::string& name : names)
            for (std::string_view begin : {".begin", ".cbegin"})
                if (const std::size_t at = find_word(source.code, name + std::string(begin));
                    at != std::string::npos)
                    out.push_back({source.path, line_at(source.code, at),
                                   "an iterator over the unordered '" + name +
                                       "': its order differs between runs"});
    }
    return out;
}

Findings banned_words(std::span<const Source> sources) {
    Findings out;
    for (const Source& source : sources) {
        for (const BannedWord& banned : words_banned_everywhere())
            find_all(source, source.text, banned.word, "'" + banned.word + "' " + banned.why, out);
        if (!source.is_in("tests/")) continue;
        for (std::string_view word : {"sleep_for", "sleep_until", "usleep", "nanosleep", "sleep"})
            find_all(source, source.code, word,
                     std::string(word) + ": a test waits for events, not for time", out);
    }
    return out;
}

Findings systems_named(std::span<const Source> sources) {
    constexpr std::array names{"businesscentral",  "business-central", "business_central",
                               "business central", "exactonline",      "exact-online",
                               "webshop"};
    Findings out;
    for (const Source& source : sources) {
        if (!source.is_in("src/") || source.is_in("src/sim/")) continue;
        std::string text = source.text;
        std::ranges::transform(text, text.begin(), lower);
        for (const std::string_view name : names)
            for (std::size_t at = text.find(name); at != std::string::npos;
                 at = text.find(name, at + 1))
                out.push_back({source.path, line_at(text, at),
                               std::string(name) + ": no folder but sim names a system"});
    }
    return out;
}

Findings headers_without_form(std::span<const Source> sources) {
    Findings out;
    for (const Source& source : sources) {
        if (!source.is_header()) continue;
        if (!source.text.starts_with("// "))
            out.push_back({source.path, 1, "a header begins with a comment that says what it is"});
        int number = 0;
        for (std::string_view line : lines_of(source.text)) {
            ++number;
            if (line.empty() || line.starts_with("//")) continue;
            if (line != "#pragma once")
                out.push_back({source.path, number,
                               "#pragma once is the first line behind the leading comment"});
            break;
        }
    }
    return out;
}

}  // namespace entente::structure
