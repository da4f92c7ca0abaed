#include "connect/curl_transport.hpp"

#include "connect/url.hpp"
#include "connect/version.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <limits>
#include <utility>

namespace entente::connect {
namespace {

// More bytes of answer headers are refused: libcurl 7.88 limits a line, not their number.
constexpr std::size_t header_bytes_max = 256u << 10;
// Idle exchanges (a libcurl handle each, 10 kB) kept for the next request.
constexpr std::size_t idle_exchanges_max = 256;

bool is_safe_to_repeat(std::string_view method) {
    return method == "GET" || method == "HEAD";
}

bool breaks_the_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

long as_ms(Duration d) {
    return static_cast<long>(std::clamp<std::int64_t>(d.ms, 1, std::numeric_limits<int>::max()));
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    CHECK(code == CURLE_OK, curl_easy_strerror(code));
}

// One request under way, and the libcurl handle it uses again for the next.
struct Exchange {
    CURL* easy = nullptr;
    curl_slist* header_list = nullptr;
    http::Headers header_list_of;  // what header_list was made from: most requests repeat it
    char error_text[CURL_ERROR_SIZE] = {};
    Ticket ticket;
    http::Request request;
    http::Response response;
    std::size_t header_bytes = 0;
    std::size_t body_bytes_max = 0;
    bool reached_server = false;   // the request was about to be written to a connection
    bool lost_connection = false;  // libcurl wanted to send a write a second time
    bool too_large = false;

    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange() {
        if (easy != nullptr) curl_easy_cleanup(easy);
        curl_slist_free_all(header_list);
    }
};

// libcurl is about to write the request to a connection. It does so again when a reused connection
// dies without a byte of answer; the server may have executed the first one, so a write must not be
// repeated.
int about_to_send(void* user, char*, char*, int, int) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    if (exchange.reached_server && !is_safe_to_repeat(exchange.request.method)) {
        exchange.lost_connection = true;
        return CURL_PREREQFUNC_ABORT;
    }
    exchange.reached_server = true;
    return CURL_PREREQFUNC_OK;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* user) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    exchange.header_bytes += count;
    if (exchange.header_bytes > header_bytes_max) {
        exchange.too_large = true;
        return 0;
    }
    std::string_view line(bytes, count);
    while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("HTTP/")) {  // the final answer follows an interim one (100, 103)
        exchange.response.headers.clear();
        return count;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    std::string_view value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    exchange.response.headers.emplace_back(line.substr(0, colon), value);
    return count;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* user) {
    Exchange& exchange = *static_cast<Exchange*>(user);
    if (count > exchange.body_bytes_max - exchange.response.body.size()) {
        exchange.too_large = true;
        return 0;
    }
    exchange.response.body.append(bytes, count);
    return count;
}

