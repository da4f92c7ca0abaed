#include "world/scenario_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/json.hpp"

namespace entente::world {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view line_word = "line ", of_word = " of ", owner_word = "owner ";
constexpr std::size_t digits_max = 12;

bool is_word_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Each of these says how much of the beginning of `s` is such a piece; npos: nothing.
std::size_t length_of_word(std::string_view s) {
    const auto end = std::ranges::find_if_not(s, is_word_letter);
    return end == s.begin() ? npos : static_cast<std::size_t>(end - s.begin());
}

std::size_t length_of_value(std::string_view s) {
    int depth = 0;
    bool in_text = false;
    std::size_t end = 0;
    for (; end < s.size(); ++end) {
        const char c = s[end];
        if (in_text) {
            if (c == '\\') ++end;
            if (c == '"') in_text = false;
            continue;
        }
        if (c == '"') in_text = true;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        if ((c == ' ' || c == ',') && depth == 0) break;
    }
    end = std::min(end, s.size());
    return end > 0 && json::read(s.substr(0, end)) ? end : npos;
}

std::size_t length_of_text(std::string_view s) {
    return s.starts_with('"') ? length_of_value(s) : npos;
}

std::size_t length_of_number(std::string_view s) {
    const std::size_t digits = std::min(s.find_first_not_of("0123456789"), s.size());
    return digits == 0 || digits > digits_max ? npos : digits;
}

std::size_t length_of_count(std::string_view s) {
    return s == "no" || s.starts_with("no ") ? 2 : length_of_number(s);
}

std::size_t length_of_time(std::string_view s) {
    const std::size_t whole = length_of_number(s);
    if (whole == npos) return npos;
    std::size_t end = whole;
    if (s.substr(end).starts_with('.')) {
        const std::size_t behind = length_of_number(s.substr(end + 1));
        if (behind == npos || behind > 3) return npos;
        end += 1 + behind;
    }
    for (const std::string_view unit : {" ms", " min", " s", " h", " d"})
        if (s.substr(end).starts_with(unit)) return end + unit.size();
    return npos;
}

std::size_t length_of_code(std::string_view s) {
    return s.starts_with('"') ? length_of_text(s) : length_of_word(s);
}

std::size_t length_of_thing(std::string_view s) {
    for (const std::string_view that : {"that record", "that owner"})
        if (s.starts_with(that)) return that.size();
    if (!s.starts_with(owner_word)) return length_of_code(s);
    const std::size_t code = length_of_code(s.substr(owner_word.size()));
    return code == npos ? npos : owner_word.size() + code;
}

std::size_t length_of_subject(std::string_view s) {
    if (!s.starts_with(line_word)) return length_of_thing(s);
    const std::size_t text = length_of_text(s.substr(line_word.size()));
    if (text == npos) return npos;
    std::size_t end = line_word.size() + text;
    if (!s.substr(end).starts_with(of_word)) return npos;
    end += of_word.size();
    const std::size_t code = length_of_code(s.substr(end));
    return code == npos ? npos : end + code;
}

std::size_t length_of_fields(std::string_view s) {
    std::size_t end = 0;
    while (true) {
        const std::size_t name = length_of_word(s.substr(end));
        if (name == npos || !s.substr(end + name).starts_with(' ')) return npos;
        const std::size_t value = length_of_value(s.substr(end + name + 1));
        if (value == npos) return npos;
        end += name + 1 + value;
        if (!s.substr(end).starts_with(", ")) return end;
        end += 2;
    }
}

std::size_t length_of_one(std::string_view s, std::span<const std::string_view> words) {
    for (const std::string_view word : words)
        if (s.starts_with(word) && length_of_word(s) == word.size()) return word.size();
    return npos;
}

std::size_t length_of_system(std::string_view s, const Names& names) {
    const std::size_t word = length_of_word(s);
    return word != npos && std::ranges::find(names, s.substr(0, word)) != names.end() ? word : npos;
}

std::size_t length_of_names(std::string_view s, const Names* known) {
    std::size_t end = 0;
    while (true) {
        const std::string_view rest = s.substr(end);
        const std::size_t name = known ? length_of_system(rest, *known) : length_of_word(rest);
        if (name == npos) return npos;
        end += name;
        if (!s.substr(end).starts_with(", ")) return end;
        end += 2;
    }
}

std::size_t length_of_where(std::string_view s, const Names& names) {
    constexpr std::string_view everywhere = "everywhere", in = "in ";
    if (s.starts_with(everywhere)) return everywhere.size();
    if (!s.starts_with(in)) return npos;
    const std::size_t list = length_of_names(s.substr(in.size()), &names);
    return list == npos ? npos : in.size() + list;
}

struct Kind {
    std::string_view name, called;
    std::size_t (*length)(std::string_view, const Names&);
};

constexpr std::array<std::string_view, 3> formed{"name", "note", "amount"};
constexpr std::array<std::string_view, 5> asked{"call", "read", "create", "update", "write"};

const Kind& kind_of(std::string_view name) {
    using S = std::string_view;
    static constexpr std::array kinds{
        Kind{"system", "a system", length_of_system},
        Kind{"word", "a word", [](S s, const Names&) { return length_of_word(s); }},
        Kind{"property", "name, note or amount",
             [](S s, const Names&) { return length_of_one(s, formed); }},
        Kind{"asked", "call, read, create, update or write",
             [](S s, const Names&) { return length_of_one(s, asked); }},
        Kind{"thing", "a thing (T1, owner O1, that record)",
             [](S s, const Names&) { return length_of_thing(s); }},
        Kind{"subject", "a thing (T1, owner O1, line \"x\" of T1)",
             [](S s, const Names&) { return length_of_subject(s); }},
        Kind{"value", "a value (\"text\", 12.5, null)",
             [](S s, const Names&) { return length_of_value(s); }},
        Kind{"text", "a text in quotes", [](S s, const Names&) { return length_of_text(s); }},
        Kind{"fields", "values (name \"x\", amount 5)",
             [](S s, const Names&) { return length_of_fields(s); }},
        Kind{"time", "a time (2.5 s, 300 ms, 2 min, 3 h)",
             [](S s, const Names&) { return length_of_time(s); }},
        Kind{"count", "a number, or no", [](S s, const Names&) { return length_of_count(s); }},
        Kind{"where", "everywhere, or in and systems", length_of_where},
        Kind{"names", "names, with commas between them",
             [](S s, const Names&) { return length_of_names(s, nullptr); }},
        Kind{"rest", "more", [](S s, const Names&) { return s.empty() ? npos : s.size(); }}};
    const auto found = std::ranges::find(kinds, name, &Kind::name);
    CHECK(found != kinds.end(), "a pattern names a kind of piece that there is");
    return *found;
}

// The part of a pattern up to its next piece or choice.
std::string_view literal_at(std::string_view pattern) {
    return pattern.substr(0, pattern.find_first_of("{("));
}

std::size_t length_of_choice(std::string_view inside, std::string_view s) {
    while (true) {
        const std::size_t bar = inside.find('|');
        const std::string_view word = inside.substr(0, bar);
        if (s.starts_with(word) && (s.size() == word.size() || !is_word_letter(s[word.size()])))
            return word.size();
        if (bar == npos) return npos;
        inside.remove_prefix(bar + 1);
    }
}

Misfit misfit_in(std::string_view literal, std::string_view line, std::size_t at) {
    const auto [in_literal, in_line] = std::ranges::mismatch(literal, line.substr(at));
    auto same = static_cast<std::size_t>(in_literal - literal.begin());
    while (same > 0 && literal[same - 1] != ' ') --same;
    std::string_view expected = literal.substr(same);
    while (expected.ends_with(' ')) expected.remove_suffix(1);
    return {at + same, fmt::format("'{}'", expected)};
}

}  // namespace

