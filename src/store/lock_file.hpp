// The lock that keeps a workspace to one process: a file beside the store, locked with flock for as long as this lives
// and holding the owner's process id for people. A crash releases it. It guards against a second entente only.
#pragma once

#include <string>

#include "base/error.hpp"

namespace entente::store {

class LockFile {
public:
    LockFile() = default;
    // busy, with the owner's process id, when somebody else holds it.
    static Result<LockFile> take(const std::string& path);
    LockFile(LockFile&& other) noexcept;
    LockFile& operator=(LockFile&& other) noexcept;
    ~LockFile();

private:
    explicit LockFile(int descriptor) : descriptor_(descriptor) {}
    int descriptor_ = -1;
};

// Makes the folder of the file (0700) and the file (0600) where they are missing; what exists keeps its rights.
Result<void> make_private_file(const std::string& path);

}  // namespace entente::store
