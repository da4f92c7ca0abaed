#include "report/import.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "report/import_files.hpp"
#include "report/import_needs.hpp"
#include "report/import_plan.hpp"
#include "report/import_rows.hpp"

namespace entente::report {
namespace {

void describe(const ImportPlan& plan, Imported& imported) {
    for (const PlannedSystem& system : plan.systems) {
        imported.systems.push_back(
            {system.name, system.spelled, system.connector, system.known == nullptr});
    }
    for (const Document& document : plan.documents) {
        imported.documents.push_back({document.at.file, document.title, {}, {}, {}});
    }
    for (const PlannedSection& section : plan.sections) {
        ImportedDocument& document = imported.documents[section.document];
        document.from = plan.system(section.from).name;
        document.to = plan.system(section.to).name;
        document.flows.push_back({plan.full_name(section.from), plan.full_name(section.to),
                                  section.creates, section.state, plan.text_of(section).at.line});
    }
}

// What is written must load: a person can correct a draft, not a fault of ours.
void check_files(const ImportInput& input, Imported& imported) {
    model::LoadInput load;
    load.workspace = imported.files.front();
    load.catalog.assign(input.catalog.begin(), input.catalog.end());
    for (const model::SourceFile& file : imported.files) {
        if (file.path.starts_with("catalog/")) load.overlay.push_back(file);
    }
    load.is_set = [](const model::SecretRef&) { return true; };
    model::LoadResult loaded = model::load(load);
    if (loaded.workspace) return;
    imported.files.clear();
    std::ranges::move(loaded.diagnostics, std::back_inserter(imported.diagnostics));
}

}  // namespace

Imported import_documents(const ImportInput& input) {
    CHECK(!input.documents.empty(), "there is something to import");
    Imported imported;
    const auto plan = make_import_plan(input, imported);
    if (!plan) return imported;
    check_needs(*plan, imported);
    check_rows(*plan, imported);
    imported.files.push_back(workspace_file(*plan, input.workspace));
    std::ranges::move(document_files(*plan), std::back_inserter(imported.files));
    std::ranges::move(draft_files(*plan, imported), std::back_inserter(imported.files));
    describe(*plan, imported);
    check_files(input, imported);
    return imported;
}

}  // namespace entente::report
