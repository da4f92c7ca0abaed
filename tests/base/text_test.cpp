// Spaces, case, lengths and distances of text, in ASCII and beyond it.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace entente::text {
namespace {

TEST(Text, outer_white_space_is_trimmed_whatever_its_kind) {
    EXPECT_EQ(trim("  a b \t\r\n"), "a b");
    EXPECT_EQ(trim("\u00a0\u2003Ås \u3000"), "Ås");
    EXPECT_EQ(trim(" \n "), "");
    EXPECT_EQ(trim(""), "");
}

TEST(Text, inner_white_space_is_squeezed_or_removed) {
    EXPECT_EQ(squeeze("  a \t b\u00a0\u00a0c "), "a b c");
    EXPECT_EQ(squeeze(" "), "");
    EXPECT_EQ(without_spaces(" NO 974\u00a0760 673 "), "NO974760673");
}

TEST(Text, case_follows_unicode_and_no_locale) {
    EXPECT_EQ(upper("abc-1"), "ABC-1");
    EXPECT_EQ(lower("ABC-I"), "abc-i");
    EXPECT_EQ(upper("straße øl"), "STRASSE ØL");
    EXPECT_EQ(lower("ØRSTED ÄÖ"), "ørsted äö");
    EXPECT_EQ(lower("ΟΔΟΣ"), "οδος");
}

TEST(Text, digits_are_kept_and_nothing_else) {
    EXPECT_EQ(digits_only("NO 974 760-673 MVA"), "974760673");
    EXPECT_EQ(digits_only("none"), "");
}

TEST(Text, an_email_is_folded_to_lower_case) {
    EXPECT_EQ(fold_email(" Kari.Nordmann@Example.COM "), "kari.nordmann@example.com");
}

TEST(Text, a_vat_number_is_letters_and_digits) {
    EXPECT_EQ(fold_vat(" no 974 760 673 mva"), "NO974760673MVA");
    EXPECT_EQ(fold_vat("BE-0123.456.789"), "BE0123456789");
}

TEST(Text, cutting_never_cuts_a_character) {
    EXPECT_EQ(truncate("Blåbær", 3), "Blå");
    EXPECT_EQ(truncate("Blåbær", 6), "Blåbær");
    EXPECT_EQ(truncate("Blåbær", 99), "Blåbær");
    EXPECT_EQ(truncate("😀x", 1), "😀");
    EXPECT_EQ(truncate("abc", 0), "");
    EXPECT_EQ(length("Blåbær 😀"), 8u);
    EXPECT_EQ(length(""), 0u);
}

TEST(Text, utf8_is_told_from_other_bytes) {
    EXPECT_TRUE(is_utf8("Blåbær 😀"));
    EXPECT_TRUE(is_utf8(""));
    EXPECT_FALSE(
        is_utf8("Bl\xe5"
                "b\xe6r"));
    EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
}

TEST(Text, distance_counts_single_edits_up_to_a_limit) {
    EXPECT_EQ(distance("customer", "customer", 3), 0u);
    EXPECT_EQ(distance("custmer", "customer", 3), 1u);
    EXPECT_EQ(distance("kitten", "sitting", 3), 3u);
    EXPECT_EQ(distance("kitten", "sitting", 2), 3u);
    EXPECT_EQ(distance("", "abc", 3), 3u);
    EXPECT_EQ(distance("a", "a much longer text", 3), 4u);
}

TEST(Text, the_nearest_word_is_offered_when_it_is_near) {
    const std::vector<std::string> known = {"customer", "contact", "order", "id"};
    EXPECT_EQ(nearest("custmer", known), "customer");
    EXPECT_EQ(nearest("ordre", known), "order");
    EXPECT_EQ(nearest("ids", known), "id");
    EXPECT_EQ(nearest("invoice", known), "");
    EXPECT_EQ(nearest("no", known), "");
    EXPECT_EQ(nearest("x", {}), "");
}

RC_GTEST_PROP(TextLaw, no_bytes_are_too_strange, (const std::string& bytes)) {
    for (const auto& folded :
         {trim(bytes), squeeze(bytes), without_spaces(bytes), fold(bytes), upper(bytes),
          lower(bytes), fold_organisation(bytes), fold_email(bytes), fold_vat(bytes),
          fold_phone(bytes, "NL"), truncate(bytes, 3)}) {
        RC_ASSERT(folded.size() <= 18 * bytes.size() + 4);
    }
    RC_ASSERT(trim(trim(bytes)) == trim(bytes));
    RC_ASSERT(squeeze(squeeze(bytes)) == squeeze(bytes));
    RC_ASSERT(truncate(bytes, length(bytes)) == bytes);
}

RC_GTEST_PROP(TextLaw, distance_is_symmetric_and_zero_only_for_equals, ()) {
    const auto word = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")));
    const std::string a = *word;
    const std::string b = *word;
    RC_ASSERT(distance(a, b, 5) == distance(b, a, 5));
    RC_ASSERT((distance(a, b, 5) == 0) == (a == b));
    RC_ASSERT(distance(a, a + b, 100) == b.size());
}

}  // namespace
}  // namespace entente::text
