#include "app/discover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "app/command.hpp"
#include "app/new_folder.hpp"
#include "app/output.hpp"
#include "base/limits.hpp"
#include "connect/curl_transport.hpp"
#include "connect/people_text.hpp"
#include "connect/secret_mask.hpp"
#include "connect/url.hpp"
#include "report/discover.hpp"

namespace entente::app {

namespace {

constexpr std::string_view document = "/$metadata";
constexpr int status_ok = 200;

// Where the service is: its own address, whichever of the two was given.
Result<connect::Url> service_url(std::string& url) {
    while (url.ends_with('/')) url.pop_back();
    if (url.ends_with(document)) url.resize(url.size() - document.size());
    while (url.ends_with('/')) url.pop_back();
    auto parsed = connect::parse_url(url);
    if (!parsed) return fail(ErrorKind::bad_input, parsed.error().text, "--discover");
    if (parsed->has_login || parsed->has_fragment || url.find('?') != std::string::npos) {
        return fail(ErrorKind::bad_input,
                    "a URL with a login, query or fragment; write the login into a variable and "
                    "name it with --login-from",
                    "--discover");
    }
    if (parsed->scheme != "https" && !connect::is_loopback(parsed->host)) {
        return fail(ErrorKind::bad_input, "plain http only to this machine; write https://",
                    "--discover");
    }
    return parsed;
}

Result<http::Headers> login_of(const DiscoverChoice& choice) {
    http::Headers headers{{"Accept", "application/xml"}};
    if (choice.variable.empty()) return headers;
    const char* value = std::getenv(choice.variable.c_str());
    if (value == nullptr || *value == '\0') {
        return fail(ErrorKind::bad_input,
                    fmt::format("the variable {} is not set; put into it what the header {} is to "
                                "hold",
                                choice.variable, choice.header),
                    "--login-from");
    }
    const std::string text = value;
    const bool is_line = std::ranges::none_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!is_line) {
        return fail(
            ErrorKind::bad_input,
            fmt::format("the variable {} holds a line break or control character", choice.variable),
            "--login-from");
    }
    headers.emplace_back(choice.header, text);
    return headers;
}

Result<model::Metadata> read_service(const std::string& url, const DiscoverChoice& choice) {
    const std::string where = url + std::string(document);
    TRY(auto headers, login_of(choice));
    connect::SecretMask mask;
    if (!choice.variable.empty()) mask.add_login(headers.back().second);
    TRY(const auto transport, connect::CurlTransport::make({}));
    TRY(const auto response,
        connect::fetch(*transport, {.method = "GET", .url = where, .headers = std::move(headers)},
                       {.body_bytes_max = limits::metadata_bytes_max}));
    if (response.status == 401 || response.status == 403) {
        return fail(
            ErrorKind::auth,
            fmt::format("answered {}; is the login right? --header and --login-from name it",
                        response.status),
            where);
    }
    if (response.status >= 300 && response.status < 400) {
        return fail(ErrorKind::drift,
                    fmt::format("answers with a redirect ({}), which is never followed; name the "
                                "service's own address",
                                response.status),
                    where);
    }
    if (response.status != status_ok) {
        return fail(ErrorKind::drift,
                    fmt::format("answered {}: {}; is this the root of an OData service?",
                                response.status, connect::beginning_of(mask.masked(response.body))),
                    where);
    }
    auto metadata = model::read_metadata(response.body);
    if (!metadata) metadata.error().where = where;
    return metadata;
}

Result<void> write_draft(const DiscoverChoice& choice) {
    TRY_VOID(require_new_folder(choice.into));
    report::DiscoverInput input{.url = choice.url};
    TRY(const auto url, service_url(input.url));
    TRY(input.metadata, read_service(input.url, choice));
    if (input.metadata.sets.empty()) {
        return fail(ErrorKind::drift, "it names no entity set, so there is nothing to draft",
                    input.url + std::string(document));
    }
    input.host = url.host;
    input.system = choice.system.empty() ? url.host.substr(0, url.host.find('.')) : choice.system;
    input.header = choice.variable.empty() ? "" : choice.header;
    input.variable = choice.variable;
    input.catalog = model::shipped_catalog();
    const auto made = report::draft_of(input);
    TRY_VOID(write_new_folder(choice.into, made.files));
    print_line(fmt::format(
        "{}/catalog/connectors/{}: {}, {} of a model that its name tells", choice.into,
        made.connector, counted(static_cast<std::int64_t>(made.resources), "resource", "resources"),
        made.mapped));
    print_line("What a person must decide is said in its comments.");
    print_line(fmt::format("Next: entente check {}", choice.into));
    return {};
}

}  // namespace

int discover(const DiscoverChoice& choice) {
    const auto done = write_draft(choice);
    return done ? static_cast<int>(Exit::done) : report(done.error());
}

}  // namespace entente::app
