// Work that is to be done or waits, through the port: dirty pairs, intents, parked, awaited and deferred.
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

std::vector<std::int64_t> entities_of(const std::vector<sync::Dirty>& list) {
    std::vector<std::int64_t> out;
    for (const sync::Dirty& d : list) out.push_back(d.entity.value);
    return out;
}
using List = std::vector<std::int64_t>;

TEST_P(StorePort, dirty_pairs_are_ready_when_their_time_has_come) {
    durably([&](sync::Transaction& t) {
        t.put_dirty(
            std::vector<sync::Dirty>{{{5}, shop_people, {}, {}, ""},
                                     {{3}, shop_people, {100}, {}, "soon"},
                                     {{4}, shop_people, {200}, {}, "later"},
                                     {{1}, shop_people, Instant::never(), {9}, "its customer"},
                                     {{7}, shop_people, {}, {}, ""},
                                     {{2}, erp_people, {}, {}, ""}});
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {99}, 9)), (List{5, 7}));
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {100}, 9)), (List{3, 5, 7}));
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {500}, 3)), (List{3, 4, 5}));
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {500}, 0)), (List{}));
        EXPECT_EQ(entities_of(t.dirty_ready(erp_people, {500}, 9)), (List{2}));
        EXPECT_EQ(texts_of(t.dirty_ready(shop_people, {100}, 1)),
                  std::vector{text_of(sync::Dirty{{3}, shop_people, {100}, {}, "soon"})});
        EXPECT_EQ(entities_of(t.dirty_waiting(shop_people, 9)), (List{1, 3, 4}));
        EXPECT_EQ(texts_of(t.dirty_waiting(shop_people, 1)),
                  std::vector{text_of(
                      sync::Dirty{{1}, shop_people, Instant::never(), {9}, "its customer"})});
        EXPECT_EQ(t.next_dirty({0}), Instant{100});
        EXPECT_EQ(t.next_dirty({100}), Instant{200});
        EXPECT_EQ(t.next_dirty({200}), std::nullopt);
        return 0;
    });
}

TEST_P(StorePort, pairs_of_a_backfill_come_last) {
    durably([&](sync::Transaction& t) {
        t.put_dirty(std::vector<sync::Dirty>{{{1}, shop_people, {}, {}, "", true},
                                             {{2}, shop_people, {50}, {}, "", true},
                                             {{3}, shop_people, {}, {}, ""},
                                             {{4}, shop_people, {50}, {}, ""}});
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {50}, 9)), (List{3, 4, 1, 2}));
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {50}, 3)), (List{3, 4, 1}));
        EXPECT_TRUE(t.dirty_ready(shop_people, {50}, 9).back().backfill);
        return 0;
    });
}

TEST_P(StorePort, what_a_person_waits_for_stays_so_until_it_is_dropped) {
    durably([&](sync::Transaction& t) {
        const sync::Dirty edit{{1}, shop_people, {}, {}, ""};
        const sync::Dirty old{{1}, shop_people, {}, {}, "", true};
        t.put_dirty(std::array{old});
        EXPECT_TRUE(t.dirty_ready(shop_people, {}, 9).front().backfill);
        t.put_dirty(std::array{edit});
        t.put_dirty(std::array{old});
        EXPECT_FALSE(t.dirty_ready(shop_people, {}, 9).front().backfill);
        t.drop_dirty({1}, shop_people);
        t.put_dirty(std::array{old});
        t.release_waiting(shop_people);
        EXPECT_TRUE(t.dirty_ready(shop_people, {}, 9).front().backfill);
    });
}

