// All tables on one connection.
#pragma once

#include "store/apart_table.hpp"
#include "store/dirty_table.hpp"
#include "store/entity_table.hpp"
#include "store/intent_table.hpp"
#include "store/key_table.hpp"
#include "store/link_table.hpp"
#include "store/loss_table.hpp"
#include "store/parked_table.hpp"
#include "store/record_table.hpp"
#include "store/state_table.hpp"
#include "store/trouble_table.hpp"
#include "store/waiting_table.hpp"

namespace entente::store {

struct Tables {
    Tables(Session& session, std::size_t recent_keys)
        : records(session),
          keys(session, recent_keys),
          entities(session),
          links(session),
          dirty(session),
          intents(session),
          parked(session),
          apart(session),
          states(session, entities),
          troubles(session),
          losses(session),
          waiting(session) {}

    RecordTable records;
    KeyTable keys;
    EntityTable entities;
    LinkTable links;
    DirtyTable dirty;
    IntentTable intents;
    ParkedTable parked;
    ApartTable apart;
    StateTable states;
    TroubleTable troubles;
    LossTable losses;
    WaitingTable waiting;
};

}  // namespace entente::store
