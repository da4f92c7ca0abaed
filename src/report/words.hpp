// How people write a record and a command. A record is one word, SYSTEM.TYPE:ID ("Shop.Customer:c-101"); a command is told
// complete, so that it can be copied: with its folder, and quoted where a shell would take it apart.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/workspace.hpp"
#include "sync/event.hpp"
#include "sync/store.hpp"

namespace entente::report {

// The folder that a command is about, as the person named it.
struct Place {
    std::string dir;
    bool simulated = false;
};

// The longest data type that the word begins with counts: ids may hold anything. bad_input: there is no such data type.
Result<sync::Act::Named> read_record_word(const model::Workspace& workspace,
                                          const std::string& word);
std::string record_word(const model::Workspace& workspace, DataTypeIndex data_type,
                        const std::string& external_id);
// A stored record's, by the data type that it is linked as, or the first of its resource; empty: there is no such record.
std::string record_word(const model::Workspace& workspace, sync::StoreReader& store,
                        RecordId record);

// bad_input: there is none of that name; tells which it may be.
Result<DataTypeIndex> read_data_type(const model::Workspace& workspace, const std::string& name);

// What a trouble is about: "ERP.customers", "ERP", or Entente itself.
std::string subject(const model::Workspace& workspace, SystemIndex system, ResourceIndex resource);

std::string shell_word(const std::string& word);
// "entente link acme Shop.Customer:1 ERP.Customer:2"
std::string command_of(const Place& place, const std::string& command,
                       const std::vector<std::string>& words);

}  // namespace entente::report
