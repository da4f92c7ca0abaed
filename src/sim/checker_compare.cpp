// Two records of one thing, value by value and line by line.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "sim/checker_fold.hpp"
#include "sim/checker_parts.hpp"

namespace entente::checker {
namespace {

const Column* column_named(std::span<const Column> columns, std::string_view property) {
    const auto at = std::ranges::find(columns, property, &Column::property);
    return at == columns.end() ? nullptr : &*at;
}

// What only one of the systems has cannot differ.
void compare(const Pair& pair, std::span<const Column> left_columns,
             std::span<const Column> right_columns, const Values& left, const Values& right,
             std::string_view prefix, std::vector<Difference>& out) {
    for (const Column& column : left_columns) {
        const Column* other = column_named(right_columns, column.property);
        if (other == nullptr) continue;
        if ((column.only_flows_out || other->only_flows_out) && !pair.compares_price) continue;
        const std::string& x = left.at(std::string(column.property));
        const std::string& y = right.at(std::string(column.property));
        if (same(column, *other, x, y)) continue;
        std::string property = fmt::format("{}{}", prefix, column.property);
        std::string text = fmt::format("{}: '{}' in {}, '{}' in {}", property, x,
                                       place_of(pair.left, pair.left_shelf), y,
                                       place_of(pair.right, pair.right_shelf));
        out.push_back({std::move(property), std::move(text)});
    }
}

// A line whose product one of the two systems cannot name yet waits: it may be there, as somebody typed it, or not. If it is in
// both, as often.
void leave_out_what_waits(const Pair& pair, std::vector<Values>& left, std::vector<Values>& right) {
    std::set<std::string> asked;
    for (const auto* lines : {&left, &right}) {
        for (const Values& line : *lines) {
            const std::string& product = line.at("product");
            if (pair.asked_left.contains(product) || pair.asked_right.contains(product))
                asked.insert(product);
        }
    }
    for (const std::string& product : asked) {
        const auto is_of = [&](const Values& line) { return line.at("product") == product; };
        const auto here = std::ranges::count_if(left, is_of);
        const auto there = std::ranges::count_if(right, is_of);
        if (here != there && here != 0 && there != 0) continue;
        std::erase_if(left, is_of);
        std::erase_if(right, is_of);
    }
}

}  // namespace

std::string place_of(const Record& record, const Shelf& shelf) {
    return fmt::format("{} {}", shelf.system->name, record.id);
}

bool agree_in_identity(const Pair& pair) {
    const auto& left_columns = pair.left_shelf.sheet->columns;
    return std::ranges::all_of(left_columns, [&](const Column& column) {
        if (!column.is_identity) return true;
        const std::string property(column.property);
        const Column* other = column_named(pair.right_shelf.sheet->columns, property);
        const std::string& x = pair.left.values.at(property);
        const std::string& y = pair.right.values.at(property);
        return same(column, *other, x, y) || identity_key(property, x) == identity_key(property, y);
    });
}

std::vector<Difference> differences(const Pair& pair) {
    std::vector<Difference> out;
    const Sheet& left_sheet = *pair.left_shelf.sheet;
    const Sheet& right_sheet = *pair.right_shelf.sheet;
    compare(pair, left_sheet.columns, right_sheet.columns, pair.left.values, pair.right.values, "",
            out);
    // Equal lines first; then those of one product; what is left has no partner.
    auto left = pair.left.lines;
    auto right = pair.right.lines;
    leave_out_what_waits(pair, left, right);
    std::erase_if(left, [&](const auto& line) {
        const auto at = std::ranges::find(right, line);
        if (at == right.end()) return false;
        right.erase(at);
        return true;
    });
    const std::string left_place = place_of(pair.left, pair.left_shelf);
    const std::string right_place = place_of(pair.right, pair.right_shelf);
    for (const auto& line : left) {
        const auto at = std::ranges::find_if(
            right, [&](const auto& other) { return other.at("product") == line.at("product"); });
        if (at == right.end()) {
            out.push_back(
                {"line", fmt::format("{} has a line that {} lacks", left_place, right_place)});
            continue;
        }
        compare(pair, left_sheet.lines, right_sheet.lines, line, *at, "lines.", out);
        right.erase(at);
    }
    for (std::size_t i = 0; i < right.size(); ++i) {
        out.push_back(
            {"line", fmt::format("{} has a line that {} lacks", right_place, left_place)});
    }
    return out;
}

}  // namespace entente::checker
