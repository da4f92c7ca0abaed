#include "store/trouble_table.hpp"

#include <algorithm>
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
        const std::int64_t number = row.integer(0);
        sync::Trouble trouble;
        trouble.resource = session_.index_of(session_.names.resource(number), "troubles", number);
        trouble.kind = row.one_of(1, sync::Trouble::Kind::list);
        trouble.text = row.text(2);
        trouble.since.ms = row.integer(3);
        if (trouble.resource) out.push_back(std::move(trouble));
    }
    std::ranges::sort(out, {},
                      [](const sync::Trouble& t) { return std::pair(t.resource, t.kind); });
    return out;
}

void TroubleTable::put(const sync::Trouble& trouble) {
    CHECK(trouble.resource, "a trouble belongs to a resource");
    put_.run(session_.names.number(trouble.resource), std::to_underlying(trouble.kind),
             trouble.text, trouble.since.ms);
}

void TroubleTable::drop(sync::Trouble::Kind kind, ResourceIndex resource) {
    drop_.run(session_.names.number(resource), std::to_underlying(kind));
}

}  // namespace entente::store
