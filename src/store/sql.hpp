// Every SQL text of the program, by noun. Nothing else holds SQL, except BEGIN, COMMIT and ROLLBACK.
#pragma once

#include <cstdint>
#include <string_view>

namespace entente::store::sql {

// ---- the file

inline constexpr std::int64_t our_application_id = 0x456e7465;  // "Ente"
inline constexpr const char* mark_as_ours = "PRAGMA application_id = 1164866661";
inline constexpr const char* application_id = "PRAGMA application_id";
inline constexpr const char* count_tables = "SELECT count(*) FROM sqlite_schema";

// A larger cache keeps more of the match keys, whose order is random, in memory; it is the one large thing a store
// holds. A larger checkpoint writes a page that changes often once instead of many times, but takes longer to recover
// after a crash: 64 MiB are read again in a fraction of a second.
inline constexpr const char* writer_pragmas =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA cache_size = -65536;"
    "PRAGMA wal_autocheckpoint = 16384;"
    "PRAGMA journal_size_limit = 134217728;";
inline constexpr const char* reader_pragmas =
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA cache_size = -16384;";

inline constexpr const char* create_tables = R"sql(
CREATE TABLE names (
    kind TEXT NOT NULL, within TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (kind, within, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE counters (noun TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE records (
    id INTEGER PRIMARY KEY, resource INTEGER NOT NULL, external_id TEXT NOT NULL, parent INTEGER NOT NULL,
    state INTEGER NOT NULL, matching INTEGER NOT NULL, digest BLOB NOT NULL, etag TEXT NOT NULL,
    modified INTEGER, changed_at INTEGER NOT NULL, written_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_by_external_id ON records (resource, external_id);
CREATE INDEX records_live ON records (resource) WHERE state = 0;
CREATE INDEX records_pending ON records (resource) WHERE matching = 0 AND state = 0;
CREATE INDEX records_children ON records (parent) WHERE parent <> 0;
CREATE TABLE bodies (record INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

CREATE TABLE record_keys (
    record INTEGER PRIMARY KEY, resource INTEGER NOT NULL, keys BLOB NOT NULL
) STRICT;
CREATE TABLE match_keys (
    key BLOB NOT NULL, record INTEGER NOT NULL, resource INTEGER NOT NULL,
    PRIMARY KEY (key, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE entities (
    id INTEGER PRIMARY KEY, model INTEGER NOT NULL, parent INTEGER NOT NULL, rev INTEGER NOT NULL,
    properties BLOB NOT NULL
) STRICT;
CREATE INDEX entities_children ON entities (parent) WHERE parent <> 0;

CREATE TABLE links (
    id INTEGER PRIMARY KEY, record INTEGER NOT NULL, data_type INTEGER NOT NULL, entity INTEGER NOT NULL,
    state INTEGER NOT NULL, origin INTEGER NOT NULL, made_at INTEGER NOT NULL, held INTEGER NOT NULL,
    shadows BLOB NOT NULL, held_properties BLOB
) STRICT;
CREATE INDEX links_by_record ON links (record);
CREATE INDEX links_by_entity ON links (entity, data_type, state, held);

CREATE TABLE dirty (
    data_type INTEGER NOT NULL, entity INTEGER NOT NULL, not_before INTEGER NOT NULL, awaits INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (data_type, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX dirty_ready ON dirty (data_type, entity) WHERE not_before = 0;
CREATE INDEX dirty_timed ON dirty (not_before) WHERE not_before > 0 AND not_before < 9223372036854775807;
CREATE INDEX dirty_awaiting ON dirty (awaits) WHERE awaits <> 0;

CREATE TABLE intents (
    id INTEGER PRIMARY KEY, resource INTEGER NOT NULL, external_id TEXT NOT NULL, record INTEGER NOT NULL,
    phase INTEGER NOT NULL, again INTEGER NOT NULL, tries INTEGER NOT NULL, made_at INTEGER NOT NULL,
    sent_at INTEGER NOT NULL, not_before INTEGER NOT NULL, precondition TEXT NOT NULL,
    idempotency_key TEXT NOT NULL, body TEXT NOT NULL, parts BLOB NOT NULL
) STRICT;

CREATE TABLE parked (
    record INTEGER NOT NULL, entity INTEGER NOT NULL, data_type INTEGER NOT NULL, reason INTEGER NOT NULL,
    since INTEGER NOT NULL, text TEXT NOT NULL, candidates BLOB NOT NULL,
    PRIMARY KEY (record, entity, data_type)
) STRICT, WITHOUT ROWID;
CREATE TABLE parked_candidates (
    candidate INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (candidate, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE feeds (
    resource INTEGER PRIMARY KEY, cursor INTEGER NOT NULL, swept_at INTEGER NOT NULL, polled_at INTEGER NOT NULL,
    records INTEGER NOT NULL
) STRICT;
CREATE TABLE data_type_states (
    data_type INTEGER PRIMARY KEY, joined INTEGER NOT NULL, approved INTEGER NOT NULL, stopped TEXT NOT NULL,
    fingerprint BLOB NOT NULL
) STRICT;
CREATE TABLE history (
    id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, at INTEGER NOT NULL, entity INTEGER NOT NULL,
    link INTEGER NOT NULL, record INTEGER NOT NULL, data_type INTEGER NOT NULL, property INTEGER NOT NULL,
    before BLOB, after BLOB, text TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_entity ON history (entity) WHERE entity <> 0;

CREATE TABLE awaited (
    resource INTEGER NOT NULL, external_id TEXT NOT NULL, referrer INTEGER NOT NULL,
    PRIMARY KEY (resource, external_id, referrer)
) STRICT, WITHOUT ROWID;
CREATE TABLE deferred (
    resource INTEGER NOT NULL, external_id TEXT NOT NULL, body TEXT NOT NULL, etag TEXT NOT NULL,
    modified INTEGER, skew INTEGER NOT NULL,
    PRIMARY KEY (resource, external_id)
) STRICT, WITHOUT ROWID;
)sql";

// What version 2 adds: the id under which a create was executed, and where a feed by row version stands.
inline constexpr const char* to_version_2 =
    "ALTER TABLE intents ADD COLUMN made_id TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE feeds ADD COLUMN row_version INTEGER NOT NULL DEFAULT 0";
// What version 3 adds: which pairs are a backfill's. `joined` is 1 in older stores: long ago.
inline constexpr const char* to_version_3 =
    "ALTER TABLE dirty ADD COLUMN backfill INTEGER NOT NULL DEFAULT 0;"
    "DROP INDEX dirty_ready;"
    "CREATE INDEX dirty_ready ON dirty (data_type, backfill, entity) WHERE not_before = 0";
// What version 4 adds: pairs of records that a person has told apart, each in both directions; what a refused create carried,
// under which configuration refusals were tried again, and which data types are
// of one system with others; and sweeps that may have hidden records.
inline constexpr const char* to_version_4 =
    "CREATE TABLE apart (record INTEGER NOT NULL, other INTEGER NOT NULL, "
    "PRIMARY KEY (record, other)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE parked ADD COLUMN refused BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE data_type_states ADD COLUMN configuration BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE data_type_states ADD COLUMN one_with_another INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN doubtful_walks INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE feeds ADD COLUMN doubt TEXT NOT NULL DEFAULT ''";
// What version 5 adds: what is wrong with a system (0: with ourselves), a resource (0: with all of it); what the guard has believed
// lately; when a deferred observation was read.
inline constexpr const char* to_version_5 =
    "CREATE TABLE troubles (system INTEGER NOT NULL, resource INTEGER NOT NULL, kind INTEGER NOT "
    "NULL, "
    "text TEXT NOT NULL, since INTEGER NOT NULL, "
    "PRIMARY KEY (system, resource, kind)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE losses (resource INTEGER NOT NULL, record INTEGER NOT NULL, at INTEGER NOT NULL, "
    "PRIMARY KEY (resource, record)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE deferred ADD COLUMN began INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deferred ADD COLUMN ended INTEGER NOT NULL DEFAULT 0";
inline constexpr std::string_view select_names =
    "SELECT kind, within, name, number FROM names ORDER BY number";
inline constexpr std::string_view insert_name =
    "INSERT INTO names (kind, within, name, number) VALUES (?, ?, ?, ?)";

inline constexpr std::string_view select_counter = "SELECT last FROM counters WHERE noun = ?";
inline constexpr std::string_view put_counter =
    "INSERT INTO counters (noun, last) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET last = ?2";
inline constexpr const char* last_record = "SELECT coalesce(max(id), 0) FROM records";
inline constexpr const char* last_entity = "SELECT coalesce(max(id), 0) FROM entities";
inline constexpr const char* last_link = "SELECT coalesce(max(id), 0) FROM links";
inline constexpr const char* last_intent = "SELECT coalesce(max(id), 0) FROM intents";

// ---- records

#define ENTENTE_HEAD                                                                     \
    "r.id, r.resource, r.external_id, r.parent, r.state, r.matching, r.digest, r.etag, " \
    "r.modified, "                                                                       \
    "r.changed_at, r.written_at"
inline constexpr std::string_view find_record =
    "SELECT " ENTENTE_HEAD " FROM records r WHERE r.resource = ? AND r.external_id = ?";
inline constexpr std::string_view select_record =
    "SELECT " ENTENTE_HEAD
    ", b.body FROM records r LEFT JOIN bodies b ON b.record = r.id WHERE r.id = ?";
inline constexpr std::string_view live_records =
    "SELECT " ENTENTE_HEAD
    " FROM records r INDEXED BY records_live "
    "WHERE r.resource = ? AND r.state = 0 AND r.id > ? ORDER BY r.id LIMIT ?";
#undef ENTENTE_HEAD
inline constexpr std::string_view record_children =
    "SELECT id, resource FROM records WHERE parent = ? AND parent <> 0 ORDER BY id";
inline constexpr std::string_view pending_records =
    "SELECT id FROM records INDEXED BY records_pending "
    "WHERE resource = ? AND matching = 0 AND state = 0 AND id > ? ORDER BY id LIMIT ?";
inline constexpr std::string_view insert_record =
    "INSERT INTO records (id, resource, external_id, parent, state, matching, digest, etag, "
    "modified, changed_at, "
    "written_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view insert_body = "INSERT INTO bodies (record, body) VALUES (?, ?)";
inline constexpr std::string_view update_body = "UPDATE bodies SET body = ? WHERE record = ?";
// An UPDATE rewrites every index that has a column in its SET list, even if nothing changed there. So the usual change
// is tried first, by a statement that names no indexed column and finds the row only if it needs none.
inline constexpr std::string_view update_head_content =
    "UPDATE records SET digest = ?7, etag = ?8, modified = ?9, changed_at = ?10, written_at = ?11 "
    "WHERE id = ?1 AND resource = ?2 AND external_id = ?3 AND parent = ?4 AND state = ?5 AND "
    "matching = ?6";
inline constexpr std::string_view update_head_matching =
    "UPDATE records SET matching = ?6, digest = ?7, etag = ?8, modified = ?9, changed_at = ?10, "
    "written_at = ?11 "
    "WHERE id = ?1 AND resource = ?2 AND external_id = ?3 AND parent = ?4 AND state = ?5";
inline constexpr std::string_view update_head =
    "UPDATE records SET parent = ?4, state = ?5, matching = ?6, digest = ?7, etag = ?8, modified = "
    "?9, "
    "changed_at = ?10, written_at = ?11 WHERE id = ?1 AND resource = ?2 AND external_id = ?3";

inline constexpr std::string_view rename_record =
    "UPDATE records SET external_id = ?2 WHERE id = ?1";

// ---- match keys

inline constexpr std::string_view select_record_keys =
    "SELECT keys FROM record_keys WHERE record = ?";
inline constexpr std::string_view insert_record_keys =
    "INSERT INTO record_keys (record, resource, keys) VALUES (?, ?, ?)";
inline constexpr std::string_view update_record_keys =
    "UPDATE record_keys SET keys = ? WHERE record = ?";
inline constexpr std::string_view delete_record_keys = "DELETE FROM record_keys WHERE record = ?";
inline constexpr std::string_view select_newer_keys =
    "SELECT record, resource, keys FROM record_keys WHERE record > ?";
inline constexpr std::string_view select_carriers =
    "SELECT record, resource FROM match_keys WHERE key = ?";
inline constexpr std::string_view insert_match_key =
    "INSERT OR IGNORE INTO match_keys (key, record, resource) VALUES (?, ?, ?)";
inline constexpr std::string_view delete_match_key =
    "DELETE FROM match_keys WHERE key = ? AND record = ?";

// ---- entities

inline constexpr std::string_view select_entity =
    "SELECT model, parent, rev, properties FROM entities WHERE id = ?";
inline constexpr std::string_view select_entity_model = "SELECT model FROM entities WHERE id = ?";
inline constexpr std::string_view entity_children =
    "SELECT id, model FROM entities WHERE parent = ? AND parent <> 0 ORDER BY id";
inline constexpr std::string_view insert_entity =
    "INSERT INTO entities (id, model, parent, rev, properties) VALUES (?, ?, ?, ?, ?)";
inline constexpr std::string_view update_entity_content =
    "UPDATE entities SET rev = ?4, properties = ?5 WHERE id = ?1 AND model = ?2 AND parent = ?3";
inline constexpr std::string_view update_entity =
    "UPDATE entities SET model = ?2, parent = ?3, rev = ?4, properties = ?5 WHERE id = ?1";
inline constexpr std::string_view delete_entity = "DELETE FROM entities WHERE id = ?";

// ---- links

#define ENTENTE_LINK \
    "id, record, data_type, entity, state, origin, made_at, shadows, held_properties"
inline constexpr std::string_view links_of_record =
    "SELECT " ENTENTE_LINK " FROM links WHERE record = ? ORDER BY id";
inline constexpr std::string_view links_of_entity =
    "SELECT " ENTENTE_LINK " FROM links WHERE entity = ? ORDER BY id";
inline constexpr std::string_view links_of_data_type =
    "SELECT " ENTENTE_LINK
    " FROM links NOT INDEXED WHERE id > ? AND data_type = ? ORDER BY id LIMIT ?";
#undef ENTENTE_LINK
inline constexpr std::string_view select_link_blobs =
    "SELECT shadows, held_properties FROM links WHERE id = ?";
inline constexpr std::string_view insert_link =
    "INSERT INTO links (id, record, data_type, entity, state, held, origin, made_at, shadows, "
    "held_properties) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view update_link_content =
    "UPDATE links SET origin = ?7, made_at = ?8, shadows = ?9, held_properties = ?10 "
    "WHERE id = ?1 AND record = ?2 AND data_type = ?3 AND entity = ?4 AND state = ?5 AND held = ?6";
inline constexpr std::string_view update_link =
    "UPDATE links SET record = ?2, entity = ?4, state = ?5, held = ?6, origin = ?7, made_at = ?8, "
    "shadows = ?9, held_properties = ?10 WHERE id = ?1 AND data_type = ?3";
inline constexpr std::string_view delete_link = "DELETE FROM links WHERE id = ?";

// ---- dirty pairs

inline constexpr std::string_view dirty_ready =
    "SELECT entity, not_before, awaits, why, backfill FROM dirty INDEXED BY dirty_ready "
    "WHERE data_type = ? AND not_before = 0 ORDER BY backfill, entity LIMIT ?";
inline constexpr std::string_view dirty_due =
    "SELECT entity, not_before, awaits, why, backfill FROM dirty INDEXED BY dirty_timed "
    "WHERE not_before > 0 AND not_before < 9223372036854775807 AND not_before <= ? AND data_type = "
    "? "
    "ORDER BY backfill, entity LIMIT ?";
inline constexpr std::string_view dirty_waiting =
    "SELECT entity, not_before, awaits, why, backfill FROM dirty NOT INDEXED "
    "WHERE data_type = ? AND not_before <> 0 ORDER BY entity LIMIT ?";
inline constexpr std::string_view next_dirty =
    "SELECT not_before, data_type FROM dirty INDEXED BY dirty_timed "
    "WHERE not_before > 0 AND not_before < 9223372036854775807 AND not_before > ? ORDER BY "
    "not_before";
inline constexpr std::string_view put_dirty =
    "INSERT INTO dirty (data_type, entity, not_before, awaits, why, backfill) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
    "ON CONFLICT DO UPDATE SET not_before = ?3, awaits = ?4, why = ?5, backfill = min(backfill, "
    "?6)";
inline constexpr std::string_view drop_dirty =
    "DELETE FROM dirty WHERE data_type = ? AND entity = ?";
inline constexpr std::string_view any_awaiting =
    "SELECT 1 FROM dirty INDEXED BY dirty_awaiting WHERE awaits <> 0 LIMIT 1";
inline constexpr std::string_view release_awaiting =
    "UPDATE dirty SET not_before = 0, awaits = 0, why = '' WHERE awaits = ? AND awaits <> 0";
inline constexpr std::string_view release_waiting =
    "UPDATE dirty SET not_before = 0, awaits = 0, why = '' WHERE data_type = ? AND not_before <> 0";

// ---- intents

inline constexpr std::string_view select_intents =
    "SELECT id, resource, external_id, record, phase, again, tries, made_at, sent_at, not_before, "
    "precondition, "
    "idempotency_key, made_id, body, parts FROM intents ORDER BY id";
inline constexpr std::string_view put_intent =
    "INSERT OR REPLACE INTO intents (id, resource, external_id, record, phase, again, tries, "
    "made_at, sent_at, "
    "not_before, precondition, idempotency_key, made_id, body, parts) VALUES (?, ?, ?, ?, ?, ?, "
    "?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view drop_intent = "DELETE FROM intents WHERE id = ?";

// ---- parked

#define ENTENTE_PARKED \
    "SELECT record, entity, data_type, reason, since, text, candidates, refused FROM parked "
inline constexpr std::string_view select_parked =
    ENTENTE_PARKED "ORDER BY record, entity, data_type";
inline constexpr std::string_view parked_record = ENTENTE_PARKED "WHERE record = ? AND record <> 0";
inline constexpr std::string_view parked_create =
    ENTENTE_PARKED "WHERE record = 0 AND entity = ? AND data_type = ?";
inline constexpr std::string_view parked_creates =
    ENTENTE_PARKED "WHERE record = 0 AND entity > ? AND data_type = ? ORDER BY entity LIMIT ?";
#undef ENTENTE_PARKED
inline constexpr std::string_view parked_naming =
    "SELECT r.resource FROM parked_candidates c CROSS JOIN records r ON r.id = c.record WHERE "
    "c.candidate = ?";
inline constexpr std::string_view any_parked_candidate = "SELECT 1 FROM parked_candidates LIMIT 1";
inline constexpr std::string_view count_parked =
    "SELECT reason, data_type, count(*) FROM parked GROUP BY reason, data_type";
inline constexpr std::string_view insert_parked =
    "INSERT OR REPLACE INTO parked (record, entity, data_type, reason, since, text, candidates, "
    "refused) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view insert_parked_candidate =
    "INSERT OR IGNORE INTO parked_candidates (candidate, record) VALUES (?, ?)";
inline constexpr std::string_view drop_parked_record =
    "DELETE FROM parked WHERE record = ? AND record <> 0";
inline constexpr std::string_view drop_parked_candidate =
    "DELETE FROM parked_candidates WHERE candidate = ? AND record = ?";
inline constexpr std::string_view drop_parked_create =
    "DELETE FROM parked WHERE record = 0 AND entity = ? AND data_type = ?";

// ---- told apart

inline constexpr std::string_view select_apart =
    "SELECT other FROM apart WHERE record = ? ORDER BY other";
inline constexpr std::string_view select_any_apart = "SELECT 1 FROM apart LIMIT 1";
inline constexpr std::string_view insert_apart =
    "INSERT OR IGNORE INTO apart (record, other) VALUES (?, ?)";
inline constexpr std::string_view delete_apart = "DELETE FROM apart WHERE record = ? AND other = ?";

// ---- troubles

inline constexpr std::string_view select_troubles =
    "SELECT system, resource, kind, text, since FROM troubles";
inline constexpr std::string_view put_trouble =
    "INSERT OR REPLACE INTO troubles (system, resource, kind, text, since) VALUES (?, ?, ?, ?, ?)";
inline constexpr std::string_view drop_trouble =
    "DELETE FROM troubles WHERE system = ? AND resource = ? AND kind = ?";

// ---- losses

inline constexpr std::string_view select_losses = "SELECT resource, record, at FROM losses";
inline constexpr std::string_view put_loss =
    "INSERT OR REPLACE INTO losses (resource, record, at) VALUES (?, ?, ?)";
inline constexpr std::string_view drop_losses = "DELETE FROM losses WHERE resource = ? AND at <= ?";

// ---- feeds, data types, history

inline constexpr std::string_view select_feeds =
    "SELECT resource, cursor, swept_at, polled_at, records, row_version, doubtful_walks, doubt "
    "FROM feeds";
inline constexpr std::string_view put_feed =
    "INSERT OR REPLACE INTO feeds (resource, cursor, swept_at, polled_at, records, row_version, "
    "doubtful_walks, doubt) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view select_data_type_states =
    "SELECT data_type, joined, approved, stopped, fingerprint, configuration, one_with_another "
    "FROM data_type_states";
inline constexpr std::string_view put_data_type_state =
    "INSERT OR REPLACE INTO data_type_states (data_type, joined, approved, stopped, fingerprint, "
    "configuration, one_with_another) VALUES (?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view history_of_entity =
    "SELECT id, kind, at, link, record, data_type, property, before, after, text FROM history "
    "WHERE entity = ? AND entity <> 0 ORDER BY id DESC LIMIT ?";
inline constexpr std::string_view history_of_kind =
    "SELECT id, kind, at, link, record, data_type, property, before, after, text, entity FROM "
    "history WHERE kind = ? AND property = ? ORDER BY id LIMIT ?";
inline constexpr std::string_view count_history =
    "SELECT kind, count(*) FROM history GROUP BY kind";
inline constexpr std::string_view insert_history =
    "INSERT INTO history (kind, at, entity, link, record, data_type, property, before, after, "
    "text) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

// ---- counts, for status

inline constexpr std::string_view count_live =
    "SELECT count(*) FROM records INDEXED BY records_live WHERE resource = ? AND state = 0";
inline constexpr std::string_view count_pending =
    "SELECT count(*) FROM records INDEXED BY records_pending WHERE resource = ? AND matching = 0 "
    "AND state = 0";
// All data types at once, added up by the caller: GROUP BY would sort millions of rows.
inline constexpr std::string_view count_links =
    "SELECT data_type, state, held FROM links INDEXED BY links_by_entity";
inline constexpr std::string_view count_parked_of =
    "SELECT count(*) FROM parked WHERE data_type = ?";
inline constexpr std::string_view count_dirty =
    "SELECT count(*) FILTER (WHERE not_before = 0), count(*) FILTER (WHERE not_before <> 0), "
    "count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM links l WHERE l.entity = d.entity "
    "AND l.data_type = d.data_type)), count(*) FILTER (WHERE not_before = 0 AND backfill <> 0) "
    "FROM dirty d WHERE data_type = ?";

// ---- awaited and deferred observations

inline constexpr std::string_view any_awaited = "SELECT 1 FROM awaited LIMIT 1";
inline constexpr std::string_view insert_awaited =
    "INSERT OR IGNORE INTO awaited (resource, external_id, referrer) VALUES (?, ?, ?)";
inline constexpr std::string_view select_awaited =
    "SELECT referrer FROM awaited WHERE resource = ? AND external_id = ? ORDER BY referrer";
inline constexpr std::string_view delete_awaited =
    "DELETE FROM awaited WHERE resource = ? AND external_id = ?";
inline constexpr std::string_view put_deferred =
    "INSERT OR REPLACE INTO deferred (resource, external_id, body, etag, modified, skew, began, "
    "ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view select_deferred =
    "SELECT external_id, body, etag, modified, skew, began, ended FROM deferred WHERE resource = ? "
    "ORDER BY external_id LIMIT ?";
inline constexpr std::string_view delete_deferred =
    "DELETE FROM deferred WHERE resource = ? AND external_id = ?";
inline constexpr std::string_view drop_deferred = "DELETE FROM deferred WHERE resource = ?";

}  // namespace entente::store::sql
