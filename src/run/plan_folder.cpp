#include "run/plan_folder.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "run/files.hpp"

namespace entente::run {

namespace fs = std::filesystem;

namespace {

constexpr const char* store_name = "entente.db";
constexpr const char* mark_name = "made-by-entente-plan";
constexpr std::string_view mark =
    "A plan of entente works in this folder. If no plan is being made, the folder may be "
    "removed.\n";

std::string prefix_of(const fs::path& store_path) {
    return store_path.filename().string() + ".plan-";
}

bool is_marked(const fs::path& folder) {
    struct stat status {};
    if (::lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
    if (status.st_uid != ::geteuid()) return false;
    const fs::path file = folder / mark_name;
    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    const auto text = read_file(file, mark.size());
    return text && *text == mark;
}

// The mark goes last: a removal that is killed is finished by the next plan. A folder with anything else in it stays.
void remove_files_of_a_plan(const fs::path& path) {
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return;
    for (const char* end : {"", "-wal", "-shm", "-journal", ".lock"})
        ::unlinkat(folder, (std::string(store_name) + end).c_str(), 0);
    ::unlinkat(folder, mark_name, 0);
    ::close(folder);
    ::rmdir(path.c_str());
}

void remove_left_overs(const fs::path& store_path) {
    const std::string prefix = prefix_of(store_path);
    std::error_code failed;
    fs::directory_iterator entry(store_path.parent_path(), failed), end;
    for (; !failed && entry != end; entry.increment(failed)) {
        if (entry->path().filename().string().starts_with(prefix) && is_marked(entry->path()))
            remove_files_of_a_plan(entry->path());
    }
}

}  // namespace

Result<PlanFolder> PlanFolder::make(const fs::path& store_path) {
    remove_left_overs(store_path);
    std::string name = (store_path.parent_path() / prefix_of(store_path)).string() + "XXXXXX";
    if (!::mkdtemp(name.data()))
        return fail(ErrorKind::bad_input,
                    std::string("the folder for a plan cannot be made: ") + std::strerror(errno),
                    store_path.parent_path().string());
    PlanFolder folder{fs::path(name)};
    TRY_VOID(write_private_file(folder.path_ / mark_name, mark));
    return folder;
}

PlanFolder::PlanFolder(PlanFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

PlanFolder& PlanFolder::operator=(PlanFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
}

PlanFolder::~PlanFolder() {
    if (!path_.empty()) remove_files_of_a_plan(path_);
}

fs::path PlanFolder::store_file() const {
    return path_ / store_name;
}

}  // namespace entente::run
