// Data-flow documents and the catalogue -> the files of a workspace whose flows are exactly those of
// the documents. Systems that have a connector are taken from the catalogue; for the others a draft
// connector is written, for a person to fill in. Pure: nothing is read or written here. Called by
// `entente import`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/loader.hpp"

namespace entente::report {

struct ImportInput {
    std::string workspace;                       // its name
    std::vector<model::SourceFile> documents;    // in the order they were named
    std::span<const model::SourceFile> catalog;  // the shipped one
};

struct ImportedSystem {
    std::string name;       // in the workspace: "Books"
    std::string spelled;    // in the first document; empty where the document leaves it out
    std::string connector;  // "books"
    bool is_draft = false;
};

// One section of a document, as a flow of the workspace.
struct ImportedFlow {
    enum class State { flow, repeated, lines, left_out };  // lines: they follow their parents' flow
    std::string from, to;                                  // "Books.SalesOrders"
    bool creates = true;
    State state = State::flow;
    int line = 0;  // of the section in the document
};

struct ImportedDocument {
    std::string file, title;
    std::string from, to;  // systems of the workspace
    std::vector<ImportedFlow> flows;
};

struct Imported {
    std::vector<model::SourceFile> files;  // paths below the workspace's folder; none on an error
    std::vector<ImportedSystem> systems;   // in the order of appearance
    std::vector<ImportedDocument> documents;
    model::Diagnostics diagnostics;  // errors, and notes on what was not understood
    model::Diagnostics warnings;     // where a document and the catalogue say different things
};

// All mistakes of all documents are reported at once. Ensures: with files, entente.yaml and the
// drafts load without errors.
Imported import_documents(const ImportInput& input);

}  // namespace entente::report
