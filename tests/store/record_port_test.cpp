// Records and their match keys, through the port.
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

TEST_P(StorePort, a_record_comes_back_as_it_was_put) {
    // Every field, by external id and by id, in this transaction, in the next, and after a restart.
    std::string expected;
    RecordId id;
    durably([&](sync::Transaction& t) {
        const sync::Record r = record(t, shop_customers, "c-1");
        t.insert(std::span(&r, 1));
        expected = text_of(r);
        id = r.id;
        EXPECT_EQ(texts_of(t.records(std::vector{id})), std::vector{expected});
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.records(std::vector{id})), std::vector{expected});
        const auto heads = t.find_records(shop_customers, std::vector<std::string>{"c-1"});
        EXPECT_TRUE(heads.at(0).has_value());
        EXPECT_EQ(expected.find(text_of(heads.at(0).value_or(sync::RecordHead{}))), 0u);
        return 0;
    });
}

TEST_P(StorePort, records_without_optional_fields_come_back_without_them) {
    // The zero digest, no modified time, empty texts.
    durably([&](sync::Transaction& t) {
        sync::Record r;
        r.id = t.new_record_id();
        r.resource = erp_customers;
        t.insert(std::span(&r, 1));
        EXPECT_EQ(texts_of(t.records(std::vector{r.id})), std::vector{text_of(r)});
    });
}

TEST_P(StorePort, found_heads_are_in_the_order_of_the_question) {
    durably([&](sync::Transaction& t) {
        const std::vector records{record(t, shop_customers, "a"), record(t, shop_customers, "b"),
                                  record(t, shop_orders, "c")};
        t.insert(records);
    });
    ask([&](sync::Transaction& t) {
        const auto heads =
            t.find_records(shop_customers, std::vector<std::string>{"b", "c", "", "a", "b"});
        std::vector<std::string> ids;
        for (const auto& head : heads) ids.push_back(head ? head->external_id : "none");
        EXPECT_EQ(ids, (std::vector<std::string>{"b", "none", "none", "a", "b"}));
        const std::vector<RecordId> order{{2}, {99}, {1}};
        EXPECT_EQ(t.records(order).at(0).external_id, "b");
        EXPECT_EQ(t.records(order).size(), 2u);
        return 0;
    });
}

TEST_P(StorePort, an_update_of_a_head_leaves_the_body) {
    // Each kind of change, because the store may write them in different ways.
    sync::Record r;
    durably([&](sync::Transaction& t) {
        r = record(t, shop_customers, "a");
        t.insert(std::span(&r, 1));
    });
    const auto expect_after = [&](auto&& change) {
        change();
        durably([&](sync::Transaction& t) {
            const sync::RecordHead head = r;
            t.update(std::span(&head, 1));
        });
        ask([&](sync::Transaction& t) {
            EXPECT_EQ(texts_of(t.records(std::vector{r.id})), std::vector{text_of(r)});
            return 0;
        });
    };
    expect_after([&] {
        r.digest = {}, r.etag = "18", r.modified.reset(), r.changed_at = {5}, r.written_at = {6};
    });
    expect_after([&] { r.matching = sync::Matching::linked; });
    expect_after([&] { r.state = sync::RecordState::gone; });
    expect_after([&] {
        r.parent = {3}, r.state = sync::RecordState::live, r.matching = sync::Matching::outside;
    });
}

TEST_P(StorePort, an_update_of_a_record_replaces_the_body) {
    durably([&](sync::Transaction& t) {
        sync::Record r = record(t, shop_customers, "a");
        t.insert(std::span(&r, 1));
        r.body = "{}";
        r.matching = sync::Matching::parked;
        t.update(std::span<const sync::Record>(&r, 1));
        EXPECT_EQ(texts_of(t.records(std::vector{r.id})), std::vector{text_of(r)});
    });
}

