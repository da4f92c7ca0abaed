// One sequence of changes on SQLite and in memory, and every answer compared: what one store does and the suite does not
// ask for must be what the other one does too, for worlds that were tried in memory run on SQLite.
#include "base/random.hpp"
#include "store/memory_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

constexpr int ids_max = 6;

template <class T>
void add(std::vector<std::string>& out, const std::vector<T>& rows) {
    for (const T& row : rows) out.push_back(text_of(row));
    out.push_back("--");
}

template <class I>
std::string ids_text(const std::vector<I>& ids) {
    std::string out = "ids";
    for (const I id : ids) out += " " + std::to_string(id.value);
    return out;
}

// Every query of the port, with questions in no order and small limits.
std::vector<std::string> answers(sync::StoreReader& reader) {
    std::vector<std::string> out;
    std::vector<RecordId> records;
    std::vector<EntityId> entities;
    std::vector<std::string> external_ids;
    std::vector<Digest> keys;
    for (int i = ids_max + 1; i >= 0; --i) {
        records.push_back({i});
        entities.push_back({i});
        external_ids.push_back(std::to_string(i));
        keys.push_back(Digest{1, static_cast<std::uint64_t>(i)});
    }
    for (const ResourceIndex resource : {shop_customers, shop_orders, erp_customers}) {
        for (const auto& head : reader.find_records(resource, external_ids))
            out.push_back(head ? text_of(*head) : "none");
        add(out, reader.live_records(resource, {1}, 2));
        out.push_back(ids_text(reader.pending_records(resource, {}, 3)));
    }
    add(out, reader.records(records));
    add(out, reader.links_of_records(records));
    add(out, reader.links_of_entities(entities));
    add(out, reader.entities(entities));
    for (int i = 0; i <= ids_max; ++i) {
        out.push_back(ids_text(reader.children({i})));
        out.push_back(ids_text(reader.child_entities({i})));
        out.push_back(ids_text(reader.apart_from({i})));
        add(out, reader.history({i}, 3));
        const auto parked = reader.parked_record({i});
        out.push_back(parked ? text_of(*parked) : "none");
        out.push_back(ids_text(reader.parked_naming(std::vector<RecordId>{{i}, {i + 1}})));
    }
    for (const auto& carriers : reader.carriers(keys, 2)) {
        for (const auto& [record, resource] : carriers)
            out.push_back(std::to_string(record.value * 10 + resource.value));
        out.push_back("--");
    }
    for (const DataTypeIndex type : {shop_people, shop_sales, erp_people}) {
        add(out, reader.links(type, {2}, 2));
        add(out, reader.dirty_ready(type, {5}, 2));
        add(out, reader.dirty_ready(type, Instant::never(), 9));
        add(out, reader.dirty_waiting(type, 2));
        const auto create = reader.parked_create({1}, type);
        out.push_back(create ? text_of(*create) : "none");
        add(out, reader.parked_creates(type, {}, 1));
        add(out, reader.parked_creates(type, {1}, 9));
        const sync::DataTypeCounts c = reader.counts(type);
        for (const std::int64_t n : {c.records, c.linked, c.pending, c.parked, c.gone, c.held,
                                     c.ready, c.waiting, c.to_create})
            out.push_back(std::to_string(n));
    }
    add(out, reader.troubles());
    add(out, reader.losses());
    for (const std::int64_t at : {0, 3, 7}) {
        const auto next = reader.next_dirty({at});
        out.push_back(next ? std::to_string(next->ms) : "none");
    }
    add(out, reader.intents());
    add(out, reader.parked(3));
    add(out, reader.feeds());
    add(out, reader.data_type_states());
    for (const auto& [reason, count] : reader.parked_counts())
        out.push_back(std::to_string(std::to_underlying(reason)) + ":" + std::to_string(count));
    for (const auto& [kind, count] : reader.history_counts())
        out.push_back(std::to_string(std::to_underlying(kind)) + ":" + std::to_string(count));
    return out;
}

// Changes drawn from a seed, that the same seed draws again for the other store. Some cannot be: those poison.
class Changes {
public:
    Changes(Random& random, sync::Transaction& transaction, std::vector<std::string>& taken)
        : random_(random), t_(transaction), taken_(taken) {}

