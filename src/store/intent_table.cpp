#include "store/intent_table.hpp"

#include <utility>

#include "store/codec.hpp"
#include "store/sql.hpp"

namespace entente::store {
namespace {

constexpr std::string_view table = "intents";

}  // namespace

IntentTable::IntentTable(Session& session)
    : session_(session),
      select_(*session.connection, sql::select_intents),
      put_(*session.connection, sql::put_intent),
      drop_(*session.connection, sql::drop_intent) {}

std::vector<sync::Intent> IntentTable::all() {
    std::vector<sync::Intent> out;
    for (Rows row = select_.rows(); row.next();) {
        sync::Intent intent;
        intent.id.value = row.integer(0);
        intent.resource =
            session_.index_of(session_.names.resource(row.integer(1)), table, intent.id.value);
        if (!intent.resource) continue;
        intent.external_id = row.text(2);
        intent.record.value = row.integer(3);
        intent.phase = row.one_of(4, sync::IntentPhase::reading_lines);
        intent.again = row.integer(5) != 0;
        intent.tries = static_cast<int>(row.integer(6));
        intent.made_at.ms = row.integer(7);
        intent.sent_at.ms = row.integer(8);
        intent.not_before.ms = row.integer(9);
        intent.precondition = row.text(10);
        intent.idempotency_key = row.text(11);
        intent.made_id = row.text(12);
        intent.body = row.text(13);
        intent.in_vain.failed = static_cast<int>(row.integer(15));
        intent.in_vain.waited = static_cast<int>(row.integer(16));
        intent.failure = row.text(17);
        if (!decode_parts(session_.names, row.blob(14), intent.parts)) {
            session_.connection->poison_corrupt(table, intent.id.value, "the parts cannot be read");
        }
        out.push_back(std::move(intent));
    }
    return out;
}

void IntentTable::put(const sync::Intent& intent) {
    CHECK(intent.id && intent.resource, "an intent has an id and a resource");
    const std::string parts = encode_parts(session_.names, intent.parts);
    put_.run(intent.id.value, session_.names.number(intent.resource), intent.external_id,
             intent.record.value, std::int64_t{std::to_underlying(intent.phase)},
             std::int64_t{intent.again}, std::int64_t{intent.tries}, intent.made_at.ms,
             intent.sent_at.ms, intent.not_before.ms, intent.precondition, intent.idempotency_key,
             intent.made_id, intent.body, Blob{parts}, std::int64_t{intent.in_vain.failed},
             std::int64_t{intent.in_vain.waited}, intent.failure);
}

void IntentTable::drop(IntentId intent) {
    drop_.run(intent.value);
}

}  // namespace entente::store
