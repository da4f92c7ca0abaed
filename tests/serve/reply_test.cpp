// Answers as bytes, and when they are compressed.
#include "serve/reply.hpp"

#include <gtest/gtest.h>

#include "connect/curl_transport.hpp"
#include "serve/running_listener.hpp"

namespace entente::serve {
namespace {

std::string reply(const http::Response& response, const ReplyOptions& options) {
    Gzip gzip;
    std::string out;
    append_reply(out, response, options, gzip);
    return out;
}

TEST(reply, framing_is_the_listeners_own) {
    EXPECT_EQ(
        reply({201, {{"X-A", "b"}, {"content-length", "99"}, {"Connection", "upgrade"}}, "hi"}, {}),
        "HTTP/1.1 201 Created\r\nX-A: b\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(reply({204, {}, "ignored"}, {.keep_alive = false}),
              "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(reply({200, {{"Date", "now"}}, ""}, {.date = "then"}),
              "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n");
}

TEST(reply, a_status_that_does_not_exist_becomes_a_500) {
    for (const int status : {0, -1, 99, 101, 600, 20000}) {
        EXPECT_TRUE(reply({status, {}, ""}, {}).starts_with("HTTP/1.1 500 ")) << status;
    }
}

TEST(reply, only_bodies_worth_it_are_compressed) {
    const std::string large(2000, 'x');
    const ReplyOptions asked{.allow_gzip = true};
    const auto is_packed = [&](const http::Response& response, const ReplyOptions& options) {
        return reply(response, options).find("Content-Encoding: gzip") != std::string::npos;
    };
    EXPECT_TRUE(is_packed({200, {{"Content-Type", "application/json"}}, large}, asked));
    EXPECT_FALSE(is_packed({200, {}, large}, {}));
    EXPECT_FALSE(is_packed({200, {}, std::string(1024, 'x')}, asked));
    EXPECT_FALSE(is_packed({200, {{"content-type", "image/png"}}, large}, asked));
    EXPECT_FALSE(is_packed({200, {{"Content-Encoding", "br"}}, large}, asked));
    EXPECT_FALSE(is_packed({204, {}, large}, asked));
}

TEST(reply, gzip_is_used_where_the_client_accepts_it) {
    EXPECT_TRUE(accepts_gzip("gzip"));
    EXPECT_TRUE(accepts_gzip("deflate, GZip;q=0.5"));
    EXPECT_TRUE(accepts_gzip("br , gzip ; q=1"));
    for (const char* header : {"", "identity", "gzip;q=0", "gzip; q=0.000", "x-gzip", "*;q=0"}) {
        EXPECT_FALSE(accepts_gzip(header)) << header;
    }
}

// Another implementation (libcurl's zlib) must undo what we did, for compressible and other bytes
// alike.
TEST(reply, what_was_compressed_is_read_back_the_same) {
    std::string body;
    const RunningListener listener(
        [&](const http::Request&) { return http::Response{200, {}, body}; });
    const auto transport = connect::CurlTransport::make({}).value();
    std::uint32_t noise = 1;
    for (const std::size_t size : {1025u, 65'535u, 65'536u, 1'000'000u}) {
        for (const bool is_noise : {false, true}) {
            body.assign(size, 'x');
            for (char& c : body) {
                noise = noise * 1664525 + 1013904223;
                c = is_noise ? static_cast<char>(noise >> 24)
                             : static_cast<char>('a' + (noise >> 30));
            }
            const auto answer = connect::fetch(*transport, {"GET", listener.url("/"), {}, ""}, {});
            ASSERT_TRUE(answer.has_value()) << answer.error().message();
            EXPECT_EQ(http::find(answer->headers, "Content-Encoding").value_or(""), "gzip");
            EXPECT_TRUE(answer->body == body) << size;
        }
    }
}

}  // namespace
}  // namespace entente::serve
