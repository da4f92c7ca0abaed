#include "connect/throttle_headers.hpp"

#include <algorithm>
#include <charconv>

namespace entente::connect {
namespace {

constexpr Duration pause_max{24LL * 3600 * 1000};
// For a Retry-After date beside which no Date stands, so that its distance cannot be told.
constexpr Duration pause_unknown{60'000};

}  // namespace

std::optional<std::int64_t> whole_number(const http::Headers& headers, std::string_view name) {
    if (name.empty()) return std::nullopt;
    const std::optional<std::string_view> text = http::find(headers, name);
    if (!text || text->empty() || text->front() == '-') return std::nullopt;
    std::int64_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [at, code] = std::from_chars(text->data(), end, number);
    if (code != std::errc() || at != end) return std::nullopt;
    return number;
}

std::optional<Duration> retry_after(const http::Headers& headers) {
    const std::optional<std::string_view> text = http::find(headers, "Retry-After");
    if (!text) return std::nullopt;
    if (const auto seconds = whole_number(headers, "Retry-After")) {
        return Duration{std::min(*seconds, pause_max.ms / 1000) * 1000};
    }
    const Result<Instant> until = parse_http_date(*text);
    if (!until) return std::nullopt;
    const std::optional<std::string_view> date = http::find(headers, "Date");
    const Result<Instant> now = parse_http_date(date.value_or(""));
    if (!now) return pause_unknown;
    return std::clamp(*until - *now, Duration{0}, pause_max);
}

std::optional<http::Response> refusal_of_unsent(const http::Response& answer) {
    const std::optional<Duration> after = retry_after(answer.headers);
    if (answer.status != 429 && (answer.status != 503 || !after)) return std::nullopt;
    http::Response refusal{.status = 429};
    if (after)
        refusal.headers.emplace_back("Retry-After", std::to_string((after->ms + 999) / 1000));
    return refusal;
}

}  // namespace entente::connect
