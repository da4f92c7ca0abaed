// How a report reads a system afresh: every record of a resource, over whatever the caller has.
// Implemented by src/run over HTTP; reports know nothing of transports.
#pragma once

#include <functional>

#include "base/error.hpp"
#include "sync/call.hpp"

namespace entente::report {

class Reader {
public:
    virtual ~Reader() = default;

    // Hands over every record, page by page; gives the number of requests that took. Requires: not
    // a nested resource.
    virtual Result<int> read_all(ResourceIndex resource,
                                 const std::function<void(const sync::SeenRecord&)>& take) = 0;
};

}  // namespace entente::report
