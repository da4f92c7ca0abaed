// Feeds, data types, history, counts and transactions, through the port.
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

TEST_P(StorePort, feeds_and_data_types_come_back_in_the_order_of_the_configuration) {
    const sync::FeedState orders{shop_orders, {1}, {2}, {3}, 4, 5, 3, "a row came twice"},
        customers{shop_customers, {5}, {}, {6}, 0};
    const sync::DataTypeState erp_state{erp_people, true,   {7}, false, "lost 40 of 50 records",
                                        {1, 2},     {3, 4}, true};
    const sync::DataTypeState shop_state{shop_people, false, {}, true, "", {}};
    durably([&](sync::Transaction& t) {
        t.put_feed(orders);
        t.put_feed({shop_customers, {}, {}, {}, 9});
        t.put_feed(customers);
        t.put_data_type_state(erp_state);
        t.put_data_type_state(shop_state);
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.feeds()), (std::vector{text_of(customers), text_of(orders)}));
        EXPECT_EQ(texts_of(t.data_type_states()),
                  (std::vector{text_of(shop_state), text_of(erp_state)}));
        return 0;
    });
}

TEST_P(StorePort, troubles_stand_until_they_are_dropped_one_of_a_kind_for_each_place) {
    using Kind = sync::Trouble::Kind;
    const SystemIndex shop{0}, erp{1};
    const sync::Trouble ours{Kind::our_clock, {}, {}, "it was set", {5}};
    const sync::Trouble date{Kind::clock, erp, {}, "it tells of 1953", {6}};
    const sync::Trouble rights{Kind::rights, shop, shop_orders, "refused", {7}};
    const sync::Trouble list{Kind::list, shop, shop_orders, "not found", {8}};
    durably([&](sync::Transaction& t) {
        t.put_trouble({Kind::clock, erp, {}, "it tells of 1952", {1}});
        for (const sync::Trouble& trouble : {list, date, rights, ours}) t.put_trouble(trouble);
    });
    under_test_->reopen(sample_names());
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.troubles()),
                  (std::vector{text_of(ours), text_of(rights), text_of(list), text_of(date)}));
        t.drop_trouble(Kind::rights, shop, {});
        t.drop_trouble(Kind::clock, shop, {});
        t.drop_trouble(Kind::rights, shop, shop_orders);
    });
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.troubles()),
                  (std::vector{text_of(ours), text_of(list), text_of(date)}));
        return 0;
    });
}

TEST_P(StorePort, losses_stand_once_for_each_record_until_they_are_dropped) {
    const sync::Loss elsewhere{{0}, {7}, {10}}, first{shop_orders, {7}, {10}};
    const sync::Loss second{shop_orders, {5}, {20}}, later{shop_orders, {7}, {30}};
    durably([&](sync::Transaction& t) {
        t.put_losses(std::array{first, second, elsewhere});
        t.put_losses(std::array{later});
    });
    under_test_->reopen(sample_names());
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.losses()),
                  (std::vector{text_of(elsewhere), text_of(second), text_of(later)}));
        t.drop_losses(shop_orders, {20});
    });
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.losses()), (std::vector{text_of(elsewhere), text_of(later)}));
        t.drop_losses(shop_orders, Instant::never());
    });
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.losses()), std::vector{text_of(elsewhere)});
        return 0;
    });
}

sync::HistoryEvent event(sync::HistoryEvent::Kind kind, EntityId entity, std::int64_t at) {
    sync::HistoryEvent event;
    event.kind = kind;
    event.at = {at};
    event.entity = entity;
    event.link = {4};
    event.record = {5};
    event.data_type = erp_people;
    event.property = city;
    event.before = Value("Oslo");
    event.after = Value();
    event.text = "latest wins";
    return event;
}

