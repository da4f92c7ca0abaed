// Records and cursors in the bodies of a REST system's answers. Pure. A body that is not exactly
// what was declared is an error (corrupt) that says what was expected and what was found; nothing
// is guessed from it (G15). A row of a list that cannot be read costs that row and no other (G16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/http.hpp"
#include "base/time_zone.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::connect {

struct RestRows {
    std::vector<sync::SeenRecord> records;
    std::string next;                   // cursor of the next page; empty: this was the last
    std::optional<std::int64_t> total;  // of all pages, where the connector says that it is told
    std::int64_t passed_over = 0;       // rows that hold none of these records
    std::vector<sync::BadRow> bad_rows;
};

// What is known of the records of one answer.
struct RecordShape {
    const model::RestProtocol& protocol;
    const model::Resource& resource;
    const TimeZone* zone = nullptr;  // of times that name none; null pointer: UTC
    bool is_feed = false;            // rows of a feed by row versions: each must show its version
    bool is_inside = false;          // records stand in the rows (Resource::listed_inside)
    bool is_of_removals = false;     // rows name records that were removed (Resource::removals)
    bool tells_total = false;  // pages of the list itself, which tell it (WalkProof::total_at)
};

// A page of a list or search. Every record has an id of the declared type. Rows that share an id and
// differ are bad rows, each of them: nothing tells which is right. Errors: the page itself is none, or
// what leads to the next one cannot be read. `cursor`: of this page.
Result<RestRows> rows_in(const RecordShape& shape, const std::string& cursor,
                         const http::Response& response);
// The record of a single answer, where the connector says it stands; its version may stand in the ETag header instead.
Result<sync::SeenRecord> record_in(const RecordShape& shape, Value body,
                                   const http::Headers& headers);
// The version in the ETag header of an answer, as bodies show it and without the mark of whoever packed the answer; empty: there
// is none.
std::string version_in(const model::RestProtocol& protocol, const http::Headers& headers);

}  // namespace entente::connect
