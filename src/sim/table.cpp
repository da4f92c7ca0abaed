#include "sim/table.hpp"

#include "base/error.hpp"

namespace entente::sim {

const Row* Table::find(std::int64_t id) const {
    const auto at = rows_.find(id);
    return at == rows_.end() ? nullptr : &at->second;
}

void Table::put(Row row) {
    CHECK(row.keys.size() == search_.size(), "a row brings one key for each searched field");
    const auto old = rows_.find(row.id);
    if (old != rows_.end()) unindex(old->second);
    by_modified_.insert({row.modified.ms, row.id});
    for (std::size_t i = 0; i < search_.size(); ++i) {
        if (!row.keys[i].empty()) search_[i].emplace(row.keys[i], row.id);
    }
    if (old != rows_.end()) {
        old->second = std::move(row);
    } else {
        const std::int64_t id = row.id;
        rows_.insert({id, std::move(row)});
    }
}

bool Table::erase(std::int64_t id) {
    const auto at = rows_.find(id);
    if (at == rows_.end()) return false;
    unindex(at->second);
    rows_.erase(at);
    return true;
}

void Table::unindex(const Row& row) {
    by_modified_.erase({row.modified.ms, row.id});
    for (std::size_t i = 0; i < search_.size(); ++i) {
        if (!row.keys[i].empty()) search_[i].erase({row.keys[i], row.id});
    }
}

std::vector<const Row*> Table::page(std::size_t skip, std::size_t count) const {
    std::vector<const Row*> out;
    if (skip >= rows_.size()) return out;
    for (auto at = rows_.find_by_order(skip); at != rows_.end() && out.size() < count; ++at) {
        out.push_back(&at->second);
    }
    return out;
}

std::vector<const Row*> Table::after(std::int64_t id, std::size_t count) const {
    std::vector<const Row*> out;
    for (auto at = rows_.upper_bound(id); at != rows_.end() && out.size() < count; ++at) {
        out.push_back(&at->second);
    }
    return out;
}

std::size_t Table::count_since(Instant since) const {
    return by_modified_.size() - by_modified_.order_of_key({since.ms, INT64_MIN});
}

std::vector<const Row*> Table::page_since(Instant since, std::size_t skip,
                                          std::size_t count) const {
    std::vector<const Row*> out;
    const std::size_t first = by_modified_.order_of_key({since.ms, INT64_MIN}) + skip;
    if (first >= by_modified_.size()) return out;
    for (auto at = by_modified_.find_by_order(first);
         at != by_modified_.end() && out.size() < count; ++at) {
        out.push_back(find(at->second));
    }
    return out;
}

std::vector<const Row*> Table::after_place(Instant modified, std::int64_t id,
                                           std::size_t count) const {
    std::vector<const Row*> out;
    for (auto at = by_modified_.upper_bound({modified.ms, id});
         at != by_modified_.end() && out.size() < count; ++at) {
        out.push_back(find(at->second));
    }
    return out;
}

std::vector<const Row*> Table::search(std::size_t field, std::string_view key) const {
    std::vector<const Row*> out;
    if (key.empty()) return out;
    const std::string wanted(key);
    const auto& index = search_[field];
    for (auto at = index.lower_bound({wanted, INT64_MIN}); at != index.end() && at->first == wanted;
         ++at) {
        out.push_back(find(at->second));
    }
    return out;
}

}  // namespace entente::sim
