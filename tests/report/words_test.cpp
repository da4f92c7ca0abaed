// How people write records, and how commands are told so that they can be copied.
#include "report/words.hpp"

#include <gtest/gtest.h>

namespace entente::report {
namespace {

model::Workspace workspace() {
    model::Workspace out;
    for (const char* name :
         {"Shop.Order", "Shop.Order.lines", "Books.Sales order", "Shop.Odd:type"}) {
        model::DataType data_type;
        data_type.full_name = name;
        out.data_types.push_back(data_type);
    }
    return out;
}

TEST(RecordWord, names_a_data_type_and_an_id_that_may_hold_anything) {
    const auto known = workspace();
    const auto read = [&](const std::string& word) {
        const auto named = read_record_word(known, word);
        return named ? known.data_type(named->data_type).full_name + " | " + named->external_id
                     : "refused";
    };
    EXPECT_EQ(read("Shop.Order:7"), "Shop.Order | 7");
    EXPECT_EQ(read("Shop.Order.lines:7/2"), "Shop.Order.lines | 7/2");
    EXPECT_EQ(read("Books.Sales order:a:b c"), "Books.Sales order | a:b c");
    EXPECT_EQ(read("Shop.Odd:type:1"), "Shop.Odd:type | 1");
    EXPECT_EQ(read("Shop.Order:"), "refused");
    EXPECT_EQ(read("Shop.Order"), "refused");
    EXPECT_EQ(read(""), "refused");
}

TEST(RecordWord, a_wrong_one_is_told_with_what_would_be_right) {
    const auto known = workspace();
    const auto misspelt = read_record_word(known, "Shop.Oder:7");
    ASSERT_FALSE(misspelt.has_value());
    EXPECT_NE(misspelt.error().text.find("did you mean 'Shop.Order'?"), std::string::npos);
    const auto without = read_record_word(known, "Shop.Order");
    ASSERT_FALSE(without.has_value());
    EXPECT_NE(without.error().text.find("Shop.Order:ID"), std::string::npos);
}

TEST(CommandOf, can_be_typed_into_a_shell_as_it_stands) {
    EXPECT_EQ(command_of({"acme", false}, "link", {"Shop.Order:7", "Books.Sales order:8"}),
              "entente link acme Shop.Order:7 'Books.Sales order:8'");
    EXPECT_EQ(command_of({"my shop", true}, "retry", {"Shop.Order:it's", "--not-there"}),
              "entente retry 'my shop' 'Shop.Order:it'\\''s' --not-there --simulated");
    EXPECT_EQ(shell_word("$(rm x)"), "'$(rm x)'");
    EXPECT_EQ(shell_word(""), "''");
    EXPECT_EQ(shell_word("a\x1b]0;x'\\\n"), "$'a\\x1b]0;x\\x27\\x5c\\x0a'");
}

}  // namespace
}  // namespace entente::report
