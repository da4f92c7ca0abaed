#include "store/digest_bytes.hpp"

namespace entente::store {
namespace {

std::uint64_t half_of(std::string_view bytes) {
    std::uint64_t half = 0;
    for (const char c : bytes) half = half << 8 | static_cast<std::uint8_t>(c);
    return half;
}

}  // namespace

DigestBytes::DigestBytes(const Digest& digest) {
    if (digest == Digest{}) return;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes_[size_++] = static_cast<char>(digest.high >> shift);
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes_[size_++] = static_cast<char>(digest.low >> shift);
}

bool digest_from(std::string_view bytes, Digest& out) {
    out = {};
    if (bytes.empty()) return true;
    if (bytes.size() != 16) return false;
    out = {half_of(bytes.substr(0, 8)), half_of(bytes.substr(8))};
    return true;
}

}  // namespace entente::store
