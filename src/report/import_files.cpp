#include "report/import_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "report/import_names.hpp"

namespace entente::report {
namespace {

using State = ImportedFlow::State;

constexpr std::string_view workspace_head =
    "# A workspace made from data-flow documents, which are kept in documents/.\n"
    "# `entente check` says what is still to be filled in and what all this means.\n";

constexpr std::string_view systems_head =
    "# Where two systems would have an equal right, the upper one has it.\n"
    "systems:\n";

constexpr std::string_view flows_head =
    "# Exactly the flows of the documents. They say what is created; edits travel between all\n"
    "# linked records, both ways. Lines follow their parents.\n";

constexpr std::string_view policy_tail =
    "# Who wins when both sides changed one value: the latest, or {prefer: [SYSTEM]}.\n"
    "conflicts: latest\n";

// The secrets of a drafted connector: most APIs take one token.
const std::vector<std::string> draft_needs{"token"};

void add_system(const PlannedSystem& system, std::set<std::string>& variables, std::string& out) {
    out += fmt::format("  {}:\n    connector: {}\n", system.name, yaml_text(system.connector));
    if (system.known == nullptr) {
        out +=
            "    # The connector is a draft: complete it, then say so here.\n"
            "    # settings: {reviewed: yes}\n";
    } else {
        std::vector<std::string> wanted;
        for (const auto& [name, setting] : system.known->settings) {
            if (setting.required && !setting.otherwise) wanted.push_back(name + ": VALUE");
        }
        if (!wanted.empty()) {
            out += fmt::format("    # settings: {{{}}}\n", fmt::join(wanted, ", "));
        }
    }
    if (system.known == nullptr || system.known->base_url.empty()) {
        out += "    # base_url: https://HOST\n";
    }
    const auto& needs = system.known == nullptr ? draft_needs : system.known->rest.auth_needs;
    if (needs.empty()) return;
    std::vector<std::string> secrets;
    for (const std::string& need : needs) {
        secrets.push_back(fmt::format("{}: \"${{{}}}\"", yaml_text(need),
                                      variable_name(system.name, need, variables)));
    }
    out += fmt::format("    auth: {{{}}}\n", fmt::join(secrets, ", "));
}

void add_flow(const ImportPlan& plan, const PlannedSection& section, std::string& out) {
    if (!section.why.empty()) out += fmt::format("  # {}\n", section.why);
    out += fmt::format("  {}- {{from: {}, to: {}, create: {}}}\n",
                       section.state == State::left_out ? "# " : "",
                       yaml_text(plan.full_name(section.from)),
                       yaml_text(plan.full_name(section.to)), section.creates ? "always" : "never");
}

std::string flows_of(const ImportPlan& plan) {
    std::string flows;
    std::size_t document = plan.documents.size();
    bool has_any = false;
    for (const PlannedSection& section : plan.sections) {
        if (section.state == State::repeated || section.state == State::lines) continue;
        if (section.document != document) {
            document = section.document;
            flows += fmt::format("  # {}\n", one_line(plan.documents[document].title));
        }
        has_any = has_any || section.state == State::flow;
        add_flow(plan, section, flows);
    }
    // A list that holds nothing but comments is no list.
    return (has_any ? "flows:\n" : "flows: []\n") + flows;
}

std::string file_name(const ImportPlan& plan, std::size_t document) {
    const Document& read = plan.documents[document];
    const auto name = [](const std::string& spelled) {
        std::set<std::string> none;
        return system_name(spelled, none);
    };
    return fmt::format("documents/{:02}-{}-to-{}", document + 1, name(read.from), name(read.to));
}

void add_sides(std::string_view key, const std::string& from, const std::string& to,
               std::string& out) {
    out += fmt::format("{}from: {}, to: {}", key, yaml_text(from), yaml_text(to));
}

void add_rows(const std::vector<DocumentRow>& rows, std::string& out) {
    if (rows.empty()) return;
    out += "    rows:\n";
    for (const DocumentRow& row : rows) {
        add_sides("      - {", row.from, row.to, out);
        if (!row.type.empty()) out += fmt::format(", type: {}", yaml_text(row.type));
        out += "}\n";
    }
}

void add_section(const ImportPlan& plan, const PlannedSection& planned, std::string& out) {
    const DocumentSection& section = plan.text_of(planned);
    out += fmt::format("  - heading: {}\n", yaml_text(section.heading));
    add_sides("    spelled: {", section.from, section.to, out);
    add_sides("}\n    flow: {", plan.full_name(planned.from), plan.full_name(planned.to), out);
    out += fmt::format("}}\n    line: {}\n", section.at.line);
    if (!section.condition.empty()) {
        out += fmt::format("    creates_when: {}\n", yaml_text(section.condition));
    }
    if (!section.unknown_sentences.empty()) {
        out += "    sentences:\n";
        for (const auto& text : section.unknown_sentences) {
            out += fmt::format("      - {}\n", yaml_text(text));
        }
    }
    add_rows(section.rows, out);
}

}  // namespace

model::SourceFile workspace_file(const ImportPlan& plan, const std::string& name) {
    std::string out{workspace_head};
    out += fmt::format("workspace: {}\n", yaml_text(name));
    out += "# country: NL                  # for phone numbers without country code\n\n";
    out += systems_head;
    std::set<std::string> variables;
    for (const PlannedSystem& system : plan.systems) add_system(system, variables, out);
    out += '\n';
    out += flows_head;
    out += flows_of(plan);
    out += '\n';
    out += policy_tail;
    return {"entente.yaml", std::move(out)};
}

std::vector<model::SourceFile> document_files(const ImportPlan& plan) {
    std::vector<model::SourceFile> files;
    for (std::size_t i = 0; i < plan.documents.size(); ++i) {
        const Document& document = plan.documents[i];
        const std::string name = file_name(plan, i);
        std::string out = fmt::format(
            "# The sections of the document in their order, as it spells them, and the flow of "
            "each.\ntitle: {}\n",
            yaml_text(document.title));
        add_sides("spelled: {", document.from, document.to, out);
        out += "}\n";
        if (!document.generated.empty()) {
            out += fmt::format("generated: {}\n", yaml_text(document.generated));
        }
        if (!document.introduction.empty()) {
            out += fmt::format("introduction: {}\n", yaml_text(document.introduction));
        }
        out += "sections:\n";
        for (const PlannedSection& section : plan.sections) {
            if (section.document == i) add_section(plan, section, out);
        }
        files.push_back({name + ".yaml", std::move(out)});
        files.push_back({name + ".rst", plan.sources[i].text});
    }
    return files;
}

}  // namespace entente::report
