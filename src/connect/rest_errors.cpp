#include "connect/rest_errors.hpp"

#include "base/json.hpp"
#include "base/seeded_bug.hpp"
#include "base/text.hpp"
#include "connect/body_path.hpp"
#include "connect/people_text.hpp"
#include "connect/throttle_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace entente::connect {
namespace {

using sync::Outcome;

constexpr std::size_t message_max = 300;
constexpr std::size_t field_max = 100;
constexpr int status_bad_request = 400;  // what an error inside a 200 would have been

template <class T>
bool holds(const std::vector<T>& list, const T& item) {
    return std::ranges::find(list, item) != list.end();
}

// Text or a number at the path, else empty.
std::string text_at(const Value& body, const std::string& path) {
    if (path.empty()) return {};
    const Value* found = find_at(body, path);
    if (found == nullptr) return {};
    if (found->is_text()) return found->as_text();
    if (found->is_decimal()) return found->as_decimal().text();
    return {};
}

// The update was made upon a version that is not the last one.
bool says_it_is_stale(const model::RestProtocol& protocol, const sync::Call& call,
                      const Value& body) {
    return std::holds_alternative<sync::UpdateCall>(call) &&
           holds(protocol.stale_codes, text_at(body, protocol.error_code_at));
}

// What a system answers that cannot serve anybody now, whatever is asked.
bool is_of_system(int status) {
    return status == 401 || status == 425 || status == 429 || status == 503;
}

bool says_it_exists(const model::RestProtocol& protocol, const Value& body) {
    const std::string code = text_at(body, protocol.error_code_at);
    if (!code.empty() && holds(protocol.already_exists_codes, code)) return true;
    const std::string message = text::lower(text_at(body, protocol.error_message_at));
    return std::ranges::any_of(protocol.already_exists_texts, [&](const std::string& part) {
        return message.contains(text::lower(part));
    });
}

Outcome outcome_of_4xx(const model::RestProtocol& protocol, const sync::Call& call, int status) {
    const bool is_update = std::holds_alternative<sync::UpdateCall>(call);
    if (is_update && holds(protocol.precondition_failed, status)) {
        return Outcome::precondition_failed;
    }
    switch (status) {
        case 401:
            return Outcome::auth;
        case 403:
            return SEEDED(forbidden_is_login) ? Outcome::auth : Outcome::forbidden;
        case 404:
        case 410:
            if (is_update || std::holds_alternative<sync::ReadCall>(call)) {
                return Outcome::not_found;
            }
            // A list that is not there says nothing about its records.
            return sync::is_write(call) ? Outcome::rejected : Outcome::retry_later;
        // A proxy that lost patience answers 408 as well, after it passed the request on.
        case 408:
            return sync::is_write(call) ? Outcome::unknown : Outcome::retry_later;
        case 425:
        case 429:
            return Outcome::retry_later;
        default:
            return Outcome::rejected;
    }
}

Outcome outcome_of_status(const model::RestProtocol& protocol, const sync::Call& call, int status) {
    const bool is_write = sync::is_write(call);
    if (status >= 300 && status < 400) return is_write ? Outcome::rejected : Outcome::retry_later;
    if (status >= 400 && status < 500) return outcome_of_4xx(protocol, call, status);
    const bool is_never_executed = status == 501 || status == 505;
    if (is_write && is_never_executed) return Outcome::rejected;
    return is_write && !SEEDED(unknown_as_failed) ? Outcome::unknown : Outcome::retry_later;
}

Outcome outcome_of(const model::RestProtocol& protocol, const sync::Call& call, const Value& body,
                   int status) {
    if (sync::is_write(call) && says_it_exists(protocol, body)) return Outcome::already_exists;
    if (says_it_is_stale(protocol, call, body)) return Outcome::precondition_failed;
    return outcome_of_status(protocol, call, status);
}

std::string message_of(const model::RestProtocol& protocol, const Value& body,
                       const http::Response& response) {
    if (response.status >= 300 && response.status < 400) {
        return fmt::format("answers with a redirect ({}), which is never followed",
                           response.status);
    }
    const std::string said = text_at(body, protocol.error_message_at);
    if (!said.empty()) return people_text(said, message_max);
    return fmt::format("answered {} {}: {}", response.status, http::reason_of(response.status),
                       beginning_of(response.body));
}

}  // namespace

sync::Answer error_answer(const model::RestProtocol& protocol, const sync::Call& call,
                          const http::Response& response) {
    const Value body = json::read(response.body).value_or(Value());
    sync::Answer answer;
    answer.outcome = outcome_of(protocol, call, body, response.status);
    answer.is_of_system = is_of_system(response.status);
    answer.message = message_of(protocol, body, response);
    answer.field = people_text(text_at(body, protocol.error_field_at), field_max);
    const auto* list = std::get_if<sync::ListCall>(&call);
    if (response.status == 410 && list != nullptr && !list->cursor.empty()) {
        answer.message = "the cursor is no longer good, the feed must restart: " + answer.message;
    }
    const bool says_when =
        response.status == 429 || response.status == 502 || response.status == 503;
    if (says_when && !SEEDED(ignore_retry_after)) {
        answer.retry_after = retry_after(response.headers).value_or(Duration{0});
    }
    return answer;
}

bool is_error_inside_ok(const model::RestProtocol& protocol, const Value& body) {
    if (protocol.error_inside_ok_at.empty()) return false;
    const Value* error = find_at(body, protocol.error_inside_ok_at);
    return error != nullptr && !error->is_null();
}

sync::Answer error_inside_ok(const model::RestProtocol& protocol, const sync::Call& call,
                             const Value& body) {
    sync::Answer answer;
    answer.outcome = outcome_of(protocol, call, body, status_bad_request);
    const std::string said = text_at(body, protocol.error_message_at);
    answer.message = said.empty() ? "an error inside a 200: " + beginning_of(json::write(body))
                                  : people_text(said, message_max);
    answer.field = people_text(text_at(body, protocol.error_field_at), field_max);
    return answer;
}

sync::Answer unreadable(const sync::Call& call, std::string message) {
    sync::Answer answer;
    answer.outcome = sync::is_write(call) ? Outcome::unknown : Outcome::retry_later;
    answer.message = std::move(message);
    return answer;
}

}  // namespace entente::connect