void set_up_once(Exchange& exchange, const CurlSettings& settings) {
    CURL* easy = exchange.easy = curl_easy_init();
    CHECK(easy != nullptr, "libcurl has no memory for a handle");
    set(easy, CURLOPT_PRIVATE, &exchange);
    set(easy, CURLOPT_ERRORBUFFER, &exchange.error_text[0]);
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!settings.ca_file.empty()) set(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
    set(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
    set(easy, CURLOPT_USERAGENT, user_agent.data());
    set(easy, CURLOPT_MAXAGE_CONN, std::max(1L, as_ms(settings.idle_max) / 1000));
    set(easy, CURLOPT_HEADERFUNCTION, &take_header);
    set(easy, CURLOPT_HEADERDATA, &exchange);
    set(easy, CURLOPT_WRITEFUNCTION, &take_body);
    set(easy, CURLOPT_WRITEDATA, &exchange);
    set(easy, CURLOPT_PREREQFUNCTION, &about_to_send);
    set(easy, CURLOPT_PREREQDATA, &exchange);
}

void set_headers(Exchange& exchange) {
    const http::Headers& headers = exchange.request.headers;
    if (exchange.header_list != nullptr && exchange.header_list_of == headers) return;
    curl_slist_free_all(std::exchange(exchange.header_list, nullptr));
    curl_slist* list = nullptr;
    const auto add = [&list](const std::string& line) {
        curl_slist* longer = curl_slist_append(list, line.c_str());
        CHECK(longer != nullptr, "libcurl has no memory for a header");
        list = longer;
    };
    for (const auto& [name, value] : headers) {
        add(value.empty() ? name + ";" : fmt::format("{}: {}", name, value));
    }
    // Without these libcurl would wait a second for "100 Continue", and call a body a web form.
    if (!http::find(headers, "Expect")) add("Expect:");
    if (!http::find(headers, "Content-Type")) add("Content-Type:");
    exchange.header_list = list;
    exchange.header_list_of = headers;
    set(exchange.easy, CURLOPT_HTTPHEADER, list);
}

void set_method(Exchange& exchange) {
    CURL* easy = exchange.easy;
    const http::Request& request = exchange.request;
    const bool has_body = !request.body.empty() || request.method == "POST" ||
                          request.method == "PATCH" || request.method == "PUT";
    set(easy, CURLOPT_CUSTOMREQUEST, static_cast<const char*>(nullptr));
    set(easy, CURLOPT_NOBODY, 0L);
    set(easy, CURLOPT_HTTPGET, 1L);
    if (has_body) {
        set(easy, CURLOPT_POST, 1L);
        set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(easy, CURLOPT_POSTFIELDS, request.body.c_str());
    } else if (request.method == "HEAD") {
        set(easy, CURLOPT_NOBODY, 1L);
    }
    if (has_body || !is_safe_to_repeat(request.method)) {
        set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
}

void set_up(Exchange& exchange, bool direct, const TransportOptions& options) {
    CURL* easy = exchange.easy;
    exchange.error_text[0] = '\0';
    exchange.response = {};
    exchange.header_bytes = 0;
    exchange.body_bytes_max = options.body_bytes_max;
    exchange.reached_server = exchange.lost_connection = exchange.too_large = false;
    set(easy, CURLOPT_URL, exchange.request.url.c_str());
    // An empty proxy text is "none"; no text is what the environment says.
    set(easy, CURLOPT_PROXY, direct ? "" : static_cast<const char*>(nullptr));
    set(easy, CURLOPT_TIMEOUT_MS, as_ms(options.deadline));
    set(easy, CURLOPT_CONNECTTIMEOUT_MS,
        as_ms(std::min(options.connect_deadline, options.deadline)));
    set_headers(exchange);
    set_method(exchange);
}

std::string refusal_of(const http::Request& request) {
    if (request.method.empty() || breaks_the_line(request.method)) return "a malformed method";
    for (const auto& [name, value] : request.headers) {
        if (name.empty() || breaks_the_line(name) || name.find(':') != std::string::npos) {
            return "a malformed header name";
        }
        if (breaks_the_line(value)) return "a line break in the header " + name;
    }
    return {};
}

// libcurl gives this name to a line of the answer's headers above its own limit, too (7.88: 100 kB).
bool is_header_too_long(CURLcode code, const Exchange& exchange) {
    return code == CURLE_OUT_OF_MEMORY && exchange.reached_server;
}

FailureKind kind_of(CURLcode code, const Exchange& exchange) {
    if (exchange.too_large || is_header_too_long(code, exchange)) return FailureKind::too_large;
    if (exchange.reached_server) return FailureKind::no_answer;
    switch (code) {
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_INVALIDCERTSTATUS:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_SSL_CERTPROBLEM:
            return FailureKind::tls;
        default:
            return FailureKind::not_sent;
    }
}

TransportFailure failure_of(CURLcode code, const Exchange& exchange) {
    const FailureKind kind = kind_of(code, exchange);
    if (is_header_too_long(code, exchange)) {
        return {kind, "a line of the answer's headers is longer than 100 kB"};
    }
    if (kind == FailureKind::too_large) {
        return {kind,
                exchange.header_bytes > header_bytes_max
                    ? fmt::format("the answer's headers are larger than {} bytes", header_bytes_max)
                    : fmt::format("the answer is larger than {} bytes", exchange.body_bytes_max)};
    }
    if (exchange.lost_connection) return {kind, "the connection was closed without an answer"};
    const char* text =
        exchange.error_text[0] != '\0' ? &exchange.error_text[0] : curl_easy_strerror(code);
    return {kind, text};
}

}  // namespace

struct CurlTransport::State {
    CurlSettings settings;
    CURLM* multi = nullptr;
    std::vector<std::unique_ptr<Exchange>> idle;
    std::vector<std::unique_ptr<Exchange>> busy;
    std::vector<Finished> refused;  // never given to libcurl
    std::atomic<bool> woken{false};

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        drop_all();
        idle.clear();
        if (multi != nullptr) curl_multi_cleanup(multi);
    }

    void drop_all() {
        for (const auto& exchange : busy) curl_multi_remove_handle(multi, exchange->easy);
        busy.clear();
        refused.clear();
    }

    std::unique_ptr<Exchange> take_idle() {
        if (!idle.empty()) {
            std::unique_ptr<Exchange> exchange = std::move(idle.back());
            idle.pop_back();
            return exchange;
        }
        auto exchange = std::make_unique<Exchange>();
        set_up_once(*exchange, settings);
        return exchange;
    }

    void finish(CURL* easy, CURLcode code, std::vector<Finished>& out) {
        const auto at = std::ranges::find(busy, easy, [](const auto& e) { return e->easy; });
        CHECK(at != busy.end(), "libcurl finished what was not submitted");
        curl_multi_remove_handle(multi, easy);
        std::unique_ptr<Exchange> exchange = std::move(*at);
        *at = std::move(busy.back());
        busy.pop_back();
        if (code == CURLE_OK && !exchange->too_large) {
            long status = 0;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            exchange->response.status = static_cast<int>(status);
            out.push_back({exchange->ticket, std::move(exchange->response)});
        } else {
            out.push_back({exchange->ticket, std::unexpected(failure_of(code, *exchange))});
        }
        exchange->request = {};
        if (idle.size() < idle_exchanges_max) idle.push_back(std::move(exchange));
    }

    void take_messages(std::vector<Finished>& out) {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
            if (message->msg == CURLMSG_DONE) {
                finish(message->easy_handle, message->data.result, out);
            }
        }
    }
};