std::expected<Pieces, Misfit> fit(std::string_view pattern, std::string_view line,
                                  const Names& names) {
    Pieces pieces;
    std::size_t at = 0;
    while (!pattern.empty()) {
        if (pattern.front() == '{') {
            const std::size_t close = pattern.find('}');
            const Kind& kind = kind_of(pattern.substr(1, close - 1));
            const std::size_t length = kind.length(line.substr(at), names);
            if (length == npos) return std::unexpected(Misfit{at, std::string(kind.called)});
            pieces.emplace_back(line.substr(at, length));
            at += length;
            pattern.remove_prefix(close + 1);
        } else if (pattern.front() == '(') {
            const std::size_t close = pattern.find(')');
            const std::string_view inside = pattern.substr(1, close - 1);
            const std::size_t length = length_of_choice(inside, line.substr(at));
            if (length == npos)
                return std::unexpected(
                    Misfit{at, fmt::format("'{}'", inside.substr(0, inside.find('|')))});
            at += length;
            pattern.remove_prefix(close + 1);
        } else {
            const std::string_view literal = literal_at(pattern);
            if (!line.substr(at).starts_with(literal))
                return std::unexpected(misfit_in(literal, line, at));
            at += literal.size();
            pattern.remove_prefix(literal.size());
        }
    }
    if (at < line.size()) return std::unexpected(Misfit{at, "the end of the line"});
    return pieces;
}

