#include "serve/session.hpp"

#include "base/time.hpp"
#include "serve/reply.hpp"

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

namespace entente::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

// One read of a socket; larger requests take several.
constexpr std::size_t read_bytes = 16u << 10;
// Answers to pipelined requests are gathered up to this size before they are written.
constexpr std::size_t gather_bytes_max = 64u << 10;
// After an answer that ends a connection, what the client still sends is read and dropped, or a
// reset would destroy the answer on its way.
constexpr std::size_t drain_bytes_max = 1u << 20;
constexpr std::chrono::seconds drain_time_max{2};

std::chrono::milliseconds as_chrono(Duration d) {
    return std::chrono::milliseconds(d.ms);
}

http::Response plain(int status, std::string text) {
    return {status, {{"Content-Type", "text/plain"}}, std::move(text)};
}

}  // namespace

std::string_view SessionShared::date() {
    using namespace std::chrono;
    const auto now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
    if (now != date_of_) {
        date_of_ = now;
        date_ = format_http_date(Instant{now * 1000});
    }
    return date_;
}

struct Session::Input {
    using Parser = beast::http::request_parser<beast::http::string_body>;

    explicit Input(std::size_t bytes_max) : buffer(bytes_max) {}
    std::size_t room() const { return buffer.max_size() - buffer.size(); }

    beast::flat_buffer buffer;
    std::optional<Parser> parser;
    bool was_continued = false;
};

Session::Session(tcp::socket socket, SessionShared& shared)
    : socket_(std::move(socket)),
      timer_(socket_.get_executor()),
      shared_(shared),
      input_(std::make_unique<Input>(shared.options.header_bytes_max + 2 * read_bytes)) {}

Session::~Session() = default;

void Session::start(std::function<void()> ended) {
    ended_ = std::move(ended);
    set_deadline(as_chrono(shared_.options.idle_max));
    pump();
}

void Session::refuse() {
    refuse_with(503, "too many connections\n");
}

void Session::close() {
    error_code ignored;
    socket_.close(ignored);
}

void Session::close_if_late(Clock::time_point now) {
    if (now >= deadline_) close();
}

// Writes, answers, reads, until an operation has to be waited for.
void Session::pump() {
    while (true) {
        if (delay_.ms > 0) return wait_out_delay();
        if (!write_out()) return;
        if (is_closing_) return begin_drain();
        if (is_stalled_) input_->buffer.consume(input_->buffer.size());
        if (is_stalled_ || !answer_buffered()) return read_more();
    }
}

void Session::wait_out_delay() {
    timer_.expires_after(as_chrono(std::exchange(delay_, Duration{0})));
    timer_.async_wait([this](const error_code& failed) {
        if (failed || !socket_.is_open()) return end();
        pump();
    });
}

// False: the socket is full and will call back, or the session is over.
bool Session::write_out() {
    while (written_ < out_.size()) {
        error_code code;
        written_ += socket_.write_some(asio::buffer(out_) + written_, code);
        if (code == asio::error::would_block) {
            set_deadline(as_chrono(shared_.options.request_deadline));
            socket_.async_wait(tcp::socket::wait_write, [this](const error_code& failed) {
                if (failed || !socket_.is_open()) return end();
                pump();
            });
            return false;
        }
        if (code) {
            end();
            return false;
        }
    }
    out_.clear();
    written_ = 0;
    return true;
}

void Session::read_more() {
    // What fills the buffer without being a request has been refused.
    CHECK(input_->room() > 0, "the buffer of a connection is full");
    socket_.async_read_some(input_->buffer.prepare(std::min(read_bytes, input_->room())),
                            [this](const error_code& failed, std::size_t count) {
                                if (failed || !socket_.is_open()) return end();
                                input_->buffer.commit(count);
                                if (is_draining_) return drain(count);
                                pump();
                            });
}

// Answers what the buffer holds. False: a request is incomplete (or none has begun) and nothing is
// to be written.
bool Session::answer_buffered() {
    Input& input = *input_;
    while (input.buffer.size() > 0 && out_.size() < gather_bytes_max && !is_closing_) {
        if (!input.parser) begin_request();
        error_code code;
        const std::size_t count = input.parser->put(input.buffer.data(), code);
        input.buffer.consume(count);
        if (code == beast::http::error::body_limit) {
            refuse_with(413, "the body is too large\n");
        } else if (code == beast::http::error::header_limit) {
            refuse_with(431, "the headers are too large\n");
        } else if (code && code != beast::http::error::need_more) {
            refuse_with(400, "not an HTTP request\n");
        } else if (input.parser->is_done()) {
            answer_request();
        } else {
            continue_if_asked();
            if (count == 0 && input.room() == 0) refuse_with(431, "the headers are too large\n");
            if (count == 0) break;
        }
        if (is_stalled_ || delay_.ms > 0) break;
    }
    return !out_.empty() || is_closing_;
}

