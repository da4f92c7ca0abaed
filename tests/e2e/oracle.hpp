// Whether anything a person typed was lost: every certain edit of the ledger must be what its
// record shows now, or have been overtaken by a later edit of the same field in the same record, or
// stand in the history that `entente history` tells.
#pragma once

#include <string>
#include <vector>

#include "sim/ledger.hpp"
#include "world.hpp"

namespace entente::e2e {

// One line per lost edit, for people; empty when nothing was lost.
std::vector<std::string> lost_edits(const std::string& demo, const std::vector<DemoSystem>& systems,
                                    Client& client, const std::vector<sim::Edit>& edits);

// The checker's findings over truth and ledger; empty when all systems agree and nothing is
// doubled, wrong or missing.
std::vector<std::string> disagreements(const std::string& demo,
                                       const std::vector<DemoSystem>& systems, Client& client,
                                       const std::vector<sim::Edit>& edits);

}  // namespace entente::e2e
