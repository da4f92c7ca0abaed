// $batch of the simulated Business Central: up to a hundred requests in one, each answered for itself.
#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "sim/business_central.hpp"

namespace entente::sim {
namespace {

constexpr std::size_t requests_max = 100;

const std::string* text_in(const Value& object, std::string_view name) {
    const Value* value = object.find(name);
    return value != nullptr && value->is_text() ? &value->as_text() : nullptr;
}

// What stands behind the API's root: an address may be absolute, within the host, or within the API.
std::string_view within_root(std::string_view url) {
    if (const std::size_t host = url.find("://"); host != std::string_view::npos) {
        url.remove_prefix(std::min(url.find('/', host + 3), url.size()));
    }
    if (url.starts_with(BusinessCentral::root)) url.remove_prefix(BusinessCentral::root.size());
    if (url.starts_with('/')) url.remove_prefix(1);
    return url;
}

bool wants_all_answers(const http::Headers& headers) {
    return http::find(headers, "Prefer").value_or("").contains("odata.continue-on-error");
}

Value as_part(const std::string& id, const http::Response& response) {
    Value headers = Value::object();
    for (const auto& [name, value] : response.headers) headers.set(name, value);
    Value part(Value::Object{{"id", id}, {"status", response.status}, {"headers", headers}});
    if (response.body.empty()) return part;
    const Result<Value> body = json::read(response.body);
    part.set("body", body ? *body : Value(response.body));
    return part;
}

}  // namespace

http::Response BusinessCentral::batch(const Call& call) {
    if (call.request.method != "POST") return refuse_with(Trouble::no_method, "Use POST.", "");
    const Result<Value> body = json::read(call.request.body);
    const Value* requests = body ? body->find("requests") : nullptr;
    if (requests == nullptr || !requests->is_list()) {
        return refuse_with(Trouble::bad_request, "The body must hold a list of requests.", "");
    }
    if (requests->as_list().size() > requests_max) {
        return refuse_with(Trouble::bad_request,
                           fmt::format("A batch may hold at most {} requests.", requests_max), "");
    }
    if (http::find(call.request.headers, "Isolation")) {
        return refuse_with(Trouble::bad_request, "Isolation is not simulated.", "");
    }
    Value answers = Value::list();
    for (const Value& one : requests->as_list()) {
        answers.as_list().push_back(answer_one(one, call));
        const auto status = answers.as_list().back().find("status")->as_decimal();
        if (status >= Decimal(400) && !wants_all_answers(call.request.headers)) break;
    }
    return json_response(200, json::write(Value(Value::Object{{"responses", answers}})));
}

Value BusinessCentral::answer_one(const Value& one, const Call& call) {
    const std::string* id = text_in(one, "id");
    const std::string* method = text_in(one, "method");
    const std::string* url = text_in(one, "url");
    if (id == nullptr || method == nullptr || url == nullptr) {
        return as_part(id == nullptr ? "" : *id,
                       refuse_with(Trouble::bad_request, "id, method or url is missing.", ""));
    }
    const std::string_view rest = within_root(*url);
    if (rest.starts_with("$batch")) {
        return as_part(*id, refuse_with(Trouble::bad_request, "A batch holds no batch.", ""));
    }
    if (!call.is_insider) {
        if (auto refused = over_limit(call.now)) return as_part(*id, *refused);
    }
    http::Request request{*method, std::string(root) + std::string(rest), {}, {}};
    if (const auto host = http::find(call.request.headers, "Host")) {
        request.headers.emplace_back("Host", *host);
    }
    if (const Value* headers = one.find("headers"); headers != nullptr && headers->is_object()) {
        for (const auto& [name, value] : headers->as_object()) {
            if (value.is_text()) request.headers.emplace_back(name, value.as_text());
        }
    }
    if (const Value* sent = one.find("body"); sent != nullptr) request.body = json::write(*sent);
    const auto [path, query] = http::split_target(rest);
    return as_part(*id,
                   enter({request, http::parse_query(query), call.now, call.is_insider}, path));
}

}  // namespace entente::sim
