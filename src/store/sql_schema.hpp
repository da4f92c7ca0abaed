// The tables of a store, and what each version has added to them.
#pragma once

namespace entente::store::sql {

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
// lately; when a deferred observation was read; how often something was tried in vain, what is offered once more and when.
inline constexpr const char* to_version_5 =
    "CREATE TABLE troubles (system INTEGER NOT NULL, resource INTEGER NOT NULL, kind INTEGER NOT "
    "NULL, "
    "text TEXT NOT NULL, since INTEGER NOT NULL, "
    "PRIMARY KEY (system, resource, kind)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE losses (resource INTEGER NOT NULL, record INTEGER NOT NULL, at INTEGER NOT NULL, "
    "PRIMARY KEY (resource, record)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE deferred ADD COLUMN began INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE deferred ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE dirty ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE dirty ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE dirty ADD COLUMN offer INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intents ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intents ADD COLUMN waited INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intents ADD COLUMN failure TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE parked ADD COLUMN offer_at INTEGER NOT NULL DEFAULT 9223372036854775807;"
    "ALTER TABLE parked ADD COLUMN offer_pause INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE parked ADD COLUMN offers INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE parked ADD COLUMN offers_lasted INTEGER NOT NULL DEFAULT 0";

}  // namespace entente::store::sql