void Session::begin_request() {
    auto& parser = input_->parser.emplace();
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes_max));
    parser.body_limit(shared_.options.body_bytes_max);
    input_->was_continued = false;
    set_deadline(as_chrono(shared_.options.request_deadline));
}

void Session::continue_if_asked() {
    if (input_->was_continued || !input_->parser->is_header_done()) return;
    input_->was_continued = true;
    const auto expect = input_->parser->get()[beast::http::field::expect];
    if (beast::iequals(expect, "100-continue")) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

void Session::refuse_with(int status, std::string_view text) {
    const http::Response response = plain(status, std::string(text));
    append_reply(out_, response, {.keep_alive = false, .date = shared_.date()}, shared_.gzip);
    is_closing_ = true;
}

void Session::answer_request() {
    const auto& message = input_->parser->get();
    const auto accepted = message[beast::http::field::accept_encoding];
    ReplyOptions options;
    options.keep_alive = message.keep_alive() && !shared_.is_stopping;
    options.is_old_version = message.version() < 11;
    options.head_only = message.method() == beast::http::verb::head;
    options.allow_gzip = accepts_gzip({accepted.data(), accepted.size()});
    options.date = shared_.date();
    const http::Request request = take_request();
    set_deadline(as_chrono(shared_.options.idle_max));
    if (!options.keep_alive) is_closing_ = true;

    const Fate fate = shared_.options.fate ? shared_.options.fate(request) : Fate::answer;
    if (fate == Fate::drop) return cut_off(out_.size(), false);
    const std::size_t begin = out_.size();
    append_reply(out_, ask_handler(request), options, shared_.gzip);
    if (fate != Fate::answer) return spoil(fate, begin);
    if (shared_.options.delay) delay_ = shared_.options.delay(request);
}

http::Request Session::take_request() {
    auto& message = input_->parser->get();
    http::Request request;
    const auto method = message.method_string();
    // A handler need not know HEAD: it is a GET whose body is not sent.
    if (message.method() != beast::http::verb::head) {
        request.method.assign(method.data(), method.size());
    }
    request.url.assign(message.target().data(), message.target().size());
    for (const auto& field : message) {
        const auto name = field.name_string();
        const auto value = field.value();
        request.headers.emplace_back(std::string(name.data(), name.size()),
                                     std::string(value.data(), value.size()));
    }
    request.body = std::move(message.body());
    input_->parser.reset();
    return request;
}

http::Response Session::ask_handler(const http::Request& request) {
    try {
        return shared_.handler(request);
    } catch (const std::exception& error) {
        return plain(500, fmt::format("{}\n", error.what()));
    } catch (...) {
        return plain(500, "the handler failed\n");
    }
}

// The reply that begins at `begin` of out_ is lost, cut in half or withheld.
void Session::spoil(Fate fate, std::size_t begin) {
    const std::size_t body = out_.find("\r\n\r\n", begin) + 4;
    const std::size_t half = body + (out_.size() - body) / 2;
    switch (fate) {
        case Fate::lose:
            return cut_off(begin, false);
        case Fate::reset:
            return cut_off(half, true);
        case Fate::truncate:
            return cut_off(half, false);
        case Fate::stall:
            out_.resize(begin);
            is_stalled_ = true;
            deadline_ = Clock::time_point::max();
            return;
        case Fate::answer:
        case Fate::drop:
            return;
    }
}

// Sends out_ up to `size`, then closes at once; with a reset, what is on its way may be lost as
// well.
void Session::cut_off(std::size_t size, bool with_reset) {
    out_.resize(std::min(size, out_.size()));
    error_code ignored;
    socket_.non_blocking(false, ignored);
    asio::write(socket_, asio::buffer(out_), ignored);
    out_.clear();
    if (with_reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
    is_closing_ = true;
}

void Session::begin_drain() {
    if (!socket_.is_open() || shared_.is_stopping) return end();
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    is_draining_ = true;
    set_deadline(drain_time_max);
    drain(0);
}

void Session::drain(std::size_t count) {
    drained_ += count;
    input_->buffer.consume(input_->buffer.size());
    if (drained_ > drain_bytes_max) return end();
    read_more();
}

// Requires: no operation under way. The session is destroyed by this call.
void Session::end() {
    close();
    const std::function<void()> ended = std::move(ended_);
    ended();
}

}  // namespace entente::serve
