#include "model/load_pattern.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::model {

std::vector<std::string> placeholders_of(std::string_view text) {
    std::vector<std::string> names;
    while (true) {
        const std::size_t open = text.find('{');
        if (open == std::string_view::npos) return names;
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) return names;
        names.emplace_back(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
}

void check_pattern(const Marked& pattern, std::string_view what, const PatternNames& names,
                   Reporter& report) {
    const std::vector<std::string> used = placeholders_of(pattern.text);
    for (const std::string& name : used) {
        if (std::ranges::find(names.may, name) != names.may.end()) continue;
        report.error(pattern.at, fmt::format("{} cannot use '{{{}}}'", what, name),
                     suggest(name, names.may));
    }
    for (const std::string& name : names.must) {
        if (std::ranges::find(used, name) != used.end()) continue;
        report.error(pattern.at, fmt::format("{} does not say where the {} goes", what, name),
                     fmt::format("write {{{}}} there", name));
    }
}

QueryPattern read_query_pattern(const yaml::Node& node, std::string_view what,
                                const PatternNames& names, Reporter& report) {
    if (!node.is_map()) return {read_text(node, what, report).value_or(""), ""};
    MapReader map(node, std::string(what), report);
    QueryPattern query;
    query.parameter = map.text("parameter").value_or("");
    map.demand("parameter", "parameter: $filter");
    query.pattern = map.text("value").value_or("");
    const std::string& example = names.must.empty() ? names.may.front() : names.must.front();
    map.demand("value", fmt::format("value: \"... {{{}}} ...\"", example));
    if (!query.pattern.empty())
        check_pattern({query.pattern, map.at("value")}, what, names, report);
    map.finish();
    return query;
}

}  // namespace entente::model