std::string fill(std::string_view pattern, const Pieces& pieces) {
    std::string out;
    for (auto piece = pieces.begin(); !pattern.empty();) {
        const std::size_t open = pattern.find('{');
        out += pattern.substr(0, open);
        if (open == npos) break;
        CHECK(piece != pieces.end(), "there is a piece for each pair of braces");
        out += *piece++;
        pattern.remove_prefix(pattern.find('}') + 1);
    }
    return out;
}

void Closest::add(const Misfit& misfit) {
    if (misfit.at < at_) return;
    if (misfit.at > at_) expected_.clear();
    at_ = misfit.at;
    if (std::ranges::find(expected_, misfit.expected) == expected_.end())
        expected_.push_back(misfit.expected);
}

std::string Closest::expected() const {
    std::string out;
    for (std::size_t i = 0; i < expected_.size(); ++i) {
        if (i > 0) out += i + 1 == expected_.size() ? " or " : ", ";
        out += expected_[i];
    }
    return out;
}

Duration time_of(std::string_view piece) {
    const std::size_t space = piece.find(' ');
    const std::string_view unit = piece.substr(space + 1);
    const std::int64_t factor = unit == "ms"    ? 1
                                : unit == "s"   ? 1'000
                                : unit == "min" ? 60'000
                                : unit == "h"   ? 3'600'000
                                                : 86'400'000;
    const auto number = Decimal::parse(piece.substr(0, space));
    CHECK(number.has_value(), "a time begins with a number");
    const auto ms = number->times(Decimal(factor)).rounded(0).to_int();
    CHECK(ms.has_value(), "a time has few digits");
    return {*ms};
}

std::string words_of(Duration time) {
    if (time.ms < 1'000 && time.ms > 0) return fmt::format("{} ms", time.ms);
    std::string out = fmt::format("{}", time.ms / 1'000);
    if (time.ms % 1'000 != 0) {
        out += fmt::format(".{:03}", time.ms % 1'000);
        while (out.ends_with('0')) out.pop_back();
    }
    return out + " s";
}

std::int64_t count_of(std::string_view piece) {
    return piece == "no" ? 0 : std::stoll(std::string(piece));
}

Value value_of(std::string_view piece) {
    auto value = json::read(piece);
    CHECK(value.has_value(), "a piece that fitted is JSON");
    return *std::move(value);
}

Value fields_of(std::string_view piece) {
    Value fields = Value::object();
    while (!piece.empty()) {
        const std::size_t name = length_of_word(piece);
        const std::size_t value = length_of_value(piece.substr(name + 1));
        fields.set(piece.substr(0, name), value_of(piece.substr(name + 1, value)));
        piece.remove_prefix(std::min(piece.size(), name + 1 + value + 2));
    }
    return fields;
}

std::string words_of_fields(const Value& fields) {
    std::string out;
    for (const auto& [name, value] : fields.as_object())
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, json::write(value));
    return out;
}

int system_of(std::string_view piece, const Names& names) {
    const auto found = std::ranges::find(names, piece);
    CHECK(found != names.end(), "a piece that fitted is a system");
    return static_cast<int>(found - names.begin());
}

std::vector<int> systems_of(std::string_view piece, const Names& names) {
    std::vector<int> out;
    if (piece.starts_with("in ")) piece.remove_prefix(3);
    while (!piece.empty() && piece != "everywhere") {
        const std::size_t name = length_of_word(piece);
        out.push_back(system_of(piece.substr(0, name), names));
        piece.remove_prefix(std::min(piece.size(), name + 2));
    }
    return out;
}

std::pair<std::string, std::string> thing_of(std::string_view piece) {
    if (piece == "that record") return {"things", ""};
    if (piece == "that owner") return {"owners", ""};
    const bool is_owner = piece.starts_with(owner_word);
    if (is_owner) piece.remove_prefix(owner_word.size());
    const std::string code =
        piece.starts_with('"') ? value_of(piece).as_text() : std::string(piece);
    return {is_owner ? "owners" : "things", code};
}

std::string words_of_thing(std::string_view table, std::string_view code) {
    const bool is_owner = table == "owners";
    if (code.empty()) return is_owner ? "that owner" : "that record";
    constexpr std::array<std::string_view, 3> reserved{"owner", "line", "that"};
    const bool is_plain =
        length_of_word(code) == code.size() && std::ranges::find(reserved, code) == reserved.end();
    return (is_owner ? "owner " : "") + (is_plain ? std::string(code) : json::write(Value(code)));
}

}  // namespace entente::world
