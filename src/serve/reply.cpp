#include "serve/reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace entente::serve {
namespace {

// Smaller bodies fit a packet or two: compressing them costs more than it saves.
constexpr std::size_t gzip_bytes_min = 1024;

bool is_named(std::string_view name, std::string_view lower_name) {
    return std::ranges::equal(name, lower_name, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
    });
}

// Headers that say how the message is framed are the listener's own.
bool is_framing(std::string_view name) {
    return is_named(name, "content-length") || is_named(name, "transfer-encoding") ||
           is_named(name, "connection") || is_named(name, "keep-alive");
}

bool breaks_the_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool can_be_written(const http::Response& response) {
    if (response.status < 200 || response.status > 599) return false;
    return std::ranges::none_of(response.headers, [](const http::Header& header) {
        return header.first.empty() || breaks_the_line(header.first) ||
               breaks_the_line(header.second);
    });
}

bool has_body(int status) {
    return status != 204 && status != 304;
}

bool is_worth_compressing(const http::Response& response) {
    if (response.body.size() <= gzip_bytes_min || !has_body(response.status)) return false;
    if (http::find(response.headers, "Content-Encoding")) return false;
    const std::string_view type = http::find(response.headers, "Content-Type").value_or("");
    const bool is_packed = (type.starts_with("image/") && !type.starts_with("image/svg")) ||
                           type.starts_with("font/") || type.starts_with("application/zip");
    return !is_packed;
}

}  // namespace

void append_reply(std::string& out, const http::Response& response, const ReplyOptions& options,
                  Gzip& gzip) {
    if (!can_be_written(response)) {
        const http::Response broken{500, {}, "the handler's answer cannot be written\n"};
        return append_reply(out, broken, options, gzip);
    }
    std::string packed;
    const bool use_gzip = options.allow_gzip && is_worth_compressing(response);
    if (use_gzip) packed = gzip.compress(response.body);
    const std::string_view body = !has_body(response.status) ? std::string_view{}
                                  : use_gzip                 ? packed
                                                             : response.body;

    const auto at = std::back_inserter(out);
    fmt::format_to(at, "HTTP/1.1 {} {}\r\n", response.status, http::reason_of(response.status));
    for (const auto& [name, value] : response.headers) {
        if (is_framing(name)) continue;
        out.append(name).append(": ").append(value).append("\r\n");
    }
    if (!options.date.empty() && !http::find(response.headers, "Date")) {
        out.append("Date: ").append(options.date).append("\r\n");
    }
    if (use_gzip) out.append("Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n");
    if (has_body(response.status)) fmt::format_to(at, "Content-Length: {}\r\n", body.size());
    if (!options.keep_alive) {
        out.append("Connection: close\r\n");
    } else if (options.is_old_version) {
        out.append("Connection: keep-alive\r\n");
    }
    out.append("\r\n");
    if (!options.head_only) out.append(body);
}

}  // namespace entente::serve
