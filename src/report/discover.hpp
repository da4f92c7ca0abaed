// $metadata of an OData service -> the files of a workspace with a drafted connector: a resource per entity set, with its key, types,
// lengths and enumerations, and comments where a person must decide. Pure. Called by `entente init --discover`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/loader.hpp"
#include "model/metadata.hpp"

namespace entente::report {

struct DiscoverInput {
    std::string url;     // of the service, without /$metadata
    std::string host;    // of the URL
    std::string system;  // its name as a person says it: "Depot"
    model::Metadata metadata;
    std::string header;    // that carries the login; empty: it was read without one
    std::string variable;  // of the environment, whose value stands in that header
    std::span<const model::SourceFile> catalog;  // the shipped one
};

struct Discovered {
    std::vector<model::SourceFile> files;  // paths below the workspace's folder
    std::string connector;                 // "depot"
    std::size_t resources = 0;
    std::size_t mapped = 0;  // resources whose model could be told
};

// Ensures: the files load without errors; nothing runs before a person says that the draft was reviewed.
Discovered draft_of(const DiscoverInput& input);

}  // namespace entente::report
