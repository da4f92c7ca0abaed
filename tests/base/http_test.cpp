// The small parts of HTTP: headers whatever their case, percent escapes, queries, targets.
#include "base/http.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

namespace entente::http {
namespace {

TEST(Http, a_header_is_found_whatever_its_case) {
    const Headers headers = {{"Content-Type", "text/html"}, {"ETag", "\"1\""}, {"etag", "\"2\""}};
    EXPECT_EQ(find(headers, "content-type"), "text/html");
    EXPECT_EQ(find(headers, "ETAG"), "\"1\"");
    EXPECT_EQ(find(headers, "Content"), std::nullopt);
    EXPECT_EQ(find({}, "x"), std::nullopt);
}

TEST(Http, all_but_unreserved_characters_are_escaped) {
    EXPECT_EQ(percent_encode("Az09-._~"), "Az09-._~");
    EXPECT_EQ(percent_encode("a b/c?d=å&+%"), "a%20b%2Fc%3Fd%3D%C3%A5%26%2B%25");
}

TEST(Http, bad_escapes_are_left_as_they_are) {
    EXPECT_EQ(percent_decode("a%20b%2fc"), "a b/c");
    EXPECT_EQ(percent_decode("100%"), "100%");
    EXPECT_EQ(percent_decode("%4"), "%4");
    EXPECT_EQ(percent_decode("%zz%41"), "%zzA");
    EXPECT_EQ(percent_decode("a+b"), "a+b");
    EXPECT_EQ(percent_decode("%00"), std::string(1, '\0'));
}

TEST(Http, a_query_is_a_list_of_decoded_pairs) {
    EXPECT_EQ(parse_query("a=1&b=x%20y"), (Query{{"a", "1"}, {"b", "x y"}}));
    EXPECT_EQ(parse_query("q=a+b%2Bc&empty=&bare&a=1=2"),
              (Query{{"q", "a b+c"}, {"empty", ""}, {"bare", ""}, {"a", "1=2"}}));
    EXPECT_EQ(parse_query("&&a=1&"), (Query{{"a", "1"}}));
    EXPECT_EQ(parse_query("%24filter=x%26y"), (Query{{"$filter", "x&y"}}));
    EXPECT_EQ(parse_query(""), Query{});
}

RC_GTEST_PROP(HttpLaw, a_query_is_read_back_as_it_was_formatted, ()) {
    const Query query = *rc::gen::arbitrary<Query>();
    RC_ASSERT(parse_query(format_query(query)) == query);
}

RC_GTEST_PROP(HttpLaw, decoding_undoes_encoding, (const std::string& text)) {
    RC_ASSERT(percent_decode(percent_encode(text)) == text);
}

TEST(Http, a_target_is_a_path_and_a_query) {
    using Target = std::pair<std::string_view, std::string_view>;
    EXPECT_EQ(split_target("/api/x?page=1"), Target("/api/x", "page=1"));
    EXPECT_EQ(split_target("/api/x"), Target("/api/x", ""));
    EXPECT_EQ(split_target("/x?a=1?b"), Target("/x", "a=1?b"));
}

TEST(Http, a_status_has_a_reason) {
    EXPECT_EQ(reason_of(200), "OK");
    EXPECT_EQ(reason_of(404), "Not Found");
    EXPECT_EQ(reason_of(429), "Too Many Requests");
    EXPECT_EQ(reason_of(799), "Unknown");
}

}  // namespace
}  // namespace entente::http
