// One telephone number has many spellings and one folded form: country code and number, digits
// only.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "base/text.hpp"

namespace entente::text {
namespace {

struct Spelling {
    const char* text;
    const char* country;
};

void expect_all(const char* folded, std::initializer_list<Spelling> spellings) {
    for (const Spelling& spelling : spellings) {
        EXPECT_EQ(fold_phone(spelling.text, spelling.country), folded)
            << spelling.text << " in " << spelling.country;
    }
}

TEST(Phone, a_norwegian_number_has_no_trunk_prefix) {
    expect_all("4722334455", {{"+47 22 33 44 55", ""},
                              {"0047 22334455", ""},
                              {"22 33 44 55", "NO"},
                              {"(+47) 22334455", "SE"},
                              {"4722334455", "NO"},
                              {"tlf. 22-33-44-55", "no"},
                              {"+47 (0)22334455", ""},
                              {"011 47 22 33 44 55", "US"},
                              {"22 33 44 55 (mobil etter 16)", "NO"},
                              {"＋４７ ２２３３４４５５", ""}});
    EXPECT_EQ(fold_phone("47 22 33 44", "NO"), "4747223344");
}

TEST(Phone, a_trunk_zero_is_dropped_behind_the_country_code) {
    expect_all("31201234567", {{"+31 (0)20 123 4567", ""},
                               {"0031 (0) 20 1234567", ""},
                               {"020-1234567", "NL"},
                               {"+31 020 1234567", ""},
                               {"+31 20 1234567", "DE"},
                               {"20 123 4567", "NL"},
                               {"31201234567", "NL"},
                               {"(0)20 123 4567", "NL"}});
    expect_all("4930123456", {{"+49 (0)30/123456", ""},
                              {"030 / 123456", "DE"},
                              {"0049 30 123456", "AT"},
                              {"49 30 123456", "DE"}});
    expect_all("442079460000",
               {{"+44 (0)20 7946 0000", ""}, {"020 7946 0000", "GB"}, {"020 7946 0000", "UK"}});
    expect_all("33142685300", {{"01 42 68 53 00", "FR"}, {"+33 1 42 68 53 00", ""}});
    expect_all("46812345678", {{"08-123 456 78", "SE"}});
    expect_all("3225551212", {{"02 555 12 12", "BE"}, {"+32 2 555 12 12", ""}});
    expect_all("358401234567", {{"040 123 4567", "FI"}});
    expect_all("36112345678", {{"06 1 1234 5678", "HU"}});
}

TEST(Phone, an_italian_number_keeps_its_zero) {
    expect_all("390612345678", {{"06 1234 5678", "IT"},
                                {"+39 06 1234 5678", ""},
                                {"+39 (0)6 12345678", ""},
                                {"0039 06 12345678", "DE"}});
    expect_all("393931234567", {{"393 123 4567", "IT"}, {"+39 393 1234567", "IT"}});
}

TEST(Phone, a_number_of_a_country_without_trunk_prefix_is_told_by_its_length) {
    expect_all("4512345678", {{"12 34 56 78", "DK"}, {"45 12 34 56 78", "DK"}});
    expect_all("34912345678", {{"912 345 678", "ES"}, {"34 912 345 678", "ES"}});
    expect_all("48221234567", {{"22 123 45 67", "PL"}});
    expect_all("351212345678", {{"21 234 5678", "PT"}});
}

TEST(Phone, north_america_dials_one) {
    expect_all("12125551234", {{"(212) 555-1234", "US"},
                               {"1-212-555-1234", "US"},
                               {"+1 212.555.1234", ""},
                               {"212 555 1234", "CA"},
                               {"+1 212 555 1234 ext. 99", "US"},
                               {"+1 212 555 1234;ext=99", "US"},
                               {"001 212 555 1234", "NO"}});
}

TEST(Phone, without_a_country_the_digits_are_all_there_is) {
    EXPECT_EQ(fold_phone("22 33 44 55", ""), "22334455");
    EXPECT_EQ(fold_phone("022 33 44 55", "XX"), "022334455");
    EXPECT_EQ(fold_phone("+999 (0)12345", ""), "99912345");
}

TEST(Phone, the_first_of_two_numbers_counts) {
    EXPECT_EQ(fold_phone("+47 22334455, +47 99887766", ""), "4722334455");
    EXPECT_EQ(fold_phone("+47 22334455 / +47 99887766", ""), "4722334455");
}

TEST(Phone, what_has_no_digits_is_no_number) {
    EXPECT_EQ(fold_phone("", "NO"), "");
    EXPECT_EQ(fold_phone("unknown", "NO"), "");
    EXPECT_EQ(fold_phone("+", "NO"), "");
    EXPECT_EQ(fold_phone("00", "NO"), "");
}

RC_GTEST_PROP(PhoneLaw, a_folded_number_with_a_plus_folds_to_itself, ()) {
    const std::string country =
        *rc::gen::elementOf(std::vector<std::string>{"NO", "NL", "DE", "IT", "US", ""});
    const std::string number =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789 -()+/")));
    const std::string folded = fold_phone(number, country);
    RC_ASSERT(folded.find_first_not_of("0123456789") == std::string::npos);
    RC_PRE(!folded.starts_with('0'));
    const std::string once = fold_phone("+" + folded, country);
    RC_ASSERT(fold_phone("+" + once, country) == once || once.size() < folded.size());
}

}  // namespace
}  // namespace entente::text
