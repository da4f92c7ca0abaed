// The rows of the documents' property tables: between two known data types they are checked against
// the catalogue; for a drafted one they become its fields and mappings. Inside report only.
#pragma once

#include <string>
#include <vector>

#include "report/import_plan.hpp"

namespace entente::report {

// A field of a drafted resource, with the mapping that the row leads to.
struct DraftField {
    std::string path;
    std::string type, limit;            // as field_guess gives them
    std::string property;               // of the model; empty: could not be told
    std::string reference;              // property is a reference: the data type it points to
    std::vector<std::string> comments;  // what a person must look at
};

// A warning per row that the catalogue does not bear out.
void check_rows(const ImportPlan& plan, Imported& imported);

// The fields of a drafted data type out of all rows about it, in their order, each once.
std::vector<DraftField> draft_fields(const ImportPlan& plan, const Side& draft, Imported& imported);

}  // namespace entente::report
