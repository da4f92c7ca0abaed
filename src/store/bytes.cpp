#include "store/bytes.hpp"

namespace entente::store {

void ByteWriter::number(std::uint64_t n) {
    while (n >= 0x80) {
        byte(static_cast<std::uint8_t>(n | 0x80));
        n >>= 7;
    }
    byte(static_cast<std::uint8_t>(n));
}

void ByteWriter::integer(std::int64_t n) {
    number((static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63));
}

void ByteWriter::text(std::string_view s) {
    number(s.size());
    out_.append(s);
}

std::uint8_t ByteReader::byte() {
    if (rest_.empty()) {
        refuse();
        return 0;
    }
    const auto b = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return b;
}

std::uint64_t ByteReader::number() {
    std::uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint8_t b = byte();
        const std::uint64_t bits = b & 0x7f;
        if (shift == 63 && bits > 1) break;
        n |= bits << shift;
        if ((b & 0x80) == 0) return ok_ ? n : 0;
    }
    refuse();
    return 0;
}

std::uint64_t ByteReader::number(std::uint64_t max) {
    const std::uint64_t n = number();
    if (n <= max) return n;
    refuse();
    return 0;
}

std::int64_t ByteReader::integer() {
    const std::uint64_t n = number();
    return static_cast<std::int64_t>((n >> 1) ^ (~(n & 1) + 1));
}

std::string_view ByteReader::text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
        refuse();
        return {};
    }
    const std::string_view s = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return s;
}

std::size_t ByteReader::count() {
    return number(rest_.size());
}

}  // namespace entente::store
