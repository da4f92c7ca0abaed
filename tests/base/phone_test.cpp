// One telephone number has many spellings and one folded form: country code and number, digits
// only.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

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

// What nobody can have is still one normal form, and another than that of what somebody can have.
TEST(Phone, what_is_too_short_or_too_long_keeps_its_digits) {
    EXPECT_EQ(fold_phone("123", "NO"), "47123");
    EXPECT_EQ(fold_phone("1", "NO"), "1");
    EXPECT_EQ(fold_phone("+47", "NO"), "47");
    EXPECT_EQ(fold_phone("+47 22 33 44 55 66 77", ""), "47223344556677");
    EXPECT_EQ(fold_phone(std::string(50, '7'), "NO"), std::string(50, '7'));
    EXPECT_EQ(fold_phone("0047 1", ""), "471");
}

TEST(Phone, a_number_spelled_in_letters_is_the_one_that_is_dialled) {
    expect_all("18003569377", {{"1-800-FLOWERS", "US"},
                               {"1-800-flowers ext. 5", "CA"},
                               {"+1 800 FLOWERS", "NO"},
                               {"+1 800 356 9377", ""}});
    EXPECT_NE(fold_phone("1-800-FLOWERS", "US"), fold_phone("1-800-TAXICAB", "US"));
    // Words behind a number are no part of it, and not everywhere are letters dialled.
    EXPECT_EQ(fold_phone("+1 212 555 1234 office", ""), "12125551234");
    EXPECT_EQ(fold_phone("030 123456 mobil", "DE"), "4930123456");
    EXPECT_EQ(fold_phone("223344 mob", "NO"), "47223344");
}

TEST(Phone, every_country_dials_in_its_own_way) {
    expect_all("79123456789", {{"8 (912) 345-67-89", "RU"}, {"+7 912 345-67-89", ""}});
    expect_all("37061234567", {{"8 612 34567", "LT"}, {"+370 612 34567", ""}});
    expect_all("525512345678", {{"+52 1 55 1234 5678", ""}, {"55 1234 5678", "MX"}});
    expect_all("5491123456789", {{"011 15 2345-6789", "AR"}, {"+54 9 11 2345-6789", ""}});
    expect_all("61212345678", {{"(02) 1234 5678", "AU"}, {"+61 2 1234 5678", ""}});
    expect_all("4722334455", {{"0011 47 22 33 44 55", "AU"}, {"010 47 22 33 44 55", "JP"}});
    expect_all("919876543210", {{"09876 543210", "IN"}, {"+91 98765 43210", ""}});
    // Who carries the call is no part of the number.
    expect_all("35226123456", {{"+35215000 26123456", ""}, {"+352 26 12 34 56", ""}});
    expect_all("352261234", {{"+35215000261234", ""}, {"+352261234", ""}});
    expect_all("4232345678", {{"+42310012345678", ""}, {"+4232345678", ""}});
    expect_all("298201234", {{"+2981001201234", ""}, {"+298201234", ""}});
    expect_all("3780549886377", {{"+378886377", ""}, {"0549 886377", "SM"}});
    expect_all("85223456789", {{"2345 6789", "HK"}, {"+852 2345 6789", ""}});
}