TEST_P(StorePort, live_and_pending_records_come_by_id_in_pages) {
    durably([&](sync::Transaction& t) {
        for (int i = 1; i <= 6; ++i) {
            sync::Record r =
                record(t, i == 2 ? shop_orders : shop_customers, "id-" + std::to_string(7 - i));
            if (i == 3) r.state = sync::RecordState::gone;
            if (i == 5) r.matching = sync::Matching::linked;
            t.insert(std::span(&r, 1));
        }
    });
    ask([&](sync::Transaction& t) {
        const auto live = [&](RecordId after, int limit) {
            std::vector<std::int64_t> ids;
            for (const auto& head : t.live_records(shop_customers, after, limit))
                ids.push_back(head.id.value);
            return ids;
        };
        EXPECT_EQ(live({}, 10), (std::vector<std::int64_t>{1, 4, 5, 6}));
        EXPECT_EQ(live({}, 2), (std::vector<std::int64_t>{1, 4}));
        EXPECT_EQ(live({4}, 2), (std::vector<std::int64_t>{5, 6}));
        EXPECT_EQ(live({}, 0), (std::vector<std::int64_t>{}));
        EXPECT_EQ(live({}, -1), (std::vector<std::int64_t>{}));
        EXPECT_EQ(t.pending_records(shop_customers, {}, 10),
                  (std::vector<RecordId>{{1}, {4}, {6}}));
        EXPECT_EQ(t.pending_records(shop_customers, {1}, 1), (std::vector<RecordId>{{4}}));
        return 0;
    });
}

TEST_P(StorePort, a_record_leaves_the_pending_ones_when_it_is_matched_or_gone) {
    durably([&](sync::Transaction& t) {
        std::vector records{record(t, shop_customers, "a"), record(t, shop_customers, "b"),
                            record(t, shop_customers, "c")};
        t.insert(records);
        records[0].matching = sync::Matching::linked;
        records[1].state = sync::RecordState::gone;
        t.update(std::span<const sync::Record>(records));
        EXPECT_EQ(t.pending_records(shop_customers, {}, 10), (std::vector<RecordId>{{3}}));
        records[0].matching = sync::Matching::pending;
        records[1].state = sync::RecordState::live;
        t.update(std::span<const sync::Record>(records));
        EXPECT_EQ(t.pending_records(shop_customers, {}, 10),
                  (std::vector<RecordId>{{1}, {2}, {3}}));
    });
}

TEST_P(StorePort, children_are_live_and_gone_lines_by_id) {
    durably([&](sync::Transaction& t) {
        for (int i = 1; i <= 4; ++i) {
            sync::Record r = record(t, shop_orders, std::to_string(9 - i));
            r.parent = i == 3 ? RecordId{} : RecordId{100};
            if (i == 4) r.state = sync::RecordState::gone;
            t.insert(std::span(&r, 1));
        }
        EXPECT_EQ(t.children({100}), (std::vector<RecordId>{{1}, {2}, {4}}));
        EXPECT_TRUE(t.children({}).empty());
        EXPECT_TRUE(t.children({1}).empty());
    });
}

// Digests that sort against their number, so that an order by key would show.
Digest key(std::uint64_t n) {
    return {~n, n * 0x9e3779b97f4a7c15};
}

std::vector<std::vector<std::int64_t>> carrier_ids(sync::StoreReader& reader,
                                                   std::vector<Digest> keys, int limit) {
    std::vector<std::vector<std::int64_t>> out;
    for (const auto& carriers : reader.carriers(keys, limit)) {
        auto& ids = out.emplace_back();
        for (const sync::Carrier& c : carriers)
            ids.push_back(c.record.value * 10 + c.resource.value);
    }
    return out;
}

using Ids = std::vector<std::vector<std::int64_t>>;

TEST_P(StorePort, carriers_come_by_record_in_the_order_of_the_keys) {
    durably([&](sync::Transaction& t) {
        t.set_keys({3}, shop_customers, std::vector{key(1), key(2)}, true);
        t.set_keys({1}, erp_customers, std::vector{key(1)}, true);
        t.set_keys({2}, shop_customers, std::vector{key(1)}, true);
        EXPECT_EQ(carrier_ids(t, {key(2), key(9), key(1)}, 10), (Ids{{30}, {}, {12, 20, 30}}));
        EXPECT_EQ(carrier_ids(t, {key(1)}, 2), (Ids{{12, 20}}));
        EXPECT_EQ(carrier_ids(t, {key(1)}, 0), (Ids{{}}));
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(carrier_ids(t, {key(2), key(9), key(1)}, 10), (Ids{{30}, {}, {12, 20, 30}}));
        return 0;
    });
}

