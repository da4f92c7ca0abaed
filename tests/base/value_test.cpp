// Values: equality by meaning, and members found, set and erased by name and by path.
#include "base/value.hpp"

#include <gtest/gtest.h>

namespace entente {
namespace {

Value object(std::initializer_list<Value::Member> members) {
    return Value(Value::Object(members));
}

TEST(Value, objects_are_equal_whatever_their_order) {
    const Value a = object({{"x", 1}, {"y", object({{"p", "q"}, {"r", nullptr}})}});
    const Value b = object({{"y", object({{"r", nullptr}, {"p", "q"}})}, {"x", 1}});
    EXPECT_EQ(a, b);
    EXPECT_NE(a, object({{"x", 1}, {"z", 1}}));
    EXPECT_NE(a, object({{"x", 1}}));
}

TEST(Value, large_objects_are_equal_whatever_their_order) {
    Value::Object forward;
    for (int i = 0; i < 5000; ++i) forward.emplace_back("key" + std::to_string(i), Value(i));
    Value::Object backward(forward.rbegin(), forward.rend());
    EXPECT_EQ(Value(forward), Value(backward));
    backward.front().second = Value(-1);
    EXPECT_NE(Value(forward), Value(backward));
}

TEST(Value, lists_are_equal_in_order_only) {
    EXPECT_EQ(Value(Value::List{1, 2}), Value(Value::List{1, 2}));
    EXPECT_NE(Value(Value::List{1, 2}), Value(Value::List{2, 1}));
}

TEST(Value, numbers_are_equal_by_number_and_never_to_text) {
    EXPECT_EQ(Value(*Decimal::parse("0.10")), Value(*Decimal::parse("0.1")));
    EXPECT_NE(Value(1), Value("1"));
    EXPECT_NE(Value(1), Value(true));
    EXPECT_NE(Value(), Value(""));
}

TEST(Value, a_value_names_its_kind) {
    EXPECT_EQ(Value().kind(), "null");
    EXPECT_EQ(Value(false).kind(), "boolean");
    EXPECT_EQ(Value(1).kind(), "number");
    EXPECT_EQ(Value("").kind(), "text");
    EXPECT_EQ(Value::list().kind(), "list");
    EXPECT_EQ(Value::object().kind(), "object");
}

TEST(Value, a_path_ends_early_without_harm) {
    const Value v = object({{"address", object({{"city", "Oslo"}})}, {"name", "Acme"}});
    ASSERT_NE(v.at_path("address.city"), nullptr);
    EXPECT_EQ(v.at_path("address.city")->as_text(), "Oslo");
    EXPECT_EQ(v.at_path("name")->as_text(), "Acme");
    EXPECT_EQ(v.at_path("address.street"), nullptr);
    EXPECT_EQ(v.at_path("name.first"), nullptr);
    EXPECT_EQ(v.at_path("a.b.c"), nullptr);
    EXPECT_EQ(Value(1).find("x"), nullptr);
}

TEST(Value, setting_replaces_or_appends) {
    Value v = Value::object();
    v.set("a", 1);
    v.set("b", 2);
    v.set("a", 3);
    EXPECT_EQ(v, object({{"a", 3}, {"b", 2}}));
    EXPECT_EQ(v.as_object().size(), 2u);
}

TEST(Value, setting_by_path_makes_the_objects_on_the_way) {
    Value v = object({{"a", nullptr}});
    v.set_path("a.b.c", 1);
    v.set_path("a.d", 2);
    v.set_path("e", 3);
    EXPECT_EQ(v, object({{"a", object({{"b", object({{"c", 1}})}, {"d", 2}})}, {"e", 3}}));
}

TEST(Value, setting_by_path_through_a_text_ends_the_program) {
    Value v = object({{"a", "text"}});
    EXPECT_DEATH(v.set_path("a.b", 1), "broken invariant: a path leads through objects only");
    EXPECT_DEATH(Value(1).set("a", 1), "broken invariant");
}

TEST(Value, erasing_says_whether_there_was_something) {
    Value v = object({{"a", 1}, {"b", 2}});
    EXPECT_TRUE(v.erase("a"));
    EXPECT_FALSE(v.erase("a"));
    EXPECT_FALSE(Value(1).erase("a"));
    EXPECT_EQ(v, object({{"b", 2}}));
}

}  // namespace
}  // namespace entente
