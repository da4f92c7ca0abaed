#include "bench/bare.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "model/lens.hpp"

namespace entente::bench {
namespace {

ResourceIndex customers_of(const model::Workspace& workspace, std::size_t system) {
    for (std::size_t i = 0; i < workspace.resources.size(); ++i) {
        const model::Resource& resource = workspace.resources[i];
        if (resource.system.at() == system && resource.name == "customers")
            return {static_cast<std::int32_t>(i)};
    }
    give_up("the catalogue has no customers");
}

std::string page_url(std::size_t system, std::int64_t page) {
    if (system == 0)
        return fmt::format("/api/customers?page={}&page_size={}", page + 1, rows_per_page);
    return fmt::format("/v1/customers?limit={}&cursor={}", rows_per_page, page * rows_per_page);
}

std::string page_text(Shelf& shelf, std::size_t system, std::int64_t page) {
    return shelf
        .handle({.method = "GET", .url = page_url(system, page), .headers = {}, .body = {}}, {})
        .body;
}

const Value::List& rows_in(const Value& page, std::size_t system) {
    return page.find(system == 0 ? "items" : "data")->as_list();
}

// The seed that the engine digests a body with: another mapping is another digest.
std::uint64_t digest_seed(const model::Workspace& workspace, ResourceIndex resource) {
    std::uint64_t seed = 0;
    for (const model::DataType& d : workspace.data_types)
        if (d.resource == resource) seed = seed * 31 + d.fingerprint.low;
    return seed;
}

// One page's rows as the engine left them, but for bodies and digests.
struct PreparedPage {
    std::vector<sync::Record> records;
    std::vector<sync::Link> links;
    std::vector<sync::Entity> entities;  // those that came with these records
    std::vector<sync::HistoryEvent> history;
    std::vector<std::vector<Digest>> keys;  // by record
};

std::vector<Digest> keys_of(const model::Workspace& workspace, const model::DataType& d,
                            const Value& body) {
    const model::Model& model = workspace.model(d.model);
    model::Canonical values(model.properties.size());
    for (const model::Mapping& mapping : d.map)
        values[mapping.property.at()] = must(model::get(mapping.lens, body));
    std::vector<Digest> out;
    for (const model::MatchKey& key : model::match_keys(model, values, workspace.country))
        out.push_back(key.digest);
    std::ranges::sort(out);
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

PreparedPage prepare(const model::Workspace& workspace, store::Snapshot& finished,
                     ResourceIndex resource, const Value::List& rows) {
    PreparedPage out;
    const model::DataType& d = workspace.data_type(workspace.data_types_of(resource).front());
    std::vector<std::string> ids;
    for (const Value& row : rows) {
        const Value& id = *row.find("id");
        ids.push_back(id.is_text() ? id.as_text() : id.as_decimal().text());
        out.keys.push_back(keys_of(workspace, d, row));
    }
    std::vector<RecordId> record_ids;
    for (auto& head : finished.find_records(resource, ids)) {
        if (!head) give_up("the engine has not kept a record");
        static_cast<sync::RecordHead&>(out.records.emplace_back()) = *head;
        record_ids.push_back(head->id);
    }
    out.links = finished.links_of_records(record_ids);
    std::vector<EntityId> made;
    for (const sync::Link& link : out.links)
        if (link.origin == sync::LinkOrigin::first) made.push_back(link.entity);
    out.entities = finished.entities(made);
    for (EntityId entity : made)
        for (sync::HistoryEvent& event : finished.history(entity, 100))
            out.history.push_back(std::move(event));
    if (out.links.size() != rows.size()) give_up("the engine has not linked a record");
    return out;
}

void insert_page(sync::Transaction& to, const PreparedPage& page, ResourceIndex resource) {
    // Ids are given out as the engine does, so that the counters are kept as well.
    for (std::size_t i = 0; i < page.records.size(); ++i) (void)to.new_record_id();
    for (std::size_t i = 0; i < page.entities.size(); ++i) (void)to.new_entity_id();
    for (std::size_t i = 0; i < page.links.size(); ++i) (void)to.new_link_id();
    to.insert(std::span<const sync::Record>(page.records));
    to.insert(std::span<const sync::Entity>(page.entities));
    to.insert(std::span<const sync::Link>(page.links));
    for (std::size_t i = 0; i < page.records.size(); ++i)
        to.set_keys(page.records[i].id, resource, page.keys[i], true);
    to.append(page.history);
}

std::map<std::string, std::int64_t> rows_by_table(const std::string& path) {
    std::map<std::string, std::int64_t> out;
    sqlite3* file = nullptr;
    if (sqlite3_open_v2(path.c_str(), &file, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
        give_up("cannot open " + path);
    const auto each = [&](const std::string& sql, auto take) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(file, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            give_up(sqlite3_errmsg(file));
        while (sqlite3_step(statement) == SQLITE_ROW) take(statement);
        sqlite3_finalize(statement);
    };
    std::vector<std::string> tables;
    each("SELECT name FROM sqlite_schema WHERE type = 'table'", [&](sqlite3_stmt* row) {
        tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(row, 0)));
    });
    for (const std::string& table : tables)
        each(fmt::format("SELECT count(*) FROM \"{}\"", table),
             [&](sqlite3_stmt* row) { out[table] = sqlite3_column_int64(row, 0); });
    sqlite3_close(file);
    return out;
}

}  // namespace

Stopwatch bare_first_sync(const model::Workspace& workspace, store::Snapshot& finished,
                          store::SqliteStore& target, std::vector<Shelf*> shelves,
                          std::int64_t records) {
    Stopwatch watch;
    for (std::int64_t page = 0; page * rows_per_page < records; ++page) {
        for (std::size_t system = 0; system < shelves.size(); ++system) {
            const ResourceIndex resource = customers_of(workspace, system);
            const std::uint64_t seed = digest_seed(workspace, resource);
            const std::string text = page_text(*shelves[system], system, page);
            PreparedPage prepared =
                prepare(workspace, finished, resource, rows_in(must(json::read(text)), system));
            watch.start();
            const Value body = must(json::read(text));
            const Value::List& rows = rows_in(body, system);
            bool same = true;
            for (std::size_t i = 0; i < rows.size(); ++i) {
                sync::Record& record = prepared.records[i];
                record.body = json::write(rows[i]);
                const Digest digest = digest_of(record.body, seed);
                same = same && digest == record.digest;
                record.digest = digest;
            }
            auto transaction = must(target.begin());
            insert_page(*transaction, prepared, resource);
            must(transaction->commit());
            watch.stop();
            if (!same) give_up("the engine's digest of a body is another one");
        }
    }
    watch.start();
    auto transaction = must(target.begin());
    for (const sync::FeedState& feed : finished.feeds()) transaction->put_feed(feed);
    for (const sync::DataTypeState& state : finished.data_type_states())
        transaction->put_data_type_state(state);
    must(transaction->commit());
    watch.stop();
    return watch;
}

Stopwatch bare_rescan(const model::Workspace& workspace, store::SqliteStore& store,
                      std::vector<Shelf*> shelves, std::int64_t records) {
    Stopwatch watch;
    for (std::int64_t page = 0; page * rows_per_page < records; ++page) {
        for (std::size_t system = 0; system < shelves.size(); ++system) {
            const ResourceIndex resource = customers_of(workspace, system);
            const std::uint64_t seed = digest_seed(workspace, resource);
            const std::string text = page_text(*shelves[system], system, page);
            watch.start();
            const Value body = must(json::read(text));
            auto transaction = must(store.begin());
            std::vector<std::string> ids;
            std::vector<Digest> digests;
            for (const Value& row : rows_in(body, system)) {
                const Value& id = *row.find("id");
                ids.push_back(id.is_text() ? id.as_text() : id.as_decimal().text());
                digests.push_back(digest_of(json::write(row), seed));
            }
            const auto heads = transaction->find_records(resource, ids);
            bool same = heads.size() == digests.size();
            for (std::size_t i = 0; same && i < heads.size(); ++i)
                same = heads[i] && heads[i]->digest == digests[i];
            must(transaction->commit());
            watch.stop();
            if (!same) give_up("a record has changed by itself");
        }
    }
    return watch;
}

std::string tables_that_differ(const std::string& one, const std::string& other) {
    const auto here = rows_by_table(one), there = rows_by_table(other);
    std::string out;
    for (const auto& [table, rows] : here) {
        const auto found = there.find(table);
        const std::int64_t others = found == there.end() ? 0 : found->second;
        if (rows != others)
            out += fmt::format("{}{} {}/{}", out.empty() ? "" : ", ", table, rows, others);
    }
    return out;
}

}  // namespace entente::bench
