// Several writes in one request, as OData's JSON batch has it, and what its answer says of each. Pure. Serves G6: a part that the
// answer does not tell of is of unknown outcome, whatever the others say.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <vector>

#include "base/http.hpp"
#include "connect/transport.hpp"

namespace entente::connect {

struct BatchAddress {
    std::string base;  // that the addresses of the parts are told below; without a slash at its end
    std::string path;  // "/$batch"
    http::Headers login;  // on the batch, and on none of its parts
};

// Requires: the requests are below the base and hold JSON or nothing. Ensures: their parts are numbered from 1 in this order.
http::Request batch_of(const BatchAddress& address, std::span<const http::Request> requests);

using PartAnswer = std::expected<http::Response, TransportFailure>;

// One per part. What answers no batch answers every part of it: an error, a refusal, a failure on the way.
std::vector<PartAnswer> parts_of(const PartAnswer& answer, std::size_t count);

}  // namespace entente::connect
