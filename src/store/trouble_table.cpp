#include "store/trouble_table.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "store/sql.hpp"

namespace entente::store {

TroubleTable::TroubleTable(Session& session)
    : session_(session),
      select_(*session.connection, sql::select_troubles),
      put_(*session.connection, sql::put_trouble),
      drop_(*session.connection, sql::drop_trouble) {}

std::vector<sync::Trouble> TroubleTable::all() {
    std::vector<sync::Trouble> out;
    for (Rows row = select_.rows(); row.next();) {
        const std::int64_t system = row.integer(0), resource = row.integer(1);
        sync::Trouble trouble;
        trouble.system = session_.index_of(session_.names.system(system), "troubles", system);
        trouble.resource =
            session_.index_of(session_.names.resource(resource), "troubles", resource);
        trouble.kind = row.one_of(2, sync::Trouble::Kind::rows);
        trouble.text = row.text(3);
        trouble.since.ms = row.integer(4);
        const bool is_retired = (system != NameTable::none && !trouble.system) ||
                                (resource != NameTable::none && !trouble.resource);
        if (!is_retired) out.push_back(std::move(trouble));
    }
    std::ranges::sort(
        out, {}, [](const sync::Trouble& t) { return std::tuple(t.system, t.resource, t.kind); });
    return out;
}

void TroubleTable::put(const sync::Trouble& trouble) {
    put_.run(session_.names.number(trouble.system), session_.names.number(trouble.resource),
             std::to_underlying(trouble.kind), trouble.text, trouble.since.ms);
}

void TroubleTable::drop(sync::Trouble::Kind kind, SystemIndex system, ResourceIndex resource) {
    drop_.run(session_.names.number(system), session_.names.number(resource),
              std::to_underlying(kind));
}

}  // namespace entente::store
