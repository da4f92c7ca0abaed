// `entente init --discover`: asks an OData service for its $metadata and writes a workspace with a drafted connector.
#pragma once

#include <string>

namespace entente::app {

struct DiscoverChoice {
    std::string url;  // of the service, with or without /$metadata
    std::string into;
    std::string system;  // empty: named after the host
    std::string header = "Authorization";
    std::string variable;  // of the environment, holding what goes into the header; empty: no login
};

// Gives the exit status; everything is told.
int discover(const DiscoverChoice& choice);

}  // namespace entente::app