TEST_P(StorePort, history_shows_the_newest_events_oldest_first) {
    using Kind = sync::HistoryEvent::Kind;
    std::vector<std::string> expected;
    durably([&](sync::Transaction& t) {
        std::vector<sync::HistoryEvent> events{
            event(Kind::edit, {1}, 30), event(Kind::stopped, {}, 31),
            event(Kind::conflict, {1}, 10), event(Kind::edit, {2}, 20)};
        events[2].before.reset();
        t.append(events);
        const std::vector more{event(Kind::edit, {1}, 5)};
        t.append(more);
        expected = {text_of(events[0]), text_of(events[2]), text_of(more[0])};
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.history({1}, 9)), expected);
        EXPECT_EQ(texts_of(t.history({1}, 2)), (std::vector{expected[1], expected[2]}));
        EXPECT_TRUE(t.history({3}, 9).empty());
        EXPECT_EQ(t.history_counts(),
                  (std::map<Kind, std::int64_t>{
                      {Kind::edit, 3}, {Kind::conflict, 1}, {Kind::stopped, 1}}));
        return 0;
    });
}

TEST_P(StorePort, history_of_one_kind_and_property_is_told_oldest_first) {
    using Kind = sync::HistoryEvent::Kind;
    std::vector<std::string> expected;
    ModelIndex model;
    PropertyIndex property;
    durably([&](sync::Transaction& t) {
        std::vector<sync::HistoryEvent> events{
            event(Kind::first_join, {1}, 30), event(Kind::edit, {1}, 31),
            event(Kind::first_join, {2}, 10), event(Kind::first_join, {3}, 20)};
        events[3].property = PropertyIndex::none();
        t.append(events);
        expected = {text_of(events[0]), text_of(events[2])};
        model = sample_names().data_type_models[events[0].data_type.at()];
        property = events[0].property;
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.history_of(Kind::first_join, model, property, 9)), expected);
        EXPECT_EQ(texts_of(t.history_of(Kind::first_join, model, property, 1)),
                  std::vector{expected[0]});
        EXPECT_TRUE(t.history_of(Kind::conflict, model, property, 9).empty());
        return 0;
    });
}

TEST_P(StorePort, an_event_without_a_data_type_finds_its_property_by_the_entity) {
    durably([&](sync::Transaction& t) {
        const sync::Entity e = entity(t);
        t.insert(std::span(&e, 1));
        sync::HistoryEvent by_hand = event(sync::HistoryEvent::Kind::edit, e.id, 1);
        by_hand.data_type = DataTypeIndex::none();
        t.append(std::span(&by_hand, 1));
        EXPECT_EQ(texts_of(t.history(e.id, 1)), std::vector{text_of(by_hand)});
    });
}

TEST_P(StorePort, counts_tell_how_much_there_is_of_everything) {
    durably([&](sync::Transaction& t) {
        std::vector records{record(t, shop_customers, "a"), record(t, shop_customers, "b"),
                            record(t, shop_customers, "c"), record(t, erp_customers, "d")};
        records[0].matching = sync::Matching::linked;
        records[1].state = sync::RecordState::gone;
        t.insert(records);
        std::vector links{link(t, {1}, shop_people, {1}), link(t, {2}, shop_people, {2}),
                          link(t, {9}, shop_people, {3}), link(t, {4}, erp_people, {1})};
        links[0].held = {{name, "no", 1}, {city, "no", 1}};
        links[1].state = sync::LinkState::gone;
        links[1].held = {{name, "no", 1}};
        links[2].state = sync::LinkState::unlinked;
        t.insert(std::span<const sync::Link>(links));
        t.put_parked({sync::ParkReason::ambiguous, {3}, {}, shop_people, "", {}, {}});
        t.put_dirty(std::vector<sync::Dirty>{{{1}, shop_people, {}, {}, ""},
                                             {{4}, shop_people, {}, {}, "", true},
                                             {{5}, shop_people, Instant::never(), {}, "", true},
                                             {{2}, erp_people, {7}, {}, ""}});
    });
    ask([&](sync::Transaction& t) {
        const sync::DataTypeCounts c = t.counts(shop_people);
        EXPECT_EQ(c.records, 2);
        EXPECT_EQ(c.linked, 1);
        EXPECT_EQ(c.pending, 1);
        EXPECT_EQ(c.parked, 1);
        EXPECT_EQ(c.gone, 1);
        EXPECT_EQ(c.held, 2);
        EXPECT_EQ(c.ready, 2);
        EXPECT_EQ(c.backfill, 1);
        EXPECT_EQ(c.waiting, 1);
        EXPECT_EQ(c.to_create, 2);
        EXPECT_EQ(t.counts(erp_people).linked, 1);
        EXPECT_EQ(t.counts(erp_people).to_create, 1);
        EXPECT_EQ(t.counts(shop_sales).records, 0);
        return 0;
    });
}

