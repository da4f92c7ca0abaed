// The records of one resource of a simulated system, as the JSON text that it shows, with the indexes that keep lists,
// pages and searches O(log n): by id, by (modified, id), and by each searched field. Called by Books only when the
// journal has taken the change; it never looks into a body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ext/pb_ds/assoc_container.hpp>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace entente::sim {

struct Row {
    std::int64_t id = 0;
    Instant modified;
    std::string body;               // the record as it is shown
    std::vector<std::string> keys;  // one per searched field; empty: no value, found by no search
};

class Table {
public:
    explicit Table(std::size_t searched_fields) : search_(searched_fields) {}

    const Row* find(std::int64_t id) const;
    std::size_t size() const { return rows_.size(); }

    // Replaces the row of the same id. Requires: as many keys as searched fields.
    void put(Row row);
    bool erase(std::int64_t id);

    // Sorted by id: `count` rows after skipping `skip`; or those with a larger id than `id`.
    std::vector<const Row*> page(std::size_t skip, std::size_t count) const;
    std::vector<const Row*> after(std::int64_t id, std::size_t count) const;

    // Sorted by (modified, id), those at or after `since`.
    std::size_t count_since(Instant since) const;
    std::vector<const Row*> page_since(Instant since, std::size_t skip, std::size_t count) const;
    // ... those after the place (modified, id).
    std::vector<const Row*> after_place(Instant modified, std::int64_t id, std::size_t count) const;

    // Rows whose key of that searched field is `key`, sorted by id.
    std::vector<const Row*> search(std::size_t field, std::string_view key) const;

private:
    // GNU's tree knows the position of a key, which std::map does not: page 900 costs as much as page 1.
    template <class Key, class Mapped>
    using Ranked = __gnu_pbds::tree<Key, Mapped, std::less<Key>, __gnu_pbds::rb_tree_tag,
                                    __gnu_pbds::tree_order_statistics_node_update>;
    using Place = std::pair<std::int64_t, std::int64_t>;  // modified in ms, id

    void unindex(const Row& row);

    Ranked<std::int64_t, Row> rows_;
    Ranked<Place, __gnu_pbds::null_type> by_modified_;
    std::vector<std::set<std::pair<std::string, std::int64_t>>> search_;
};

}  // namespace entente::sim
