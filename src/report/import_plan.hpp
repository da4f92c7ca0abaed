// What documents come to once their names are those of the catalogue: systems, data types with their
// models, and for each section the flow it is. Made by make_import_plan; written out by
// import_files.hpp. Inside report only.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/definition.hpp"
#include "report/document.hpp"
#include "report/import.hpp"

namespace entente::report {

// A data type of a system. Known ones stand in the catalogue; the others are drafted.
struct PlannedDataType {
    std::string name;  // the catalogue's, or as first spelled
    const model::DataTypeDefinition* known = nullptr;
    ModelIndex model;
    std::string guessed_from;  // draft: why it is of this model
};

struct PlannedSystem {
    std::string name, spelled;
    std::vector<std::string> spellings;  // all of them, the first one first
    std::string connector;
    const model::ConnectorDefinition* known = nullptr;
    std::vector<PlannedDataType> data_types;
};

struct Side {
    std::size_t system = 0;
    std::size_t data_type = 0;

    friend bool operator==(const Side&, const Side&) = default;
};

struct PlannedSection {
    std::size_t document = 0;
    std::size_t section = 0;  // in its document
    Side from, to;
    bool creates = true;
    ImportedFlow::State state = ImportedFlow::State::flow;
    std::string why;  // left out, or no create where the document says one
};

struct ImportPlan {
    model::Catalog catalog;
    std::vector<model::SourceFile> sources;
    std::vector<Document> documents;  // of `sources`, by position
    std::vector<PlannedSystem> systems;
    std::vector<PlannedSection> sections;  // of all documents, in order

    const PlannedSystem& system(const Side& side) const { return systems[side.system]; }
    const PlannedDataType& data_type(const Side& side) const {
        return systems[side.system].data_types[side.data_type];
    }
    std::string full_name(const Side& side) const {
        return system(side).name + "." + data_type(side).name;
    }
    const DocumentSection& text_of(const PlannedSection& section) const {
        return documents[section.document].sections[section.section];
    }
    bool is_line_model(ModelIndex model) const;
};

// nullopt: there was an error, and all of them are in `imported.diagnostics`.
std::optional<ImportPlan> make_import_plan(const ImportInput& input, Imported& imported);

}  // namespace entente::report
