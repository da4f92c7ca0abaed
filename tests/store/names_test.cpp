// A configuration changes, the store stays: numbers are persistent, indexes are not, and what is no longer configured is
// kept but not shown.
#include "store/names.hpp"

#include <algorithm>

#include "store/folder.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

// The sample, with everything in another order: systems, resources, data types, models and properties.
Names turned_names() {
    return {
        .systems = {"Erp", "Shop"},
        .resources = {"Erp.customers", "Shop.orders", "Shop.customers"},
        .data_types = {"Erp.People", "Shop.Sales", "Shop.People"},
        .models = {"order", "person"},
        .properties = {{"total", "customer", "number"}, {"address.city", "fax", "email", "name"}},
        .data_type_models = {{1}, {0}, {1}},
        .data_type_resources = {{0}, {1}, {2}}};
}

// Without the ERP, and without a person's email.
Names fewer_names() {
    return {.systems = {"Shop"},
            .resources = {"Shop.customers", "Shop.orders"},
            .data_types = {"Shop.People", "Shop.Sales"},
            .models = {"person", "order"},
            .properties = {{"name", "address.city"}, {"number", "customer", "total"}},
            .data_type_models = {person, order},
            .data_type_resources = {shop_customers, shop_orders}};
}

class ChangingNames : public StorePort {
protected:
    // One person in both systems, an open intent, and a row in every table that holds an index.
    void fill() {
        durably([&](sync::Transaction& t) {
            const std::vector records{record(t, shop_customers, "a"),
                                      record(t, erp_customers, "b")};
            t.insert(records);
            sync::Entity e = entity(t);
            e.properties[2] = {Value("Oslo"), {2, {{9}, 0, {9}, shop}, {}}, {1}};
            t.insert(std::span(&e, 1));
            std::vector links{link(t, {1}, shop_people, e.id), link(t, {2}, erp_people, e.id)};
            links[0].held = {{email, "no", 1}, {city, "no", 1}};
            links[0].shadows[1] = {Value("ann@example.org"),
                                   {2, {{2000}, 3, {1500}, erp}, {{1, shop}, {2, erp}}}};
            t.insert(std::span<const sync::Link>(links));
            t.set_keys({1}, shop_customers, std::vector{Digest{1, 1}}, true);
            t.set_keys({2}, erp_customers, std::vector{Digest{1, 1}}, true);
            t.put_dirty(std::vector<sync::Dirty>{{e.id, shop_people, {}, {}, ""},
                                                 {e.id, erp_people, {5}, {}, ""}});
            t.put_intent(intent(t));
            t.put_parked({sync::ParkReason::ambiguous, {1}, {}, shop_people, "", {{8}}, {}});
            t.put_parked({sync::ParkReason::ambiguous, {2}, {}, erp_people, "", {{8}}, {}});
            t.put_feed({shop_customers, {1}, {}, {}, 1});
            t.put_feed({erp_customers, {1}, {}, {}, 2});
            t.put_data_type_state({erp_people, true, {}, true, "", {}});
            sync::HistoryEvent event;
            event.entity = e.id;
            event.data_type = erp_people;
            event.property = email;
            t.append(std::span(&event, 1));
        });
    }
    // Everything that can be read, as text.
    std::string everything() {
        auto t = begin();
        std::string out;
        const auto add = [&out](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) out += text + "\n";
        };
        add(texts_of(t->records(std::vector<RecordId>{{1}, {2}})));
        add(texts_of(t->entities(std::vector<EntityId>{{1}})));
        add(texts_of(t->links_of_entities(std::vector<EntityId>{{1}})));
        const auto carriers = t->carriers(std::vector{Digest{1, 1}}, 9);
        for (const sync::Carrier& c : carriers.at(0)) {
            out +=
                std::to_string(c.record.value) + " of " + std::to_string(c.resource.value) + "\n";
        }
        add(texts_of(t->dirty_waiting(erp_people, 9)));
        add(texts_of(t->intents()));
        add(texts_of(t->parked(9)));
        for (const ResourceIndex r : t->parked_naming(std::vector<RecordId>{{8}}))
            out += std::to_string(r.value) + "\n";
        add(texts_of(t->feeds()));
        add(texts_of(t->data_type_states()));
        add(texts_of(t->history({1}, 9)));
        return out;
    }
};