TEST(Phone, hostile_text_is_read_to_some_end) {
    using namespace std::string_literals;
    EXPECT_EQ(fold_phone("+47 22\0 33 44 55"s, ""), "4722334455");
    EXPECT_EQ(fold_phone("+47 22 33\xff\xfe 44 55", "NO"), "4722334455");
    EXPECT_EQ(fold_phone("22334455", "\xff\xfe\0"s), "22334455");
    EXPECT_EQ(fold_phone("22334455", std::string(10'000, 'N')), "22334455");
    EXPECT_EQ(fold_phone(std::string(1'000'000, '(') + "+4722334455", ""), "4722334455");
    EXPECT_EQ(fold_phone(std::string(1'000'000, 'x') + "22334455", "NO"), "4722334455");
    EXPECT_EQ(fold_phone("22334455" + std::string(1'000'000, 'x'), "NO"), "4722334455");
    EXPECT_EQ(fold_phone(std::string(1'000'000, '0'), "NO").find_first_not_of('0'),
              std::string::npos);
}

// One of them may be the first that needs the library.
TEST(Phone, several_threads_read_at_once) {
    constexpr int threads = 4, rounds = 200;
    std::vector<std::thread> readers;
    std::array<int, threads> right{};
    for (int i = 0; i < threads; ++i) {
        readers.emplace_back([&right, i] {
            for (int k = 0; k < rounds; ++k) {
                const std::string number = std::to_string(22'000'000 + i * rounds + k);
                right[static_cast<std::size_t>(i)] += fold_phone(number, "NO") == "47" + number;
            }
        });
    }
    for (std::thread& reader : readers) reader.join();
    EXPECT_THAT(right, testing::Each(rounds));
}

// A word in front keeps a number off the short way: both ways must say the same, whatever the country.
std::string fold_slowly(const std::string& number) {
    return fold_phone("tel " + number, "");
}

TEST(PhoneLaw, the_short_way_says_what_the_long_way_says) {
    std::uint32_t tail = 7;
    // All country codes, those that nobody has among them, and each digit that a number could go on with.
    for (int begin = 10; begin < 10'000; ++begin) {
        std::string number = "+" + std::to_string(begin);
        while (number.size() < 9 + static_cast<std::size_t>(begin) % 8) {
            tail = tail * 1'664'525 + 1'013'904'223;
            number += static_cast<char>('0' + tail / 65'536 % 10);
        }
        ASSERT_EQ(fold_phone(number, ""), fold_slowly(number)) << number;
    }
}

// Behind each code, what begins with any two digits: where a prefix to dial from inside could be.
TEST(PhoneLaw, no_prefix_hides_behind_a_country_code) {
    for (const char* code :
         {"1",   "30",  "31",  "32",  "33",  "34",  "36",  "39",  "40",  "41",  "43",  "44",  "45",
          "46",  "47",  "48",  "49",  "299", "350", "351", "353", "354", "355", "356", "357", "358",
          "359", "371", "372", "373", "376", "377", "380", "381", "382", "383", "385", "386", "387",
          "389", "420", "421", "7",   "298", "352", "370", "375", "378", "423", "52"}) {
        for (int begin = 0; begin < 100; ++begin) {
            std::string number = "+" + std::string(code) + std::to_string(begin / 10) +
                                 std::to_string(begin % 10) + "10120";
            number.resize(9 + static_cast<std::size_t>(begin) % 8, '4');
            ASSERT_EQ(fold_phone(number, ""), fold_slowly(number)) << number;
        }
    }
}

RC_GTEST_PROP(PhoneLaw, any_number_in_any_spelling_takes_both_ways_alike, ()) {
    const std::string number =
        "+" + *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789 -()+/")));
    RC_ASSERT(fold_phone(number, "") == fold_slowly(number));
    RC_ASSERT(fold_phone(number, "NO") == fold_phone(number, "US"));
}

RC_GTEST_PROP(PhoneLaw, a_folded_number_with_a_plus_folds_to_itself, ()) {
    const std::string country = *rc::gen::elementOf(std::vector<std::string>{
        "NO", "NL", "DE", "IT", "US", "RU", "LT", "MX", "AR", "SM", "MG", "BR", "LU", ""});
    const std::string number =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0123456789 -()+/")));
    const std::string folded = fold_phone(number, country);
    RC_ASSERT(folded.find_first_not_of("0123456789") == std::string::npos);
    const std::string once = fold_phone("+" + folded, country);
    RC_ASSERT(fold_phone("+" + once, country) == once);
}

}  // namespace
}  // namespace entente::text
