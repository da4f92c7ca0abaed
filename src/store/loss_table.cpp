#include "store/loss_table.hpp"

#include <algorithm>
#include <tuple>

#include "store/sql.hpp"

namespace entente::store {

LossTable::LossTable(Session& session)
    : session_(session),
      select_(*session.connection, sql::select_losses),
      put_(*session.connection, sql::put_loss),
      drop_(*session.connection, sql::drop_losses) {}

std::vector<sync::Loss> LossTable::all() {
    std::vector<sync::Loss> out;
    for (Rows row = select_.rows(); row.next();) {
        const std::int64_t resource = row.integer(0);
        const ResourceIndex found =
            session_.index_of(session_.names.resource(resource), "losses", resource);
        if (found) out.push_back({found, {row.integer(1)}, {row.integer(2)}});
    }
    std::ranges::sort(
        out, {}, [](const sync::Loss& loss) { return std::tuple(loss.resource, loss.record); });
    return out;
}

void LossTable::put(std::span<const sync::Loss> losses) {
    for (const sync::Loss& loss : losses)
        put_.run(session_.names.number(loss.resource), loss.record.value, loss.at.ms);
}

void LossTable::drop(ResourceIndex resource, Instant until) {
    drop_.run(session_.names.number(resource), until.ms);
}

}  // namespace entente::store
