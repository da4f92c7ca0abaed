// URLs, paths into bodies, and text for people: the small parts that the safety of the wire rests
// on.
#include "connect/url.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/text.hpp"
#include "connect/body_path.hpp"
#include "connect/people_text.hpp"

namespace entente::connect {
namespace {

TEST(url, the_parts_are_those_that_will_be_called) {
    const Url url = parse_url("HTTPS://Shop.Example/a/./b/../c?x=1").value();
    EXPECT_EQ(url.scheme, "https");
    EXPECT_EQ(url.host, "shop.example");
    EXPECT_EQ(url.port, "443");
    EXPECT_EQ(url.path, "/a/c");
    EXPECT_EQ(url.query, "x=1");
    EXPECT_EQ(parse_url("http://127.0.0.1:4010").value().path, "/");
    EXPECT_TRUE(parse_url("http://u:p@h/").value().has_login);
    EXPECT_TRUE(parse_url("http://@h/").value().has_login);
    EXPECT_TRUE(parse_url("http://:@h/").value().has_login);
    EXPECT_FALSE(parse_url("http://h/").value().has_login);
    EXPECT_TRUE(parse_url("http://h/#f").value().has_fragment);
}

TEST(url, an_error_does_not_repeat_the_url) {
    for (const char* bad : {"", "secret", "ftp://secret/", "http://", "http://secret:99999/",
                            "http://se cret/", "javascript:secret"}) {
        const auto url = parse_url(bad);
        ASSERT_FALSE(url.has_value()) << bad;
        EXPECT_EQ(url.error().message().find("secret"), std::string::npos);
    }
    EXPECT_FALSE(parse_url(std::string("http://h/\0x", 11)).has_value());
}

TEST(url, loopback_is_told_by_address_and_not_by_looks) {
    for (const char* host : {"127.0.0.1", "127.255.1.2", "localhost", "[::1]"}) {
        EXPECT_TRUE(is_loopback(host)) << host;
    }
    for (const char* host : {"127.0.0.1.evil.example", "127.evil", "10.0.0.1", "128.0.0.1", "",
                             "localhost.evil.example", "[::2]"}) {
        EXPECT_FALSE(is_loopback(host)) << host;
    }
    // Spellings that resolve to loopback are told as libcurl understands them.
    EXPECT_TRUE(is_loopback(parse_url("http://2130706433/").value().host));
    EXPECT_TRUE(is_loopback(parse_url("http://0x7f.1/").value().host));
}

TEST(url, below_a_path_means_below_whole_segments) {
    EXPECT_TRUE(is_under("/api", "/api"));
    EXPECT_TRUE(is_under("/api/x", "/api/"));
    EXPECT_TRUE(is_under("/x", "/"));
    for (const char* path : {"/apiary", "/", "/ap", "/api/../x", "/api/%2E%2e/x", "/api/%2e%2e%2fx",
                             "/api/x/..", "/api/..%5cx", "/api/."}) {
        EXPECT_FALSE(is_under(path, "/api")) << path;
    }
}

TEST(body_path, members_elements_and_dotted_names_are_found) {
    const Value body =
        json::read(R"({"a":{"b":[{"c":1},{"c":2}]},"@odata.next":"n","0":"zero"})").value();
    EXPECT_EQ(*find_at(body, "a.b.1.c"), Value(2));
    EXPECT_EQ(*find_at(body, "@odata.next"), Value("n"));
    EXPECT_EQ(*find_at(body, "0"), Value("zero"));
    EXPECT_EQ(find_at(body, ""), &body);
    for (const char* path : {"a.b.2.c", "a.b.-1", "a.b.x", "a.b.1.c.d", "z", ".", "a.b.1x",
                             "a.b.99999999999999999999"}) {
        EXPECT_EQ(find_at(body, path), nullptr) << path;
    }
}

TEST(people_text, what_systems_say_is_made_fit_to_show) {
    EXPECT_EQ(people_text("a\r\n\tb\x01\x7f", 80), "a b\\x01\\x7f");
    EXPECT_EQ(people_text("\xff\xfe"
                          "x",
                          80),
              "\\xff\\xfex");
    EXPECT_EQ(people_text("smörgås", 4), "smör...");
    EXPECT_EQ(people_text("smörgås", 7), "smörgås");
    std::string euros;
    for (int i = 0; i < 400; ++i) euros += "€";
    const std::string cut = people_text("x" + euros, 80);
    EXPECT_TRUE(text::is_utf8(cut));
    EXPECT_EQ(text::length(cut), 83u);
    EXPECT_EQ(beginning_of(""), "nothing");
}

}  // namespace
}  // namespace entente::connect
