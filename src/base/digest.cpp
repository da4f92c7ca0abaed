#include "base/digest.hpp"

#include <xxhash.h>

namespace entente {
namespace {

void append_hex(std::string& out, std::uint64_t word) {
    for (int shift = 60; shift >= 0; shift -= 4) {
        out += "0123456789abcdef"[(word >> shift) & 15];
    }
}

}  // namespace

std::string Digest::hex() const {
    std::string out;
    out.reserve(32);
    append_hex(out, high);
    append_hex(out, low);
    return out;
}

Digest digest_of(std::string_view bytes) {
    return digest_of(bytes, 0);
}

Digest digest_of(std::string_view bytes, std::uint64_t seed) {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed);
    return {hash.high64, hash.low64};
}

}  // namespace entente
