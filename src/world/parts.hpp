// What a request on the wire is made of: a batch carries several, each with an answer of its own, and whoever judges writes looks
// at each. Pure.
#pragma once

#include <vector>

#include "connect/rest_connector.hpp"
#include "world/wire.hpp"

namespace entente::world {

// One flight per request that a batch carries; any other request is its own only part. Requires: the connector of its system.
std::vector<Flight> parts_of(const Flight& flight, const connect::RestConnector& connector);

// What was answered to each of so many parts, in their order; status 0: nothing can be told of it.
std::vector<http::Response> answers_to_parts(const http::Response& response, std::size_t parts);

}  // namespace entente::world
