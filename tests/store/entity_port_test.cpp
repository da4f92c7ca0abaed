// Entities and links, through the port.
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

TEST_P(StorePort, an_entity_comes_back_as_it_was_put) {
    std::string expected;
    durably([&](sync::Transaction& t) {
        const sync::Entity e = entity(t);
        t.insert(std::span(&e, 1));
        expected = text_of(e);
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.entities(std::vector<EntityId>{{1}})), std::vector{expected});
        return 0;
    });
}

TEST_P(StorePort, an_entity_has_all_properties_of_its_model_even_if_fewer_were_given) {
    durably([&](sync::Transaction& t) {
        sync::Entity e = entity(t);
        e.properties.clear();
        t.insert(std::span(&e, 1));
        EXPECT_EQ(t.entities(std::vector{e.id}).at(0).properties.size(), 3u);
    });
}

TEST_P(StorePort, an_update_replaces_an_entity) {
    durably([&](sync::Transaction& t) {
        sync::Entity e = entity(t);
        t.insert(std::span(&e, 1));
        e.rev = 9;
        e.properties[1] = {};
        t.update(std::span<const sync::Entity>(&e, 1));
        EXPECT_EQ(texts_of(t.entities(std::vector{e.id})), std::vector{text_of(e)});
        e.parent = {8};
        t.update(std::span<const sync::Entity>(&e, 1));
        EXPECT_EQ(texts_of(t.entities(std::vector{e.id})), std::vector{text_of(e)});
        EXPECT_EQ(t.child_entities({8}), std::vector{e.id});
    });
}

TEST_P(StorePort, entities_come_in_the_order_of_the_question_and_children_by_id) {
    durably([&](sync::Transaction& t) {
        std::vector entities{entity(t), entity(t), entity(t)};
        entities[0].parent = entities[2].parent = {50};
        t.insert(entities);
        std::vector<EntityId> ids;
        for (const auto& e : t.entities(std::vector<EntityId>{{3}, {7}, {1}})) ids.push_back(e.id);
        EXPECT_EQ(ids, (std::vector<EntityId>{{3}, {1}}));
        EXPECT_EQ(t.child_entities({50}), (std::vector<EntityId>{{1}, {3}}));
        EXPECT_TRUE(t.child_entities({}).empty());
        t.erase(std::vector<EntityId>{{1}});
        EXPECT_EQ(t.child_entities({50}), (std::vector<EntityId>{{3}}));
        EXPECT_TRUE(t.entities(std::vector<EntityId>{{1}}).empty());
    });
}

TEST_P(StorePort, a_link_comes_back_as_it_was_put) {
    std::string expected;
    durably([&](sync::Transaction& t) {
        sync::Link l = link(t, {1}, erp_people, {2});
        l.state = sync::LinkState::unlinked;
        l.held = {{city, "refused: no such city", 4}, {name, "", 1}};
        t.insert(std::span<const sync::Link>(&l, 1));
        expected = text_of(l);
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(texts_of(t.links_of_records(std::vector<RecordId>{{1}})), std::vector{expected});
        EXPECT_EQ(texts_of(t.links_of_entities(std::vector<EntityId>{{2}})), std::vector{expected});
        EXPECT_EQ(texts_of(t.links(erp_people, {}, 5)), std::vector{expected});
        EXPECT_TRUE(t.links(shop_people, {}, 5).empty());
        return 0;
    });
}

TEST_P(StorePort, an_update_replaces_a_link) {
    // What most updates change, and each thing that an index may be made of.
    durably([&](sync::Transaction& t) {
        sync::Link l = link(t, {1}, shop_people, {2});
        t.insert(std::span<const sync::Link>(&l, 1));
        const auto expect_after = [&](auto&& change) {
            change();
            t.update(std::span<const sync::Link>(&l, 1));
            EXPECT_EQ(texts_of(t.links_of_records(std::vector{l.record})), std::vector{text_of(l)});
            EXPECT_EQ(texts_of(t.links_of_entities(std::vector{l.entity})),
                      std::vector{text_of(l)});
        };
        expect_after([&] { l.shadows[1].value = Value("new"); });
        expect_after([&] { l.held = {{name, "why", 3}}; });
        expect_after([&] { l.held.clear(); });
        expect_after([&] { l.state = sync::LinkState::gone; });
        expect_after([&] { l.origin = sync::LinkOrigin::by_hand, l.made_at = {4}; });
        expect_after([&] { l.entity = {5}; });
        EXPECT_TRUE(t.links_of_entities(std::vector<EntityId>{{2}}).empty());
        expect_after([&] { l.record = {6}; });
        EXPECT_TRUE(t.links_of_records(std::vector<RecordId>{{1}}).empty());
    });
}

TEST_P(StorePort, links_come_in_the_order_of_the_question_then_by_id) {
    durably([&](sync::Transaction& t) {
        const std::vector links{link(t, {5}, shop_people, {8}), link(t, {4}, erp_people, {9}),
                                link(t, {5}, erp_people, {9}), link(t, {6}, shop_people, {9})};
        t.insert(std::span<const sync::Link>(links));
        const auto ids = [](const std::vector<sync::Link>& list) {
            std::vector<std::int64_t> out;
            for (const auto& l : list) out.push_back(l.id.value);
            return out;
        };
        using List = std::vector<std::int64_t>;
        EXPECT_EQ(ids(t.links_of_records(std::vector<RecordId>{{6}, {5}, {7}})), (List{4, 1, 3}));
        EXPECT_EQ(ids(t.links_of_entities(std::vector<EntityId>{{9}, {8}})), (List{2, 3, 4, 1}));
        EXPECT_EQ(ids(t.links(shop_people, {}, 1)), (List{1}));
        EXPECT_EQ(ids(t.links(shop_people, {1}, 9)), (List{4}));
        t.erase(std::vector<LinkId>{{3}, {4}});
        EXPECT_EQ(ids(t.links_of_entities(std::vector<EntityId>{{9}})), (List{2}));
        EXPECT_EQ(ids(t.links_of_records(std::vector<RecordId>{{5}, {6}})), (List{1}));
    });
}

}  // namespace
}  // namespace entente::store
