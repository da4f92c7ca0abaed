// The bare loops: what any program must do that takes the same pages to the same rows, and nothing of what makes it an
// engine. They get everything decided beforehand (ids, links, entities, keys) from the store that the engine filled, so
// that only parsing, digests and SQLite are measured, through the same statements, settings and batches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/shelf.hpp"
#include "bench/stage.hpp"

namespace entente::bench {

// Fills `target` page by page, one transaction each, with the rows found in `finished`. The time without
// the preparation.
Stopwatch bare_first_sync(const model::Workspace& workspace, store::Snapshot& finished,
                          store::SqliteStore& target, std::vector<Shelf*> shelves,
                          std::int64_t records);

// Reads every page again: parse, write, digest, look up; one transaction per page. The time without the pages' making.
Stopwatch bare_rescan(const model::Workspace& workspace, store::SqliteStore& store,
                      std::vector<Shelf*> shelves, std::int64_t records);

// Tables whose numbers of rows differ between two closed store files: "links 10/12". Empty when none does.
std::string tables_that_differ(const std::string& one, const std::string& other);

}  // namespace entente::bench