TEST_P(StorePort, counts_follow_changes_and_rollbacks) {
    // Counting may be remembered; it must not be remembered too long.
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(t.counts(shop_people).linked, 0);
        const sync::Link l = link(t, {1}, shop_people, {1});
        t.insert(std::span<const sync::Link>(&l, 1));
        EXPECT_EQ(t.counts(shop_people).linked, 1);
    });
    ask([&](sync::Transaction& t) {
        t.erase(std::vector<LinkId>{{1}});
        EXPECT_EQ(t.counts(shop_people).linked, 0);
        return 0;
    });
    EXPECT_EQ(ask([](sync::Transaction& t) { return t.counts(shop_people).linked; }), 1);
}

TEST_P(StorePort, a_transaction_that_is_not_committed_leaves_nothing) {
    // Something in every table, then gone again; what was there before stays.
    durably([&](sync::Transaction& t) {
        const sync::Record r = record(t, shop_customers, "kept");
        t.insert(std::span(&r, 1));
        t.set_keys(r.id, shop_customers, std::vector{Digest{1, 1}}, true);
    });
    ask([&](sync::Transaction& t) {
        const sync::Record r = record(t, shop_customers, "a");
        t.insert(std::span(&r, 1));
        const sync::Entity e = entity(t);
        t.insert(std::span(&e, 1));
        const sync::Link l = link(t, r.id, shop_people, e.id);
        t.insert(std::span<const sync::Link>(&l, 1));
        t.set_keys(r.id, shop_customers, std::vector{Digest{1, 1}}, true);
        t.set_keys({1}, shop_customers, {}, false);
        t.put_dirty(std::vector<sync::Dirty>{{e.id, shop_people, {}, {}, ""}});
        t.put_intent(intent(t));
        t.put_parked({sync::ParkReason::ambiguous, r.id, {}, shop_people, "", {{1}}, {}});
        t.put_feed({shop_customers, {1}, {}, {}, 1});
        t.put_data_type_state({shop_people, true, {}, true, "", {}});
        t.append(std::vector{event(sync::HistoryEvent::Kind::edit, e.id, 1)});
        t.put_awaited(std::vector<sync::Awaited>{{shop_customers, "a", {1}}});
        t.put_deferred(
            std::vector<sync::Deferred>{{shop_customers, "a", "", "", std::nullopt, {}}});
        return 0;
    });
    ask([&](sync::Transaction& t) {
        EXPECT_FALSE(
            t.find_records(shop_customers, std::vector<std::string>{"a"}).at(0).has_value());
        EXPECT_TRUE(
            t.find_records(shop_customers, std::vector<std::string>{"kept"}).at(0).has_value());
        EXPECT_TRUE(t.entities(std::vector<EntityId>{{1}}).empty());
        EXPECT_TRUE(t.links_of_records(std::vector<RecordId>{{2}}).empty());
        EXPECT_EQ(t.carriers(std::vector<Digest>{{1, 1}}, 9).at(0).size(), 1u);
        EXPECT_TRUE(t.dirty_ready(shop_people, {}, 9).empty());
        EXPECT_TRUE(t.intents().empty());
        EXPECT_TRUE(t.parked(9).empty());
        EXPECT_TRUE(t.parked_naming(std::vector<RecordId>{{1}}).empty());
        EXPECT_TRUE(t.feeds().empty());
        EXPECT_TRUE(t.data_type_states().empty());
        EXPECT_TRUE(t.history({1}, 9).empty());
        EXPECT_TRUE(t.take_awaited(shop_customers, std::vector<std::string>{"a"}).empty());
        EXPECT_TRUE(t.take_deferred(shop_customers, 9).empty());
        return 0;
    });
}

