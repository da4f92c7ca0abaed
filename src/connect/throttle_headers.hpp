// What a system says in its headers about how often it may be called. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "base/http.hpp"
#include "base/time.hpp"

namespace entente::connect {

// Retry-After in seconds or as an HTTP date (taken relative to the answer's own Date, so that no
// clock is needed). At most a day: a longer pause is a mistake or an attack, and would look like a
// dead system.
std::optional<Duration> retry_after(const http::Headers& headers);
// Where an answer asks to wait (429, or 503 that says how long): what a call that has not been sent yet is answered instead of
// being sent too early, a 429 with the same time. nullopt: it does not ask.
std::optional<http::Response> refusal_of_unsent(const http::Response& answer);
// A header holding a whole, not negative number; nothing else counts. An empty name is no header.
std::optional<std::int64_t> whole_number(const http::Headers& headers, std::string_view name);

}  // namespace entente::connect
