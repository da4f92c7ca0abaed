// What the flows of an import need besides themselves: a record that refers to another can be
// created only where that one is linked. Inside report only.
#pragma once

#include "report/import_plan.hpp"

namespace entente::report {

// A warning per system into which something flows whose references flow there nowhere, and per
// section whose draft looks like lines.
void check_needs(const ImportPlan& plan, Imported& imported);

}  // namespace entente::report
