#include "connect/url.hpp"

#include "base/http.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace entente::connect {
namespace {

struct UrlCleanup {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using UrlHandle = std::unique_ptr<CURLU, UrlCleanup>;

std::string part_of(CURLU* handle, CURLUPart part, unsigned flags) {
    char* text = nullptr;
    if (curl_url_get(handle, part, &text, flags) != CURLUE_OK || text == nullptr) return {};
    std::string out(text);
    curl_free(text);
    return out;
}

// An empty login ("https://@host") is one: libcurl would send it.
bool has_part(CURLU* handle, CURLUPart part) {
    char* text = nullptr;
    const CURLUcode code = curl_url_get(handle, part, &text, 0);
    curl_free(text);
    return code == CURLUE_OK;
}

std::string lower_ascii(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return text;
}

// An embedded NUL would end the text for libcurl but not for our checks.
bool has_nul(const std::string& text) {
    return text.find('\0') != std::string::npos;
}

}  // namespace

Result<Url> parse_url(const std::string& text) {
    if (has_nul(text)) return fail(ErrorKind::bad_input, "a URL with a NUL byte");
    const UrlHandle handle(curl_url());
    CHECK(handle != nullptr, "out of memory");
    const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0);
    if (code != CURLUE_OK) {
        return fail(ErrorKind::bad_input,
                    fmt::format("not an absolute http(s) URL: {}", curl_url_strerror(code)));
    }
    Url url;
    url.scheme = part_of(handle.get(), CURLUPART_SCHEME, 0);
    if (url.scheme != "http" && url.scheme != "https") {
        return fail(ErrorKind::bad_input, "only http and https URLs are called");
    }
    url.host = lower_ascii(part_of(handle.get(), CURLUPART_HOST, 0));
    if (url.host.empty()) return fail(ErrorKind::bad_input, "a URL without a host");
    url.port = part_of(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    url.path = part_of(handle.get(), CURLUPART_PATH, 0);
    if (url.path.empty()) url.path.push_back('/');
    url.query = part_of(handle.get(), CURLUPART_QUERY, 0);
    url.has_login =
        has_part(handle.get(), CURLUPART_USER) || has_part(handle.get(), CURLUPART_PASSWORD);
    url.has_fragment = !part_of(handle.get(), CURLUPART_FRAGMENT, 0).empty();
    return url;
}

Result<std::string> resolve_link(const std::string& base, const std::string& link) {
    if (has_nul(base) || has_nul(link)) return fail(ErrorKind::bad_input, "a link with a NUL byte");
    const UrlHandle handle(curl_url());
    CHECK(handle != nullptr, "out of memory");
    CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, base.c_str(), 0);
    if (code == CURLUE_OK) code = curl_url_set(handle.get(), CURLUPART_URL, link.c_str(), 0);
    if (code != CURLUE_OK) {
        return fail(ErrorKind::bad_input, fmt::format("not a link: {}", curl_url_strerror(code)));
    }
    return part_of(handle.get(), CURLUPART_URL, 0);
}

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host == "[::1]" || host == "::1") return true;
    in_addr address{};
    const std::string text(host);
    if (inet_pton(AF_INET, text.c_str(), &address) != 1) return false;
    return (ntohl(address.s_addr) >> 24) == 127;
}

bool same_origin(const Url& a, const Url& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

bool is_under(std::string_view path, std::string_view base) {
    while (base.ends_with('/')) base.remove_suffix(1);
    if (!path.starts_with(base)) return false;
    if (path.size() > base.size() && path[base.size()] != '/') return false;
    // Servers decode before they resolve: "%2e%2e" climbs as well as ".." does, and so does a
    // backslash on some.
    const std::string decoded = http::percent_decode(path);
    if (decoded.find('\\') != std::string::npos) return false;
    std::size_t begin = 0;
    while (begin <= decoded.size()) {
        const std::size_t end = std::min(decoded.find('/', begin), decoded.size());
        const std::string_view segment(decoded.data() + begin, end - begin);
        if (segment == "." || segment == "..") return false;
        begin = end + 1;
    }
    return true;
}

}  // namespace entente::connect