TEST_P(StorePort, a_pair_is_dirty_once) {
    durably([&](sync::Transaction& t) {
        t.put_dirty(std::vector<sync::Dirty>{{{5}, shop_people, Instant::never(), {9}, "waits"}});
        t.put_dirty(std::vector<sync::Dirty>{{{5}, shop_people, {}, {}, ""}});
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {}, 9)), (List{5}));
        EXPECT_TRUE(t.dirty_waiting(shop_people, 9).empty());
        t.put_dirty(std::vector<sync::Dirty>{{{5}, shop_people, {7}, {}, ""}});
        EXPECT_TRUE(t.dirty_ready(shop_people, {}, 9).empty());
        t.drop_dirty({5}, erp_people);
        EXPECT_EQ(t.dirty_waiting(shop_people, 9).size(), 1u);
        t.drop_dirty({5}, shop_people);
        EXPECT_TRUE(t.dirty_waiting(shop_people, 9).empty());
        EXPECT_EQ(t.next_dirty({0}), std::nullopt);
    });
}

TEST_P(StorePort, what_awaits_an_entity_or_waits_in_a_data_type_can_be_released) {
    durably([&](sync::Transaction& t) {
        t.release_awaiting(std::vector<EntityId>{{9}});
        t.put_dirty(std::vector<sync::Dirty>{{{1}, shop_people, Instant::never(), {9}, "waits"},
                                             {{2}, erp_people, Instant::never(), {9}, "waits"},
                                             {{3}, shop_people, Instant::never(), {8}, "waits"},
                                             {{4}, shop_people, {50}, {}, "waits"}});
        t.release_awaiting(std::vector<EntityId>{{7}, {9}});
        EXPECT_EQ(texts_of(t.dirty_ready(shop_people, {}, 9)),
                  std::vector{text_of(sync::Dirty{{1}, shop_people, {}, {}, ""})});
        EXPECT_EQ(entities_of(t.dirty_ready(erp_people, {}, 9)), (List{2}));
        t.release_waiting(shop_people);
        EXPECT_EQ(entities_of(t.dirty_ready(shop_people, {}, 9)), (List{1, 3, 4}));
        EXPECT_TRUE(t.dirty_waiting(shop_people, 9).empty());
    });
}

TEST_P(StorePort, an_offer_delays_nothing_that_is_no_offer) {
    sync::Dirty offer{{1}, shop_people, {300}, {}, "offered"},
        work{{1}, shop_people, {200}, {}, "w"};
    offer.is_offer = true;
    durably([&](sync::Transaction& t) {
        t.put_dirty(std::array{offer});
        EXPECT_EQ(t.next_dirty({0}), Instant{300});
        EXPECT_EQ(t.next_awaited({0}), std::nullopt);
        t.put_dirty(std::array{work});
        EXPECT_EQ(t.next_awaited({0}), Instant{200});
        t.put_dirty(std::array{offer});
        EXPECT_EQ(texts_of(t.dirty_waiting(shop_people, 9)), std::vector{text_of(work)});
        // It comes first: then it is what is waited for.
        offer.not_before = {100};
        t.put_dirty(std::array{offer});
        EXPECT_EQ(texts_of(t.dirty_waiting(shop_people, 9)), std::vector{text_of(offer)});
    });
}

TEST_P(StorePort, tries_in_vain_are_kept_until_the_pair_is_dropped) {
    sync::Dirty tried{{1}, shop_people, {}, {}, ""};
    const sync::Dirty fresh = tried;
    tried.in_vain = {3, 5};
    durably([&](sync::Transaction& t) {
        t.put_dirty(std::array{tried});
        t.put_dirty(std::array{fresh});
        EXPECT_EQ(t.dirty_ready(shop_people, {}, 9).front().in_vain, tried.in_vain);
        t.drop_dirty({1}, shop_people);
        t.put_dirty(std::array{fresh});
        EXPECT_EQ(t.dirty_ready(shop_people, {}, 9).front().in_vain, sync::InVain{});
    });
}

