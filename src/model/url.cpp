#include "model/url.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace entente::model {
namespace {

constexpr std::size_t host_length_max = 253;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Empty counts: a port may be left out.
bool is_port(std::string_view port) {
    if (port.empty()) return true;
    port.remove_prefix(1);  // the colon
    if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)) return false;
    int number = 0;
    for (const char c : port) number = number * 10 + (c - '0');
    return number >= 1 && number <= 65'535;
}

bool is_ipv4(std::string_view host) {
    for (int part = 0; part < 4; ++part) {
        const std::size_t end = part < 3 ? host.find('.') : host.size();
        if (end == std::string_view::npos || end == 0 || end > 3) return false;
        int number = 0;
        for (const char c : host.substr(0, end)) {
            if (!is_digit(c)) return false;
            number = number * 10 + (c - '0');
        }
        if (number > 255 || (end > 1 && host[0] == '0')) return false;
        host.remove_prefix(part < 3 ? end + 1 : end);
    }
    return true;
}

bool is_path_character(char c) {
    constexpr std::string_view allowed = "/-._~!$&'()*+,;=:@%";
    return is_alphanumeric(c) || allowed.contains(c);
}

}  // namespace

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > host_length_max) return false;
    if (is_ipv4(host)) return true;
    const bool is_clean = std::ranges::all_of(
        host, [](char c) { return is_alphanumeric(c) || c == '-' || c == '.'; });
    if (!is_clean || host.front() == '.' || host.contains("..")) return false;
    // "127.1", "2130706433" and "0x7f.1" are addresses to some readers and names to others.
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::string_view last = host.substr(host.rfind('.') + 1);
    return !last.empty() && !is_digit(last.front());
}

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || (is_ipv4(host) && host.starts_with("127."));
}

std::optional<BaseUrl> parse_base_url(std::string_view url) {
    BaseUrl parsed;
    if (url.starts_with("https://")) {
        parsed.is_tls = true;
    } else if (!url.starts_with("http://")) {
        return std::nullopt;
    }
    url.remove_prefix(url.find("//") + 2);
    const std::size_t slash = std::min(url.find('/'), url.size());
    std::string_view authority = url.substr(0, slash);
    if (!std::ranges::all_of(url.substr(slash), is_path_character)) return std::nullopt;
    if (const std::size_t login = authority.rfind('@'); login != std::string_view::npos) {
        parsed.has_login = true;
        authority.remove_prefix(login + 1);
    }
    if (authority.starts_with("[::1]")) {
        parsed.host = "::1";
        if (!is_port(authority.substr(5))) return std::nullopt;
        return parsed;
    }
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    if (!is_host(authority.substr(0, colon)) || !is_port(authority.substr(colon))) {
        return std::nullopt;
    }
    parsed.host = text::lower(authority.substr(0, colon));
    return parsed;
}

std::string at_origin_of(std::string_view base, std::string_view url) {
    const auto path_at = [](std::string_view text) {
        return std::min(text.find('/', text.find("//") + 2), text.size());
    };
    return std::string(base.substr(0, path_at(base))) + std::string(url.substr(path_at(url)));
}

}  // namespace entente::model
