#include "store/waiting_table.hpp"

#include <set>
#include <utility>

#include "store/sql.hpp"

namespace entente::store {

WaitingTable::WaitingTable(Session& session)
    : session_(session),
      any_awaited_(*session.connection, sql::any_awaited),
      insert_awaited_(*session.connection, sql::insert_awaited),
      select_awaited_(*session.connection, sql::select_awaited),
      delete_awaited_(*session.connection, sql::delete_awaited),
      put_deferred_(*session.connection, sql::put_deferred),
      select_deferred_(*session.connection, sql::select_deferred),
      delete_deferred_(*session.connection, sql::delete_deferred),
      drop_deferred_(*session.connection, sql::drop_deferred) {}

void WaitingTable::put(std::span<const sync::Awaited> awaited) {
    for (const sync::Awaited& a : awaited) {
        CHECK(a.resource && a.referrer, "what is awaited has a resource and somebody who waits");
        insert_awaited_.run(session_.names.number(a.resource), a.external_id, a.referrer.value);
    }
}

// Asked after every link that is made, while hardly anything is ever awaited.
std::vector<RecordId> WaitingTable::take_awaited(ResourceIndex resource,
                                                 std::span<const std::string> ids) {
    std::vector<RecordId> out;
    if (!any_awaited_.rows().next()) return out;
    std::set<RecordId> seen;
    const std::int64_t number = session_.names.number(resource);
    for (const std::string& id : ids) {
        for (Rows row = select_awaited_.rows(number, id); row.next();) {
            const RecordId referrer{row.integer(0)};
            if (seen.insert(referrer).second) out.push_back(referrer);
        }
        delete_awaited_.run(number, id);
    }
    return out;
}

void WaitingTable::put(std::span<const sync::Deferred> deferred) {
    for (const sync::Deferred& d : deferred) {
        CHECK(d.resource, "an observation belongs to a resource");
        std::optional<std::int64_t> modified;
        if (d.modified) modified = d.modified->ms;
        put_deferred_.run(session_.names.number(d.resource), d.external_id, d.body, d.etag,
                          modified, d.skew.ms, d.began.ms, d.ended.ms);
    }
}

std::vector<sync::Deferred> WaitingTable::take_deferred(ResourceIndex resource, int limit) {
    std::vector<sync::Deferred> out;
    const std::int64_t number = session_.names.number(resource);
    for (Rows row = select_deferred_.rows(number, limit_of(limit)); row.next();) {
        sync::Deferred& deferred = out.emplace_back();
        deferred.resource = resource;
        deferred.external_id = row.text(0);
        deferred.body = row.text(1);
        deferred.etag = row.text(2);
        if (!row.is_null(3)) deferred.modified = Instant{row.integer(3)};
        deferred.skew.ms = row.integer(4);
        deferred.began.ms = row.integer(5);
        deferred.ended.ms = row.integer(6);
    }
    for (const sync::Deferred& deferred : out) delete_deferred_.run(number, deferred.external_id);
    return out;
}

void WaitingTable::drop_deferred(ResourceIndex resource) {
    drop_deferred_.run(session_.names.number(resource));
}

}  // namespace entente::store
