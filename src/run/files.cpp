#include "run/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace entente::run {

namespace {

// A file descriptor that closes itself.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    explicit operator bool() const { return number_ >= 0; }
    int number() const { return number_; }

private:
    int number_;
};

std::unexpected<Error> system_failure(const std::filesystem::path& path) {
    return fail(ErrorKind::bad_input, std::strerror(errno), path.string());
}

Result<void> write_all(int file, std::string_view bytes, const std::filesystem::path& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return system_failure(path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return system_failure(path);
    struct stat status{};
    if (::fstat(file.number(), &status) != 0) return system_failure(path);
    if (!S_ISREG(status.st_mode))
        return fail(ErrorKind::bad_input, "is no plain file", path.string());

    std::string bytes;
    char chunk[16384];
    while (true) {
        const ssize_t got = ::read(file.number(), chunk, sizeof chunk);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_failure(path);
        if (got == 0) return bytes;
        bytes.append(chunk, static_cast<std::size_t>(got));
        if (bytes.size() > bytes_max) {
            return fail(
                ErrorKind::bad_input,
                fmt::format("is larger than {} kB, the most such a file may be", bytes_max >> 10),
                path.string());
        }
    }
}

Result<void> write_private_file(const std::filesystem::path& path, std::string_view bytes) {
    const std::filesystem::path fresh = path.string() + ".new";
    {
        const Descriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!file) return system_failure(fresh);
        // A left-over of a crash may have wider permissions than a new file gets.
        if (::fchmod(file.number(), 0600) != 0) return system_failure(fresh);
        TRY_VOID(write_all(file.number(), bytes, fresh));
        if (::fsync(file.number()) != 0) return system_failure(fresh);
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) return system_failure(path);
    return {};
}

Result<void> make_private_folder(const std::filesystem::path& path) {
    std::filesystem::path so_far;
    for (const auto& part : path) {
        so_far /= part;
        if (so_far.empty() || ::mkdir(so_far.c_str(), 0700) == 0) continue;
        // An existing folder may lie below one that we may not write (EACCES) or on a read-only
        // disk (EROFS).
        struct stat status{};
        const int reason = errno;
        if (::stat(so_far.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
        errno = reason;
        return system_failure(so_far);
    }
    return {};
}

}  // namespace entente::run
