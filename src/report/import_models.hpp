// Of which model a drafted data type is: that of the data type it flows from or into, else what its
// name says. Inside report only.
#pragma once

#include <string>
#include <string_view>

#include "report/import_plan.hpp"

namespace entente::report {

// The model that a thing of such a name is probably of ("Salesorders": "order"); empty: it cannot be
// told.
std::string model_by_name(std::string_view name);

// Ensures: a data type of known model keeps it; one that cannot be guessed has none.
void guess_models(ImportPlan& plan);

}  // namespace entente::report
