// An HTTP exchange as data. Connectors build Requests and read Responses as pure functions;
// simulated systems and the server are `Request -> Response`; only transports and listeners touch
// sockets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace entente::http {

using Header = std::pair<std::string, std::string>;
using Headers = std::vector<Header>;
// First header of that name, whatever its case.
std::optional<std::string_view> find(const Headers& headers, std::string_view name);

struct Request {
    std::string method = "GET";
    // Absolute for a client ("http://127.0.0.1:4010/api/x?page=1"), origin form for a handler
    // ("/api/x?page=1").
    std::string url;
    Headers headers;
    std::string body;
};

struct Response {
    int status = 0;
    Headers headers;
    std::string body;
};

std::string percent_encode(std::string_view s);  // all but unreserved characters
std::string percent_decode(std::string_view s);  // bad escapes are left as they are
using Query = std::vector<std::pair<std::string, std::string>>;
Query parse_query(std::string_view query);  // "a=1&b=x%20y" -> decoded pairs ('+' is a space)
std::string format_query(const Query& query);
// "/api/x?page=1" -> {"/api/x", "page=1"}
std::pair<std::string_view, std::string_view> split_target(std::string_view target);
std::string_view reason_of(int status);  // "Not Found"

}  // namespace entente::http
