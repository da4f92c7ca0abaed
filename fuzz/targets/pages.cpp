// From page to page: links that answers hold, and cursors that a stored state holds. Whatever they are, the next page is asked
// for at the system itself, below its base URL, is another page, and a counted list counts up.
#include <algorithm>
#include <string>

#include "base/json.hpp"
#include "connect/url.hpp"
#include "targets/input.hpp"
#include "targets/wire.hpp"

namespace entente::fuzz {
namespace {

using model::RestProtocol;
using sync::Answer;
using sync::Outcome;

bool is_counted(const RestProtocol& protocol) {
    return protocol.paging == RestProtocol::Paging::page ||
           protocol.paging == RestProtocol::Paging::offset;
}

// A page without rows, in the shape of every system, that names `next` where each of them does.
http::Response page_with(const RestProtocol& protocol, std::string_view next) {
    if (protocol.paging == RestProtocol::Paging::link_header)
        return {200, {{"Link", "<" + std::string(next) + ">; rel=\"next\""}}, "[]"};
    Value text = std::string(next);
    Value data = Value::object(), result = Value::object(), body = Value::object();
    data.set("results", Value::list());
    data.set("__next", text);
    result.set("rows", Value::list());
    body.set("items", Value::list());
    body.set("data", Value::list());
    body.set("d", std::move(data));
    body.set("result", std::move(result));
    body.set("next", std::move(text));
    return {200, {}, json::write(body)};
}

// What is asked for goes to the system itself. Answers whether it can be asked for at all.
bool check_request(const Wire& wire, const Choice& choice, const std::string& cursor) {
    const auto request =
        wire.connector(choice.system).request(sync::ListCall{choice.resource, Instant{}, cursor});
    if (!request) {
        check_message(request.error().message());
        return false;
    }
    const auto url = connect::parse_url(request->url);
    const auto base = connect::parse_url(wire.workspace().system(choice.system).base_url);
    CHECK(url && base && connect::same_origin(*url, *base), "a page is asked of its own system");
    CHECK(connect::is_under(url->path, base->path), "a page lies below the base URL");
    CHECK(request->method == "GET" && request->body.empty(), "a page is read");
    CHECK(request->url.find_first_of("\r\n ") == std::string::npos, "a URL is one word");
    return true;
}

std::int64_t number_of(const std::string& digits) {
    const auto number = Decimal::parse(digits);
    const auto counted = number ? number->to_int() : Result<std::int64_t>(-1);
    return counted.value_or(-1);
}

// One page that was asked for by `cursor`.
void check_page(const Wire& wire, const Choice& choice, const std::string& cursor,
                const http::Response& page) {
    const RestProtocol& protocol = wire.workspace().system(choice.system).rest;
    const sync::ListCall call{choice.resource, Instant{}, cursor};
    const Answer answer = wire.connector(choice.system).answer(call, page);
    if (answer.outcome != Outcome::ok) {
        check_message(answer.message);
        CHECK(answer.next.empty() && answer.records.empty(), "a failure shows and leads nowhere");
        return;
    }
    if (answer.next.empty()) return;
    CHECK(answer.next != cursor, "a cursor moves");
    CHECK(check_request(wire, choice, answer.next), "the next page can be asked for");
    if (!is_counted(protocol)) return;
    CHECK(number_of(answer.next) > number_of(cursor), "a counted list counts up");
}

Choice take_list(const Wire& wire, std::string_view& rest) {
    const auto& systems = wire.workspace().systems;
    const SystemIndex system{static_cast<std::int32_t>(take_choice(rest, systems.size()))};
    const auto& resources = systems[system.at()].resources;
    return {system, resources[take_choice(rest, resources.size())], CallKind::list};
}

}  // namespace

void fuzz_next_link(Bytes input) {
    std::string_view rest = text_of(input);
    const Wire& wire = Wire::shared();
    const Choice choice = take_list(wire, rest);
    const RestProtocol& protocol = wire.workspace().system(choice.system).rest;
    const http::Response page = page_with(protocol, rest);
    check_page(wire, choice, "", page);
    // The same link behind itself: a list without an end.
    check_page(wire, choice, std::string(rest), page);
}

void fuzz_cursor(Bytes input) {
    std::string_view rest = text_of(input);
    const Wire& wire = Wire::shared();
    const Choice choice = take_list(wire, rest);
    const std::string cursor(take_line(rest));
    if (!check_request(wire, choice, cursor)) return;
    check_page(wire, choice, cursor, {200, {}, std::string(rest)});
}

}  // namespace entente::fuzz
