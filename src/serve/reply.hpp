// A handler's response as bytes on the wire: status line, headers, body, compressed when that was
// asked for. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/http.hpp"
#include "serve/gzip.hpp"

namespace entente::serve {

struct ReplyOptions {
    bool keep_alive = true;
    bool is_old_version = false;  // HTTP/1.0 closes unless told that the connection stays
    bool head_only = false;       // answers HEAD: the headers of the body, without it
    bool allow_gzip = false;
    std::string_view date;  // HTTP date, used when the response has none
};

// Appends to `out`. A response that cannot be written (a status out of range, a line break in a
// header) becomes a 500.
void append_reply(std::string& out, const http::Response& response, const ReplyOptions& options,
                  Gzip& gzip);

}  // namespace entente::serve
