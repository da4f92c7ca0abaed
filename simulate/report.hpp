// What `./dev simulate` prints.
#pragma once

#include "world/campaign.hpp"

namespace entente::world {

// In full: with the end of its trace and a smaller script.
void print_failure(const SeedResult& result, bool in_full);
// The script, as small as it can be while it still violates the guarantee, in the words of a scenario.
void print_smaller(const Script& script, int guarantee);
void print_totals(const Totals& totals, double seconds);

}  // namespace entente::world