TEST_P(StorePort, set_keys_replaces_what_the_record_carried) {
    durably([&](sync::Transaction& t) {
        t.set_keys({1}, shop_customers, std::vector{key(1), key(2)}, true);
        t.set_keys({2}, shop_customers, std::vector{key(2)}, true);
    });
    durably([&](sync::Transaction& t) {
        t.set_keys({1}, shop_customers, std::vector{key(2), key(3)}, false);
    });
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(carrier_ids(t, {key(1), key(2), key(3)}, 9), (Ids{{}, {10, 20}, {10}}));
        return 0;
    });
    durably([&](sync::Transaction& t) { t.set_keys({1}, shop_customers, {}, false); });
    durably([&](sync::Transaction& t) { t.set_keys({1}, shop_customers, {}, false); });
    under_test_->reopen(sample_names());
    durably([&](sync::Transaction& t) {
        EXPECT_EQ(carrier_ids(t, {key(1), key(2), key(3)}, 9), (Ids{{}, {20}, {}}));
        t.set_keys({1}, shop_customers, std::vector{key(3)}, false);
        EXPECT_EQ(carrier_ids(t, {key(1), key(2), key(3)}, 9), (Ids{{}, {20}, {10}}));
    });
}

TEST_P(StorePort, keys_are_told_in_the_order_of_the_records) {
    durably([&](sync::Transaction& t) {
        t.set_keys({1}, shop_customers, std::vector{key(1), key(2)}, true);
        t.set_keys({2}, shop_customers, std::vector{key(2)}, true);
    });
    durably([&](sync::Transaction& t) {
        t.set_keys({2}, shop_customers, std::vector{key(3)}, false);
        const std::vector<std::vector<Digest>> told = {{key(3)}, {}, {key(1), key(2)}};
        EXPECT_EQ(t.keys_of(std::vector<RecordId>{{2}, {9}, {1}}), told);
    });
}

TEST_P(StorePort, keys_survive_whatever_is_kept_in_memory) {
    // Many records over many transactions, some rolled back, some changed later, with restarts in between: the carriers
    // are always those that a plain list remembers. The factories choose how little an implementation may keep back.
    std::map<std::uint64_t, std::map<std::int64_t, bool>> truth;
    const auto expect_truth = [&](sync::StoreReader& reader) {
        for (const auto& [n, records] : truth) {
            std::vector<std::int64_t> expected;
            for (const auto& [id, carried] : records) {
                if (carried) expected.push_back(id * 10);
            }
            ASSERT_EQ(carrier_ids(reader, {key(n)}, 1000), Ids{expected}) << "key " << n;
        }
    };
    std::int64_t next = 1;
    for (int round = 0; round < 60; ++round) {
        auto t = begin();
        const bool is_kept = round % 7 != 3;
        for (int i = 0; i < 9; ++i, ++next) {
            const auto first = static_cast<std::uint64_t>(next * 31 % 101 + 1),
                       second = first + 200;
            t->set_keys({next}, shop_customers, std::vector{key(first), key(second)}, true);
            if (is_kept) truth[first][next] = true, truth[second][next] = true;
        }
        // An older record takes other keys, if it was kept.
        const std::int64_t older = next - 9 - (round * 13 % 200);
        const auto was = static_cast<std::uint64_t>(older * 31 % 101 + 1);
        if (is_kept && older > 0 && truth[was].contains(older) && truth[was][older]) {
            t->set_keys({older}, shop_customers, std::vector{key(was + 200), key(500)}, false);
            truth[was][older] = false;
            truth[was + 200][older] = true;
            truth[500][older] = true;
        }
        if (is_kept) {
            commit(std::move(t));
        } else {
            t.reset();
            next -= 9;
        }
        if (round % 10 == 9) under_test_->reopen(sample_names());
        auto reading = begin();
        expect_truth(*reading);
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace entente::store
