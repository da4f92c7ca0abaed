// The files of an imported workspace, as text: entente.yaml, the documents as lists of sections, and
// the drafts of connectors. Inside report only.
#pragma once

#include <vector>

#include "report/import_plan.hpp"

namespace entente::report {

model::SourceFile workspace_file(const ImportPlan& plan, const std::string& name);

// documents/NN-FROM-to-TO.yaml, which keeps what a writer of documents needs, and the document
// itself beside it, byte for byte.
std::vector<model::SourceFile> document_files(const ImportPlan& plan);

// catalog/connectors/NAME/*.yaml of every system without a connector.
std::vector<model::SourceFile> draft_files(const ImportPlan& plan, Imported& imported);

}  // namespace entente::report
