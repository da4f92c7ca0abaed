// Where a list of the simulated ERP goes on, as the opaque text that a client sends back: the place of the last row
// shown, the filters it was asked with, and when it was issued. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace entente::sim {

struct Cursor {
    Instant issued;
    Instant modified;     // of the last row shown
    std::int64_t id = 0;  // of the last row shown
    std::string filters;  // a query without limit and cursor
};

// How long a cursor is good for.
inline constexpr Duration cursor_life{10 * 60'000};

std::string write_cursor(const Cursor& cursor);
// nullopt: it was not written by us.
std::optional<Cursor> read_cursor(std::string_view text);

}  // namespace entente::sim
