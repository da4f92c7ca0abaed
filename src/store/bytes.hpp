// Bytes of the store's blobs: variable-length integers, length-prefixed text. The reader never reads outside its bytes
// and never throws: after the first thing that cannot be, everything it returns is zero and `ok()` is false.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace entente::store {

class ByteWriter {
public:
    void byte(std::uint8_t b) { out_.push_back(static_cast<char>(b)); }
    // Seven bits a byte, lowest first, the top bit says "more follows".
    void number(std::uint64_t n);
    // Zigzag: small numbers of either sign stay short.
    void integer(std::int64_t n);
    void text(std::string_view s);
    std::string take() { return std::move(out_); }
    const std::string& bytes() const { return out_; }

private:
    std::string out_;
};

class ByteReader {
public:
    explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
    std::uint8_t byte();
    std::uint64_t number();
    // At most `max`, else not ok.
    std::uint64_t number(std::uint64_t max);
    std::int64_t integer();
    std::string_view text();
    // A count of things of at least one byte each: more than there are bytes left is not ok.
    std::size_t count();

    void refuse() { ok_ = false, rest_ = {}; }
    bool ok() const { return ok_; }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
    bool ok_ = true;
};

}  // namespace entente::store
