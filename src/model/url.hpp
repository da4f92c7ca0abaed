// The part of a base URL that matters for the safety of a credential: where it would be sent. Pure;
// strict on purpose, because a URL that two readers understand differently is how a credential gets
// to the wrong host.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace entente::model {

struct BaseUrl {
    bool is_tls = false;
    std::string host;        // lower case, without port; "::1" without brackets
    bool has_login = false;  // "user:password@", which would end up in logs
};

// nullopt: no http(s) URL of the form scheme://host[:port][/path], or with a query, a fragment or
// odd characters.
std::optional<BaseUrl> parse_base_url(std::string_view url);

// `url` moved to where `base` is: its path behind base's scheme, host and port. Requires: both have been parsed.
std::string at_origin_of(std::string_view base, std::string_view url);

// A host name or an IPv4 address.
bool is_host(std::string_view host);

// This machine: "localhost", 127.0.0.0/8 written out in four numbers, "::1".
bool is_loopback(std::string_view host);

}  // namespace entente::model
