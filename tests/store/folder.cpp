#include "store/folder.hpp"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.hpp"

namespace entente::store {

Folder::Folder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "entente-store-XXXXXX").string();
    CHECK(::mkdtemp(pattern.data()) != nullptr, "a test can make a folder");
    path_ = pattern;
}

Folder::~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace entente::store
