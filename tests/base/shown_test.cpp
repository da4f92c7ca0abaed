// What is quoted in a message is one line of whole characters, whatever was sent.
#include "base/shown.hpp"

#include <gtest/gtest.h>

namespace entente::text {
namespace {

TEST(Shown, control_characters_become_visible) {
    EXPECT_EQ(on_one_line("a\nb\r\t\x1b[2J\x7f"), "a\\nb\\x0d\\x09\\x1b[2J\\x7f");
    EXPECT_EQ(on_one_line("Müller & Co. 水"), "Müller & Co. 水");
}

TEST(Shown, bytes_that_are_no_text_become_question_marks) {
    EXPECT_EQ(on_one_line("a\xff\xc3"), "a??");
}

TEST(Shown, a_long_text_is_cut_between_characters_and_says_so) {
    EXPECT_EQ(shown("ééé", 2), "éé...");
    EXPECT_EQ(shown("ééé", 3), "ééé");
    EXPECT_EQ(shown("", 3), "");
}

}  // namespace
}  // namespace entente::text