    void one() {
        switch (random_.below(8)) {
            case 0:
                return records();
            case 1:
                return entities();
            case 2:
                return links();
            case 3:
                return keys();
            case 4:
                return dirty();
            case 5:
                return parked();
            case 6:
                return states();
            default:
                return waiting();
        }
    }

private:
    std::int64_t small() { return random_.between(1, ids_max); }
    template <class I>
    I one_of(int count) {
        return I{static_cast<std::int32_t>(random_.between(0, count - 1))};
    }
    sync::RecordHead head(RecordId id) {
        sync::RecordHead head;
        head.id = id;
        head.resource = one_of<ResourceIndex>(2);
        head.external_id = std::to_string(small());
        head.parent = {random_.chance(50) ? 0 : small()};
        head.etag = std::to_string(small());
        head.state = random_.chance(70) ? sync::RecordState::live : sync::RecordState::gone;
        head.matching = random_.chance(50) ? sync::Matching::pending : sync::Matching::linked;
        return head;
    }
    // As it is stored, with another state: an update of another resource or external id cannot be.
    sync::Record changed(sync::Record record) {
        const sync::RecordHead other = head(record.id);
        record.parent = other.parent;
        record.state = other.state;
        record.matching = other.matching;
        record.body = "[" + other.etag + "]";
        return record;
    }
    void records() {
        std::vector<sync::Record> had = t_.records(std::vector<RecordId>{{small()}});
        if (had.empty()) {
            const RecordId id = t_.new_record_id();
            sync::Record record{head(id), "{}"};
            const std::vector<std::string> ids{record.external_id};
            const bool is_free = !t_.find_records(record.resource, ids).at(0);
            if (is_free || random_.chance(5)) t_.insert(std::span<const sync::Record>(&record, 1));
            return;
        }
        const sync::Record record = changed(had.at(0));
        const sync::RecordHead only_head = record;
        const std::string name = std::to_string(small());
        const bool is_free =
            !t_.find_records(record.resource, std::vector<std::string>{name}).at(0);
        if (random_.chance(30) && is_free) return t_.rename(record.id, name);
        if (random_.chance(50)) return t_.update(std::span<const sync::Record>(&record, 1));
        t_.update(std::span<const sync::RecordHead>(&only_head, 1));
    }
    void entities() {
        const std::vector<EntityId> asked{{small()}};
        std::vector<sync::Entity> had = t_.entities(asked);
        sync::Entity entity;
        entity.id = had.empty() ? t_.new_entity_id() : had.at(0).id;
        entity.model = one_of<ModelIndex>(2);
        entity.parent = {random_.chance(50) ? 0 : small()};
        entity.properties.resize(random_.below(3));
        for (sync::EntityProperty& p : entity.properties) {
            p.value = random_.chance(50) ? Value() : Value(small());
            if (random_.chance(50)) p.origin = {small()};
            if (random_.chance(50)) p.revision.rev = 1;
            if (random_.chance(50)) p.revision.line = {{1, shop}};
        }
        if (!had.empty() && random_.chance(30)) return t_.erase(asked);
        if (had.empty() && !random_.chance(3))
            return t_.insert(std::span<const sync::Entity>(&entity, 1));
        t_.update(std::span<const sync::Entity>(&entity, 1));
    }
    void links() {
        const std::vector<sync::Link> had = t_.links_of_records(std::vector<RecordId>{{small()}});
        sync::Link link;
        link.id = had.empty() ? t_.new_link_id() : had.back().id;
        link.record = had.empty() ? RecordId{small()} : had.back().record;
        link.data_type = had.empty() ? one_of<DataTypeIndex>(3) : had.back().data_type;
        link.entity = {small()};
        link.state = static_cast<sync::LinkState>(random_.below(3));
        link.shadows.resize(random_.below(3));
        for (sync::Shadow& shadow : link.shadows) {
            if (random_.chance(70)) shadow.value = random_.chance(50) ? Value() : Value("x");
            if (random_.chance(50)) shadow.revision = {2, {{3}, 1, {4}, {erp, erp_people}}, {}};
        }
        if (random_.chance(30)) link.held = {{name, "no", 1}};
        if (!had.empty() && random_.chance(20)) return t_.erase(std::span(&link.id, 1));
        if (had.empty()) return t_.insert(std::span<const sync::Link>(&link, 1));
        t_.update(std::span<const sync::Link>(&link, 1));
    }
    void keys() {
        std::vector<Digest> keys;
        for (std::uint64_t n = random_.below(3); n > 0; --n)
            keys.push_back({1, random_.below(ids_max)});
        const RecordId record{small()};
        t_.set_keys(record, ResourceIndex{static_cast<std::int32_t>(record.value % 3)}, keys,
                    false);
    }
    void dirty() {
        const EntityId entity{small()};
        const auto type = one_of<DataTypeIndex>(3);
        if (random_.chance(10)) return t_.drop_dirty(entity, type);
        if (random_.chance(10)) return t_.release_awaiting(std::vector{entity, EntityId{small()}});
        if (random_.chance(10)) return t_.release_waiting(type);
        sync::Dirty dirty{entity, type, {}, {}, ""};
        if (random_.chance(40)) dirty.not_before = {small()};
        if (random_.chance(40)) dirty = {entity, type, Instant::never(), {small()}, "waits"};
        if (random_.chance(30)) dirty.in_vain = {static_cast<int>(random_.below(9)), 2};
        dirty.is_offer = random_.chance(30);
        t_.put_dirty(std::span(&dirty, 1));
    }
    void parked() {
        sync::Parked parked;
        parked.reason =
            random_.chance(50) ? sync::ParkReason::duplicate : sync::ParkReason::create_failed;
        parked.data_type = one_of<DataTypeIndex>(3);
        parked.candidates = {{small()}, {small()}};
        if (random_.chance(70)) {
            parked.record = {small()};
            if (random_.chance(30)) return t_.drop_parked_record(parked.record);
        } else {
            parked.entity = {random_.between(1, 2)};
            parked.refused = {1, random_.below(3)};
            if (random_.chance(50)) parked.offers = {{small()}, {7}, 2, {9}};
            if (random_.chance(30)) return t_.drop_parked_create(parked.entity, parked.data_type);
        }
        t_.put_parked(parked);
        const RecordId a{small()}, b{small()};
        if (a != b) random_.chance(30) ? t_.drop_apart(a, b) : t_.put_apart(a, b);
    }
    void states() {
        sync::HistoryEvent event;
        event.kind =
            random_.chance(50) ? sync::HistoryEvent::Kind::edit : sync::HistoryEvent::Kind::held;
        event.entity = {random_.chance(10) ? 0 : small()};
        if (random_.chance(50)) event.data_type = one_of<DataTypeIndex>(3);
        if (random_.chance(50)) event.property = one_of<PropertyIndex>(3);
        if (random_.chance(50)) event.before = Value(Value::List{Value(small()), Value()});
        t_.append(std::span(&event, 1));
        const auto trouble = one_of<SystemIndex>(2);
        random_.chance(30)
            ? t_.drop_trouble(sync::Trouble::Kind::clock, trouble, {})
            : t_.put_trouble({sync::Trouble::Kind::clock, trouble, {}, "off", {small()}});
        const auto lost_in = one_of<ResourceIndex>(3);
        random_.chance(30)
            ? t_.drop_losses(lost_in, {small()})
            : t_.put_losses(std::array{sync::Loss{lost_in, one_of<RecordId>(5), {small()}}});
        t_.put_feed({one_of<ResourceIndex>(3), {small()}, {}, {}, small(), small()});
        const bool joined = random_.chance(50);
        t_.put_data_type_state({one_of<DataTypeIndex>(3),
                                joined,
                                {joined ? 1 + small() : 0},
                                true,
                                "",
                                {},
                                {joined ? 1u : 0u, 2},
                                joined});
        sync::Intent intent;
        intent.id = random_.chance(50) ? IntentId{small()} : t_.new_intent_id();
        intent.resource = one_of<ResourceIndex>(3);
        intent.tries = static_cast<int>(small());
        random_.chance(30) ? t_.drop_intent(intent.id) : t_.put_intent(intent);
    }
    void waiting() {
        const auto resource = one_of<ResourceIndex>(3);
        const std::string id = std::to_string(small());
        const sync::Awaited awaited{resource, id, {small()}};
        const sync::Deferred deferred{resource, id, "{}", id, Instant{small()}, {small()}};
        if (random_.chance(50)) t_.put_awaited(std::span(&awaited, 1));
        if (random_.chance(50)) t_.put_deferred(std::span(&deferred, 1));
        if (random_.chance(20)) t_.drop_deferred(resource);
        if (random_.chance(20)) add(taken_, t_.take_deferred(resource, 2));
        const std::vector<std::string> asked{std::to_string(small()), id};
        if (random_.chance(20)) taken_.push_back(ids_text(t_.take_awaited(resource, asked)));
    }

