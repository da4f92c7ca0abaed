// Requests made of calls whose texts are any: what leaves for a system goes to that system, keeps
// its lines, and tells the secret to nobody else.
#include <algorithm>
#include <string>

#include "base/http.hpp"
#include "connect/url.hpp"
#include "targets/input.hpp"
#include "targets/wire.hpp"

namespace entente::fuzz {
namespace {

bool breaks_the_line(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

std::string doubled(std::string_view text) {
    std::string out;
    for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
    return out;
}

// No value can end the quotes it stands in: the question is the connector's, filled in, and nothing
// besides.
void check_search(const model::System& system, const model::Resource& resource,
                  const std::string& value, const connect::Url& url) {
    const http::Query query = http::parse_query(url.query);
    for (const model::SearchField& field : resource.search) {
        const auto asked = std::ranges::find(query, field.query.parameter, &http::Header::first);
        CHECK(asked != query.end(), "a search asks for what it was made for");
        if (field.query.pattern.empty()) {
            CHECK(asked->second.contains(value), "a search asks for the value");
        } else if (field.query.pattern.contains("'{value}'")) {
            CHECK(asked->second.contains("'" + doubled(value) + "'"),
                  "a value stays in its quotes");
            CHECK(std::ranges::count(asked->second, '\'') % 2 == 0, "every quote has its partner");
        }
    }
    const auto expected = 1 + resource.search.size() + system.rest.rights_query.size() + 4;
    CHECK(query.size() <= expected, "no value adds a parameter");
}

void check_target(const Choice& choice, const Wire& wire, const http::Request& request,
                  std::string_view text) {
    const model::System& system = wire.workspace().system(choice.system);
    const model::Resource& resource = wire.workspace().resource(choice.resource);
    const Result<connect::Url> url = connect::parse_url(request.url);
    const Result<connect::Url> base = connect::parse_url(system.base_url);
    CHECK(url && base && connect::same_origin(*url, *base), "a request goes to its own system");
    CHECK(connect::is_under(url->path, base->path), "a request goes below the base URL");
    CHECK(!url->has_login && !url->has_fragment, "a request names neither login nor fragment");
    const bool is_record = choice.kind == CallKind::update;
    const std::string decoded = http::percent_decode(url->path);
    const bool is_link = choice.kind == CallKind::list && !text.empty();
    if (!is_link && choice.kind != CallKind::rights) {
        const std::string& path = choice.kind == CallKind::list && !resource.feed_path.empty()
                                      ? resource.feed_path
                                      : resource.path;
        CHECK(decoded.contains(path), "a request is about its resource");
        CHECK(!is_record || decoded.contains(text), "a write is about its record");
        const auto slashes = std::ranges::count(url->path, '/');
        const auto own = std::ranges::count(base->path, '/') + std::ranges::count(path, '/') + 1;
        CHECK(slashes <= own, "an id is one segment of the path");
    }
    if (choice.kind == CallKind::search) {
        check_search(system, resource, std::string(text), *url);
    }
}

void check_headers(const http::Request& request, std::string_view text) {
    bool has_secret = false;
    for (const auto& [name, value] : request.headers) {
        CHECK(!breaks_the_line(name) && !breaks_the_line(value), "a header is one line");
        has_secret = has_secret || value.contains(secret);
    }
    CHECK(has_secret, "a request carries the login");
    CHECK(text.contains(secret) || !http::percent_decode(request.url).contains(secret),
          "a URL never holds the secret");
    CHECK(!breaks_the_line(request.url) && !breaks_the_line(request.method), "one line");
}

}  // namespace

void fuzz_request(Bytes input) {
    std::string_view rest = text_of(input);
    const Wire& wire = Wire::shared();
    const Choice choice = take_choice_of_call(wire, rest);
    const sync::Call call = call_of(wire, choice, rest);
    const auto request = wire.connector(choice.system).request(call);
    if (!request) {
        CHECK(request.error().kind == ErrorKind::bad_input ||
                  request.error().kind == ErrorKind::corrupt,
              "what cannot be asked is bad input or corrupt");
        check_message(request.error().message());
        return;
    }
    check_target(choice, wire, *request, rest);
    check_headers(*request, rest);
    CHECK(sync::is_write(call) == (request->method != "GET"), "only writes change anything");
}

}  // namespace entente::fuzz
