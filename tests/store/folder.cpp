#include "store/folder.hpp"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.hpp"

namespace entente::store {

namespace {

// In memory where the system has such a folder: what is tested is what is asked of the disk, not the disk.
std::filesystem::path parent() {
    const std::filesystem::path memory = "/dev/shm";
    return ::access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

}  // namespace

Folder::Folder() {
    std::string pattern = (parent() / "entente-store-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr, "a test can make a folder");
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace entente::store
