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
    const HeldSight* held(const RecordKey& key, const std::string& property) const {
        const LinkSight* link = live(key);
        if (!link) return nullptr;
        const auto found = std::ranges::find(link->held, property, &HeldSight::property);
        return found == link->held.end() ? nullptr : &*found;
    }
    // A hold excuses the one edit that it is about: what was typed later must have arrived.
    bool is_held(const RecordKey& key, const std::string& property) const {
        const HeldSight* hold = held(key, property);
        return hold && (hold->is_current || hold->is_unreadable);
    }
    // A hold of this property of this thing tells people this very value.
    bool is_told(std::int64_t entity, const std::string& property, const Value& value) const {
        if (!value.is_text() && !value.is_decimal()) return false;
        const std::string written = json::write(value);
        return std::ranges::any_of(sight.links, [&](const LinkSight& link) {
            return link.entity == entity &&
                   std::ranges::any_of(link.held, [&](const HeldSight& hold) {
                       return hold.property == property &&
                              hold.reason.find(written) != std::string::npos;
                   });
        });
    }
    // A write of it, or of what it is part of, is open in the system.
    bool is_open(const std::string& thing, int system) const {
        return std::ranges::any_of(sight.open, [&](const auto& open) {
            return open.second == system &&
                   (open.first == thing || thing.starts_with(open.first + "/"));
        });
    }
    // Stopped by the guard. Lines are shown with their things, or wait for them.
    bool is_stopped(int system, const std::string& table) const {
        const auto has = [&](const std::string& name) {
            return std::ranges::find(sight.stopped, std::pair(system, name)) != sight.stopped.end();
        };
        return has(table) || (table == "lines" && has("things"));
    }
    bool is_stopped(const RecordKey& key) const { return is_stopped(key.system, key.table); }

    const EngineSight& sight;
    std::map<RecordKey, const LinkSight*> links;
    std::set<RecordKey> parked;
};

}  // namespace entente::oracle
