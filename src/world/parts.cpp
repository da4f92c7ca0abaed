#include "world/parts.hpp"

#include <utility>

#include "base/json.hpp"
#include "connect/batch.hpp"

namespace entente::world {
namespace {

bool is_batch(const Flight& flight, const connect::RestConnector& connector) {
    const model::RestProtocol& rest = connector.protocol();
    return rest.batch_max > 0 && flight.request.method == "POST" &&
           (connector.base() + rest.batch_path).ends_with(flight.request.url);
}

// `root`: of the batch's address, in origin form.
http::Request request_of(const Value& part, const std::string& root) {
    http::Request request{
        part.find("method")->as_text(), root + part.find("url")->as_text(), {}, {}};
    for (const auto& [name, value] : part.find("headers")->as_object())
        request.headers.emplace_back(name, value.as_text());
    if (const Value* body = part.find("body")) request.body = json::write(*body);
    return request;
}

}  // namespace

std::vector<Flight> parts_of(const Flight& flight, const connect::RestConnector& connector) {
    if (!is_batch(flight, connector)) return {flight};
    const Result<Value> body = json::read(flight.request.body);
    CHECK(body && body->find("requests"), "a batch that leaves holds requests");
    const std::string& url = flight.request.url;
    const std::string root =
        url.substr(0, url.size() - connector.protocol().batch_path.size()) + "/";
    std::vector<Flight> parts;
    for (const Value& one : body->find("requests")->as_list()) {
        Flight part = flight;
        part.request = request_of(one, root);
        part.asked = asked_by(part.request);
        parts.push_back(std::move(part));
    }
    return parts;
}

std::vector<http::Response> answers_to_parts(const http::Response& response, std::size_t parts) {
    if (parts == 1) return {response};
    std::vector<http::Response> answers;
    for (auto& answer : connect::parts_of(response, parts))
        answers.push_back(std::move(answer).value_or(http::Response{.status = 0}));
    return answers;
}

}  // namespace entente::world
