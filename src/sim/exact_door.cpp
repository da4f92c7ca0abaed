// How a call comes into the simulated Exact Online: login, division, quotas, error budget, rights, and the way to its set.
#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sim/exact.hpp"

namespace entente::sim {
namespace {

constexpr std::string_view person_prefix = "Bearer people:";

int status_of(Trouble trouble) {
    switch (trouble) {
        case Trouble::unauthorized:
            return 401;
        case Trouble::not_found:
            return 404;
        case Trouble::no_method:
            return 405;
        case Trouble::too_many:
            return 429;
        case Trouble::duplicate:
            return 500;
        case Trouble::unavailable:
            return 503;
        default:
            return 400;
    }
}

http::Response error_response(int status, const std::string& text) {
    const Value message(Value::Object{{"lang", "en"}, {"value", text}});
    const Value error(Value::Object{{"code", ""}, {"message", message}});
    return json_response(status, json::write(Value(Value::Object{{"error", error}})));
}

http::Response forbidden(const std::string& text, std::string_view reason) {
    http::Response response = error_response(403, text);
    if (!reason.empty()) response.headers.emplace_back("Reason", reason);
    return response;
}

bool counts_as_error(int status) {
    return status == 400 || status == 401 || status == 403 || status == 404;
}

// 'crm/Accounts' -> crm/Accounts
std::string unquoted(const std::string& text) {
    if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') return text;
    return text.substr(1, text.size() - 2);
}

}  // namespace

bool Exact::is_authorised(const http::Headers& headers) const {
    const auto value = http::find(headers, "Authorization");
    return (value && *value == "Bearer " + credential()) || is_person(headers);
}

bool Exact::is_person(const http::Headers& headers) const {
    const auto value = http::find(headers, "Authorization");
    return value && *value == std::string(person_prefix) + credential();
}

http::Response Exact::refuse_with(Trouble trouble, const std::string& text,
                                  const std::string&) const {
    if (trouble == Trouble::unauthorized) {
        return {.status = 401,
                .headers = {{"Content-Type", "text/html"}},
                .body = "<html><body><h1>401 - Unauthorized: " + text + "</h1></body></html>"};
    }
    if (trouble == Trouble::duplicate) {
        return error_response(500, "Data already exists: " + text);
    }
    return error_response(status_of(trouble), text);
}

http::Response Exact::handle(const http::Request& request, Instant now) {
    const auto [path, query] = http::split_target(request.url);
    if (path == "/sim/stats") return statistics();
    ++counters().requests;
    const Call call{request, http::parse_query(query), now, is_person(request.headers)};
    return enter(call, path);
}

http::Response Exact::enter(const Call& call, std::string_view path) {
    const std::string& root = description().root;
    const bool is_within = path.starts_with(root);
    const std::string_view rest = is_within ? path.substr(root.size()) : std::string_view();
    if (rest == "current/Me") {
        return is_authorised(call.request.headers)
                   ? me(call)
                   : refuse_with(Trouble::unauthorized, "the token is missing or wrong", "");
    }
    const std::size_t slash = rest.find('/');
    const auto number = parse_whole(rest.substr(0, slash));
    if (!is_within || !number || slash == std::string_view::npos) {
        return refuse_with(Trouble::not_found, "there is nothing at this path", "");
    }
    if (is_authorised(call.request.headers) && *number != division) {
        return forbidden(fmt::format("no access to division {}", *number), "NoDivisionAccess");
    }
    return enter_division(call, rest.substr(slash + 1));
}

http::Response Exact::enter_division(const Call& call, std::string_view rest) {
    const Target target = target_of(http::percent_decode(rest));
    if (call.is_insider) return answer_for(call, target);
    http::Response response;
    if (is_authorised(call.request.headers)) {
        response = count_and_answer(call, target);
        if (response.status == 429) return response;
    } else {
        response = refuse_with(Trouble::unauthorized, "the token is missing or wrong", "");
    }
    const bool was_blocked = errors_.is_blocked(target.endpoint, call.now);
    if (counts_as_error(response.status) && !was_blocked) {
        errors_.note_refusal(target.endpoint, call.now);
    }
    return response;
}

http::Response Exact::count_and_answer(const Call& call, const Target& target) {
    const bool has_minute = minute_.has_room(call.now);
    const bool has_day = day_.has_room(call.now);
    if (!has_minute || !has_day) {
        ++counters().rejected_429;
        http::Response response =
            refuse_with(Trouble::too_many, "the limit of calls is reached", "");
        const ClockWindow& hit = has_minute ? day_ : minute_;
        const std::string name = has_minute ? "X-RateLimit-" : "X-RateLimit-Minutely-";
        response.headers.emplace_back(name + "Limit", std::to_string(hit.limit()));
        response.headers.emplace_back(name + "Remaining", "0");
        response.headers.emplace_back(name + "Reset", std::to_string(hit.reset().ms));
        return response;
    }
    minute_.take();
    day_.take();
    http::Response response =
        errors_.is_blocked(target.endpoint, call.now)
            ? forbidden("too many errors on " + target.endpoint, "BlockedUser")
            : answer_within_rights(call, target);
    add_quota_headers(response);
    return response;
}

void Exact::add_quota_headers(http::Response& response) const {
    for (const auto& [name, window] :
         {std::pair("X-RateLimit-", &day_), std::pair("X-RateLimit-Minutely-", &minute_)}) {
        const std::string begin = name;
        response.headers.emplace_back(begin + "Limit", std::to_string(window->limit()));
        response.headers.emplace_back(begin + "Remaining", std::to_string(window->remaining()));
        response.headers.emplace_back(begin + "Reset", std::to_string(window->reset().ms));
    }
}

Exact::Target Exact::target_of(std::string_view path) const {
    Target target;
    const std::size_t open = path.find('(');
    target.endpoint = std::string(path.substr(0, open));
    if (open != std::string_view::npos) {
        // Without its closing parenthesis it is no key of any set.
        target.key = path.ends_with(')') ? path.substr(open + 1, path.size() - open - 2) : "";
    }
    target.resource = resource_named(target.endpoint);
    if (const ExactLines* lines = lines_fed_by(target.endpoint); lines != nullptr) {
        target.resource = lines->lines;
        target.is_feed = true;
    }
    return target;
}

http::Response Exact::answer_within_rights(const Call& call, const Target& target) {
    const bool is_set = target.resource < books().size();
    const bool is_hidden =
        is_set && no_rights_.contains(description().resources[target.resource].name);
    return is_hidden ? answer_without_right(call, target) : answer_for(call, target);
}

http::Response Exact::answer_for(const Call& call, const Target& target) {
    const std::string& method = call.request.method;
    if (target.endpoint == "users/UserHasRights") return rights(call);
    if (target.resource == books().size()) {
        return refuse_with(Trouble::not_found, "there is no such set", "");
    }
    if (target.is_feed) {
        if (method == "GET" && !target.key) return feed(target.resource, call);
        return refuse_with(Trouble::no_method, "a feed takes GET", "");
    }
    if (!target.key) {
        if (method == "GET") return list(target.resource, call);
        if (method == "POST") return create(target.resource, call);
        return refuse_with(Trouble::no_method, "a set takes GET and POST", "");
    }
    const auto guid = odata::parse_guid(*target.key);
    if (!guid) return refuse_with(Trouble::bad_request, "a key is written guid'...'", "");
    const auto id = id_number(target.resource, *guid);
    if (!id || books().table(target.resource).find(*id) == nullptr) {
        return refuse_with(Trouble::not_found, "there is no such record", "");
    }
    if (method == "GET") return single(target.resource, *id, call);
    if (method == "PUT") return change(target.resource, *id, call);
    if (method == "DELETE") return remove(target.resource, *id, call);
    return refuse_with(Trouble::no_method, "a record takes GET, PUT and DELETE", "");
}

http::Response Exact::answer_without_right(const Call& call, const Target& target) const {
    if (call.request.method != "GET") return forbidden("no right to write here", "");
    if (target.key) return refuse_with(Trouble::not_found, "there is no such record", "");
    return json_response(200, R"({"d":{"results":[]}})");
}

http::Response Exact::rights(const Call& call) const {
    const std::string* endpoint = parameter(call.query, "endpoint");
    const std::string* action = parameter(call.query, "action");
    if (endpoint == nullptr || action == nullptr) {
        return refuse_with(Trouble::bad_request, "endpoint and action are asked for", "");
    }
    const std::string asked = text::lower(unquoted(*endpoint));
    bool has_rights = false;
    for (const Resource& resource : description().resources) {
        const ExactLines* lines = lines_as(resource_named(resource.name));
        const bool is_meant = text::lower(resource.name) == asked ||
                              (lines != nullptr && text::lower(lines->feed) == asked);
        if (is_meant) has_rights = call.is_insider || !no_rights_.contains(resource.name);
    }
    return json_response(200, fmt::format(R"({{"d":{{"UserHasRights":{}}}}})", has_rights));
}

http::Response Exact::me(const Call& call) const {
    const auto host = http::find(call.request.headers, "Host").value_or("127.0.0.1");
    return json_response(
        200,
        fmt::format(R"({{"d":{{"results":[{{"__metadata":{{"uri":"http://{}/api/v1/current/Me",)"
                    R"("type":"Exact.Web.Api.System.Me"}},"CurrentDivision":{}}}]}}}})",
                    host, division));
}

}  // namespace entente::sim
