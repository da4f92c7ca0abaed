#include "store/store_suite.hpp"

#include <fmt/core.h>

#include "base/json.hpp"

namespace entente::store {
namespace {

std::string optional_text(const std::optional<Value>& value) {
    return value ? text_of(*value) : "unset";
}

std::string offers_text(const sync::Offers& offers) {
    return fmt::format("offers {} at {} after {} lasted {}", offers.made, offers.next.ms,
                       offers.pause.ms, offers.lasted.ms);
}

std::string ids_text(const std::vector<RecordId>& ids) {
    std::string out;
    for (const RecordId id : ids) out += fmt::format("{} ", id.value);
    return out;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const StoreFactory& factory) {
    return out << factory.name;
}

Names sample_names() {
    return {.systems = {"Shop", "Erp"},
            .resources = {"Shop.customers", "Shop.orders", "Erp.customers"},
            .data_types = {"Shop.People", "Shop.Sales", "Erp.People"},
            .models = {"person", "order"},
            .properties = {{"name", "email", "address.city"}, {"number", "customer", "total"}},
            .data_type_models = {person, order, person},
            .data_type_resources = {shop_customers, shop_orders, erp_customers}};
}

std::string text_of(const Value& value) {
    return json::write(value);
}

std::string text_of(const sync::Revision& revision) {
    std::string out =
        fmt::format("r{} l{} c{} t{} s{} d{}", revision.rev, revision.stamp.l.ms, revision.stamp.c,
                    revision.stamp.t.ms, revision.stamp.author.system.value,
                    revision.stamp.author.data_type.value);
    for (const sync::LineEdit& edit : revision.line)
        out += fmt::format(" ({} {})", edit.rev, edit.system.value);
    return out;
}

std::string text_of(const sync::RecordHead& head) {
    return fmt::format(
        "record {} of {} id '{}' parent {} digest {} etag '{}' modified {} changed {} written {} "
        "state {} "
        "matching {}",
        head.id.value, head.resource.value, head.external_id, head.parent.value, head.digest.hex(),
        head.etag, head.modified ? head.modified->ms : -1, head.changed_at.ms, head.written_at.ms,
        std::to_underlying(head.state), std::to_underlying(head.matching));
}

std::string text_of(const sync::Record& record) {
    return text_of(static_cast<const sync::RecordHead&>(record)) + " body " + record.body;
}

std::string text_of(const sync::Entity& entity) {
    std::string out = fmt::format("entity {} of {} parent {} rev {}", entity.id.value,
                                  entity.model.value, entity.parent.value, entity.rev);
    for (const sync::EntityProperty& p : entity.properties) {
        out +=
            fmt::format("\n  {} by {}: {}", text_of(p.value), p.origin.value, text_of(p.revision));
    }
    return out;
}

std::string text_of(const sync::Link& link) {
    std::string out = fmt::format(
        "link {} record {} data type {} entity {} state {} origin {} made {}", link.id.value,
        link.record.value, link.data_type.value, link.entity.value, std::to_underlying(link.state),
        std::to_underlying(link.origin), link.made_at.ms);
    for (const sync::Shadow& s : link.shadows) {
        out += fmt::format("\n  {}: {}", optional_text(s.value), text_of(s.revision));
    }
    for (const sync::Held& h : link.held)
        out += fmt::format("\n  held {} {} '{}' {}", h.property.value, h.rev, h.reason,
                           offers_text(h.offers));
    return out;
}

std::string text_of(const sync::Dirty& dirty) {
    return fmt::format("dirty {} {} not before {} awaits {} '{}' backfill {} failed {} {} offer {}",
                       dirty.entity.value, dirty.data_type.value, dirty.not_before.ms,
                       dirty.awaits.value, dirty.why, dirty.backfill, dirty.in_vain.failed,
                       dirty.in_vain.waited, dirty.is_offer);
}

std::string text_of(const sync::Intent& intent) {
    std::string out = fmt::format(
        "intent {} resource {} id '{}' record {} body {} precondition '{}' key '{}' made id '{}' "
        "phase {} again {} tries {} made {} sent {} not before {} failed {} {} '{}'",
        intent.id.value, intent.resource.value, intent.external_id, intent.record.value,
        intent.body, intent.precondition, intent.idempotency_key, intent.made_id,
        std::to_underlying(intent.phase), intent.again, intent.tries, intent.made_at.ms,
        intent.sent_at.ms, intent.not_before.ms, intent.in_vain.failed, intent.in_vain.waited,
        intent.failure);
    for (const sync::IntentPart& part : intent.parts) {
        out += fmt::format("\n  part {} {} {}", part.entity.value, part.data_type.value,
                           part.link.value);
        for (const sync::Sent& sent : part.sent) {
            out += fmt::format("\n    {}: {} as {}: {}", sent.property.value, text_of(sent.value),
                               text_of(sent.written), text_of(sent.revision));
        }
    }
    return out;
}

std::string text_of(const sync::Parked& parked) {
    return fmt::format(
        "parked {} record {} entity {} data type {} '{}' since {} candidates {} "
        "refused {} {}",
        std::to_underlying(parked.reason), parked.record.value, parked.entity.value,
        parked.data_type.value, parked.text, parked.since.ms, ids_text(parked.candidates),
        parked.refused.hex(), offers_text(parked.offers));
}

std::string text_of(const sync::FeedState& feed) {
    return fmt::format(
        "feed {} cursor {} swept {} polled {} records {} row version {} walks in doubt {} '{}'",
        feed.resource.value, feed.cursor.ms, feed.swept_at.ms, feed.polled_at.ms, feed.records,
        feed.row_version, feed.doubtful_walks, feed.doubt);
}

std::string text_of(const sync::Loss& loss) {
    return fmt::format("loss of {} in {} at {}", loss.record.value, loss.resource.value,
                       loss.at.ms);
}

std::string text_of(const sync::Trouble& trouble) {
    return fmt::format("trouble {} of system {} resource {}: '{}' since {}",
                       sync::name_of(trouble.kind), trouble.system.value, trouble.resource.value,
                       trouble.text, trouble.since.ms);
}

std::string text_of(const sync::DataTypeState& state) {
    return fmt::format(
        "data type {} joined {} at {} approved {} stopped '{}' fingerprint {} "
        "configuration {} one with another {}",
        state.data_type.value, state.joined, state.joined_at.ms, state.approved, state.stopped,
        state.fingerprint.hex(), state.configuration.hex(), state.is_one_with_another);
}

std::string text_of(const sync::HistoryEvent& event) {
    return fmt::format(
        "event {} at {} entity {} link {} record {} data type {} property {}: {} -> {} '{}'",
        std::to_underlying(event.kind), event.at.ms, event.entity.value, event.link.value,
        event.record.value, event.data_type.value, event.property.value,
        optional_text(event.before), optional_text(event.after), event.text);
}

std::string text_of(const sync::Deferred& deferred) {
    return fmt::format("deferred {} '{}' {} etag '{}' modified {} skew {}", deferred.resource.value,
                       deferred.external_id, deferred.body, deferred.etag,
                       deferred.modified ? deferred.modified->ms : -1, deferred.skew.ms);
}

StorePort::StorePort() : under_test_(GetParam().make(sample_names())) {}

std::unique_ptr<sync::Transaction> StorePort::begin() {
    auto transaction = under_test_->store().begin();
    CHECK(transaction.has_value(), transaction ? std::string() : transaction.error().message());
    return std::move(*transaction);
}

void StorePort::commit(std::unique_ptr<sync::Transaction> transaction) {
    const Result<void> done = transaction->commit();
    EXPECT_TRUE(done.has_value()) << (done ? std::string() : done.error().message());
}

sync::Record StorePort::record(sync::Transaction& transaction, ResourceIndex resource,
                               const std::string& external_id) {
    sync::Record record;
    record.id = transaction.new_record_id();
    record.resource = resource;
    record.external_id = external_id;
    record.parent = {77};
    record.digest = {0x1234567890abcdef, 0xfedcba0987654321};
    record.etag = "W/\"17\"";
    record.modified = Instant{1'700'000'000'123};
    record.changed_at = {1'700'000'000'456};
    record.written_at = {1'700'000'000'789};
    record.matching = sync::Matching::pending;
    record.body = R"({"name":"Müller & Søn"})";
    return record;
}

sync::Entity StorePort::entity(sync::Transaction& transaction) {
    sync::Entity entity;
    entity.id = transaction.new_entity_id();
    entity.model = person;
    entity.parent = {};
    entity.rev = 2;
    entity.properties.resize(3);
    entity.properties[0] = {Value("Ann"), {1, {{1000}, 0, {1000}, shop}, {}}, {5}};
    entity.properties[1] = {
        Value("ann@example.org"), {2, {{2000}, 3, {1500}, erp}, {{1, shop}, {2, erp}}}, {6}};
    return entity;
}

sync::Link StorePort::link(sync::Transaction& transaction, RecordId record, DataTypeIndex data_type,
                           EntityId entity) {
    sync::Link link;
    link.id = transaction.new_link_id();
    link.record = record;
    link.data_type = data_type;
    link.entity = entity;
    link.origin = sync::LinkOrigin::matched;
    link.made_at = {1'700'000'000'000};
    link.shadows.resize(3);
    link.shadows[0] = {Value("Ann"), {1, {{1000}, 0, {1000}, shop}, {}}};
    link.shadows[2] = {Value(), {4, {{1000}, 0, {1000}, shop}, {}}};
    return link;
}

sync::Intent StorePort::intent(sync::Transaction& transaction) {
    sync::Intent intent;
    intent.id = transaction.new_intent_id();
    intent.resource = erp_customers;
    intent.external_id = "4711";
    intent.record = {12};
    sync::Sent sent{
        email, Value("a@b.c"), Value("A@B.C"), {3, {{5}, 1, {4}, shop}, {{2, erp}, {3, shop}}}};
    sync::Sent emptied{city, Value(), Value(), {7, {{5}, 1, {4}, SystemIndex::none()}, {}}};
    intent.parts = {{{1}, erp_people, {9}, {sent, emptied}}, {{2}, erp_people, {}, {}}};
    intent.body = R"({"email":"A@B.C"})";
    intent.precondition = "\"17\"";
    intent.idempotency_key = "k-1";
    intent.made_id = "4712";
    intent.phase = sync::IntentPhase::reading_back;
    intent.again = true;
    intent.tries = 3;
    intent.made_at = {1};
    intent.sent_at = {2};
    intent.not_before = {3};
    return intent;
}

}  // namespace entente::store
