#include "model/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"

namespace entente::model {
namespace {

std::string shown(const yaml::Node& node) {
    if (!node.is_scalar()) return std::string(node.kind_name());
    return fmt::format("'{}'", text::truncate(node.text, 60));
}

void refuse_type(const yaml::Node& node, std::string_view what, std::string_view right,
                 Reporter& report) {
    report.error(node.at, fmt::format("{} cannot be {}", what, shown(node)),
                 fmt::format("write {}", right));
}

std::optional<Value> read_number(const yaml::Node& node, bool is_whole_only, Reporter& report) {
    auto number = node.is_scalar() ? Decimal::parse(node.text) : Decimal();
    if (!node.is_scalar() || !number || (is_whole_only && !number->is_whole())) {
        refuse_type(node, "this value", is_whole_only ? "a whole number" : "a number", report);
        return std::nullopt;
    }
    return Value(*number);
}

std::optional<Value> read_time(const yaml::Node& node, bool is_day, Reporter& report) {
    const bool is_right =
        node.is_scalar() && (is_day ? is_date(node.text) : parse_instant(node.text).has_value());
    if (is_right) return Value(node.text);
    refuse_type(node, "this value",
                is_day ? "a date like \"2026-11-21\"" : "a time like \"2026-11-21T11:20:00Z\"",
                report);
    return std::nullopt;
}

std::optional<Value> as_value(std::optional<bool> flag) {
    if (!flag) return std::nullopt;
    return Value(*flag);
}

std::optional<Value> as_value(std::optional<std::string> text) {
    if (!text) return std::nullopt;
    return Value(*std::move(text));
}

}  // namespace

void Reporter::error(const Mark& at, std::string what, std::string right) {
    diagnostics_.push_back({Diagnostic::Severity::error, at, std::move(what), std::move(right)});
}

void Reporter::to_fill_in(const Mark& at, std::string what, std::string right) {
    diagnostics_.push_back(
        {Diagnostic::Severity::to_fill_in, at, std::move(what), std::move(right)});
}

void Reporter::note(const Mark& at, std::string what, std::string right) {
    diagnostics_.push_back({Diagnostic::Severity::note, at, std::move(what), std::move(right)});
}

std::string suggest(std::string_view word, const std::vector<std::string>& known) {
    const std::string nearest = text::nearest(word, known);
    // Among short words everything is near everything: more than half of a word wrong is no slip.
    const bool is_slip = text::distance(word, nearest, word.size()) * 2 <= word.size() + 1;
    if (!nearest.empty() && is_slip) return fmt::format("did you mean '{}'?", nearest);
    if (known.empty()) return {};
    return fmt::format("one of: {}", fmt::join(known, ", "));
}

std::optional<std::string> read_text(const yaml::Node& node, std::string_view what,
                                     Reporter& report) {
    if (node.is_scalar()) return node.text;
    refuse_type(node, what, "text", report);
    return std::nullopt;
}

std::optional<bool> read_boolean(const yaml::Node& node, std::string_view what, Reporter& report) {
    const bool is_plain = node.is_scalar() && !node.quoted;
    if (is_plain && (node.text == "true" || node.text == "yes")) return true;
    if (is_plain && (node.text == "false" || node.text == "no")) return false;
    refuse_type(node, what, "true or false (yes and no will do)", report);
    return std::nullopt;
}

std::optional<int> read_integer(const yaml::Node& node, std::string_view what, IntegerRange range,
                                Reporter& report) {
    const auto number = node.is_scalar() ? Decimal::parse(node.text) : Decimal();
    const auto whole = number ? number->to_int() : Result<std::int64_t>(std::int64_t{0});
    if (node.is_scalar() && number && whole && *whole >= range.min && *whole <= range.max) {
        return static_cast<int>(*whole);
    }
    refuse_type(node, what, fmt::format("a whole number from {} to {}", range.min, range.max),
                report);
    return std::nullopt;
}

std::optional<Duration> read_duration(const yaml::Node& node, std::string_view what,
                                      Reporter& report) {
    if (node.is_scalar()) {
        if (const auto duration = parse_duration(node.text)) return *duration;
    }
    refuse_type(node, what, "a duration like 250ms, 5s, 10min, 1h or 1d", report);
    return std::nullopt;
}

bool expect_map(const yaml::Node& node, std::string_view what, Reporter& report) {
    if (!node.is_map()) refuse_type(node, what, "a map of `key: value`", report);
    return node.is_map();
}

std::vector<Marked> read_texts(const yaml::Node& node, std::string_view what, Reporter& report) {
    if (node.is_scalar()) return {{node.text, node.at}};
    std::vector<Marked> texts;
    if (!node.is_list()) {
        refuse_type(node, what, "a list of texts like [a, b]", report);
        return texts;
    }
    for (const yaml::Node& item : node.items) {
        if (auto text = read_text(item, what, report)) {
            texts.push_back({*std::move(text), item.at});
        }
    }
    return texts;
}

std::optional<Value> read_field_value(const yaml::Node& node, FieldType type, Reporter& report) {
    switch (type) {
        case FieldType::text:
        case FieldType::code:
        case FieldType::decimal_text:
            return as_value(read_text(node, "this value", report));
        case FieldType::integer:
            return read_number(node, true, report);
        case FieldType::decimal:
            return read_number(node, false, report);
        case FieldType::boolean:
            return as_value(read_boolean(node, "this value", report));
        case FieldType::date:
            return read_time(node, true, report);
        case FieldType::instant:
            return read_time(node, false, report);
        case FieldType::odata_date: {
            const auto day = read_time(node, true, report);
            if (!day) return std::nullopt;
            return Value(format_odata_date(parse_instant(day->as_text() + "T00:00:00Z").value()));
        }
    }
    std::unreachable();
}

std::optional<Value> read_property_value(const yaml::Node& node, PropertyType type,
                                         Reporter& report) {
    switch (type) {
        case PropertyType::integer:
            return read_number(node, true, report);
        case PropertyType::decimal:
            return read_number(node, false, report);
        case PropertyType::boolean:
            return as_value(read_boolean(node, "this value", report));
        case PropertyType::date:
            return read_time(node, true, report);
        case PropertyType::instant:
            return read_time(node, false, report);
        default:
            return as_value(read_text(node, "this value", report));
    }
}

MapReader::MapReader(const yaml::Node& node, std::string what, Reporter& report)
    : node_(node), what_(std::move(what)), report_(report) {
    expect_map(node, what_, report);
}

const Mark& MapReader::at(std::string_view key) const {
    const yaml::Node* node = node_.find(key);
    return node == nullptr ? node_.at : node->at;
}

const yaml::Node* MapReader::take(std::string_view key) {
    known_.emplace_back(key);
    const yaml::Node* node = node_.find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_null()) return node;
    report_.error(node->at, fmt::format("`{}` is empty", key), "give it a value, or remove it");
    return nullptr;
}

