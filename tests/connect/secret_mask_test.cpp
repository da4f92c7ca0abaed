// Goal: no text that is told holds a secret, however the system wrote it. Method: every form by itself, all of them drawn at random and
// mixed, and texts that look like secrets and are none.
#include "connect/secret_mask.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/http.hpp"
#include "base/random.hpp"

namespace entente::connect {
namespace {

std::string base64(std::string_view bytes, std::string_view last_digits = "+/",
                   bool padded = true) {
    const std::string digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + std::string(last_digits);
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        unsigned group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 |
                    (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0u);
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - at) + 1;
        for (std::size_t i = 0; i < 4; ++i)
            if (i < count)
                out += digits[group >> (18 - 6 * i) & 63];
            else if (padded)
                out += '=';
    }
    return out;
}

const std::string awkward = "p%ss/w+rd=\"\\ü& 1";

TEST(secret_mask, a_secret_is_masked_in_every_form_that_servers_write) {
    const SecretMask mask({awkward});
    for (const std::string& form : {
             awkward,
             http::percent_encode(awkward),
             http::percent_encode(http::percent_encode(awkward)),
             std::string("p%25ss%2fw%2brd%3d%22%5c%c3%bc%26%201"),
             std::string("p%25ss%2Fw%2Brd%3D%22%5C%C3%BC%26+1"),
             std::string("p%25ss/w%2Brd=%22%5Cü%26%201"),
             std::string(R"(p%ss/w+rd=\"\\ü& 1)"),
             std::string(R"(p%ss\/w+rd=\u0022\u005c\u00fc\u0026 1)"),
             std::string(R"(p%ss\\\/w+rd=\\\"\\\\\\u00fc& 1)"),
             std::string("p%ss/w+rd=&quot;\\&#252;&amp; 1"),
             std::string("p%ss/w+rd=&#x22;\\&#xFC;&amp;amp;&#32;1"),
         })
        EXPECT_EQ(mask.masked("a " + form + " b"), "a *** b") << form;
}

TEST(secret_mask, base64_is_masked_with_all_that_was_encoded_with_the_secret) {
    const SecretMask mask({"sesame-open"});
    for (const std::string user : {"", "u", "us", "use", "user", "a-longer-user"})
        for (const std::string_view digits : {"+/", "-_"})
            for (const bool padded : {true, false}) {
                const std::string login = base64(user + ":sesame-open", digits, padded);
                EXPECT_EQ(mask.masked("[" + login + "]"), "[***]") << user;
                EXPECT_EQ(mask.masked("[" + base64("sesame-open" + user, digits, padded) + "]"),
                          "[***]");
            }
    EXPECT_FALSE(mask.masked(http::percent_encode(base64("u:sesame-open"))).contains("c2VzYW1l"));
}

TEST(secret_mask, a_login_of_short_secrets_is_masked_as_it_was_sent) {
    SecretMask mask;
    mask.add_login("Basic " + base64("me:abc"));
    EXPECT_EQ(mask.masked("unknown: Basic " + base64("me:abc")), "unknown: ***");
    EXPECT_EQ(mask.masked("unknown: " + base64("me:abc")), "unknown: ***");
}

TEST(secret_mask, a_secret_too_short_to_be_told_from_text_leaves_texts_as_they_are) {
    const SecretMask mask({"a", "is", "the", ""});
    const std::string text = "the answer is a page that the proxy made %61 \\u0061";
    EXPECT_EQ(mask.masked(text), text);
}

TEST(secret_mask, secrets_that_overlap_or_hold_each_other_are_masked_together) {
    EXPECT_EQ(SecretMask({"abcd", "abcdef"}).masked("key abcdef, abcd"), "key ***, ***");
    EXPECT_EQ(SecretMask({"abcdef", "defghi"}).masked("abcdefghi!"), "***!");
    EXPECT_EQ(SecretMask({"abcdef"}).masked("abcdefabcdef"), "***");
    EXPECT_EQ(SecretMask({"aaaa"}).masked("aaaaaaa-"), "***-");
}

TEST(secret_mask, the_last_few_tokens_are_remembered) {
    SecretMask mask({"the-secret"});
    for (int i = 0; i < 6; ++i) mask.add_token(fmt::format("token-{}-", i));
    EXPECT_EQ(mask.masked("token-5- token-4- token-3- token-2- the-secret"), "*** *** *** *** ***");
    EXPECT_EQ(mask.masked("token-1-"), "token-1-");
}

TEST(secret_mask, what_holds_no_secret_stays_byte_for_byte) {
    const SecretMask mask({"sesame-open", awkward});
    for (const std::string text :
         {"", "sesame-ope", "esame-open", "%", "%2", "\\", "\\u00", "&", "&#;", "&#xffffffff;",
          "&amp", "\\ud800\\u0041", "p%25ss%2Fw%2Brd", "\xff\xfe%ff"})
        EXPECT_EQ(mask.masked(text), text);
}

// Each character in a form drawn for itself, which no server does and which holds all that servers do.
TEST(secret_mask, forms_may_be_mixed) {
    const SecretMask mask({awkward});
    Random random(11, "secret_mask");
    for (int round = 0; round < 2'000; ++round) {
        std::string text;
        for (const char c : awkward) {
            const auto byte = static_cast<unsigned char>(c);
            const auto form = random.below(byte < 0x80 ? 5 : 2);
            if (form == 0) text += c;
            if (form == 1) text += fmt::format("%{:02x}", byte);
            if (form == 2) text += fmt::format("\\u{:04X}", byte);
            if (form == 3) text += fmt::format("&#{};", byte);
            if (form == 4) text += fmt::format("%25{:02X}", byte);
        }
        ASSERT_EQ(mask.masked("<" + text + ">"), "<***>") << text;
    }
}

// A cost that grew with the square of the length would take minutes.
TEST(secret_mask, hostile_texts_cost_no_more_than_their_length) {
    const SecretMask mask({awkward, "sesame-open"});
    for (const std::string piece : {"\\", "%25", "%", "&amp;", "&", "amp;", "p%2525", "sesame-ope",
                                    "c2VzYW1l", "sesame-open"}) {
        std::string text = piece == "amp;" ? "&" : "";
        while (text.size() < 1'000'000) text += piece;
        EXPECT_EQ(mask.masked(text).contains("***"), piece == "sesame-open") << piece;
    }
}

}  // namespace
}  // namespace entente::connect