    Random& random_;
    sync::Transaction& t_;
    std::vector<std::string>& taken_;
};

// What was seen inside each of the seed's transactions, how it ended, and what there was after it.
std::vector<std::string> story(sync::Store& store, std::uint64_t seed) {
    std::vector<std::string> out;
    Random random(seed, "changes");
    for (int transactions = 0; transactions < 25; ++transactions) {
        auto t = *store.begin();
        Changes changes(random, *t, out);
        for (std::uint64_t n = random.below(12); n > 0; --n) changes.one();
        for (std::string& answer : answers(*t)) out.push_back(std::move(answer));
        if (random.chance(80)) {
            const Result<void> done = t->commit();
            out.push_back(done ? "ok" : std::string(name_of(done.error().kind)));
        }
    }
    auto t = *store.begin();
    for (std::string& answer : answers(*t)) out.push_back(std::move(answer));
    return out;
}

TEST(StoresAgree, every_answer_is_the_same_whatever_the_store_is_made_of) {
    int refused = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        auto sqlite = SqliteStore::open(":memory:", sample_names());
        ASSERT_TRUE(sqlite.has_value());
        MemoryStore memory(sample_names());
        const std::vector<std::string> expected = story(**sqlite, seed), told = story(memory, seed);
        for (std::size_t i = 0; i < std::min(expected.size(), told.size()); ++i) {
            ASSERT_EQ(told[i], expected[i]) << "seed " << seed << ", answer " << i;
            if (told[i] == "store" || told[i] == "corrupt") ++refused;
        }
        ASSERT_EQ(told.size(), expected.size()) << "seed " << seed;
    }
    EXPECT_GT(refused, 0) << "no change was ever refused";
}

}  // namespace
}  // namespace entente::store
