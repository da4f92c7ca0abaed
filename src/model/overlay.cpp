#include "model/overlay.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::model {
namespace {

void remove(yaml::Node& base, const yaml::Entry& entry, Reporter& report) {
    const auto old = std::ranges::find(base.entries, entry.key, &yaml::Entry::key);
    if (old != base.entries.end()) {
        base.entries.erase(old);
        return;
    }
    std::vector<std::string> known;
    for (const yaml::Entry& other : base.entries) known.push_back(other.key);
    report.error(entry.at, fmt::format("there is no '{}' to remove", entry.key),
                 suggest(entry.key, known));
}

}  // namespace

// Recursion is as deep as a file may nest: limits::json_depth_max.
void lay_over(yaml::Node& base, yaml::Node overlay, Reporter& report) {
    if (!base.is_map() || !overlay.is_map()) {
        base = std::move(overlay);
        return;
    }
    for (yaml::Entry& entry : overlay.entries) {
        if (entry.value.is_null()) {
            remove(base, entry, report);
            continue;
        }
        const auto old = std::ranges::find(base.entries, entry.key, &yaml::Entry::key);
        if (old == base.entries.end()) {
            base.entries.push_back(std::move(entry));
        } else {
            old->at = entry.at;
            lay_over(old->value, std::move(entry.value), report);
        }
    }
}

}  // namespace entente::model
