// Match keys of the newest records, in memory. The table of all keys has a random order, so adding a few keys to it in
// every transaction would write one page for each; kept back and merged in sorted slices they cost a small part of that.
// Nothing depends on this memory: the keys stand in `record_keys` too and are read again at open. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <vector>

#include "base/digest.hpp"
#include "base/ids.hpp"

namespace entente::store {

struct CarriedKey {
    Digest key;
    RecordId record;
    friend auto operator<=>(const CarriedKey&, const CarriedKey&) = default;
};

class RecentKeys {
public:
    struct Entry {
        CarriedKey carried;
        std::int64_t resource = 0;  // its number; 0: removed
    };

    // Forgets everything; keys of records up to this one are in the table.
    void restart(RecordId in_table_up_to);
    void add(const CarriedKey& carried, std::int64_t resource);
    void remove(const CarriedKey& carried);
    // Appends what carries the key, in no particular order.
    void find(const Digest& key, std::vector<Entry>& out) const;
    std::size_t size() const { return recent_.size(); }

    // Keys of this record go straight to the table: it is among those that are being merged, or older.
    bool is_for_table(RecordId record) const { return record <= frozen_up_to_; }

    // Merging: freeze takes all that is here, slices hand it out in order, finish ends it.
    bool is_merging() const { return !frozen_.empty(); }
    void freeze();
    // The next `count` frozen ones; removed ones (resource 0) among them are to be skipped.
    std::span<const Entry> slice(std::size_t count);
    bool is_merged() const { return merged_ == frozen_.size(); }
    // Returns up to which record all keys are in the table now.
    RecordId finish();

private:
    // By the upper half: the last byte of a key is not random, it says which rule the key is of.
    std::size_t bucket_of(const Digest& key) const { return key.high & (buckets_.size() - 1); }
    void grow();
    std::vector<Entry>::iterator first_frozen(const CarriedKey& carried);
    std::vector<Entry>::const_iterator first_frozen(const CarriedKey& carried) const;

    // A hash table by key: `buckets_` holds the newest entry of each, `older_` the one before it; both count from 1.
    // Its order never shows. A power of two of buckets, at least as many as entries.
    std::vector<Entry> recent_;
    std::vector<std::uint32_t> older_;
    std::vector<std::uint32_t> buckets_;
    std::vector<Entry> frozen_;  // sorted
    std::size_t merged_ = 0;     // so many of them were handed out
    RecordId frozen_up_to_;
};

}  // namespace entente::store
