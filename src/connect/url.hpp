// Where a URL leads, told by libcurl's own parser, so that what is checked is what is connected to.
// Serves the safety of the wire: a credential goes only to the system's own origin, links are
// followed only below its base path.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace entente::connect {

struct Url {
    std::string scheme;  // "http" or "https"
    std::string host;    // lower case; IPv6 in brackets
    std::string port;    // "443" when the URL names none
    std::string path;    // as it will be sent, dot segments resolved; at least "/"
    std::string query;   // without the question mark
    bool has_login = false;
    bool has_fragment = false;
};

// bad_input when it is no absolute http or https URL; the text never repeats the URL (it may carry
// a secret).
Result<Url> parse_url(const std::string& text);
// The URL that `link` means on a page at `base` (RFC 3986); an absolute link stands for itself.
Result<std::string> resolve_link(const std::string& base, const std::string& link);
// 127.0.0.0/8, ::1 and localhost.
bool is_loopback(std::string_view host);
bool same_origin(const Url& a, const Url& b);
// Whether the path is `base` or below it; one that could climb out, plainly or percent-encoded, is
// not.
bool is_under(std::string_view path, std::string_view base);

}  // namespace entente::connect