TEST_P(ChangingNames, in_another_order_mean_the_same_things) {
    fill();
    const std::string before = everything();
    under_test_->reopen(turned_names());
    ask([&](sync::Transaction& t) {
        const ResourceIndex customers{2};
        const auto head = t.find_records(customers, std::vector<std::string>{"a"}).at(0);
        EXPECT_TRUE(head && head->resource == customers);
        const sync::Entity e = t.entities(std::vector<EntityId>{{1}}).at(0);
        EXPECT_EQ(e.model, ModelIndex{1});
        EXPECT_EQ(e.properties.size(), 4u);
        EXPECT_EQ(text_of(e.properties[0].value), "\"Oslo\"");
        EXPECT_TRUE(e.properties[1].value.is_null());
        EXPECT_EQ(text_of(e.properties[2].value), "\"ann@example.org\"");
        // The stamp was the ERP's, which is the first system now.
        EXPECT_EQ(text_of(e.properties[2].revision), "r2 l2000 c3 t1500 s0 d-1 (1 1) (2 0)");
        const auto links = t.links(DataTypeIndex{2}, {}, 9);
        EXPECT_EQ(links.at(0).shadows.size(), 4u);
        EXPECT_EQ(text_of(links.at(0).shadows[3].value.value()), "\"Ann\"");
        EXPECT_EQ(links.at(0).held.at(0).property, PropertyIndex{2});
        EXPECT_EQ(t.intents().at(0).parts.at(0).sent.at(1).property, PropertyIndex{0});
        EXPECT_EQ(t.history({1}, 1).at(0).property, PropertyIndex{2});
        EXPECT_EQ(t.next_dirty({0}), Instant{5});
        return 0;
    });
    under_test_->reopen(sample_names());
    EXPECT_EQ(everything(), before);
}

TEST_P(ChangingNames, that_are_removed_hide_their_rows_and_bring_them_back) {
    fill();
    const std::string before = everything();
    under_test_->reopen(fewer_names());
    ask([&](sync::Transaction& t) {
        EXPECT_EQ(t.records(std::vector<RecordId>{{1}, {2}}).size(), 1u);
        EXPECT_EQ(t.links_of_entities(std::vector<EntityId>{{1}}).size(), 1u);
        EXPECT_EQ(t.links_of_records(std::vector<RecordId>{{2}}).size(), 0u);
        EXPECT_EQ(t.entities(std::vector<EntityId>{{1}}).at(0).properties.size(), 2u);
        EXPECT_EQ(t.links_of_entities(std::vector<EntityId>{{1}}).at(0).held.size(), 1u);
        EXPECT_EQ(t.carriers(std::vector{Digest{1, 1}}, 9).at(0).size(), 1u);
        EXPECT_TRUE(t.intents().empty());
        EXPECT_EQ(t.parked(9).size(), 1u);
        EXPECT_EQ(t.parked_counts().at(sync::ParkReason::ambiguous), 1);
        EXPECT_EQ(t.parked_naming(std::vector<RecordId>{{8}}).size(), 1u);
        EXPECT_EQ(t.feeds().size(), 1u);
        EXPECT_TRUE(t.data_type_states().empty());
        EXPECT_EQ(t.next_dirty({0}), std::nullopt);
        EXPECT_EQ(t.history({1}, 9).at(0).property, PropertyIndex::none());
        return 0;
    });
    under_test_->reopen(sample_names());
    EXPECT_EQ(everything(), before);
}

