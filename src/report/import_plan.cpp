#include "report/import_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "model/load_catalog.hpp"
#include "report/import_models.hpp"
#include "report/import_names.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;
using State = ImportedFlow::State;

class Planner {
public:
    Planner(ImportPlan& plan, Imported& imported) : plan_(plan), imported_(imported) {
        for (const auto& connector : plan.catalog.connectors) connectors_.insert(connector.name);
    }

    void plan() {
        for (std::size_t document = 0; document < plan_.documents.size(); ++document) {
            const Document& read = plan_.documents[document];
            const std::size_t from = system_of(read.from, read.at);
            const std::size_t to = system_of(read.to, read.at);
            if (from == to) {
                error(read.at,
                      fmt::format("`{}` and `{}` are both called {}", read.from, read.to,
                                  plan_.systems[from].connector),
                      "a flow leads from one system to another");
                continue;
            }
            note_second(document, {from, to});
            for (std::size_t section = 0; section < read.sections.size(); ++section) {
                add_section({document, section, {from, 0}, {to, 0}, true, State::flow, {}});
            }
        }
        guess_models(plan_);
        for (std::size_t i = 0; i < plan_.sections.size(); ++i) judge(i);
    }

private:
    void error(const model::Mark& at, std::string what, std::string right) {
        imported_.diagnostics.push_back({Severity::error, at, std::move(what), std::move(right)});
    }
    void warn(const model::Mark& at, std::string what, std::string right) {
        imported_.warnings.push_back({Severity::note, at, std::move(what), std::move(right)});
    }

    using Pair = std::pair<std::size_t, std::size_t>;  // systems: from, to

    std::size_t system_of(const std::string& spelled, const model::Mark& at);
    void note_second(std::size_t document, const Pair& pair);
    void add_section(PlannedSection section);
    std::optional<std::size_t> data_type_of(PlannedSystem& system, const std::string& spelled,
                                            const model::Mark& at);
    void judge(std::size_t position);
    void judge_creation(PlannedSection& section);
    bool is_repeated(std::size_t position);
    void leave_out(PlannedSection& section, std::string why);

    ImportPlan& plan_;
    Imported& imported_;
    std::set<std::string> names_;
    std::set<std::string> connectors_;
    std::map<Pair, std::size_t> pairs_;  // the first document about each
};

// Two documents about one pair are often two versions of one.
void Planner::note_second(std::size_t document, const Pair& pair) {
    const auto [first, is_new] = pairs_.emplace(pair, document);
    if (is_new) return;
    imported_.diagnostics.push_back(
        {Severity::note, plan_.documents[document].at,
         fmt::format("{} is about the same two systems; the flows of both are taken",
                     plan_.sources[first->second].path),
         "leave one out if it is an older version"});
}

std::size_t Planner::system_of(const std::string& spelled, const model::Mark& at) {
    const model::ConnectorDefinition* known = find_called(plan_.catalog, spelled);
    for (std::size_t i = 0; i < plan_.systems.size(); ++i) {
        PlannedSystem& system = plan_.systems[i];
        const bool is_same = known != nullptr ? system.known == known
                                              : system.known == nullptr &&
                                                    name_key(system.spelled) == name_key(spelled);
        if (!is_same) continue;
        auto& spellings = system.spellings;
        if (std::ranges::find(spellings, spelled) == spellings.end()) spellings.push_back(spelled);
        return i;
    }
    PlannedSystem system;
    system.spelled = spelled;
    system.spellings.push_back(spelled);
    system.name = system_name(spelled, names_);
    system.known = known;
    system.connector = known != nullptr ? known->name : slug(spelled, connectors_);
    if (spelled.empty()) {
        imported_.diagnostics.push_back(
            {Severity::note, at,
             fmt::format("the title leaves the name of a system empty; it is called {} here",
                         system.name),
             "give it its name in entente.yaml, or write it into the document and import again"});
    }
    plan_.systems.push_back(std::move(system));
    return plan_.systems.size() - 1;
}

std::optional<std::size_t> Planner::data_type_of(PlannedSystem& system, const std::string& spelled,
                                                 const model::Mark& at) {
    const std::string key = name_key(spelled);
    for (std::size_t i = 0; i < system.data_types.size(); ++i) {
        if (name_key(system.data_types[i].name) == key) return i;
    }
    PlannedDataType made;
    made.name = spelled;
    if (system.known != nullptr) {
        std::vector<std::string> names;
        for (const auto& resource : system.known->resources) {
            for (const auto& data_type : resource.data_types) {
                if (data_type.parent.empty()) names.push_back(data_type.data_type.name);
                if (name_key(data_type.data_type.name) == key) made.known = &data_type;
            }
        }
        if (made.known == nullptr) {
            error(at, fmt::format("{} has no data type `{}`", system.spelled, spelled),
                  fmt::format("connector {} has: {}", system.known->name, fmt::join(names, ", ")));
            return std::nullopt;
        }
        made.name = made.known->data_type.name;
        made.model = made.known->data_type.model;
    }
    system.data_types.push_back(std::move(made));
    return system.data_types.size() - 1;
}

