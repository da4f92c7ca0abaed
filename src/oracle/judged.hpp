// What the engine says about itself at rest, ready to be asked by record. Seen by the oracle's own files only.
#pragma once

#include <algorithm>

#include "base/json.hpp"
#include "oracle/oracle.hpp"

namespace entente::oracle {

struct Oracle::Judged {
    explicit Judged(const EngineSight& s) : sight(s) {
        for (const LinkSight& link : s.links) links[link.key] = &link;
        parked.insert(s.parked.begin(), s.parked.end());
    }
    const LinkSight* live(const RecordKey& key) const {
        const auto found = links.find(key);
        return found == links.end() || !found->second->is_live ? nullptr : found->second;
    }
    bool is_held(const RecordKey& key, const std::string& property) const {
        const LinkSight* link = live(key);
        return link && std::ranges::any_of(
                           link->held, [&](const auto& held) { return held.first == property; });
    }
    // Somebody is told of this very value.
    bool is_told(const Value& value) const {
        if (!value.is_text() && !value.is_decimal()) return false;
        const std::string written = json::write(value);
        return std::ranges::any_of(sight.links, [&](const LinkSight& link) {
            return std::ranges::any_of(link.held, [&](const auto& held) {
                return held.second.find(written) != std::string::npos;
            });
        });
    }

    const EngineSight& sight;
    std::map<RecordKey, const LinkSight*> links;
    std::set<RecordKey> parked;
};

}  // namespace entente::oracle
