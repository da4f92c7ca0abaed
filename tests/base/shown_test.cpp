// What is shown of foreign text is one line of whole characters that drives no terminal, whatever was sent. Method: every
// code point up to U+FFFF and every byte, against a list written here a second time.
#include "base/shown.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/text.hpp"

namespace entente::text {
namespace {

constexpr std::uint32_t first_surrogate = 0xd800, last_surrogate = 0xdfff, code_point_max = 0xffff;

std::string utf8(std::uint32_t c) {
    std::string out;
    if (c < 0x80) return {static_cast<char>(c)};
    if (c >= 0x800) out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(c >= 0x800 ? 0x80 | (c >> 6 & 0x3f) : 0xc0 | c >> 6);
    return out + static_cast<char>(0x80 | (c & 0x3f));
}

bool may_not_be_shown(std::uint32_t c) {
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;
    for (const std::uint32_t mark : {0x061c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c,
                                     0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069})
        if (c == mark) return true;
    return false;
}

TEST(Shown, control_characters_and_marks_of_direction_become_visible) {
    EXPECT_EQ(on_one_line("a\nb\r\t\x1b[2J\x7f"), "a\\nb\\r\\t\\x1b[2J\\x7f");
    EXPECT_EQ(on_one_line("\u009b31m \u202eover"), "\\u009b31m \\u202eover");
    EXPECT_EQ(on_one_line("Müller & Co. 水 😀"), "Müller & Co. 水 😀");
    for (std::uint32_t c = 0; c <= code_point_max; ++c) {
        if (c >= first_surrogate && c <= last_surrogate) continue;
        const std::string whole = "a" + utf8(c) + "b";
        const std::string shown = on_one_line(whole);
        EXPECT_EQ(shown != whole, may_not_be_shown(c)) << fmt::format("U+{:04X} {}", c, shown);
        EXPECT_EQ(on_one_line(shown), shown);
    }
}

TEST(Shown, bytes_that_are_no_text_become_visible_and_leave_the_others_alone) {
    EXPECT_EQ(on_one_line("é\xff水\xc3"), "é\\xff水\\xc3");
    EXPECT_EQ(on_one_line("\xe2\x82 \xed\xa0\x80"), "\\xe2\\x82 \\xed\\xa0\\x80");
    for (int byte = 0; byte < 0x100; ++byte)
        EXPECT_TRUE(is_utf8(on_one_line(std::string(3, static_cast<char>(byte)))));
}

TEST(Shown, a_long_text_is_cut_between_characters_and_says_so) {
    EXPECT_EQ(shown("ééé", 2), "éé...");
    EXPECT_EQ(shown("ééé", 3), "ééé");
    EXPECT_EQ(shown("", 3), "");
}

// Goal: programs read what was written, and a terminal sees none of it.
TEST(Shown, json_holds_the_same_value_in_escapes) {
    std::string all;
    for (std::uint32_t c = 0; c <= code_point_max; ++c)
        if (c < first_surrogate || c > last_surrogate) all += utf8(c);
    const Value value(Value::Object{{"a\u202e", all}});
    const std::string shown = json_on_one_line(json::write(value));
    EXPECT_EQ(shown, on_one_line(shown));
    EXPECT_EQ(*json::read(shown), value);
    EXPECT_EQ(json_on_one_line("\"\xff\""), "\"\\ufffd\"");
}

}  // namespace
}  // namespace entente::text
