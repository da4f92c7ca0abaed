// The records of one table of a simulated system of any traits, with what they were a moment ago and those that were removed.
// Knows no HTTP and no clock; called by TraitSystem only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::sim {

struct StoredRecord {
    Value body;  // `id` and all fields, null where there is no value; without the members below
    std::int64_t version = 1;
    std::int64_t row_version = 0;
    Instant modified;          // by its own clock, as it is shown
    Instant created, changed;  // true time
};

class TraitTable {
public:
    using Live = std::map<std::string, StoredRecord>;

    const Live& live() const { return live_; }
    const StoredRecord* find(const std::string& id) const;
    const StoredRecord* find_removed(const std::string& id) const;

    // Ids of equal length: their order is the order in which they were given. Ensures: not given before, backups aside.
    std::string new_id(const std::string& prefix);
    void add(const std::string& id, StoredRecord record);
    // Requires: live. `keep`: how long the older state can be asked for.
    void change(const std::string& id, StoredRecord record, Instant now, Duration keep);
    void remove(const std::string& id, Instant now, Duration keep);
    // Requires: removed. Ensures: live again, as it was.
    void bring_back(const std::string& id);

    // The oldest state that was current later than `since`; null when there was none, or it was added later than that.
    // Requires: no older ones are asked for than were kept.
    const StoredRecord* oldest_since(const std::string& id, Instant since) const;
    // The same of all records, by id.
    std::vector<std::pair<std::string, const StoredRecord*>> all_since(Instant since) const;
    void forget_older();
    // Ids and versions that `later` has given are not given again: else nobody could tell two bodies of one version apart.
    void count_on_from(const TraitTable& later);

private:
    struct Past {
        StoredRecord record;
        Instant until;
    };
    void keep_older(const std::string& id, const StoredRecord& record, Instant now, Duration keep);

    Live live_, removed_;
    std::map<std::string, std::vector<Past>> past_;  // by time
    std::int64_t next_id_ = 1;
};

}  // namespace entente::sim