TEST_P(StorePort, ids_are_never_given_out_twice) {
    // Not after a rollback, and not after a restart when the row that had the largest one is gone: an idempotency key
    // may be made of it.
    const IntentId rolled_back = ask([](sync::Transaction& t) { return t.new_intent_id(); });
    IntentId last;
    LinkId last_link;
    durably([&](sync::Transaction& t) {
        const sync::Intent i = intent(t);
        EXPECT_GT(i.id, rolled_back);
        t.put_intent(i);
        t.drop_intent(i.id);
        last = i.id;
        const sync::Link l = link(t, {1}, shop_people, {1});
        t.insert(std::span<const sync::Link>(&l, 1));
        t.erase(std::span(&l.id, 1));
        last_link = l.id;
        EXPECT_EQ(t.new_record_id(), RecordId{1});
        EXPECT_EQ(t.new_record_id(), RecordId{2});
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_GT(t.new_intent_id(), last);
        EXPECT_GT(t.new_link_id(), last_link);
        EXPECT_EQ(t.new_record_id(), RecordId{3});
        EXPECT_EQ(t.new_entity_id(), EntityId{1});
        return 0;
    });
}

TEST_P(StorePort, a_write_that_cannot_be_poisons_the_transaction) {
    // The second record of one external id, and a change of a link that is not there: commit tells, nothing stays.
    for (const int fault : {0, 1, 2}) {
        auto t = begin();
        const sync::Record r = record(*t, shop_customers, "once");
        t->insert(std::span(&r, 1));
        if (fault == 0) {
            const sync::Record again = record(*t, shop_customers, "once");
            t->insert(std::span(&again, 1));
        } else if (fault == 1) {
            const sync::Link l = link(*t, r.id, shop_people, {1});
            t->update(std::span<const sync::Link>(&l, 1));
        } else {
            const sync::Entity e = entity(*t);
            t->update(std::span<const sync::Entity>(&e, 1));
        }
        EXPECT_TRUE(t->records(std::vector{r.id}).empty())
            << "a poisoned transaction answers nothing";
        EXPECT_FALSE(t->commit().has_value());
        t.reset();
        ask([&](sync::Transaction& after) {
            EXPECT_FALSE(after.find_records(shop_customers, std::vector<std::string>{"once"})
                             .at(0)
                             .has_value());
            return 0;
        });
    }
}

TEST_P(StorePort, a_poisoned_transaction_does_not_answer_from_memory_either) {
    // What was read before may be remembered; it is no answer after the failure.
    durably([&](sync::Transaction& t) {
        const sync::Link l = link(t, {1}, shop_people, {1});
        t.insert(std::span<const sync::Link>(&l, 1));
        t.set_keys({1}, shop_customers, std::vector{Digest{1, 1}}, true);
    });
    auto t = begin();
    EXPECT_EQ(t->carriers(std::vector{Digest{1, 1}}, 9).at(0).size(), 1u);
    EXPECT_EQ(t->counts(shop_people).linked, 1);
    const sync::Entity missing = entity(*t);
    t->update(std::span<const sync::Entity>(&missing, 1));
    EXPECT_TRUE(t->carriers(std::vector{Digest{1, 1}}, 9).at(0).empty());
    EXPECT_EQ(t->counts(shop_people).linked, 0);
    EXPECT_FALSE(t->commit().has_value());
}

}  // namespace
}  // namespace entente::store
