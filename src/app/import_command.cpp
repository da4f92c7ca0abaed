// `entente import`: data-flow documents become a workspace, or nothing is written.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "app/command.hpp"
#include "app/new_folder.hpp"
#include "app/output.hpp"
#include "base/text.hpp"
#include "report/document.hpp"
#include "report/import.hpp"
#include "run/files.hpp"

namespace entente::app {

namespace {

namespace fs = std::filesystem;

using Severity = model::Diagnostic::Severity;
using State = report::ImportedFlow::State;

// More than a screen of them is not read.
constexpr std::int64_t list_lines_max = 40;

struct Arguments {
    std::vector<std::string> files;
    std::string dir;
    bool json = false;
};

// All files that cannot be read are told at once; then there are no documents.
std::optional<std::vector<model::SourceFile>> read_documents(
    const std::vector<std::string>& paths) {
    std::vector<model::SourceFile> documents;
    std::vector<fs::path> seen;
    bool is_any_wrong = false;
    const auto tell = [&](const std::string& text) {
        print_error(text);
        is_any_wrong = true;
    };
    for (const std::string& path : paths) {
        if (!text::is_utf8(path)) {
            tell("the name of a file is not UTF-8; rename it");
            continue;
        }
        std::error_code failed;
        fs::path canonical = fs::weakly_canonical(path, failed);
        if (std::ranges::find(seen, canonical) != seen.end()) {
            tell(path + ": is named twice; name each document once");
            continue;
        }
        seen.push_back(std::move(canonical));
        auto text = run::read_file(path, report::document_bytes_max);
        if (text) {
            documents.push_back({path, *std::move(text)});
        } else {
            tell(text.error().message() + "; name a data-flow document");
        }
    }
    if (is_any_wrong) return std::nullopt;
    return documents;
}

std::string workspace_name(const fs::path& dir) {
    std::error_code failed;
    const fs::path full = fs::weakly_canonical(fs::absolute(dir, failed), failed);
    const fs::path last = full.has_filename() ? full.filename() : full.parent_path().filename();
    const bool is_usable = !last.empty() && text::is_utf8(last.string());
    return is_usable ? last.string() : "workspace";
}

std::string_view name_of(State state) {
    switch (state) {
        case State::flow:
            return "flow";
        case State::repeated:
            return "repeated";
        case State::lines:
            return "lines";
        case State::left_out:
            return "left_out";
    }
    return "flow";
}

std::string flow_text(const report::ImportedFlow& flow) {
    std::string text = fmt::format("  {} -> {}", flow.from, flow.to);
    switch (flow.state) {
        case State::flow:
            return text + (flow.creates ? "" : ", links only");
        case State::repeated:
            return text + ", the same flow again";
        case State::lines:
            return text + ", lines: they follow their parents";
        case State::left_out:
            return text + ", left out";
    }
    return text;
}

std::int64_t count_flows(const report::Imported& imported) {
    std::int64_t count = 0;
    for (const auto& document : imported.documents) {
        count += std::ranges::count(document.flows, State::flow, &report::ImportedFlow::state);
    }
    return count;
}

void print_list(std::string_view title, const model::Diagnostics& diagnostics) {
    std::int64_t told = 0;
    for (const auto& diagnostic : diagnostics) {
        if (diagnostic.severity == Severity::error) continue;
        if (told == 0) print_line(title);
        if (++told <= list_lines_max) print_line("  " + diagnostic.text());
    }
    if (told <= list_lines_max) return;
    print_line(fmt::format("  and {} more; --json tells all", grouped(told - list_lines_max)));
}

void print_text(const report::Imported& imported, const std::string& dir) {
    for (const auto& document : imported.documents) {
        print_line(fmt::format(
            "{}: {}, {}", document.file, document.title,
            counted(static_cast<std::int64_t>(document.flows.size()), "section", "sections")));
        for (const auto& flow : document.flows) print_line(flow_text(flow));
    }
    print_line("Systems:");
    for (const auto& system : imported.systems) {
        print_line(system.is_draft
                       ? fmt::format("  {}: no connector yet; drafted in {}/catalog/connectors/{}",
                                     system.name, dir, system.connector)
                       : fmt::format("  {}: connector {}", system.name, system.connector));
    }
    print_list("Look at:", imported.warnings);
    print_list("Notes:", imported.diagnostics);
    print_line(
        fmt::format("{} in {}/entente.yaml", counted(count_flows(imported), "flow", "flows"), dir));
    print_line(fmt::format("Next: entente check {}", dir));
}

void add_diagnostics(const model::Diagnostics& diagnostics, std::string_view severity, Value& out) {
    for (const auto& diagnostic : diagnostics) {
        Value entry = Value::object();
        entry.set("severity", diagnostic.severity == Severity::error ? "error" : severity);
        entry.set("file", diagnostic.at.file);
        entry.set("line", diagnostic.at.line);
        entry.set("column", diagnostic.at.column);
        entry.set("what", diagnostic.what);
        entry.set("right", diagnostic.right);
        out.as_list().push_back(std::move(entry));
    }
}

Value document_json(const report::ImportedDocument& document) {
    Value flows = Value::list();
    for (const auto& flow : document.flows) {
        Value entry = Value::object();
        entry.set("from", flow.from);
        entry.set("to", flow.to);
        entry.set("creates", flow.creates);
        entry.set("state", name_of(flow.state));
        entry.set("line", flow.line);
        flows.as_list().push_back(std::move(entry));
    }
    Value out = Value::object();
    out.set("file", document.file);
    out.set("title", document.title);
    out.set("from", document.from);
    out.set("to", document.to);
    out.set("sections", std::move(flows));
    return out;
}

Value to_json(const report::Imported& imported) {
    Value documents = Value::list();
    for (const auto& document : imported.documents) {
        documents.as_list().push_back(document_json(document));
    }
    Value systems = Value::list();
    for (const auto& system : imported.systems) {
        Value entry = Value::object();
        entry.set("name", system.name);
        entry.set("spelled", system.spelled);
        entry.set("connector", system.connector);
        entry.set("drafted", system.is_draft);
        systems.as_list().push_back(std::move(entry));
    }
    Value files = Value::list();
    for (const auto& file : imported.files) files.as_list().push_back(file.path);
    Value diagnostics = Value::list();
    add_diagnostics(imported.diagnostics, "note", diagnostics);
    add_diagnostics(imported.warnings, "warning", diagnostics);
    Value out = Value::object();
    out.set("imported", !imported.files.empty());
    out.set("flows", count_flows(imported));
    out.set("documents", std::move(documents));
    out.set("systems", std::move(systems));
    out.set("files", std::move(files));
    out.set("diagnostics", std::move(diagnostics));
    return out;
}

Result<int> import(const Arguments& arguments) {
    TRY_VOID(require_new_folder(arguments.dir));
    auto documents = read_documents(arguments.files);
    if (!documents) return Exit::unusable;
    const auto imported = report::import_documents({
        .workspace = workspace_name(arguments.dir),
        .documents = *std::move(documents),
        .catalog = model::shipped_catalog(),
    });
    if (!imported.files.empty()) {
        TRY_VOID(write_new_folder(arguments.dir, imported.files));
    }
    if (arguments.json) print_json(to_json(imported));
    for (const auto& diagnostic : imported.diagnostics) {
        if (diagnostic.severity == Severity::error) print_error(diagnostic.text());
    }
    if (imported.files.empty()) return Exit::unusable;
    if (!arguments.json) print_text(imported, arguments.dir);
    return Exit::done;
}

}  // namespace

void add_import(CLI::App& cli, Chosen& chosen) {
    auto arguments = std::make_shared<Arguments>();
    CLI::App* app = cli.add_subcommand("import", "Make a workspace out of data-flow documents");
    app->footer(
        "Reads documents of the form `A to B Dataflow` and writes a workspace whose flows are\n"
        "exactly theirs. Systems without a connector get a draft in DIR/catalog to fill in.\n"
        "Writes all of it or, with a message for each mistake and status 2, nothing.");
    app->add_option("FILE", arguments->files, "The documents")->required();
    app->add_option("--into", arguments->dir, "The workspace's folder, new or empty")->required();
    app->add_flag("--json", arguments->json, "Print one JSON object");
    app->callback([arguments, &chosen] {
        chosen = [arguments] {
            const auto status = import(*arguments);
            return status ? *status : report(status.error());
        };
    });
}

}  // namespace entente::app
