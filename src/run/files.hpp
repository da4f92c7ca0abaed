// Small whole files: read with a limit, written so that a crash leaves the old or the new one,
// private to their owner.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace entente::run {

// bad_input naming the path and the reason when it is missing, no plain file, unreadable or larger.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t bytes_max);

// Ensures: mode 0600, durable, replaced as a whole.
Result<void> write_private_file(const std::filesystem::path& path, std::string_view bytes);

// Makes the folder and those on the way to it, mode 0700; one that exists is left as it is.
Result<void> make_private_folder(const std::filesystem::path& path);

}  // namespace entente::run
