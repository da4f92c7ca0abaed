// The folder that a plan works in: made beside the store under a name that nobody else has, and removed with this object. What a
// killed plan left is removed by the next one, file by file: only files that a plan makes, only in folders that a plan has marked.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace entente::run {

class PlanFolder {
public:
    // Requires: no other plan of this store is alive. Ensures: a folder of mode 0700; folders left by killed plans are gone, but
    // for files in them that no plan has made. bad_input: the folder cannot be made.
    static Result<PlanFolder> make(const std::filesystem::path& store_path);
    PlanFolder() = default;
    PlanFolder(PlanFolder&& other) noexcept;
    PlanFolder& operator=(PlanFolder&& other) noexcept;
    ~PlanFolder();

    // Where the copy of the store is to be.
    std::filesystem::path store_file() const;

private:
    explicit PlanFolder(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;  // empty: there is none
};

}  // namespace entente::run
