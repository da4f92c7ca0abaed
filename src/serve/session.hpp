// One connection of a listener: reads requests, asks the handler, writes answers in order. Not used
// outside this folder. At most one asynchronous operation of a session is under way at any time,
// and its completion is the only place where the session ends: closing the socket is enough to get
// rid of it from anywhere, and nothing is shared or counted.
#pragma once

// Boost 1.74 needs <utility> before its coroutine headers under C++23.
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "serve/gzip.hpp"
#include "serve/listener.hpp"

namespace entente::serve {

// What the sessions of a listener have in common: the handler and its options, the compressor, the
// clock of the Date header.
struct SessionShared {
    SessionShared(Handler the_handler, ListenOptions the_options)
        : handler(std::move(the_handler)), options(std::move(the_options)) {}

    Handler handler;
    ListenOptions options;
    Gzip gzip;
    bool is_stopping = false;

    std::string_view date();  // now, formatted once a second

private:
    std::int64_t date_of_ = 0;
    std::string date_;
};

class Session {
public:
    using Clock = std::chrono::steady_clock;

    // Requires: a non-blocking socket; `shared` outlives the session.
    Session(boost::asio::ip::tcp::socket socket, SessionShared& shared);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // `ended` is called once, when no operation is under way any more; it destroys the session.
    void start(std::function<void()> ended);
    // Before start: answer 503 and close, whatever is asked.
    void refuse();
    void close();
    bool is_writing() const { return !out_.empty(); }
    void finish_and_close() { is_closing_ = true; }
    void close_if_late(Clock::time_point now);

private:
    struct Input;  // what was read, and the request being parsed from it

    void set_deadline(Clock::duration from_now) { deadline_ = Clock::now() + from_now; }
    void pump();
    void wait_out_delay();
    bool write_out();
    void read_more();
    bool answer_buffered();
    void begin_request();
    void continue_if_asked();
    void refuse_with(int status, std::string_view text);
    void answer_request();
    http::Request take_request();
    http::Response ask_handler(const http::Request& request);
    void spoil(Fate fate, std::size_t begin);
    void cut_off(std::size_t size, bool with_reset);
    void begin_drain();
    void drain(std::size_t count);
    void end();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    SessionShared& shared_;
    std::unique_ptr<Input> input_;
    std::string out_;
    std::size_t written_ = 0;
    std::size_t drained_ = 0;
    Duration delay_{0};  // before out_ is written
    Clock::time_point deadline_;
    std::function<void()> ended_;
    bool is_closing_ = false;
    bool is_draining_ = false;
    bool is_stalled_ = false;
};

}  // namespace entente::serve
