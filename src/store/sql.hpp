// Every SQL text of the program, by noun, and in sql_schema.hpp the tables. Nothing else holds SQL, except BEGIN, COMMIT and ROLLBACK.
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

#define ENTENTE_DIRTY \
    "SELECT entity, not_before, awaits, why, backfill, failed, waited, offer FROM dirty "
inline constexpr std::string_view dirty_ready = ENTENTE_DIRTY
    "INDEXED BY dirty_ready "
    "WHERE data_type = ? AND not_before = 0 ORDER BY backfill, entity LIMIT ?";
inline constexpr std::string_view dirty_due = ENTENTE_DIRTY
    "INDEXED BY dirty_timed WHERE not_before > 0 AND "
    "not_before < 9223372036854775807 AND not_before <= ? AND data_type = ? "
    "ORDER BY backfill, entity LIMIT ?";
inline constexpr std::string_view dirty_waiting =
    ENTENTE_DIRTY "NOT INDEXED WHERE data_type = ? AND not_before <> 0 ORDER BY entity LIMIT ?";
#undef ENTENTE_DIRTY
inline constexpr std::string_view next_dirty =
    "SELECT not_before, data_type FROM dirty INDEXED BY dirty_timed "
    "WHERE not_before > 0 AND not_before < 9223372036854775807 AND not_before > ? ORDER BY "
    "not_before";
inline constexpr std::string_view next_awaited =
    "SELECT not_before, data_type FROM dirty INDEXED BY dirty_timed "
    "WHERE not_before > 0 AND not_before < 9223372036854775807 AND not_before > ? AND offer = 0 "
    "ORDER BY not_before";
inline constexpr std::string_view put_dirty =
    "INSERT INTO dirty (data_type, entity, not_before, awaits, why, backfill, failed, waited, "
    "offer) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
    "ON CONFLICT DO UPDATE SET "
    "not_before = CASE WHEN ?9 > offer AND not_before <= ?3 THEN not_before ELSE ?3 END, "
    "awaits = CASE WHEN ?9 > offer THEN awaits ELSE ?4 END, "
    "why = CASE WHEN ?9 > offer AND not_before <= ?3 THEN why ELSE ?5 END, "
    "offer = CASE WHEN ?9 > offer AND not_before <= ?3 THEN offer ELSE ?9 END, "
    "backfill = min(backfill, ?6), failed = max(failed, ?7), waited = max(waited, ?8)";
inline constexpr std::string_view drop_dirty =
    "DELETE FROM dirty WHERE data_type = ? AND entity = ?";
inline constexpr std::string_view any_awaiting =
    "SELECT 1 FROM dirty INDEXED BY dirty_awaiting WHERE awaits <> 0 LIMIT 1";
inline constexpr std::string_view release_awaiting =
    "UPDATE dirty SET not_before = 0, awaits = 0, why = '', offer = 0 WHERE awaits = ? AND awaits "
    "<> 0";
inline constexpr std::string_view release_waiting =
    "UPDATE dirty SET not_before = 0, awaits = 0, why = '', offer = 0 WHERE data_type = ? AND "
    "not_before <> "
    "0";

// ---- intents

inline constexpr std::string_view select_intents =
    "SELECT id, resource, external_id, record, phase, again, tries, made_at, sent_at, not_before, "
    "precondition, "
    "idempotency_key, made_id, body, parts, failed, waited, failure FROM intents ORDER BY id";
inline constexpr std::string_view put_intent =
    "INSERT OR REPLACE INTO intents (id, resource, external_id, record, phase, again, tries, "
    "made_at, sent_at, "
    "not_before, precondition, idempotency_key, made_id, body, parts, failed, waited, failure) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view drop_intent = "DELETE FROM intents WHERE id = ?";

// ---- parked

#define ENTENTE_PARKED                                                                       \
    "SELECT record, entity, data_type, reason, since, text, candidates, refused, offer_at, " \
    "offer_pause, offers, offers_lasted FROM parked "
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
    "refused, offer_at, offer_pause, offers, offers_lasted) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
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
