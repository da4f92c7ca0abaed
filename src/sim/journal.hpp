// The journal of a simulated system: an append-only file of JSON lines in a directory that one process holds at a time.
// A line handed to the operating system survives kill -9 of this process; only a power cut could lose it, which a
// simulated system need not survive. Called by Books, before an answer is given.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace entente::sim {

class Journal {
public:
    // Makes the directory (0700) and the file (0600) where they are missing. busy: another process holds the directory.
    static Result<std::unique_ptr<Journal>> open(const std::string& directory);

    ~Journal();
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // Hands every line, oldest first, to `take`. A torn last line is cut off; a refused line before it is corrupt.
    Result<void> replay(const std::function<Result<void>(std::string_view line)>& take);

    // Requires: `lines` ends with a new line. Ensures: all of it is with the operating system, or none of it is in the file.
    Result<void> append(std::string_view lines);

    // Forgets everything.
    Result<void> start_over();

private:
    Journal(int lock, int file, std::string path);
    Result<void> cut_to(std::int64_t length);

    int lock_;
    int file_;
    std::string path_;
    std::int64_t length_ = 0;
};

}  // namespace entente::sim
