// The listener over real loopback sockets: what goes over the wire, byte by byte where that
// matters.
#include "serve/listener.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>

#include "serve/raw_socket.hpp"
#include "serve/running_listener.hpp"

namespace entente::serve {
namespace {

http::Response echo(const http::Request& request) {
    return {200,
            {{"Content-Type", "text/plain"}},
            request.method + " " + request.url + " " + request.body};
}

// The status line and headers of one answer; its body stays unread.
std::string head_of(const RawSocket& socket) {
    return socket.read_until("\r\n\r\n");
}

std::size_t length_in(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

std::string body_of(const RawSocket& socket) {
    return socket.read_size(length_in(head_of(socket)));
}

TEST(listener, a_request_is_handed_over_and_its_answer_comes_back) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(client.send("GET /api/x?page=1 HTTP/1.1\r\nHost: a\r\n\r\n"));
    const std::string head = head_of(client);
    EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ")) << head;
    EXPECT_NE(head.find(" GMT\r\nContent-Length: 18\r\n\r\n"), std::string::npos) << head;
    EXPECT_EQ(client.read_size(18), "GET /api/x?page=1 ");
}

TEST(listener, pipelined_requests_are_answered_in_order) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    std::string requests;
    for (int i = 0; i < 500; ++i) {
        requests +=
            "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    }
    std::thread sender([&] { EXPECT_TRUE(client.send(requests)); });
    for (int i = 0; i < 500; ++i) {
        EXPECT_EQ(body_of(client), "POST /" + std::to_string(i) + " abc");
    }
    sender.join();
}

TEST(listener, a_request_may_arrive_byte_by_byte_and_in_chunks) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    const std::string request =
        "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    for (const char byte : request) ASSERT_TRUE(client.send({&byte, 1}));
    EXPECT_EQ(body_of(client), "PUT /x hello world");
}

TEST(listener, a_head_request_gets_the_headers_of_the_get) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(
        client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\nGET /y HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(length_in(head_of(client)), 7u);
    EXPECT_EQ(body_of(client), "GET /y ");
}

TEST(listener, connection_close_is_kept) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    const std::string all = client.read_all();
    EXPECT_NE(all.find("\r\nConnection: close\r\n"), std::string::npos);
    EXPECT_TRUE(all.ends_with("GET / "));
}

