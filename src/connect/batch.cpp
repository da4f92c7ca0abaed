#include "connect/batch.hpp"

#include <algorithm>
#include <optional>

#include "base/json.hpp"

namespace entente::connect {
namespace {

Value part_of(const BatchAddress& address, const http::Request& request, std::size_t number) {
    CHECK(request.url.starts_with(address.base + "/"), "a part of a batch leads elsewhere");
    Value part = Value::object();
    part.set("id", std::to_string(number));
    part.set("method", request.method);
    part.set("url", request.url.substr(address.base.size() + 1));
    Value headers = Value::object();
    for (const auto& header : request.headers) {
        const bool is_login = std::ranges::find(address.login, header) != address.login.end();
        if (!is_login) headers.set(header.first, header.second);
    }
    part.set("headers", std::move(headers));
    if (request.body.empty()) return part;
    Result<Value> body = json::read(request.body);
    CHECK(body.has_value(), "a write holds the JSON we wrote");
    part.set("body", *std::move(body));
    return part;
}

PartAnswer untold() {
    return std::unexpected(
        TransportFailure{FailureKind::no_answer, "the answer to the batch does not tell of it"});
}

// The number of a part, from 1; 0: none of ours.
std::size_t number_of(const Value& part, std::size_t count) {
    const Value* id = part.find("id");
    if (id == nullptr) return 0;
    const std::string text = id->is_text()      ? id->as_text()
                             : id->is_decimal() ? id->as_decimal().text()
                                                : std::string();
    for (std::size_t number = 1; number <= count; ++number) {
        if (text == std::to_string(number)) return number;
    }
    return 0;
}

std::optional<http::Response> response_of(const Value& part) {
    const Value* status = part.find("status");
    if (status == nullptr || !status->is_decimal()) return std::nullopt;
    const Result<std::int64_t> number = status->as_decimal().to_int();
    if (!number || *number < 100 || *number > 599) return std::nullopt;
    http::Response out;
    out.status = static_cast<int>(*number);
    if (const Value* headers = part.find("headers"); headers != nullptr && headers->is_object()) {
        for (const auto& [name, value] : headers->as_object()) {
            if (value.is_text()) out.headers.emplace_back(name, value.as_text());
        }
    }
    const Value* body = part.find("body");
    if (body == nullptr || body->is_null()) return out;
    out.body = body->is_text() ? body->as_text() : json::write(*body);
    return out;
}

}  // namespace

http::Request batch_of(const BatchAddress& address, std::span<const http::Request> requests) {
    Value parts = Value::list();
    for (std::size_t i = 0; i < requests.size(); ++i) {
        parts.as_list().push_back(part_of(address, requests[i], i + 1));
    }
    Value body = Value::object();
    body.set("requests", std::move(parts));
    http::Request out{"POST", address.base + address.path, address.login, json::write(body)};
    out.headers.emplace_back("Accept", "application/json");
    out.headers.emplace_back("Content-Type", "application/json");
    // Else the first part that is refused keeps the others from being executed.
    out.headers.emplace_back("Prefer", "odata.continue-on-error");
    return out;
}

std::vector<PartAnswer> parts_of(const PartAnswer& answer, std::size_t count) {
    if (!answer || answer->status < 200 || answer->status > 299) return {count, answer};
    std::vector<PartAnswer> out(count, untold());
    const Value body = json::read(answer->body).value_or(Value());
    const Value* parts = body.find("responses");
    if (parts == nullptr || !parts->is_list()) return out;
    for (const Value& part : parts->as_list()) {
        const std::size_t number = number_of(part, count);
        if (number == 0) continue;
        PartAnswer& told = out[number - 1];
        std::optional<http::Response> response = response_of(part);
        // Told twice, nobody knows which is true.
        told = response && !told ? PartAnswer(*std::move(response)) : untold();
    }
    return out;
}

}  // namespace entente::connect
