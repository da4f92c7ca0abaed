// Of which model a drafted data type is: that of the data type it flows from or into, else what its
// name says. Inside report only.
#pragma once

#include "report/import_plan.hpp"

namespace entente::report {

// Ensures: a data type of known model keeps it; one that cannot be guessed has none.
void guess_models(ImportPlan& plan);

}  // namespace entente::report
