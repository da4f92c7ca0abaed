// Any bytes as a data-flow document: read and imported, or refused with a place.
#include "report/document.hpp"

#include <algorithm>
#include <string>

#include "report/import.hpp"
#include "targets/input.hpp"
#include "targets/loading.hpp"

namespace entente::fuzz {
namespace {

void check_import(const std::string& text) {
    const report::Imported imported = report::import_documents(
        {.workspace = "w", .documents = {{"flow.txt", text}}, .catalog = model::shipped_catalog()});
    CHECK(imported.files.empty() == has_errors(imported.diagnostics), "either files or errors");
    check_diagnostics(imported.diagnostics, text);
    check_diagnostics(imported.warnings, text);
    for (const auto& diagnostic : imported.diagnostics) {
        CHECK(diagnostic.at.file == "flow.txt",
              "only the document is to blame, never what is made");
    }
    const bool holds_document = std::ranges::any_of(
        imported.files, [&](const model::SourceFile& file) { return file.text == text; });
    CHECK(imported.files.empty() || holds_document, "the document is kept byte for byte");
}

}  // namespace

void fuzz_document(Bytes input) {
    const std::string text(text_of(input));
    model::Diagnostics diagnostics;
    const auto document = report::read_document({"flow.txt", text}, diagnostics);
    check_diagnostics(diagnostics, text);
    CHECK(document.has_value() != has_errors(diagnostics), "either a document or errors");
    if (!document) return;
    CHECK(!document->from.empty() || !document->to.empty(), "a document names a system");
    check_import(text);
}

}  // namespace entente::fuzz
