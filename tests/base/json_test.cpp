// The reader takes exactly JSON and says where a text is not; the writer prints what the reader
// reads.
#include "base/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace entente::json {
namespace {

Value value(std::string_view text) {
    Result<Value> out = read(text);
    EXPECT_TRUE(out.has_value()) << text << ": " << (out ? "" : out.error().text);
    return out.value_or(Value("unreadable"));
}

std::string again(std::string_view text) {
    return write(value(text));
}

std::string error_of(std::string_view text) {
    const Result<Value> out = read(text);
    if (out) return "accepted as " + write(*out);
    EXPECT_EQ(out.error().kind, ErrorKind::corrupt) << text;
    return out.error().text;
}

std::string nested(int depth) {
    const auto n = static_cast<std::size_t>(depth);
    return std::string(n, '[') + std::string(n, ']');
}

TEST(JsonRead, a_record_is_read_and_written_back_in_its_order) {
    const char* text =
        R"({"id":"C-1","balance":1234567890123456.78,"vat":0.10,"tags":["a","b"],)"
        R"("address":{"city":"Malmö","zip":null},"blocked":false,"open":true,"none":{},"no":[]})";
    EXPECT_EQ(again(text), text);
}

TEST(JsonRead, white_space_is_nothing) {
    EXPECT_EQ(again(" \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n"), R"({"a":[1,2],"b":{}})");
}

TEST(JsonRead, a_document_may_be_a_scalar) {
    EXPECT_EQ(value("0.10").as_decimal().text(), "0.10");
    EXPECT_EQ(value(" -5 ").as_decimal().text(), "-5");
    EXPECT_EQ(value("\"a\"").as_text(), "a");
    EXPECT_TRUE(value("true").as_bool());
    EXPECT_FALSE(value(" false\n").as_bool());
    EXPECT_TRUE(value("null").is_null());
    EXPECT_EQ(value("[]"), Value::list());
    EXPECT_EQ(value("{}"), Value::object());
}

TEST(JsonRead, escapes_become_what_they_mean) {
    EXPECT_EQ(value(R"("\"\\\/\b\f\n\r\t\u00e5\ud83d\ude00\u0000")").as_text(),
              std::string("\"\\/\b\f\n\r\tå😀\0", 15));
    EXPECT_EQ(value(R"({"\u0061":1})"), value(R"({"a":1})"));
}

TEST(JsonRead, a_key_that_occurs_twice_is_an_error_at_any_depth) {
    EXPECT_NE(error_of(R"({"a":1,"a":1})").find("key \"a\" occurs twice"), std::string::npos);
    EXPECT_NE(error_of(R"([{"x":{"y":[{"k":1,"j":2,"k":3}]}}])").find("key \"k\" occurs twice"),
              std::string::npos);
    EXPECT_NE(error_of(R"({"a":1,"\u0061":2})").find("occurs twice"), std::string::npos);
    EXPECT_NE(error_of(R"({"":1,"":2})").find("occurs twice"), std::string::npos);
}

TEST(JsonRead, a_key_that_occurs_twice_is_found_in_an_object_of_any_size) {
    for (const int size : {2, 31, 32, 33, 34, 100, 2000}) {
        for (const int twin : {0, size / 2, size - 1}) {
            std::string text = "{";
            for (int i = 0; i < size; ++i) text += "\"k" + std::to_string(i) + "\":1,";
            EXPECT_EQ(value(text + "\"other\":1}").as_object().size(),
                      static_cast<std::size_t>(size) + 1);
            EXPECT_NE(error_of(text + "\"k" + std::to_string(twin) + "\":1}").find("occurs twice"),
                      std::string::npos);
        }
    }
}

TEST(JsonRead, an_error_says_at_which_byte) {
    EXPECT_EQ(error_of("01.2"), "not JSON at byte 0: \"01.2\" is not a number");
    EXPECT_EQ(error_of(R"({"a":01.2})"), "not JSON at byte 5: \"01.2\" is not a number");
    EXPECT_EQ(error_of(R"([1,nul])"), "not JSON at byte 3: not a JSON value");
    EXPECT_TRUE(error_of("[\"a\", \"b\xff\"]").starts_with("not JSON at byte 8:"))
        << error_of("[\"a\", \"b\xff\"]");
    EXPECT_EQ(error_of("[1] [2]"), "not JSON at byte 4: text after the end of the document");
    EXPECT_EQ(error_of("{\"a\":[1,2"),
              "not JSON at byte 9: the text does not end with its first bracket's partner");
    EXPECT_TRUE(error_of("").starts_with("not JSON at byte 0:")) << error_of("");
}

TEST(JsonRead, a_truncated_text_is_an_error_wherever_it_is_cut) {
    const std::string text = R"({"id":"C-1","n":[1,{"a":true}],"t":"x\n"})";
    for (std::size_t length = 0; length < text.size(); ++length) {
        EXPECT_FALSE(read(std::string_view(text).substr(0, length)).has_value()) << length;
    }
}

TEST(JsonRead, text_after_the_document_is_an_error) {
    for (const char* text : {"{} {}", "[1]]", "{}}", "1 2", "\"a\" \"b\"", "null null", "true,",
                             "[] x", "{\"a\":1}<html>", "nullx", "truex", "[][]"}) {
        EXPECT_FALSE(read(text).has_value()) << text;
    }
}

TEST(JsonRead, what_is_no_json_is_an_error) {
    for (const char* text : {"<html><body>Sign in</body></html>",
                             "Service Unavailable",
                             "{'a':1}",
                             "{a:1}",
                             "[1,]",
                             "[,1]",
                             "{\"a\":1,}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\" 1}",
                             "{\"a\":1 \"b\":2}",
                             "[1 2]",
                             "{1:2}",
                             "[1}",
                             "{\"a\":1]",
                             "[NaN]",
                             "[Infinity]",
                             "[+1]",
                             "[.5]",
                             "[1.]",
                             "[1e]",
                             "[0x1]",
                             "[True]",
                             "[tru]",
                             "[nulll]",
                             "[\"\\x\"]",
                             "[\"\\u12\"]",
                             "[\"a\nb\"]",
                             "[\"tab\there\"]",
                             "{\"a\":1/**/}",
                             "//x\n1",
                             "[1a]",
                             "[1\"a\"]",
                             "[\"a\"\"b\"]",
                             "[\"a\"1]",
                             "]",
                             "}",
                             "[",
                             "{",
                             "\"",
                             ":",
                             ",",
                             " ",
                             "[{]}",
                             "{\"a\":{\"b\":1}",
                             "[[1]",
                             "\"abc",
                             "-",
                             "[-]",
                             "[\"\\\"]"}) {
        EXPECT_FALSE(read(text).has_value()) << text;
    }
    EXPECT_FALSE(read(std::string_view("[1]\0", 4)).has_value());
    EXPECT_FALSE(read(std::string_view("\0", 1)).has_value());
}

TEST(JsonRead, invalid_utf8_is_an_error) {
    for (const char* text : {"\"\xff\"", "\"\xc3\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
                             "{\"\xe5\":1}", "\"\xf4\x90\x80\x80\"", "[1]\xff"}) {
        EXPECT_FALSE(read(text).has_value()) << text;
    }
}

TEST(JsonRead, half_a_surrogate_pair_is_an_error) {
    for (const char* text : {R"("\ud83d")", R"("\ude00")", R"("\ud83dx")", R"("\ud83d\u0041")",
                             R"("\ude00\ud83d")", R"({"\udc00":1})", R"(["a\udfff b"])"}) {
        EXPECT_FALSE(read(text).has_value()) << text;
    }
}

TEST(JsonRead, nesting_has_a_limit) {
    EXPECT_TRUE(read(nested(limits::json_depth_max)).has_value());
    EXPECT_NE(error_of(nested(limits::json_depth_max + 1)).find("nested too deep"),
              std::string::npos);
    EXPECT_FALSE(read(nested(100'000)).has_value());
    EXPECT_FALSE(read(std::string(1'000'000, '[')).has_value());
    std::string objects;
    for (int i = 0; i < limits::json_depth_max; ++i) objects += "{\"a\":";
    const std::string closed(static_cast<std::size_t>(limits::json_depth_max), '}');
    EXPECT_TRUE(read(objects + "1" + closed).has_value());
    EXPECT_FALSE(read("[" + objects + "1" + closed + "]").has_value());
}

TEST(JsonRead, numbers_never_pass_through_a_double) {
    const std::string digits = "123456789012345678901234567890123456";
    EXPECT_EQ(again("[" + digits + "]"), "[" + digits + "]");
    EXPECT_NE(error_of("[" + digits + "7]").find("more than 36"), std::string::npos);
    EXPECT_EQ(again("[1e2,-0,-0.00,9007199254740993]"), "[100,0,0.00,9007199254740993]");
}

TEST(JsonRead, an_error_leaves_nothing_behind_for_the_next_text) {
    EXPECT_FALSE(read(R"({"a":[1,{"b":)").has_value());
    EXPECT_EQ(again(R"({"a":1})"), R"({"a":1})");
    EXPECT_EQ(again("[]"), "[]");
    EXPECT_FALSE(read("").has_value());
}

// A body is often empty, and may be the first that a thread reads.
TEST(JsonRead, the_first_text_of_a_thread_may_be_empty) {
    std::string error;
    std::thread([&] { error = error_of(""); }).join();
    EXPECT_EQ(error, "not JSON at byte 0: Empty: no JSON found");
}

TEST(JsonRead, an_error_quotes_a_key_as_one_line_of_whole_characters) {
    std::string key = "a";
    for (int i = 0; i < 70; ++i) key += "é";
    EXPECT_TRUE(text::is_utf8(error_of("{\"" + key + "\":1,\"" + key + "\":2}")));
    EXPECT_TRUE(error_of(R"({"a\nb":1,"a\nb":2})").contains(R"(key "a\nb" occurs twice)"));
    EXPECT_TRUE(error_of("04\n17").contains(R"("04\n17" is not a number)"));
}

TEST(JsonRead, a_long_text_is_read_after_a_short_one_and_the_other_way_round) {
    const std::string text = "[\"" + std::string(300'000, 'x') + "\"]";
    EXPECT_EQ(again("[1]"), "[1]");
    EXPECT_EQ(again(text), text);
    EXPECT_EQ(again("[2]"), "[2]");
}

// Goal: what stands in one place of a text and cannot be read does not stop the rest. Method: each kind of flaw, between two members
// that are well.
TEST(JsonFlaws, each_is_told_with_its_path_and_the_rest_is_read) {
    struct Case {
        const char* what;
        std::string flawed;
        const char* path;
        const char* why;
    };
    const Case cases[] = {
        {"half a pair", R"("Del\ud83dft")", "1.x", "half of a surrogate pair"},
        {"the other half", R"("\udc00")", "1.x", "half of a surrogate pair"},
        {"two first halves", R"("\ud83d\ud83d\ude00")", "1.x", "half of a surrogate pair"},
        {"no escape", R"("a\qb")", "1.x", "an escape that is none"},
        {"half an escape", R"("a\u12")", "1.x", "an escape that is none"},
        {"invalid UTF-8", "\"a\xff\"", "1.x", "invalid UTF-8"},
        {"UTF-8 cut short", "\"\xe2\x82\"", "1.x", "invalid UTF-8"},
        {"a bare NUL", std::string("\"a\0b\"", 5), "1.x", "a bare control character"},
        {"a bare line break", "\"a\nb\"", "1.x", "a bare control character"},
        {"deep inside", R"({"y":[0,"\ud800"]})", "1.x.y.1", "half of a surrogate pair"},
        {"as a key", R"({"\ud800":1})", "1.x.??????", "half of a surrogate pair"},
        {"a key twice", R"(1,"x":2)", "1.x", "the key \"x\" occurs twice"},
        {"no number", "NaN", "1.x", "not a JSON value"},
        {"a word", "undefined", "1.x", "not a JSON value"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.what);
        const auto read = read_flawed(R"([{"a":1},{"b":"1","x":)" + c.flawed + R"(,"c":2},"end"])");
        ASSERT_TRUE(read) << read.error().text;
        ASSERT_EQ(read->flaws.size(), 1u);
        EXPECT_EQ(fmt::format("{}", fmt::join(read->flaws.front().path, ".")), c.path);
        EXPECT_EQ(read->flaws.front().why, c.why);
        const Value::List& list = read->value.as_list();
        ASSERT_EQ(list.size(), 3u);
        EXPECT_EQ(write(list[0]), R"({"a":1})");
        EXPECT_EQ(*list[1].find("b"), Value("1"));
        EXPECT_EQ(*list[1].find("c"), Value(2));
        EXPECT_EQ(list[2], Value("end"));
    }
}

TEST(JsonFlaws, a_number_beyond_all_bounds_is_one) {
    const auto read = read_flawed(R"({"a":1e999,"b":2})");
    ASSERT_TRUE(read) << read.error().text;
    ASSERT_EQ(read->flaws.size(), 1u);
    EXPECT_EQ(read->flaws.front().path, std::vector<std::string>{"a"});
    EXPECT_EQ(write(read->value), R"({"a":null,"b":2})");
}

TEST(JsonFlaws, a_whole_text_has_none) {
    for (const char* text : {R"([1,"\ud83d\ude00\u0000"])", "7", R"("å")", "{}"}) {
        const auto read = read_flawed(text);
        ASSERT_TRUE(read) << text;
        EXPECT_TRUE(read->flaws.empty()) << text;
        EXPECT_EQ(read->value, value(text));
    }
}

TEST(JsonFlaws, what_is_no_json_stays_an_error_and_says_where) {
    for (const char* text :
         {"", "[1", R"({"a":"\ud800")", R"({"a" 1})", "[1]]", "\xff[1]", R"(["a)"}) {
        const auto read = read_flawed(text);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().text, json::read(text).error().text);
    }
}

TEST(JsonRead, a_byte_order_mark_is_passed_over) {
    EXPECT_EQ(value("\xef\xbb\xbf[1]"), value("[1]"));
    EXPECT_FALSE(read("\xef\xbb\xbf"));
}

TEST(JsonWrite, only_what_must_be_escaped_is) {
    EXPECT_EQ(write(Value(std::string_view("a\"\\/\b\f\n\r\t\x01\x1f\0å😀", 18))),
              "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u0000å😀\"");
    EXPECT_EQ(write(Value("\x7f")), "\"\x7f\"");
}

TEST(JsonWrite, writing_appends) {
    std::string out = "data: ";
    write_to(out, value("[1,\"a\"]"));
    EXPECT_EQ(out, "data: [1,\"a\"]");
}

TEST(JsonWrite, people_get_lines) {
    EXPECT_EQ(write_pretty(value(R"({"a":[1,2],"b":{},"c":[],"d":{"e":null}})")),
              "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": [],\n  \"d\": {\n"
              "    \"e\": null\n  }\n}");
}

TEST(JsonWrite, a_bottomless_value_ends_the_program) {
    Value v;
    for (int i = 0; i < 3 * limits::json_depth_max; ++i) v = Value(Value::List{std::move(v)});
    EXPECT_DEATH(static_cast<void>(write(v)), "broken invariant");
}

}  // namespace
}  // namespace entente::json
