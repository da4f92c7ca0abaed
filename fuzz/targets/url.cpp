// Where links lead: whatever a system's answer holds, nothing is called but what lies below the
// system's own base URL. What would be called is judged by a reading that knows nothing of libcurl.
#include "connect/url.hpp"

#include <algorithm>
#include <string>

#include "base/http.hpp"
#include "connect/rest_addresses.hpp"
#include "model/url.hpp"
#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

struct Split {
    std::string origin, path;
};

// As the simplest reader of a URL would: scheme, "://", everything up to a slash, the rest.
Split split(std::string_view url) {
    const std::size_t colon = url.find("://");
    CHECK(colon != std::string_view::npos, "a URL that is called is absolute");
    const std::size_t end = std::min(url.find_first_of("/\\?#", colon + 3), url.size());
    Split out{lower(url.substr(0, end)), {}};
    url.remove_prefix(end);
    out.path = url.substr(0, url.find_first_of("?#"));
    const std::string_view port = out.origin.starts_with("https:") ? ":443" : ":80";
    if (out.origin.ends_with(port)) out.origin.resize(out.origin.size() - port.size());
    return out;
}

// The base URL as it was understood when it was configured: "http://2130706433" is 127.0.0.1.
Split split(const connect::Url& base) {
    return split(base.scheme + "://" + base.host + ":" + base.port + base.path);
}

bool climbs(std::string_view path) {
    std::string decoded = http::percent_decode(path);
    std::ranges::replace(decoded, '\\', '/');
    for (std::size_t begin = 0; begin <= decoded.size();) {
        const std::size_t end = std::min(decoded.find('/', begin), decoded.size());
        const std::string segment = decoded.substr(begin, end - begin);
        if (segment == "." || segment == "..") return true;
        begin = end + 1;
    }
    return false;
}

void check_url(const std::string& text) {
    const Result<connect::Url> url = connect::parse_url(text);
    if (!url) {
        CHECK(url.error().kind == ErrorKind::bad_input, "a text that is no URL is bad input");
        check_message(url.error().message());
        return;
    }
    CHECK(url->scheme == "http" || url->scheme == "https", "only http and https are called");
    CHECK(!url->host.empty() && url->path.starts_with('/'), "a URL has a host and a path");
    CHECK(url->host.find_first_of("/\\?#@ \t\r\n") == std::string::npos, "a host is a name");
    CHECK(connect::same_origin(*url, *url), "a URL is of its own origin");
}

// A base URL that loads and that the connector takes, and a link that it would follow.
void check_link(const std::string& base, const std::string& link) {
    if (!model::parse_base_url(base)) return;
    model::System system;
    system.base_url = base;
    system.rest.paging = model::RestProtocol::Paging::link;
    const Result<connect::RestAddresses> addresses = connect::RestAddresses::open(system);
    if (!addresses) {
        check_message(addresses.error().message());
        return;
    }
    const Result<std::string> url = addresses->link(link);
    if (!url) {
        check_message(url.error().message());
        return;
    }
    const Split own = split(*connect::parse_url(base));
    const Split target = split(*url);
    CHECK(own.origin == target.origin, "a link keeps scheme, host and port");
    CHECK(!climbs(target.path), "a link does not climb");
    std::string folder = own.path;
    while (folder.ends_with('/')) folder.pop_back();
    CHECK(target.path == folder || target.path.starts_with(folder + "/"),
          "a link stays below the base");
    CHECK(addresses->check_own(*url).has_value(), "what a link means may be called");
}

void check_under(const std::string& path, const std::string& base) {
    if (!connect::is_under(path, base)) return;
    CHECK(!climbs(path), "what climbs is below nothing");
    CHECK(path.starts_with(base.substr(0, base.find_last_not_of('/') + 1)),
          "what is below begins like its base");
}

void check_query(const std::string& text) {
    CHECK(http::percent_decode(http::percent_encode(text)) == text, "encoded and decoded");
    const http::Query query = http::parse_query(text);
    CHECK(http::parse_query(http::format_query(query)) == query, "a query is read as written");
}

}  // namespace

void fuzz_url(Bytes input) {
    std::string_view rest = text_of(input);
    const std::string base(take_line(rest));
    const std::string link(rest);
    check_url(base);
    check_url(link);
    check_under(link, base);
    check_query(link);
    check_link(base, link);
    // Bases that load, so that most of the effort goes to the link.
    check_link("https://erp.example/v1", link);
    check_link("http://127.0.0.1:4030/api/v1/1234567/", link);
}

}  // namespace entente::fuzz
