#include "app/new_folder.hpp"

#include <stdlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "run/files.hpp"

namespace entente::app {

namespace fs = std::filesystem;

namespace {

constexpr const char* main_file = "entente.yaml";

std::unexpected<Error> failure(const std::error_code& code, const fs::path& path) {
    return fail(ErrorKind::bad_input, code.message(), path.string());
}

// "DIR" and "DIR/" name one folder; a link names the folder that it leads to.
Result<fs::path> resolved(const fs::path& path) {
    std::error_code failed;
    fs::path full = fs::weakly_canonical(fs::absolute(path, failed), failed);
    if (failed) return failure(failed, path);
    return full.has_filename() ? full : full.parent_path();
}

// A folder of files that goes away unless it has been moved into place.
class Aside {
public:
    static Result<Aside> make(const fs::path& parent) {
        std::string name = (parent / ".entente-new-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            return fail(ErrorKind::bad_input, std::strerror(errno), parent.string());
        }
        return Aside(name);
    }
    ~Aside() {
        std::error_code ignored;  // what is left over is hidden and harms nothing
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    Aside(Aside&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    Aside(const Aside&) = delete;
    Aside& operator=(const Aside&) = delete;

    const fs::path& path() const { return path_; }
    void release() { path_.clear(); }

private:
    explicit Aside(fs::path path) : path_(std::move(path)) {}

    fs::path path_;
};

Result<void> write_files(const fs::path& folder, std::span<const model::SourceFile> files) {
    for (const model::SourceFile& file : files) {
        const fs::path relative = file.path;
        CHECK(relative.is_relative() && relative.lexically_normal() == relative &&
                  *relative.begin() != "..",
              "a file stays below its folder");
        const fs::path path = folder / relative;
        TRY_VOID(run::make_private_folder(path.parent_path()));
        TRY_VOID(run::write_private_file(path, file.text));
    }
    return {};
}

// The entries of `from` move into the empty folder `to`, entente.yaml last; all of them or none.
Result<void> move_entries(const fs::path& from, const fs::path& to) {
    std::error_code failed;
    std::vector<fs::path> names;
    for (fs::directory_iterator entry(from, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        names.push_back(entry->path().filename());
    }
    std::ranges::sort(names, {}, [](const fs::path& name) { return name == main_file; });
    for (std::size_t i = 0; !failed && i < names.size(); ++i) {
        fs::rename(from / names[i], to / names[i], failed);
        if (!failed) continue;
        for (std::size_t done = 0; done < i; ++done) {
            std::error_code ignored;  // the first failure is the one to tell
            fs::remove_all(to / names[done], ignored);
        }
    }
    if (failed) return failure(failed, to);
    return {};
}

}  // namespace

Result<void> require_new_folder(const fs::path& path) {
    TRY(const fs::path full, resolved(path));
    std::error_code failed;
    const fs::file_status status = fs::status(full, failed);
    if (!fs::exists(status)) return {};
    if (!fs::is_directory(status)) {
        return fail(ErrorKind::bad_input, "is no folder; name one that is new or empty",
                    path.string());
    }
    const bool is_empty = fs::is_empty(full, failed);
    if (failed) return failure(failed, path);
    if (is_empty) return {};
    return fail(ErrorKind::bad_input,
                "the folder is not empty, and nothing in it is overwritten; name a new one",
                path.string());
}

Result<void> write_new_folder(const fs::path& path, std::span<const model::SourceFile> files) {
    TRY_VOID(require_new_folder(path));
    TRY(const fs::path full, resolved(path));
    std::error_code failed;
    // An existing folder stays the folder it is: it may be where the person stands, or a mount.
    const bool exists = fs::exists(full, failed);
    if (!exists) TRY_VOID(run::make_private_folder(full.parent_path()));
    TRY(Aside aside, Aside::make(exists ? full : full.parent_path()));
    TRY_VOID(write_files(aside.path(), files));
    if (exists) return move_entries(aside.path(), full);
    fs::rename(aside.path(), full, failed);
    if (failed) return failure(failed, path);
    aside.release();
    return {};
}

}  // namespace entente::app