TEST_P(StorePort, intents_come_back_by_id_as_they_were_put) {
    std::vector<std::string> expected;
    durably([&](sync::Transaction& t) {
        const sync::Intent first = intent(t);
        sync::Intent create;
        create.id = t.new_intent_id();
        create.resource = shop_orders;
        create.parts = {
            {{4}, shop_sales, {}, {{PropertyIndex{1}, Value(17), Value("c-1"), {1, {}, {}}}}}};
        t.put_intent(create);
        t.put_intent(first);
        expected = {text_of(first), text_of(create)};
    });
    under_test_->reopen(sample_names());
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.intents()), expected);
        sync::Intent changed = t.intents().at(0);
        changed.phase = sync::IntentPhase::unknown;
        changed.tries = 4;
        changed.in_vain = {2, 3};
        changed.failure = "no answer";
        t.put_intent(changed);
        EXPECT_EQ(texts_of(t.intents()), (std::vector{text_of(changed), expected.at(1)}));
        t.drop_intent(changed.id);
        EXPECT_EQ(texts_of(t.intents()), std::vector{expected.at(1)});
    });
}

TEST_P(StorePort, parked_things_come_back_and_one_record_is_parked_once) {
    durably([&](sync::Transaction& t) {
        const sync::Record r = record(t, shop_customers, "a");
        t.insert(std::span(&r, 1));
        sync::Parked by_record{
            sync::ParkReason::ambiguous, r.id, {}, shop_people, "two fit", {{8}, {9}}, {5}};
        const sync::Parked create{sync::ParkReason::create_failed,
                                  {},
                                  {3},
                                  erp_people,
                                  "refused",
                                  {},
                                  {6},
                                  {7, 8},
                                  {{9}, {4}, 1, {5}}};
        const sync::Parked other{
            sync::ParkReason::create_failed, {}, {3}, shop_people, "refused too", {}, {7}};
        t.put_parked(create);
        t.put_parked(by_record);
        t.put_parked(other);
        EXPECT_EQ(text_of(t.parked_record(r.id).value()), text_of(by_record));
        EXPECT_EQ(text_of(t.parked_create({3}, erp_people).value()), text_of(create));
        EXPECT_FALSE(t.parked_create({4}, erp_people).has_value());
        EXPECT_EQ(texts_of(t.parked_creates(erp_people, {}, 9)), std::vector{text_of(create)});
        EXPECT_TRUE(t.parked_creates(erp_people, {3}, 9).empty());
        EXPECT_EQ(texts_of(t.parked_creates(shop_people, {2}, 1)), std::vector{text_of(other)});
        EXPECT_FALSE(t.parked_record({99}).has_value());
        EXPECT_FALSE(t.parked_record({}).has_value());
        EXPECT_EQ(t.parked(9).size(), 3u);
        EXPECT_EQ(t.parked(2).size(), 2u);
        EXPECT_EQ(t.parked_naming(std::vector<RecordId>{{1}, {9}}), std::vector{shop_customers});
        by_record.reason = sync::ParkReason::duplicate;
        by_record.candidates = {{8}};
        t.put_parked(by_record);
        EXPECT_EQ(text_of(t.parked_record(r.id).value()), text_of(by_record));
        EXPECT_TRUE(t.parked_naming(std::vector<RecordId>{{9}}).empty());
        EXPECT_EQ(t.parked_counts(),
                  (std::map<sync::ParkReason, std::int64_t>{{sync::ParkReason::duplicate, 1},
                                                            {sync::ParkReason::create_failed, 2}}));
        t.drop_parked_create({3}, erp_people);
        EXPECT_TRUE(t.parked_create({3}, shop_people).has_value());
        t.drop_parked_record(r.id);
        EXPECT_TRUE(t.parked_naming(std::vector<RecordId>{{8}}).empty());
        EXPECT_EQ(texts_of(t.parked(9)), std::vector{text_of(other)});
    });
}