TEST_P(ChangingNames, a_rewrite_carries_what_belongs_to_a_removed_property) {
    // An entity that lost a value which its links still show would look like a clear when the property comes back.
    fill();
    under_test_->reopen(fewer_names());
    durably([&](sync::Transaction& t) {
        sync::Entity e = t.entities(std::vector<EntityId>{{1}}).at(0);
        e.properties[0].value = Value("Anna");
        t.update(std::span<const sync::Entity>(&e, 1));
        sync::Link l = t.links_of_entities(std::vector<EntityId>{{1}}).at(0);
        l.shadows[0].value = Value("Anna");
        l.held.clear();
        t.update(std::span<const sync::Link>(&l, 1));
        EXPECT_EQ(text_of(t.entities(std::vector<EntityId>{{1}}).at(0)), text_of(e));
        EXPECT_EQ(text_of(t.links_of_entities(std::vector<EntityId>{{1}}).at(0)), text_of(l));
    });
    under_test_->reopen(sample_names());
    ask([&](sync::Transaction& t) {
        const sync::Entity e = t.entities(std::vector<EntityId>{{1}}).at(0);
        EXPECT_EQ(text_of(e.properties[0].value), "\"Anna\"");
        EXPECT_EQ(text_of(e.properties[1].value), "\"ann@example.org\"");
        EXPECT_EQ(e.properties[1].revision.rev, 2u);
        const sync::Link l = t.links_of_entities(std::vector<EntityId>{{1}}).at(0);
        EXPECT_EQ(text_of(l.shadows[0].value.value()), "\"Anna\"");
        EXPECT_EQ(text_of(l.shadows[1].value.value()), "\"ann@example.org\"");
        EXPECT_EQ(l.held.size(), 1u);
        EXPECT_EQ(l.held.at(0).property, email);
        return 0;
    });
}

StoreFactory sqlite() {
    class OnDisk final : public StoreUnderTest {
    public:
        void reopen(const Names& names) override {
            store_.reset();
            store_ = std::move(*SqliteStore::open(folder_.file("entente.db"), names));
        }
        sync::Store& store() override { return *store_; }

    private:
        Folder folder_;
        std::unique_ptr<SqliteStore> store_;
    };
    return {"sqlite", [](const Names& names) {
                auto made = std::make_unique<OnDisk>();
                made->reopen(names);
                return made;
            }};
}

INSTANTIATE_TEST_SUITE_P(Sqlite, ChangingNames, ::testing::Values(sqlite()),
                         [](const auto& tested) { return tested.param.name; });

TEST(NameTable, numbers_are_kept_and_never_given_twice) {
    // First the sample, then fewer names, then a new one beside the old: it takes the next free number.
    std::vector<NumberedName> stored = NameTable::missing(sample_names(), {});
    EXPECT_TRUE(NameTable::missing(sample_names(), stored).empty());
    Names names = fewer_names();
    names.systems.push_back("Crm");
    const auto added = NameTable::missing(names, stored);
    ASSERT_EQ(added.size(), 1u);
    EXPECT_EQ(added[0].name, "Crm");
    EXPECT_EQ(added[0].number, 3);
    stored.push_back(added[0]);
    const NameTable table(names, stored);
    EXPECT_EQ(table.number(SystemIndex{1}), 3);
    EXPECT_EQ(table.system(3).index, SystemIndex{1});
    EXPECT_EQ(table.system(2).index, SystemIndex::none());
    EXPECT_TRUE(table.system(2).known);
    EXPECT_FALSE(table.system(4).known);
    EXPECT_FALSE(table.system(-1).known);
    EXPECT_TRUE(table.system(0).known);
}

TEST(NameTable, properties_of_two_models_are_told_apart) {
    Names names = sample_names();
    names.properties[1].push_back("name");
    const NameTable table(names, NameTable::missing(names, {}));
    EXPECT_NE(table.number(person, 0), table.number(order, 3));
    EXPECT_EQ(table.property(table.number(order, 3))->slot, 3u);
    EXPECT_EQ(table.property(table.number(order, 3))->model, order);
    EXPECT_EQ(table.property(0), nullptr);
    EXPECT_EQ(table.property(999), nullptr);
}

}  // namespace
}  // namespace entente::store
