#include "connect/token_login.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "connect/people_text.hpp"
#include "connect/url.hpp"

namespace entente::connect {
namespace {

constexpr std::size_t told_max = 200;
// Of a token whose answer does not say how long it lives.
constexpr std::int64_t unsaid_seconds = 300;
constexpr std::int64_t seconds_max = 86'400;

Result<std::string> secret_in(const std::map<std::string, std::string>& secrets,
                              const std::string& name) {
    const auto found = secrets.find(name);
    if (found != secrets.end() && !found->second.empty()) return found->second;
    return fail(ErrorKind::bad_input, fmt::format("the secret `{}` is not set", name));
}

Result<void> check_url(const std::string& text) {
    TRY(const Url url, parse_url(text));
    const bool is_safe = url.scheme == "https" || is_loopback(url.host);
    if (is_safe && !url.has_login && !url.has_fragment) return {};
    return fail(ErrorKind::bad_input,
                "the token URL is no place for a secret; it must begin with https:// (loopback "
                "excepted) and hold no login");
}

// A token goes into a header as it is.
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

// A number, or its digits as text.
std::int64_t lifetime_in(const Value& body) {
    const Value* said = body.find("expires_in");
    if (said == nullptr) return unsaid_seconds;
    const Result<Decimal> number =
        said->is_text() ? Decimal::parse(said->as_text())
                        : Result<Decimal>(said->is_decimal() ? said->as_decimal() : Decimal());
    const Result<std::int64_t> seconds = number ? number->to_int() : Result<std::int64_t>(0);
    const bool is_good = seconds && *seconds > 0;
    return is_good ? std::min(*seconds, seconds_max) : unsaid_seconds;
}

std::string said_in(const Value& body, const SecretMask& mask) {
    std::string out;
    for (const char* key : {"error", "error_description"}) {
        const Value* said = body.find(key);
        if (said == nullptr || !said->is_text()) continue;
        out += (out.empty() ? "" : ": ") + said->as_text();
    }
    return people_text(mask.masked(out), told_max);
}

}  // namespace

Result<TokenLogin> TokenLogin::open(const model::System& system,
                                    const std::map<std::string, std::string>& secrets) {
    TRY_VOID(check_url(system.rest.token_url));
    TokenLogin made;
    TRY(const std::string client, secret_in(secrets, "client_id"));
    TRY(const std::string secret, secret_in(secrets, "client_secret"));
    made.mask_ = std::make_shared<SecretMask>(std::vector{client, secret});
    made.url_ = system.rest.token_url;
    made.renewed_before_ = system.rest.token_renewed_before;
    http::Query form{{"grant_type", "client_credentials"},
                     {"client_id", client},
                     {"client_secret", secret}};
    if (!system.rest.token_scope.empty()) form.emplace_back("scope", system.rest.token_scope);
    made.form_ = http::format_query(form);
    return made;
}

http::Request TokenLogin::request() const {
    return {"POST",
            url_,
            {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}},
            form_};
}

Result<void> TokenLogin::take(const http::Response& response, Instant asked) {
    token_.clear();
    const Value body = json::read(response.body).value_or(Value());
    if (response.status == 400 || response.status == 401 || response.status == 403) {
        return fail(ErrorKind::auth, fmt::format("the token server refuses the client: {}",
                                                 said_in(body, *mask_)));
    }
    if (response.status != 200) {
        return fail(ErrorKind::retry_later,
                    fmt::format("the token server answered {} {}", response.status,
                                http::reason_of(response.status)));
    }
    const Value* token = body.find("access_token");
    const Value* type = body.find("token_type");
    const bool is_bearer =
        type == nullptr || (type->is_text() && text::lower(type->as_text()) == "bearer");
    if (token == nullptr || !token->is_text() || !is_token(token->as_text()) || !is_bearer) {
        return fail(ErrorKind::retry_later, "the token server's answer holds no bearer token");
    }
    token_ = token->as_text();
    mask_->add_token(token_);
    const Duration lifetime{lifetime_in(body) * 1000};
    // Of a short life at least half is used.
    renew_at_ = asked + lifetime - std::min(renewed_before_, Duration{lifetime.ms / 2});
    return {};
}

void TokenLogin::refused(const std::string& token) {
    if (token == token_) token_.clear();
}

}  // namespace entente::connect
