#include "store/lock_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/core.h>

namespace entente::store {
namespace {

Error system_error(std::string_view what, const std::string& path) {
    return {ErrorKind::store,
            fmt::format("{}: {}; check owner and rights of the folder", what, std::strerror(errno)),
            path};
}

std::string owner_of(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t size = ::pread(descriptor, text.data(), text.size() - 1, 0);
    std::string owner(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    while (!owner.empty() && owner.back() == '\n') owner.pop_back();
    return owner.empty() ? "unknown" : owner;
}

Result<void> make_folder(const std::filesystem::path& folder) {
    std::filesystem::path made;
    for (const auto& part : folder) {
        made /= part;
        if (::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
        // A part of the way that cannot be made may still be there (a read-only file system says EROFS).
        struct stat found{};
        const int error = errno;
        if (::stat(made.c_str(), &found) == 0 && S_ISDIR(found.st_mode)) continue;
        errno = error;
        return std::unexpected(system_error("the folder cannot be made", made.string()));
    }
    return {};
}

}  // namespace

Result<LockFile> LockFile::take(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return std::unexpected(system_error("the lock file cannot be opened", path));
    LockFile lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK)
            return std::unexpected(system_error("the lock file cannot be locked", path));
        return fail(ErrorKind::busy,
                    fmt::format("another entente runs this workspace (process {}); stop it first, "
                                "or use its console",
                                owner_of(descriptor)),
                    path);
    }
    const std::string owner = fmt::format("{}\n", ::getpid());
    const bool is_written =
        ::ftruncate(descriptor, 0) == 0 &&
        ::pwrite(descriptor, owner.data(), owner.size(), 0) == std::ssize(owner);
    if (!is_written) return std::unexpected(system_error("the lock file cannot be written", path));
    return lock;
}

LockFile::LockFile(LockFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LockFile& LockFile::operator=(LockFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

LockFile::~LockFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

// SQLite would make its file readable to everybody; its journal files take the rights of the file they belong to.
Result<void> make_private_file(const std::string& path) {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) TRY_VOID(make_folder(folder));
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return std::unexpected(system_error("the store cannot be opened", path));
    ::close(descriptor);
    return {};
}

}  // namespace entente::store