void MapReader::demand(std::string_view key, std::string_view right) {
    // An empty or broken one has been reported by its own reader, and so has what is no map at all.
    if (!node_.is_map() || node_.find(key) != nullptr) return;
    report_.error(node_.at, fmt::format("{} has no `{}`", what_, key),
                  fmt::format("write `{}`", right));
}

std::optional<std::string> MapReader::text(std::string_view key) {
    const yaml::Node* node = take(key);
    if (node == nullptr) return std::nullopt;
    return read_text(*node, fmt::format("`{}`", key), report_);
}

std::optional<bool> MapReader::boolean(std::string_view key) {
    const yaml::Node* node = take(key);
    if (node == nullptr) return std::nullopt;
    return read_boolean(*node, fmt::format("`{}`", key), report_);
}

std::optional<int> MapReader::integer(std::string_view key, IntegerRange range) {
    const yaml::Node* node = take(key);
    if (node == nullptr) return std::nullopt;
    return read_integer(*node, fmt::format("`{}`", key), range, report_);
}

std::optional<Duration> MapReader::duration(std::string_view key) {
    const yaml::Node* node = take(key);
    if (node == nullptr) return std::nullopt;
    return read_duration(*node, fmt::format("`{}`", key), report_);
}

std::vector<Marked> MapReader::texts(std::string_view key) {
    const yaml::Node* node = take(key);
    if (node == nullptr) return {};
    return read_texts(*node, fmt::format("`{}`", key), report_);
}

void MapReader::refuse_choice(const yaml::Node& node, std::string_view key,
                              const std::vector<std::string>& names) {
    report_.error(node.at, fmt::format("`{}` cannot be {}", key, shown(node)),
                  suggest(node.text, names));
}

void MapReader::finish() {
    for (const yaml::Entry& entry : node_.entries) {
        if (std::ranges::find(known_, entry.key) != known_.end()) continue;
        report_.error(entry.at, fmt::format("unknown key '{}' in {}", entry.key, what_),
                      suggest(entry.key, known_));
    }
}

}  // namespace entente::model
