// What the memory store has beyond the port: clones, digests, and a configuration that grows.
#include "store/memory_store.hpp"

#include <functional>
#include <set>

#include "store/store_suite.hpp"

namespace entente::store {
namespace {

using Change = std::function<void(sync::Transaction&)>;

void durably(MemoryStore& store, const Change& change) {
    auto t = *store.begin();
    change(*t);
    const Result<void> done = t->commit();
    ASSERT_TRUE(done.has_value()) << done.error().message();
}

sync::Record record(RecordId id, const std::string& external_id) {
    sync::Record out;
    out.id = id;
    out.resource = shop_customers;
    out.external_id = external_id;
    out.body = "{}";
    return out;
}

sync::Entity entity(EntityId id) {
    return {.id = id, .model = person};
}

sync::Link link(LinkId id, EntityId entity) {
    return {.id = id, .record = {1}, .data_type = shop_people, .entity = entity};
}

template <class T>
Change insert(T row) {
    return [row](sync::Transaction& t) { t.insert(std::span<const T>(&row, 1)); };
}

// One for every table, each upon those before it.
std::vector<Change> changes() {
    sync::Intent intent{.id = {1}, .resource = shop_customers};
    return {
        insert(record({1}, "a")),
        insert(entity({1})),
        insert(link({1}, {1})),
        [](sync::Transaction& t) { t.set_keys({1}, shop_customers, {{Digest{1, 2}}}, true); },
        [](sync::Transaction& t) { t.put_dirty({{{{1}, shop_people, {}, {}, ""}}}); },
        [intent](sync::Transaction& t) { t.put_intent(intent); },
        [](sync::Transaction& t) {
            t.put_parked({sync::ParkReason::duplicate, {1}, {}, shop_people, "", {}, {}});
        },
        [](sync::Transaction& t) { t.put_feed({shop_customers, {}, {}, {}, 0, 7}); },
        [](sync::Transaction& t) { t.put_data_type_state({shop_people, true, {}, false, "", {}}); },
        [](sync::Transaction& t) { t.append({{{.at = {1}, .entity = {1}}}}); },
        [](sync::Transaction& t) { t.put_awaited({{{shop_customers, "b", {1}}}}); },
        [](sync::Transaction& t) { t.put_deferred({{{shop_customers, "a", "", "", {}, {}}}}); },
        [](sync::Transaction& t) {
            sync::Record changed = record({1}, "a");
            changed.body = "[]";
            t.update(std::span<const sync::Record>(&changed, 1));
        },
        [](sync::Transaction& t) { t.rename({1}, "A"); },
    };
}

TEST(MemoryStoreTest, every_change_of_a_row_changes_the_digest_and_nothing_else_does) {
    // What is rolled back, and ids that were given out for nothing, leave no trace.
    MemoryStore store(sample_names());
    std::set<Digest> seen{store.digest()};
    for (const Change& change : changes()) {
        const Digest before = store.digest();
        {
            auto t = *store.begin();
            change(*t);
            t->new_link_id();
        }
        EXPECT_EQ(store.digest(), before);
        durably(store, change);
        EXPECT_TRUE(seen.insert(store.digest()).second) << "change " << seen.size();
    }
}

TEST(MemoryStoreTest, equal_rows_have_equal_digests_whatever_the_way) {
    MemoryStore one(sample_names()), other(sample_names());
    for (const Change& change : changes()) durably(one, change);
    durably(other, insert(record({5}, "z")));
    durably(other, insert(entity({9})));
    durably(other, [](sync::Transaction& t) {
        for (const Change& change : changes()) change(t);
        t.erase(std::vector<EntityId>{{9}});
    });
    EXPECT_NE(one.digest(), other.digest());
    durably(one, insert(record({5}, "z")));
    EXPECT_EQ(one.digest(), other.digest());
}

TEST(MemoryStoreTest, the_digest_is_the_same_in_every_process) {
    // The literal may change with the fields of a row, and with nothing else.
    MemoryStore store(sample_names());
    for (const Change& change : changes()) durably(store, change);
    EXPECT_EQ(store.digest().hex(), "0aee36387ba3d6952c1a1bd64ed12aea");
}

TEST(MemoryStoreTest, a_clone_is_equal_and_neither_sees_what_becomes_of_the_other) {
    // Cloned before each change; each of the two makes it in turn, the other one stays.
    for (const bool clone_changes : {false, true}) {
        MemoryStore store(sample_names());
        for (const Change& change : changes()) {
            const auto clone = store.clone();
            const Digest before = store.digest();
            EXPECT_EQ(clone->digest(), before);
            if (clone_changes) {
                durably(*clone, change);
                EXPECT_EQ(store.digest(), before);
            }
            durably(store, change);
            EXPECT_EQ(clone->digest(), clone_changes ? store.digest() : before);
        }
    }
}

TEST(MemoryStoreTest, a_clone_outlives_its_original_and_goes_on_with_its_ids) {
    auto store = std::make_unique<MemoryStore>(sample_names());
    durably(*store, [](sync::Transaction& t) { EXPECT_EQ(t.new_record_id(), RecordId{1}); });
    durably(*store, insert(record({1}, "a")));
    const auto clone = store->clone();
    store.reset();
    durably(*clone, [](sync::Transaction& t) {
        EXPECT_EQ(t.records(std::vector<RecordId>{{1}}).size(), 1u);
        EXPECT_EQ(t.new_record_id(), RecordId{2});
    });
}

TEST(MemoryStoreTest, a_change_that_is_rolled_back_does_not_reach_a_clone) {
    MemoryStore store(sample_names());
    durably(store, insert(record({1}, "a")));
    const auto clone = store.clone();
    {
        auto t = *store.begin();
        t->rename({1}, "b");
    }
    EXPECT_EQ(store.digest(), clone->digest());
    durably(store, [](sync::Transaction& t) { t.rename({1}, "b"); });
    EXPECT_NE(store.digest(), clone->digest());
}

TEST(MemoryStoreTest, a_grown_configuration_goes_on_with_what_is_there) {
    MemoryStore store(sample_names());
    durably(store, insert(record({1}, "a")));
    const Digest before = store.digest();
    Names grown = sample_names();
    grown.systems.push_back("Crm");
    grown.resources.push_back("Crm.contacts");
    grown.data_types.push_back("Crm.People");
    grown.data_type_models.push_back(person);
    grown.data_type_resources.push_back(ResourceIndex{3});
    store.grow(grown);
    EXPECT_EQ(store.digest(), before);
    durably(store, [](sync::Transaction& t) {
        sync::Record contact = record({2}, "k");
        contact.resource = ResourceIndex{3};
        t.insert(std::span<const sync::Record>(&contact, 1));
        EXPECT_EQ(t.counts(DataTypeIndex{3}).records, 1);
        EXPECT_EQ(t.counts(shop_people).records, 1);
    });
}

TEST(MemoryStoreDeathTest, a_configuration_that_is_not_a_grown_one_is_refused) {
    MemoryStore store(sample_names());
    Names other = sample_names();
    std::swap(other.systems[0], other.systems[1]);
    EXPECT_DEATH(store.grow(other), "only grows");
    Names fewer = sample_names();
    fewer.data_types.pop_back();
    EXPECT_DEATH(store.grow(fewer), "only grows");
}

}  // namespace
}  // namespace entente::store
