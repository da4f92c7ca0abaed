#include "report/import_needs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "report/import_names.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;
using State = ImportedFlow::State;

// The models that every record of this one refers to, itself or in its lines.
std::set<std::string> needed_by(const model::Catalog& catalog, const model::Model& model) {
    std::set<std::string> needed;
    const auto add = [&](const model::Model& of) {
        for (const model::Property& property : of.properties) {
            const bool is_needed =
                property.type == model::PropertyType::reference && property.required;
            if (is_needed) needed.insert(property.to);
        }
    };
    add(model);
    for (const model::Property& property : model.properties) {
        if (property.type != model::PropertyType::list) continue;
        if (const ModelIndex lines = catalog.find_model(property.to))
            add(catalog.models[lines.at()]);
    }
    return needed;
}

bool flows_in(const ImportPlan& plan, std::size_t system, const std::string& model) {
    return std::ranges::any_of(plan.sections, [&](const PlannedSection& section) {
        if (section.state != State::flow) return false;
        const ModelIndex flowing = plan.data_type(section.from).model;
        const bool touches = section.from.system == system || section.to.system == system;
        return touches && plan.catalog.models[flowing.at()].name == model;
    });
}

void check_lines(const ImportPlan& plan, const PlannedSection& section, const Side& side,
                 Imported& imported) {
    const PlannedDataType& data_type = plan.data_type(side);
    if (data_type.known != nullptr || !names_lines(data_type.name)) return;
    imported.warnings.push_back(
        {Severity::note, plan.text_of(section).at,
         fmt::format("{} sounds like lines, but the document pairs it with {}",
                     plan.full_name(side),
                     plan.full_name(side == section.from ? section.to : section.from)),
         "if each is a line of something else, draft it with `parent` and remove its flow"});
}

}  // namespace

void check_needs(const ImportPlan& plan, Imported& imported) {
    std::set<std::pair<std::size_t, std::string>> told;
    for (const PlannedSection& section : plan.sections) {
        if (section.state != State::flow) continue;
        check_lines(plan, section, section.from, imported);
        check_lines(plan, section, section.to, imported);
        if (!section.creates) continue;
        const model::Model& model = plan.catalog.models[plan.data_type(section.to).model.at()];
        for (const std::string& needed : needed_by(plan.catalog, model)) {
            const std::size_t system = section.to.system;
            if (flows_in(plan, system, needed)) continue;
            if (!told.emplace(system, needed).second) continue;
            imported.warnings.push_back(
                {Severity::note, plan.text_of(section).at,
                 fmt::format("{} refers to {}, and no section brings any into {}",
                             plan.full_name(section.to), needed, plan.system(section.to).name),
                 "what refers to one that is not linked there waits; a flow for it would end "
                 "that"});
        }
    }
}

}  // namespace entente::report
