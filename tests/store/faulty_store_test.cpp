// Commits that fail by number.
#include "store/faulty_store.hpp"

#include <gtest/gtest.h>

#include "store/memory_store.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

class FaultyStoreTest : public ::testing::Test {
protected:
    // Puts the feed's state in a transaction of its own; what commit said.
    Result<void> put(FaultyStore& store, std::int64_t records) {
        auto t = store.begin();
        EXPECT_TRUE(t.has_value());
        (*t)->put_feed({shop_customers, {}, {}, {}, records});
        return (*t)->commit();
    }
    std::int64_t durable_records() {
        auto t = inner_.begin();
        const auto feeds = (*t)->feeds();
        return feeds.empty() ? 0 : feeds.at(0).records;
    }
    // Every commit but the second goes well.
    StoreFaults second(CommitFate fate) {
        return {[fate](std::int64_t n) { return n == 2 ? fate : CommitFate::commits; },
                {},
                [this](std::int64_t n) { durable_.push_back(n); }};
    }

    MemoryStore inner_{sample_names()};
    std::vector<std::int64_t> durable_;
};

TEST_F(FaultyStoreTest, a_commit_that_fails_leaves_nothing) {
    FaultyStore store(inner_, second(CommitFate::fails));
    EXPECT_TRUE(put(store, 10).has_value());
    const Result<void> failed = put(store, 20);
    ASSERT_FALSE(failed.has_value());
    EXPECT_EQ(failed.error().kind, ErrorKind::store);
    EXPECT_EQ(durable_records(), 10);
    EXPECT_TRUE(put(store, 30).has_value());
    EXPECT_EQ(durable_records(), 30);
    EXPECT_EQ(durable_, (std::vector<std::int64_t>{1, 3}));
    EXPECT_EQ(store.commits(), 3);
}

TEST_F(FaultyStoreTest, a_commit_whose_answer_is_lost_is_durable_and_looks_like_one_that_failed) {
    FaultyStore store(inner_, second(CommitFate::lost_answer));
    EXPECT_TRUE(put(store, 10).has_value());
    const Result<void> lost = put(store, 20);
    ASSERT_FALSE(lost.has_value());
    EXPECT_EQ(durable_records(), 20);
    EXPECT_EQ(durable_, (std::vector<std::int64_t>{1, 2}));

    MemoryStore other(sample_names());
    FaultyStore failing(other, second(CommitFate::fails));
    EXPECT_TRUE(put(failing, 10).has_value());
    EXPECT_EQ(put(failing, 20).error().message(), lost.error().message());
}

TEST_F(FaultyStoreTest, a_commit_that_the_store_itself_refuses_is_told_as_it_is) {
    FaultyStore store(inner_, second(CommitFate::lost_answer));
    auto t = *store.begin();
    const sync::Entity missing{.id = {7}, .model = person};
    t->update(std::span(&missing, 1));
    EXPECT_EQ(t->commit().error().kind, ErrorKind::corrupt);
    EXPECT_TRUE(durable_.empty());
}

TEST_F(FaultyStoreTest, a_transaction_that_is_not_committed_is_rolled_back_and_not_counted) {
    FaultyStore store(inner_, {});
    {
        auto t = *store.begin();
        t->put_feed({shop_customers, {}, {}, {}, 5});
    }
    EXPECT_EQ(durable_records(), 0);
    EXPECT_EQ(store.begins(), 1);
    EXPECT_EQ(store.commits(), 0);
}

TEST_F(FaultyStoreTest, begin_can_be_refused) {
    StoreFaults faults;
    faults.refuses_begin = [](std::int64_t n) { return n == 2; };
    FaultyStore store(inner_, faults);
    EXPECT_TRUE(put(store, 10).has_value());
    const auto refused = store.begin();
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::store);
    EXPECT_TRUE(put(store, 20).has_value());
    EXPECT_EQ(durable_records(), 20);
}

}  // namespace
}  // namespace entente::store
