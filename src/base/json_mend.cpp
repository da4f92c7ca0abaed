#include "base/json_mend.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace entente::json {
namespace {

constexpr std::size_t escape_size = 6;  // \uXXXX
constexpr std::string_view short_escapes = "\"\\/bfnrt";

// The UTF-16 unit of the escape \uXXXX that begins here, if there is one.
std::optional<unsigned> unit_at(std::string_view text, std::size_t at) {
    const std::string_view escape = text.substr(std::min(at, text.size()), escape_size);
    if (escape.size() < escape_size || !escape.starts_with("\\u")) return std::nullopt;
    unsigned unit = 0;
    const char* const end = escape.data() + escape_size;
    const auto [stop, code] = std::from_chars(escape.data() + 2, end, unit, 16);
    if (code != std::errc() || stop != end) return std::nullopt;
    return unit;
}

bool is_high(unsigned unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}

bool is_low(unsigned unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

class Mender {
public:
    explicit Mender(std::string_view text) { out_.text = text; }

    Mended mend() {
        bool is_inside = false;
        while (at_ < out_.text.size()) {
            const char c = out_.text[at_];
            if (c == '"') is_inside = !is_inside;
            if (c == '"' || !is_inside)
                ++at_;
            else if (c == '\\')
                take_escape();
            else
                take_character();
        }
        return std::move(out_);
    }

private:
    void overwrite(std::size_t size, std::string_view with, std::string_view why) {
        out_.places.push_back({at_, why});
        out_.text.replace(at_, size, with);
        at_ += size;
    }

    void take_escape() {
        const std::string_view text = out_.text;
        if (at_ + 1 == text.size()) {
            ++at_;
            return;
        }
        const char kind = text[at_ + 1];
        if (short_escapes.contains(kind)) {
            at_ += 2;
            return;
        }
        const auto unit = unit_at(text, at_);
        if (!unit) return overwrite(2, "??", "an escape that is none");
        const auto next = is_high(*unit) ? unit_at(text, at_ + escape_size) : std::nullopt;
        if (next && is_low(*next)) {
            at_ += 2 * escape_size;
            return;
        }
        if (is_high(*unit) || is_low(*unit))
            return overwrite(escape_size, "??????", "half of a surrogate pair");
        at_ += escape_size;
    }

    void take_character() {
        const auto byte = static_cast<unsigned char>(out_.text[at_]);
        if (byte < 0x20) return overwrite(1, "?", "a bare control character");
        if (byte < 0x80) {
            ++at_;
            return;
        }
        const auto size = static_cast<std::size_t>(std::max(1, std::countl_one(byte)));
        const std::string_view sequence = std::string_view(out_.text).substr(at_, size);
        if (size == 1 || sequence.size() < size || !text::is_utf8(sequence))
            return overwrite(1, "?", "invalid UTF-8");
        at_ += size;
    }

    Mended out_;
    std::size_t at_ = 0;
};

}  // namespace

Mended mend(std::string_view text) {
    return Mender(text).mend();
}

}  // namespace entente::json
