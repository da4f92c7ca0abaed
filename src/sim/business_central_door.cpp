// How a call comes into the simulated Business Central: login, limits, company, and the way to its records.
#include <fmt/core.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/business_central.hpp"
#include "sim/business_central_codes.hpp"
#include "sim/guid.hpp"

namespace entente::sim {
namespace {

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view person_prefix = "people:";
constexpr std::string_view token_path = "/oauth2/v2.0/token";
constexpr std::string_view action_prefix = "Microsoft.NAV.";
// Of a version: where the part that names its record ends.
constexpr std::size_t version_at = std::string_view("W/\"Jz00000000000000").size();

struct Answer {
    Trouble trouble;
    int status;
    std::string_view code;
};
constexpr Answer answers[] = {{Trouble::unauthorized, 401, "Authentication_InvalidCredentials"},
                              {Trouble::not_found, 404, "BadRequest_NotFound"},
                              {Trouble::no_method, 405, "BadRequest_MethodNotAllowed"},
                              {Trouble::bad_request, 400, "BadRequest"},
                              {Trouble::invalid, 400, "Application_DialogException"},
                              {Trouble::duplicate, 400, "Internal_EntityWithSameKeyExists"},
                              {Trouble::stale, 409, "Request_EntityChanged"},
                              {Trouble::no_precondition, 400, "BadRequest_InvalidToken"},
                              {Trouble::cursor_expired, 400, "BadRequest"},
                              {Trouble::too_many, 429, "Application_TooManyRequests"},
                              {Trouble::unavailable, 503, "Internal_ServerError"}};

http::Response refuse_token(int status, std::string_view error, std::string_view description) {
    return json_response(
        status,
        json::write(Value(Value::Object{{"error", error}, {"error_description", description}})));
}

std::string_view token_in(const http::Headers& headers) {
    const auto value = http::find(headers, "Authorization").value_or("");
    return value.starts_with(bearer) ? value.substr(bearer.size()) : std::string_view();
}

}  // namespace

bool BusinessCentral::is_person(const http::Headers& headers) const {
    return token_in(headers) == std::string(person_prefix) + credential();
}

bool BusinessCentral::is_authorised(const http::Headers& headers) const {
    return is_person(headers);
}

// A token says when it was issued, and that whoever issued it knew the secret.
std::string BusinessCentral::token_of(Instant issued) const {
    return fmt::format("{}.{}", issued.ms,
                       digest_of(fmt::format("{} {}", issued.ms, credential())).hex());
}

bool BusinessCentral::has_token(const http::Headers& headers, Instant now) const {
    const std::string_view token = token_in(headers);
    const auto issued = parse_whole(token.substr(0, token.find('.')));
    return issued && token == token_of({*issued}) && now < Instant{*issued} + life_;
}

http::Response BusinessCentral::give_token(const http::Request& request, Instant now) const {
    const http::Query form = http::parse_query(request.body);
    const auto field = [&](std::string_view name) {
        const std::string* value = parameter(form, name);
        return value == nullptr ? std::string() : *value;
    };
    if (request.method != "POST") return refuse_token(405, "invalid_request", "use POST");
    if (field("grant_type") != "client_credentials") {
        return refuse_token(400, "unsupported_grant_type", "grant_type is client_credentials");
    }
    if (!field("scope").ends_with("/.default")) {
        return refuse_token(400, "invalid_scope", "scope is that of the resource and /.default");
    }
    if (field("client_id").empty() || field("client_secret") != credential()) {
        return refuse_token(401, "invalid_client", "client_id or client_secret is wrong");
    }
    const std::int64_t life_s = life_.ms / 1000;
    return json_response(200, json::write(Value(Value::Object{{"token_type", "Bearer"},
                                                              {"expires_in", life_s},
                                                              {"ext_expires_in", life_s},
                                                              {"access_token", token_of(now)}})));
}

http::Response BusinessCentral::error(int status, std::string_view code,
                                      const std::string& text) const {
    const std::string correlation = readable_guid("c0441d00", books().counters().requests);
    const Value error(Value::Object{
        {"code", code}, {"message", fmt::format("{}  CorrelationId:  {}.", text, correlation)}});
    return json_response(status, json::write(Value(Value::Object{{"error", error}})));
}

http::Response BusinessCentral::refuse_with(Trouble trouble, const std::string& text,
                                            const std::string&) const {
    const auto* answer = std::ranges::find(answers, trouble, &Answer::trouble);
    return error(answer->status, answer->code, text);
}

http::Response BusinessCentral::refuse_with(const Refusal& refusal) const {
    if (refusal.code.empty()) return RecordSystem::refuse_with(refusal);
    return error(400, refusal.code, fmt::format("{}: {}", refusal.field, refusal.text));
}

http::Response BusinessCentral::handle(const http::Request& request, Instant now) {
    const auto [path, query] = http::split_target(request.url);
    if (path == "/sim/stats") return statistics();
    ++counters().requests;
    if (path.ends_with(token_path)) return give_token(request, now);
    const Call call{request, http::parse_query(query), now, is_person(request.headers)};
    if (!call.is_insider && !has_token(request.headers, now)) {
        return refuse_with(Trouble::unauthorized, "The server has rejected the client credentials.",
                           "");
    }
    const bool is_api = path.starts_with(root);
    const std::string_view rest = is_api ? path.substr(root.size()) : std::string_view();
    if (rest == "$batch") return batch(call);
    if (!call.is_insider) {
        if (auto refused = over_limit(now)) return *std::move(refused);
    }
    if (!is_api) {
        return refuse_with(Trouble::not_found, "No HTTP resource was found at this address.", "");
    }
    return enter(call, rest);
}

std::optional<http::Response> BusinessCentral::over_limit(Instant now) {
    if (window_.take(now)) return std::nullopt;
    ++counters().rejected_429;
    http::Response response = refuse_with(Trouble::too_many, "Too many requests.", "");
    response.headers.emplace_back("Retry-After", std::to_string(window_.seconds_until_one(now)));
    return response;
}

http::Response BusinessCentral::enter(const Call& call, std::string_view path) {
    if (call.request.method != "GET" && http::find(call.request.headers, "Data-Access-Intent")) {
        return refuse_with(Trouble::bad_request, "A write cannot have a Data-Access-Intent.", "");
    }
    Segments segments;
    while (!path.empty()) {
        const std::string part = http::percent_decode(path.substr(0, path.find('/')));
        path.remove_prefix(std::min(path.size(), path.find('/') == std::string_view::npos
                                                     ? path.size()
                                                     : path.find('/') + 1));
        Segment segment{part.substr(0, part.find('(')), std::nullopt};
        if (segment.name.size() < part.size()) {
            const std::size_t begin = segment.name.size() + 1;
            segment.key = part.ends_with(')') ? part.substr(begin, part.size() - begin - 1) : "";
        }
        segments.push_back(std::move(segment));
    }
    if (segments.empty()) return refuse_with(Trouble::not_found, "There is nothing here.", "");
    if (segments[0].name == "$metadata") {
        return {.status = 200,
                .headers = {{"Content-Type", "application/xml"}},
                .body = edm::metadata(central::all_entities(), central::choices())};
    }
    if (segments[0].name != "companies") {
        return refuse_with(
            Trouble::not_found,
            fmt::format("Resource not found for the segment '{}'.", segments[0].name), "");
    }
    if (segments.size() == 1) return companies(call, segments);
    return enter_company(call, segments);
}

http::Response BusinessCentral::companies(const Call& call, const Segments& path) const {
    const Value row(Value::Object{{"id", company},
                                  {"systemVersion", "27.0.0.0"},
                                  {"name", "Simulated"},
                                  {"displayName", "Simulated"}});
    if (call.request.method != "GET") {
        return refuse_with(Trouble::no_method, "Companies are only read.", "");
    }
    if (!path[0].key) return list_codes(call, {row}, *central::all_entities()[0]);
    if (text::lower(*path[0].key) == company) return json_response(200, json::write(row));
    return error(404, "Internal_CompanyNotFound", "The company could not be found.");
}

http::Response BusinessCentral::enter_company(const Call& call, const Segments& path) {
    if (!path[0].key || text::lower(*path[0].key) != company) {
        return error(404, "Internal_CompanyNotFound", "The company could not be found.");
    }
    const Segment& target = path[1];
    if (central::find_codes(target.name) != nullptr && path.size() == 2) {
        return enter_codes(call, target);
    }
    const std::size_t set = resource_named(target.name);
    if (set == central::set_count) {
        return refuse_with(Trouble::not_found,
                           fmt::format("Resource not found for the segment '{}'.", target.name),
                           "");
    }
    if (!target.key && path.size() == 2) return enter_set(set, call);
    const auto id = target.key ? id_number(set, *target.key) : std::nullopt;
    if (!id || books().table(set).find(*id) == nullptr) {
        return error(404, "Internal_RecordNotFound",
                     fmt::format("There is no such record in {}.", target.name));
    }
    return enter_record(set, *id, call, path);
}

http::Response BusinessCentral::enter_codes(const Call& call, const Segment& target) const {
    const central::CodeList& codes = *central::find_codes(target.name);
    if (call.request.method != "GET") {
        return refuse_with(Trouble::no_method, "This list is only read.", "");
    }
    std::vector<Value> rows = central::rows_of(codes);
    if (!target.key) return list_codes(call, std::move(rows), codes.entity);
    const std::string id = text::lower(*target.key);
    const auto at = std::ranges::find_if(
        rows, [&](const Value& row) { return row.find("id")->as_text() == id; });
    if (at == rows.end()) return error(404, "Internal_RecordNotFound", "There is no such record.");
    return json_response(200, json::write(*at));
}

http::Response BusinessCentral::enter_set(std::size_t set, const Call& call) {
    if (call.request.method == "GET") {
        if (set == central::sales_orders) settle(call);
        return list(set, call);
    }
    if (call.request.method == "POST" && set < central::sales_invoices) return create(set, call);
    return refuse_with(Trouble::no_method,
                       fmt::format("The request is not valid for EdmType Collection of {}.",
                                   central::entity_of(set).set),
                       "");
}

http::Response BusinessCentral::enter_record(std::size_t set, std::int64_t id, const Call& call,
                                             const Segments& path) {
    const std::string& method = call.request.method;
    if (path.size() == 2) {
        const bool is_open = set < central::sales_invoices;
        if (method == "GET") {
            if (set == central::sales_orders) settle({books().table(set).find(id)}, call);
            return single(set, id, call);
        }
        if (method == "PATCH" && is_open) return change(set, id, call);
        if (method == "DELETE" && is_open) return remove(set, id, call);
        return refuse_with(Trouble::no_method, "A record takes GET, PATCH and DELETE.", "");
    }
    const central::Document* document = central::document_of(set);
    if (path.size() == 3 && document != nullptr && path[2].name == document->navigation) {
        return enter_lines(*document, id, call, path[2]);
    }
    if (path.size() == 3 && path[2].name.starts_with(action_prefix)) {
        return act(set, id, call, path[2].name);
    }
    return refuse_with(Trouble::not_found,
                       fmt::format("Resource not found for the segment '{}'.", path[2].name), "");
}

http::Response BusinessCentral::enter_lines(const central::Document& document, std::int64_t id,
                                            const Call& call, const Segment& target) {
    const std::string parent = central::guid_of(document.header, id);
    if (target.key) {
        const auto line = id_number(document.lines, *target.key);
        if (!line || books().table(document.lines).find(*line) == nullptr) {
            return error(404, "Internal_RecordNotFound", "There is no such line.");
        }
        return enter_record(document.lines, *line, call, {target, target});
    }
    if (call.request.method == "GET") return list_within(document.lines, call, parent);
    const bool is_new_line =
        call.request.method == "POST" && document.header != central::sales_invoices;
    if (!is_new_line) return enter_set(document.lines, call);
    const Result<Value> sent = json::read(call.request.body);
    if (!sent || !sent->is_object()) return create(document.lines, call);
    Value with_parent = *sent;
    with_parent.set("documentId", parent);
    http::Request nested = call.request;
    nested.body = json::write(with_parent);
    return create(document.lines, Call{nested, call.query, call.now, call.is_insider});
}

std::optional<http::Response> BusinessCentral::check_precondition(const Call& call,
                                                                  const Value& record) const {
    const auto sent = http::find(call.request.headers, "If-Match");
    if (!sent) {
        if (call.request.method == "DELETE") return std::nullopt;
        return refuse_with(Trouble::no_precondition,
                           "Could not validate the client concurrency token required by the "
                           "service: If-Match is missing.",
                           "");
    }
    const std::string& version = record.find("@odata.etag")->as_text();
    if (*sent == "*" || *sent == version) return std::nullopt;
    if (sent->size() != version.size() || !sent->starts_with("W/\"") || !sent->ends_with('"')) {
        return refuse_with(Trouble::no_precondition,
                           "Could not validate the client concurrency token: If-Match is "
                           "malformed.",
                           "");
    }
    if (sent->substr(0, version_at) != version.substr(0, version_at)) {
        return error(412, "Request_PreconditionFailed",
                     "The precondition of the request is not that of this record.");
    }
    return refuse_with(Trouble::stale, "Another user has already changed the record.", "");
}

}  // namespace entente::sim