Result<std::unique_ptr<CurlTransport>> CurlTransport::make(const CurlSettings& settings) {
    // libcurl counts these calls and 7.84 or later guards them; the matching clean-up at process
    // end is not needed.
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return fail(ErrorKind::bad_input, "libcurl cannot be initialised");
    }
    auto state = std::make_unique<State>();
    state->settings = settings;
    state->multi = curl_multi_init();
    if (state->multi == nullptr) return fail(ErrorKind::bad_input, "libcurl has no memory");
    curl_multi_setopt(state->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                      static_cast<long>(settings.connections_per_host));
    curl_multi_setopt(state->multi, CURLMOPT_MAXCONNECTS,
                      static_cast<long>(settings.connections_kept));
    return std::unique_ptr<CurlTransport>(new CurlTransport(std::move(state)));
}

CurlTransport::CurlTransport(std::unique_ptr<State> state) : state_(std::move(state)) {}
CurlTransport::~CurlTransport() = default;

void CurlTransport::submit(Ticket ticket, http::Request request, const TransportOptions& options) {
    const auto refuse = [&](std::string text) {
        TransportFailure failure{FailureKind::not_sent, std::move(text)};
        state_->refused.push_back({ticket, std::unexpected(std::move(failure))});
    };
    const Result<Url> url = parse_url(request.url);
    if (!url) return refuse(url.error().text);
    if (std::string why = refusal_of(request); !why.empty()) return refuse(std::move(why));
    std::unique_ptr<Exchange> exchange = state_->take_idle();
    exchange->ticket = ticket;
    exchange->request = std::move(request);
    set_up(*exchange, is_loopback(url->host), options);
    const CURLMcode code = curl_multi_add_handle(state_->multi, exchange->easy);
    if (code != CURLM_OK) return refuse(curl_multi_strerror(code));
    state_->busy.push_back(std::move(exchange));
}

std::vector<Finished> CurlTransport::poll(Duration timeout) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point end = Clock::now() + std::chrono::milliseconds(timeout.ms);
    std::vector<Finished> out = std::exchange(state_->refused, {});
    while (true) {
        int running = 0;
        const CURLMcode code = curl_multi_perform(state_->multi, &running);
        CHECK(code == CURLM_OK, curl_multi_strerror(code));
        state_->take_messages(out);
        if (state_->woken.exchange(false) || !out.empty()) return out;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) return out;
        const int wait_ms = static_cast<int>(std::min<std::int64_t>(left, 60'000));
        curl_multi_poll(state_->multi, nullptr, 0, wait_ms, nullptr);
    }
}

void CurlTransport::wake() {
    state_->woken.store(true);
    curl_multi_wakeup(state_->multi);
}

std::size_t CurlTransport::in_flight() const {
    return state_->busy.size() + state_->refused.size();
}

void CurlTransport::cancel_all() {
    state_->drop_all();
}

}  // namespace entente::connect