TEST(listener, an_old_client_is_answered_and_closed) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(client.send("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_TRUE(client.read_all().ends_with("GET / "));
    const RawSocket keeper = RawSocket::connect(listener.port());
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(keeper.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        EXPECT_EQ(body_of(keeper), "GET / ");
    }
}

TEST(listener, a_client_that_asks_before_it_sends_is_told_to_go_on) {
    const RunningListener listener(echo);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(client.send(
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    EXPECT_EQ(head_of(client), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(client.send("ok"));
    EXPECT_EQ(body_of(client), "POST / ok");
}

TEST(listener, what_is_no_request_is_answered_400_and_closed) {
    const RunningListener listener(echo);
    for (const char* bytes :
         {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
          "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        const RawSocket client = RawSocket::connect(listener.port());
        ASSERT_TRUE(client.send(bytes));
        EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 400 ")) << bytes;
    }
}

TEST(listener, what_is_too_large_is_refused_before_it_is_held) {
    ListenOptions options;
    options.header_bytes_max = 4096;
    options.body_bytes_max = 1000;
    const RunningListener listener(echo, options);
    const auto answer_to = [&](const std::string& bytes) {
        const RawSocket client = RawSocket::connect(listener.port());
        client.send(bytes);
        return client.read_all().substr(0, 12);
    };
    EXPECT_EQ(answer_to("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x')), "HTTP/1.1 431");
    EXPECT_EQ(answer_to("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n"), "HTTP/1.1 413");
    EXPECT_EQ(answer_to("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" +
                        std::string(1024, 'x')),
              "HTTP/1.1 413");
    EXPECT_EQ(answer_to("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;" +
                        std::string(200'000, 'x'))
                  .substr(0, 10),
              "HTTP/1.1 4");
}

TEST(listener, slow_and_silent_clients_are_let_go) {
    ListenOptions options;
    options.idle_max = Duration{40};
    options.request_deadline = Duration{40};
    const RunningListener listener(echo, options);
    const RawSocket silent = RawSocket::connect(listener.port());
    const RawSocket slow = RawSocket::connect(listener.port());
    ASSERT_TRUE(slow.send("GET / HT"));
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_EQ(slow.read_all(), "");
}

TEST(listener, too_many_connections_are_told_so) {
    ListenOptions options;
    options.connections_max = 1;
    const RunningListener listener(echo, options);
    const RawSocket first = RawSocket::connect(listener.port());
    ASSERT_TRUE(first.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(body_of(first), "GET /a ");
    const RawSocket second = RawSocket::connect(listener.port());
    EXPECT_TRUE(second.read_all().starts_with("HTTP/1.1 503 "));
    ASSERT_TRUE(first.send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(body_of(first), "GET /b ");
}

TEST(listener, a_handler_that_throws_is_answered_500) {
    const RunningListener listener([](const http::Request& request) -> http::Response {
        if (request.url == "/throw") throw std::runtime_error("broken");
        return {200, {{"X", "a\r\nSet-Cookie: b"}}, ""};
    });
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(
        client.send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const std::string thrown = head_of(client);
    EXPECT_TRUE(thrown.starts_with("HTTP/1.1 500 ")) << thrown;
    EXPECT_EQ(client.read_size(length_in(thrown)), "broken\n");
    const std::string split = head_of(client);
    EXPECT_TRUE(split.starts_with("HTTP/1.1 500 ")) << split;
    EXPECT_EQ(split.find("Set-Cookie"), std::string::npos);
}

TEST(listener, a_taken_port_is_busy_and_the_message_names_it) {
    const RunningListener listener(echo);
    const auto second = listen("127.0.0.1", listener.port(), echo, {});
    ASSERT_FALSE(second.has_value());
    EXPECT_EQ(second.error().kind, ErrorKind::busy);
    EXPECT_NE(second.error().text.find(std::to_string(listener.port())), std::string::npos);
    EXPECT_NE(second.error().text.find("choose another port"), std::string::npos);
}

TEST(listener, an_address_that_is_none_is_refused) {
    for (const char* address : {"", "localhost:80", "300.1.1.1", "203.0.113.7"}) {
        const auto made = listen(address, 0, echo, {});
        ASSERT_FALSE(made.has_value()) << address;
        EXPECT_EQ(made.error().kind, ErrorKind::bad_input) << address;
    }
}

TEST(listener, a_listener_that_never_ran_ends_quietly) {
    const auto made = listen("127.0.0.1", 0, echo, {});
    ASSERT_TRUE(made.has_value());
    EXPECT_GT((*made)->port(), 0);
}

TEST(listener, stopping_closes_idle_connections_and_returns) {
    RunningListener listener(echo);
    const RawSocket idle = RawSocket::connect(listener.port());
    ASSERT_TRUE(idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_EQ(body_of(idle), "GET / ");
    listener.stop();
    EXPECT_EQ(idle.read_all(), "");
}

// Goal: an answer that is being written when stop() comes is written to its end. Method: an answer
// larger than the socket buffers, whose client starts to read only after stop() was called.
TEST(listener, stopping_finishes_the_answers_in_flight) {
    const std::size_t size = 30u << 20;
    std::promise<void> answered;
    ListenOptions options;
    options.stop_deadline = Duration{60'000};
    RunningListener listener(
        [&](const http::Request&) {
            answered.set_value();
            return http::Response{200, {}, std::string(size, 'x')};
        },
        options);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    answered.get_future().wait();
    std::thread stopper([&] { listener.stop(); });
    ASSERT_EQ(length_in(head_of(client)), size);
    std::vector<char> bytes(1 << 16);
    std::size_t read = 0;
    while (true) {
        const ssize_t count = ::recv(client.handle(), bytes.data(), bytes.size(), 0);
        if (count <= 0) break;
        read += static_cast<std::size_t>(count);
    }
    EXPECT_EQ(read, size);
    stopper.join();
}

TEST(listener, a_client_that_does_not_read_cannot_keep_it_from_stopping) {
    ListenOptions options;
    options.stop_deadline = Duration{30};
    std::promise<void> answered;
    RunningListener listener(
        [&](const http::Request&) {
            answered.set_value();
            return http::Response{200, {}, std::string(30u << 20, 'x')};
        },
        options);
    const RawSocket client = RawSocket::connect(listener.port());
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    answered.get_future().wait();
    listener.stop();
}

TEST(listener, each_fate_befalls_the_exchange_it_was_asked_for) {
    std::atomic<int> handled{0};
    ListenOptions options;
    options.fate = [](const http::Request& request) {
        if (request.url == "/drop") return Fate::drop;
        if (request.url == "/lose") return Fate::lose;
        if (request.url == "/reset") return Fate::reset;
        if (request.url == "/truncate") return Fate::truncate;
        return Fate::answer;
    };
    const RunningListener listener(
        [&](const http::Request&) {
            ++handled;
            return http::Response{200, {}, std::string(100, 'x')};
        },
        options);
    const auto answer_to = [&](const std::string& target) {
        const RawSocket client = RawSocket::connect(listener.port());
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return client.read_all();
    };
    EXPECT_EQ(answer_to("/drop"), "");
    EXPECT_EQ(handled, 0);
    EXPECT_EQ(answer_to("/lose"), "");
    EXPECT_EQ(handled, 1);
    const std::string whole = answer_to("/");
    EXPECT_EQ(answer_to("/truncate").size(), whole.size() - 50);
    EXPECT_LE(answer_to("/reset").size(), whole.size() - 50);
    EXPECT_EQ(handled, 4);
}

TEST(listener, a_delayed_answer_comes_whole_and_holds_up_nobody_else) {
    ListenOptions options;
    options.stop_deadline = Duration{10};
    options.delay = [](const http::Request& request) {
        if (request.url == "/hour") return Duration{3'600'000};
        return Duration{request.url == "/soon" ? 1 : 0};
    };
    auto listener = std::make_unique<RunningListener>(
        [](const http::Request& request) { return http::Response{200, {}, request.url}; }, options);
    const auto ask = [&](const std::string& target) {
        RawSocket client = RawSocket::connect(listener->port());
        client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        return client;
    };
    const RawSocket kept_back = ask("/hour");
    EXPECT_TRUE(ask("/soon").read_all().ends_with("/soon"));
    EXPECT_TRUE(ask("/now").read_all().ends_with("/now"));
    listener.reset();
    EXPECT_EQ(kept_back.read_all(), "");
}

TEST(listener, work_for_later_is_done_later_and_what_waits_at_the_end_is_not) {
    std::promise<void> done;
    std::atomic<int> handled{0};
    std::unique_ptr<Listener> listener =
        std::move(*listen("127.0.0.1", 0,
                          [&](const http::Request& request) {
                              ++handled;
                              if (request.url == "/later")
                                  listener->after(Duration{1}, [&] { done.set_value(); });
                              else
                                  listener->after(Duration{3'600'000}, [&] { handled = -1; });
                              return http::Response{200, {}, ""};
                          },
                          {}));
    std::thread server([&] { listener->run(); });
    for (const char* target : {"/later", "/never"}) {
        const RawSocket client = RawSocket::connect(listener->port());
        client.send(std::string("GET ") + target +
                    " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        client.read_all();
    }
    done.get_future().wait();
    listener->stop();
    server.join();
    EXPECT_EQ(handled, 2);
}

}  // namespace
}  // namespace entente::serve
