// All tables of one memory store.
#pragma once

#include "store/memory_entities.hpp"
#include "store/memory_records.hpp"
#include "store/memory_states.hpp"
#include "store/memory_work.hpp"

namespace entente::store {

struct MemoryTables {
    // Requires: the session outlives it.
    explicit MemoryTables(MemorySession& session)
        : records(session),
          keys(session),
          entities(session),
          links(session),
          dirty(session),
          intents(session),
          parked(session, records),
          apart(session),
          states(session, {records, entities, links, dirty, parked}),
          troubles(session),
          losses(session),
          waiting(session) {}

    MemoryRecords records;
    MemoryKeys keys;
    MemoryEntities entities;
    MemoryLinks links;
    MemoryDirty dirty;
    MemoryIntents intents;
    MemoryParked parked;
    MemoryApart apart;
    MemoryStates states;
    MemoryTroubles troubles;
    MemoryLosses losses;
    MemoryWaiting waiting;
};

}  // namespace entente::store