void Planner::add_section(PlannedSection section) {
    const DocumentSection& read = plan_.text_of(section);
    const auto from = data_type_of(plan_.systems[section.from.system], read.from, read.at);
    const auto to = data_type_of(plan_.systems[section.to.system], read.to, read.at);
    if (!from || !to) return;
    section.from.data_type = *from;
    section.to.data_type = *to;
    plan_.sections.push_back(std::move(section));
}

void Planner::leave_out(PlannedSection& section, std::string why) {
    section.state = State::left_out;
    section.why = std::move(why);
    warn(plan_.text_of(section).at,
         fmt::format("{} -> {} is left out: {}", plan_.full_name(section.from),
                     plan_.full_name(section.to), section.why),
         "it stands in entente.yaml as a comment, to be completed");
}

void Planner::judge(std::size_t position) {
    PlannedSection& section = plan_.sections[position];
    const DocumentSection& read = plan_.text_of(section);
    const PlannedDataType& from = plan_.data_type(section.from);
    const PlannedDataType& to = plan_.data_type(section.to);
    const auto model_name = [&](const PlannedDataType& data_type) {
        return data_type.model ? plan_.catalog.models[data_type.model.at()].name : "no known model";
    };
    judge_creation(section);
    const bool are_known = from.known != nullptr && to.known != nullptr;
    if (are_known && from.model != to.model) {
        error(read.at,
              fmt::format("{} is of model {}, {} of model {}", plan_.full_name(section.from),
                          model_name(from), plan_.full_name(section.to), model_name(to)),
              "a flow joins two data types of one model");
    } else if (are_known && plan_.is_line_model(from.model)) {
        section.state = State::lines;
    } else if (is_repeated(position)) {
        section.state = State::repeated;
    } else if (plan_.is_line_model(from.model) || plan_.is_line_model(to.model)) {
        leave_out(section, "it is about lines, which follow their parents");
    } else if (!from.model || !to.model) {
        leave_out(section, fmt::format("of which model {} is cannot be told",
                                       from.model ? to.name : from.name));
    } else if (from.model != to.model) {
        leave_out(section, fmt::format("{} is drafted as {}, {} as {}", from.name, model_name(from),
                                       to.name, model_name(to)));
    }
}

void Planner::judge_creation(PlannedSection& section) {
    const DocumentSection& read = plan_.text_of(section);
    const PlannedDataType& to = plan_.data_type(section.to);
    using enum DocumentSection::Creation;
    section.creates = read.creation == always;
    if (read.creation == when) {
        section.why = fmt::format("the document creates only when {}", one_line(read.condition));
    } else if (read.creation == unsaid) {
        section.why = "the document does not say that anything is created";
    } else if (section.creates && to.known != nullptr && !to.known->data_type.share) {
        section.creates = false;
        section.why = fmt::format("the catalogue never writes {}", plan_.full_name(section.to));
    }
    if (section.why.empty()) return;
    warn(read.at,
         fmt::format("{} -> {} creates nothing: {}", plan_.full_name(section.from),
                     plan_.full_name(section.to), section.why),
         "write `create: always` in entente.yaml if it should");
}

bool Planner::is_repeated(std::size_t position) {
    const PlannedSection& section = plan_.sections[position];
    for (std::size_t i = 0; i < position; ++i) {
        const PlannedSection& other = plan_.sections[i];
        if (!(other.from == section.from && other.to == section.to)) continue;
        const DocumentSection& first = plan_.text_of(other);
        if (other.creates != section.creates) {
            error(plan_.text_of(section).at,
                  fmt::format("{} -> {} creates by one section and not by another",
                              plan_.full_name(section.from), plan_.full_name(section.to)),
                  fmt::format("say the same here and in {}:{}", first.at.file, first.at.line));
        }
        return true;
    }
    return false;
}

// The documents, read. False: there was an error.
bool read_documents(const ImportInput& input, ImportPlan& plan, Imported& imported) {
    for (const model::SourceFile& file : input.documents) {
        const auto same = std::ranges::find_if(
            plan.sources, [&](const model::SourceFile& other) { return other.text == file.text; });
        if (same != plan.sources.end()) {
            imported.diagnostics.push_back({Severity::error,
                                            {file.path, 1, 1},
                                            fmt::format("is the same document as {}", same->path),
                                            "name each document once"});
            continue;
        }
        plan.sources.push_back(file);
        if (auto document = read_document(file, imported.diagnostics)) {
            plan.documents.push_back(*std::move(document));
        }
    }
    return !has_errors(imported.diagnostics);
}

}  // namespace

bool ImportPlan::is_line_model(ModelIndex model) const {
    if (!model) return false;
    const std::string& name = catalog.models[model.at()].name;
    return std::ranges::any_of(catalog.models, [&](const model::Model& other) {
        return std::ranges::any_of(other.properties, [&](const model::Property& property) {
            return property.type == model::PropertyType::list && property.to == name;
        });
    });
}

std::optional<ImportPlan> make_import_plan(const ImportInput& input, Imported& imported) {
    ImportPlan plan;
    if (!read_documents(input, plan, imported)) return std::nullopt;
    plan.catalog = model::load_catalog(input.catalog, {}, imported.diagnostics);
    Planner(plan, imported).plan();
    if (has_errors(imported.diagnostics)) return std::nullopt;
    return plan;
}

}  // namespace entente::report
