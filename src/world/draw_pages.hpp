// Draws lists whose pages have no end or tell of too many records, for a while: rings, the last page again and again, empty pages that
// name another one. Streams of their own: scripts without them stay as they are.
#pragma once

#include <optional>

#include "world/script.hpp"

namespace entente::world {

// Adds such spells to one script of eight. Requires: it has systems.
void draw_pages(Script& script);

// One seed of seventeen is about nothing else: nobody sweeps, and people work while the pages have no end. Else none.
std::optional<Script> draw_endless(std::uint64_t seed);

}  // namespace entente::world