TEST_P(StorePort, resources_of_parked_records_are_named_once_and_in_order) {
    durably([&](sync::Transaction& t) {
        const std::vector records{record(t, erp_customers, "a"), record(t, shop_customers, "b"),
                                  record(t, erp_customers, "c")};
        t.insert(records);
        for (const sync::Record& r : records) {
            t.put_parked(
                {sync::ParkReason::ambiguous, r.id, {}, shop_people, "", {{50}, {51}}, {}});
        }
        EXPECT_EQ(t.parked_naming(std::vector<RecordId>{{51}, {50}}),
                  (std::vector{shop_customers, erp_customers}));
    });
}

TEST_P(StorePort, records_told_apart_are_so_for_both_and_for_good) {
    using Ids = std::vector<RecordId>;
    durably([&](sync::Transaction& t) {
        t.put_apart({7}, {3});
        t.put_apart({3}, {7});
        t.put_apart({3}, {9});
        t.put_apart({4}, {3});
    });
    under_test_->reopen(sample_names());
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(t.apart_from({3}), (Ids{{4}, {7}, {9}}));
        EXPECT_EQ(t.apart_from({7}), (Ids{{3}}));
        EXPECT_EQ(t.apart_from({5}), (Ids{}));
        EXPECT_EQ(t.apart_from({}), (Ids{}));
        t.drop_apart({9}, {3});
        t.drop_apart({9}, {4});
    });
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(t.apart_from({3}), (Ids{{4}, {7}}));
        EXPECT_EQ(t.apart_from({9}), (Ids{}));
        EXPECT_EQ(t.apart_from({4}), (Ids{{3}}));
        return 0;
    });
}

TEST_P(StorePort, awaited_referrers_are_taken_once) {
    durably([&](sync::Transaction& t) {
        EXPECT_TRUE(t.take_awaited(shop_customers, std::vector<std::string>{"a"}).empty());
        t.put_awaited(std::vector<sync::Awaited>{{shop_customers, "a", {5}},
                                                 {shop_customers, "a", {3}},
                                                 {shop_customers, "a", {5}},
                                                 {shop_customers, "b", {3}},
                                                 {shop_customers, "b", {7}},
                                                 {shop_orders, "a", {9}}});
    });
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(t.take_awaited(shop_customers, std::vector<std::string>{"x", "b", "a"}),
                  (std::vector<RecordId>{{3}, {7}, {5}}));
    });
    ask([&](sync::Transaction& t) {
        EXPECT_TRUE(t.take_awaited(shop_customers, std::vector<std::string>{"a", "b"}).empty());
        EXPECT_EQ(t.take_awaited(shop_orders, std::vector<std::string>{"a"}),
                  (std::vector<RecordId>{{9}}));
        return 0;
    });
}

TEST_P(StorePort, deferred_observations_are_taken_in_portions_and_replaced_by_newer_ones) {
    const sync::Deferred a{shop_customers, "a", "{}", "", std::nullopt, {0}};
    const sync::Deferred newer{shop_customers, "a", R"({"x":1})", "e", Instant{9}, {-40}};
    const sync::Deferred b{shop_customers, "b", "{}", "", Instant{1}, {3}};
    const sync::Deferred elsewhere{shop_orders, "a", "{}", "", std::nullopt, {0}};
    durably([&](sync::Transaction& t) { t.put_deferred(std::vector{b, a, elsewhere, newer}); });
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.take_deferred(shop_customers, 1)), std::vector{text_of(newer)});
        EXPECT_EQ(texts_of(t.take_deferred(shop_customers, 9)), std::vector{text_of(b)});
        EXPECT_TRUE(t.take_deferred(shop_customers, 9).empty());
        t.put_deferred(std::vector{a, b});
        t.drop_deferred(shop_customers);
    });
    ask([&](sync::Transaction& t) {
        EXPECT_TRUE(t.take_deferred(shop_customers, 9).empty());
        EXPECT_EQ(texts_of(t.take_deferred(shop_orders, 9)), std::vector{text_of(elsewhere)});
        return 0;
    });
}

}  // namespace
}  // namespace entente::store
