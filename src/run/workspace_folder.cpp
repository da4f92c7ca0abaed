#include "run/workspace_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/limits.hpp"
#include "model/loader.hpp"
#include "run/files.hpp"

namespace entente::run {

namespace fs = std::filesystem;

namespace {

// A workspace with more files of its own than this is a folder named by mistake ("/", a home
// directory).
constexpr std::size_t overlay_files_max = 10'000;

bool is_yaml(const fs::path& path) {
    return path.extension() == ".yaml" || path.extension() == ".yml";
}

// The YAML files below DIR/catalog, in the order of their names; none when there is no such folder.
Result<std::vector<model::SourceFile>> read_overlay(const fs::path& folder) {
    std::vector<model::SourceFile> files;
    std::error_code failed;
    const fs::path catalog = folder / "catalog";
    if (!fs::exists(catalog, failed)) return files;
    fs::recursive_directory_iterator entry(catalog, failed), end;
    std::size_t seen = 0;
    for (; !failed && entry != end; entry.increment(failed)) {
        if (++seen > overlay_files_max) {
            return fail(ErrorKind::bad_input,
                        fmt::format("holds more than {} files", overlay_files_max),
                        catalog.string());
        }
        std::error_code unreadable;
        if (!is_yaml(entry->path()) || entry->is_directory(unreadable)) continue;
        TRY(std::string text, read_file(entry->path(), limits::config_bytes_max));
        files.push_back(
            {entry->path().lexically_relative(folder).generic_string(), std::move(text)});
    }
    if (failed) return fail(ErrorKind::bad_input, failed.message(), catalog.string());
    std::ranges::sort(files, {}, &model::SourceFile::path);
    return files;
}

}  // namespace

Result<WorkspaceFolder> read_workspace_folder(const fs::path& path) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
        return fail(ErrorKind::bad_input,
                    "there is no such folder; name the folder that holds entente.yaml",
                    path.string());
    }
    auto text = read_file(path / "entente.yaml", limits::config_bytes_max);
    if (!text) {
        return fail(ErrorKind::bad_input,
                    text.error().text + "; a workspace is a folder with an entente.yaml in it",
                    text.error().where);
    }
    TRY(auto overlay, read_overlay(path));

    WorkspaceFolder opened{path, {}, {}, {}, Secrets(path)};
    const auto shipped = model::shipped_catalog();
    auto loaded = model::load({
        .workspace = {"entente.yaml", std::move(*text)},
        .catalog = {shipped.begin(), shipped.end()},
        .overlay = std::move(overlay),
        .is_set = [&](const model::SecretRef& secret) { return opened.secrets.is_set(secret); },
    });
    opened.diagnostics = std::move(loaded.diagnostics);
    opened.workspace = std::move(loaded.workspace);
    if (opened.workspace) opened.store_path = path / opened.workspace->store_path;
    return opened;
}

bool lacks_something(const WorkspaceFolder& folder) {
    return !folder.workspace || std::ranges::any_of(folder.diagnostics, [](const auto& diagnostic) {
        return diagnostic.severity != model::Diagnostic::Severity::note;
    });
}

Result<WorkspaceFolder> require_workspace_folder(const fs::path& path) {
    TRY(auto opened, read_workspace_folder(path));
    if (!lacks_something(opened)) return opened;
    std::string wrong;
    for (const auto& diagnostic : opened.diagnostics) {
        if (diagnostic.severity == model::Diagnostic::Severity::note) continue;
        wrong += (wrong.empty() ? "" : "; ") + diagnostic.text();
    }
    return fail(ErrorKind::bad_input, wrong.empty() ? "cannot be used" : wrong);
}

}  // namespace entente::run
