// A digest as the 16 bytes of a column, high half first (so that hex() in the sqlite3 shell prints Digest::hex); the
// zero digest, which equals nothing, is stored as no bytes.
#pragma once

#include <array>
#include <string_view>

#include "base/digest.hpp"

namespace entente::store {

class DigestBytes {
public:
    explicit DigestBytes(const Digest& digest);
    std::string_view bytes() const { return {bytes_.data(), size_}; }

private:
    std::array<char, 16> bytes_{};
    std::size_t size_ = 0;
};

// False unless there are 0 or 16 bytes.
bool digest_from(std::string_view bytes, Digest& out);

}  // namespace entente::store
