// Walks through the pages of a list, and whether one has met every record (G6, G12). A list whose order stands still shows each
// record once. Where a row comes twice another one may have slipped past, and where the system tells of more records than
// came, some did: such a walk is in doubt. Pure: what is made of a doubt is decided by feed.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "sync/pages.hpp"
#include "sync/state.hpp"

namespace entente::sync {

struct Walk {
    // Counted: pages go by number, so that a row that is put in or taken out before shifts what follows. `order_moves`: the list is
    // ordered by a version that each change moves, and its pages begin behind the last row: what comes twice has changed.
    bool is_counted = false, order_moves = false;
    std::vector<bool> met;     // by record id
    std::int64_t records = 0;  // different ones
    std::int64_t unknown = 0;  // rows besides that could not be read, of records that are not known
    std::set<RecordId> again;  // met more than once
    std::vector<RecordId> page;  // the last one that showed something new
    // Rows of later pages that showed nothing but that very page again, as some do behind their end.
    std::vector<RecordId> echoed;
    Pages pages;
    int pages_with_news = 0;
    std::optional<std::int64_t> total_first, total_last;  // as told
    bool has_shrunk = false;  // a page told of fewer records than one before it
    bool is_in_ring = false;  // ended by us: its pages show nothing new, and no end

    bool has_met(RecordId id) const;
    // `passed_over`: what stood in it besides.
    void take_page(std::span<const RecordId> rows, std::optional<std::int64_t> total,
                   std::int64_t passed_over = 0);
    // Requires: no page follows. `by_us`: because it went nowhere.
    void end(bool by_us);
};

// Why the walk may have missed a record, for people; empty: it is without doubt. Requires: it has ended.
std::string doubt_of(const Walk& walk);

// Whether what a poll from the walk's beginning has shown explains the doubt whole: as many records were made or edited as rows came
// twice, and with them there are as many as were told. A row that came twice because it was itself edited has left a place
// before, and what stood behind it may have slipped past: that explains nothing where pages are counted.
bool is_explained(const Walk& walk, const Walk& poll, const std::set<RecordId>& moved);

// What the doubt of a feed leads to, for people. Requires: there is one.
std::string doubt_in_words(const FeedState& feed, bool can_be_searched);

// Both together.
void add(Walk& walk, const Walk& poll);

}  // namespace entente::sync
