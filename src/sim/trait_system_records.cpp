#include "sim/trait_system_records.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::sim {

const StoredRecord* TraitTable::find(const std::string& id) const {
    const auto found = live_.find(id);
    return found == live_.end() ? nullptr : &found->second;
}

const StoredRecord* TraitTable::find_removed(const std::string& id) const {
    const auto found = removed_.find(id);
    return found == removed_.end() ? nullptr : &found->second;
}

std::string TraitTable::new_id(const std::string& prefix) {
    return fmt::format("{}{:05}", prefix, next_id_++);
}

void TraitTable::add(const std::string& id, StoredRecord record) {
    const bool is_new = live_.emplace(id, std::move(record)).second;
    CHECK(is_new, "an id is given once");
}

void TraitTable::change(const std::string& id, StoredRecord record, Instant now, Duration keep) {
    StoredRecord& current = live_.at(id);
    keep_older(id, current, now, keep);
    current = std::move(record);
}

void TraitTable::remove(const std::string& id, Instant now, Duration keep) {
    const auto found = live_.find(id);
    CHECK(found != live_.end(), "only a record that is there is removed");
    keep_older(id, found->second, now, keep);
    removed_[id] = std::move(found->second);
    live_.erase(found);
}

void TraitTable::bring_back(const std::string& id) {
    const auto found = removed_.find(id);
    CHECK(found != removed_.end(), "only a record that was removed comes back");
    add(id, std::move(found->second));
    removed_.erase(found);
}

void TraitTable::count_on_from(const TraitTable& later) {
    next_id_ = std::max(next_id_, later.next_id_);
    for (auto& [id, record] : live_)
        if (const StoredRecord* newer = later.find(id))
            record.version = newer->version + (newer->body == record.body ? 0 : 1);
        else if (const StoredRecord* removed = later.find_removed(id))
            record.version = removed->version + 1;
}

const StoredRecord* TraitTable::oldest_since(const std::string& id, Instant since) const {
    if (const auto past = past_.find(id); past != past_.end())
        for (const Past& older : past->second)
            if (older.until > since) return &older.record;
    return find(id);
}

std::vector<std::pair<std::string, const StoredRecord*>> TraitTable::all_since(
    Instant since) const {
    std::vector<std::pair<std::string, const StoredRecord*>> out;
    out.reserve(live_.size());
    auto past = past_.begin();
    // Records that are kept as they were but are no longer live stand between the live ones.
    const auto take_past_before = [&](const std::string* id) {
        for (; past != past_.end() && (id == nullptr || past->first <= *id); ++past) {
            if (id != nullptr && past->first == *id) continue;
            if (const StoredRecord* older = oldest_since(past->first, since))
                out.emplace_back(past->first, older);
        }
    };
    for (const auto& [id, record] : live_) {
        take_past_before(&id);
        out.emplace_back(id, past_.empty() ? &record : oldest_since(id, since));
    }
    take_past_before(nullptr);
    return out;
}

void TraitTable::forget_older() {
    past_.clear();
}

void TraitTable::keep_older(const std::string& id, const StoredRecord& record, Instant now,
                            Duration keep) {
    if (keep.ms == 0) return;
    std::vector<Past>& past = past_[id];
    std::erase_if(past, [&](const Past& older) { return older.until <= now - keep; });
    past.push_back({record, now});
}

}  // namespace entente::sim
