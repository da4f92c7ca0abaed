// The memory of recent match keys: what it finds, and what a merge takes out of it, slice by slice.
#include "store/recent_keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace entente::store {
namespace {

CarriedKey carried(std::uint64_t key, std::int64_t record) {
    return {{key, key}, {record}};
}

std::vector<std::int64_t> carriers(const RecentKeys& keys, std::uint64_t key) {
    std::vector<RecentKeys::Entry> found;
    keys.find({key, key}, found);
    std::vector<std::int64_t> out;
    for (const auto& entry : found) out.push_back(entry.carried.record.value);
    std::ranges::sort(out);
    return out;
}
using Records = std::vector<std::int64_t>;

TEST(RecentKeys, finds_what_was_added_however_much_it_is) {
    // More than the first buckets hold, and many keys of one bucket: 0, 65536, 131072 ...
    RecentKeys keys;
    EXPECT_TRUE(carriers(keys, 1).empty());
    for (std::int64_t i = 0; i < 5000; ++i)
        keys.add(carried(static_cast<std::uint64_t>(i % 100) << 16, i), 1);
    EXPECT_EQ(keys.size(), 5000u);
    EXPECT_EQ(carriers(keys, 7 << 16).size(), 50u);
    EXPECT_EQ(carriers(keys, 7 << 16).front(), 7);
    EXPECT_TRUE(carriers(keys, 7).empty());
}

TEST(RecentKeys, a_removed_key_is_not_found_and_not_merged_even_in_the_middle_of_a_merge) {
    RecentKeys keys;
    keys.restart({10});
    for (std::int64_t i = 11; i <= 16; ++i)
        keys.add(carried(static_cast<std::uint64_t>(20 - i), i), 3);
    keys.remove(carried(9, 11));
    keys.freeze();
    EXPECT_TRUE(keys.is_merging());
    EXPECT_EQ(keys.size(), 0u);
    // By key: 4 of record 16, 5 of 15 ... the removed one is last.
    const auto first = keys.slice(2);
    EXPECT_EQ(first[0].carried, carried(4, 16));
    EXPECT_EQ(first[1].carried, carried(5, 15));
    keys.remove(carried(6, 14));
    EXPECT_TRUE(carriers(keys, 6).empty());
    EXPECT_EQ(carriers(keys, 4), Records{16});
    const auto rest = keys.slice(100);
    EXPECT_EQ(rest.size(), 4u);
    EXPECT_EQ(std::ranges::count(rest, 0, &RecentKeys::Entry::resource), 2);
    EXPECT_TRUE(keys.is_merged());
    EXPECT_EQ(keys.finish(), RecordId{16});
    EXPECT_FALSE(keys.is_merging());
    EXPECT_TRUE(carriers(keys, 4).empty());
}

TEST(RecentKeys, records_of_a_merge_and_older_ones_belong_to_the_table) {
    RecentKeys keys;
    keys.restart({10});
    EXPECT_TRUE(keys.is_for_table({10}));
    EXPECT_FALSE(keys.is_for_table({11}));
    keys.add(carried(1, 15), 1);
    EXPECT_FALSE(keys.is_for_table({15}));
    keys.freeze();
    EXPECT_TRUE(keys.is_for_table({12}));
    EXPECT_FALSE(keys.is_for_table({16}));
    keys.restart({10});
    EXPECT_FALSE(keys.is_for_table({12}));
    EXPECT_TRUE(carriers(keys, 1).empty());
}

}  // namespace
}  // namespace entente::store
