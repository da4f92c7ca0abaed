// Records and cursors in the bodies of a REST system's answers. Pure. A body that is not exactly
// what was declared is an error (corrupt) that says what was expected and what was found; nothing
// is guessed from it (G15).
#pragma once

#include <string>
#include <vector>

#include "base/http.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::connect {

struct RestRows {
    std::vector<sync::SeenRecord> records;
    std::string next;  // cursor of the next page; empty: this was the last
};

// A page of a list or search. Every row has an id of the declared type, and no id stands in a page
// twice.
Result<RestRows> rows_in(const model::RestProtocol& protocol, const model::Resource& resource,
                         const std::string& cursor, const std::string& body);
// The record of a single answer; its version may stand in the ETag header instead.
Result<sync::SeenRecord> record_in(const model::RestProtocol& protocol,
                                   const model::Resource& resource, Value body,
                                   const http::Headers& headers);
// RFC 3339, the same without a zone (UTC), a calendar date, or OData's "/Date(1580000000000)/".
Result<Instant> parse_modified(const std::string& text);

}  // namespace entente::connect
