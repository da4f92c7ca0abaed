#include "sim/journal.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace entente::sim {
namespace {

constexpr std::size_t chunk_bytes = 1u << 20;
// A longer line was not written by us: a record is at most a request body, 32 MB.
constexpr std::size_t line_bytes_max = 64u << 20;

std::unexpected<Error> system_error(std::string_view what, const std::string& path) {
    return fail(ErrorKind::store,
                fmt::format("{}: {}", what, std::generic_category().message(errno)), path);
}

Result<int> open_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return system_error("cannot be opened", path);
    return file;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(const std::string& directory) {
    std::error_code failure;
    if (std::filesystem::create_directories(directory, failure)) ::chmod(directory.c_str(), 0700);
    if (failure) {
        return fail(ErrorKind::store, "cannot be made: " + failure.message(), directory);
    }
    TRY(const int lock, open_file(directory + "/lock"));
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return fail(ErrorKind::busy, "another simulated system is at work here", directory);
    }
    const std::string path = directory + "/journal.jsonl";
    const Result<int> file = open_file(path);
    if (!file) {
        ::close(lock);
        return std::unexpected(file.error());
    }
    return std::unique_ptr<Journal>(new Journal(lock, *file, path));
}

Journal::Journal(int lock, int file, std::string path)
    : lock_(lock), file_(file), path_(std::move(path)) {
    length_ = std::max<std::int64_t>(0, ::lseek(file_, 0, SEEK_END));
}

Journal::~Journal() {
    ::close(file_);
    ::close(lock_);  // gives the lock back
}

Result<void> Journal::replay(const std::function<Result<void>(std::string_view line)>& take) {
    std::string pending;
    std::string chunk(chunk_bytes, '\0');
    std::int64_t good = 0;  // where the last complete line ends
    for (std::int64_t at = 0; at < length_;) {
        const ssize_t got = ::pread(file_, chunk.data(), chunk.size(), at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error("cannot be read", path_);
        if (got == 0) break;
        at += got;
        pending.append(chunk, 0, static_cast<std::size_t>(got));
        std::size_t begin = 0;
        for (std::size_t end; (end = pending.find('\n', begin)) != std::string::npos;
             begin = end + 1) {
            const auto after = good + static_cast<std::int64_t>(end + 1 - begin);
            const auto taken = take(std::string_view(pending).substr(begin, end - begin));
            const bool is_corrupt = !taken && taken.error().kind == ErrorKind::corrupt;
            if (is_corrupt && after == length_) return cut_to(good);
            if (!taken) {
                return fail(taken.error().kind, taken.error().message(),
                            fmt::format("{} at byte {}", path_, good));
            }
            good = after;
        }
        pending.erase(0, begin);
        if (pending.size() > line_bytes_max) {
            return fail(ErrorKind::corrupt, "a line is too long", path_);
        }
    }
    return good == length_ ? Result<void>{} : cut_to(good);
}

Result<void> Journal::append(std::string_view lines) {
    CHECK(lines.ends_with('\n'), "only whole lines are appended");
    std::size_t done = 0;
    while (done < lines.size()) {
        const ssize_t wrote = ::pwrite(file_, lines.data() + done, lines.size() - done,
                                       length_ + static_cast<std::int64_t>(done));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) {
            const auto failure = system_error("cannot be written", path_);
            // What is left behind would be a torn line; if even the cut fails, the next load makes it.
            if (auto cut = cut_to(length_); !cut) return cut;
            return failure;
        }
        done += static_cast<std::size_t>(wrote);
    }
    length_ += static_cast<std::int64_t>(lines.size());
    return {};
}

Result<void> Journal::start_over() {
    return cut_to(0);
}

Result<void> Journal::cut_to(std::int64_t length) {
    if (::ftruncate(file_, length) != 0) return system_error("cannot be cut", path_);
    length_ = length;
    return {};
}

}  // namespace entente::sim
