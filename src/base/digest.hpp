// 128-bit digests (XXH3) of bytes: tells a body we have seen from one we have not, and names match
// keys. Not cryptographic; nothing secret or hostile depends on it.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace entente {

struct Digest {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend auto operator<=>(const Digest&, const Digest&) = default;
    std::string hex() const;
};

Digest digest_of(std::string_view bytes);
// Same bytes under another seed give an unrelated digest.
Digest digest_of(std::string_view bytes, std::uint64_t seed);

}  // namespace entente

// By the upper half: a match key's last byte is not random, it says which rule the key is of.
template <>
struct std::hash<entente::Digest> {
    std::size_t operator()(const entente::Digest& digest) const noexcept { return digest.high; }
};
