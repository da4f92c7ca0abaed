#include "connect/rest_connector.hpp"

#include "base/json.hpp"
#include "connect/people_text.hpp"
#include "connect/rest_errors.hpp"
#include "connect/rest_records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace entente::connect {
namespace {

using sync::Outcome;

std::unexpected<Error> bad(std::string text) {
    return fail(ErrorKind::bad_input, std::move(text));
}

bool breaks_the_line(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const unsigned byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && byte != '\t') || byte == 0x7f;
    });
}

bool is_header_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

// Always with milliseconds: servers that compare times as text must not take "10:00:00Z" for later
// than "10:00:00.5Z".
std::string format_since(Instant t) {
    std::string text = format_instant(t);
    if (text.find('.') == std::string::npos) text.insert(text.size() - 1, ".000");
    return text;
}

Result<std::string> search_text(const Value& value) {
    if (value.is_text() && !value.as_text().empty()) return value.as_text();
    if (value.is_decimal()) return value.as_decimal().text();
    if (value.is_bool()) return std::string(value.as_bool() ? "true" : "false");
    // An empty parameter finds everything in some systems and nothing in others.
    return bad(fmt::format("a search by {} finds nothing", value.kind()));
}

// RFC 9110 wants entity tags quoted; some systems show them bare in their bodies.
std::string precondition_text(std::string_view header, const std::string& version) {
    const bool is_if_match = http::find({{std::string(header), ""}}, "If-Match").has_value();
    const bool is_tag = version.starts_with('"') || version.starts_with("W/\"") || version == "*";
    return is_if_match && !is_tag ? fmt::format("\"{}\"", version) : version;
}

// "Bearer {token}" with the braces filled in. `{secret}` stands for the only one, whatever its
// name.
Result<std::string> fill_in(std::string_view pattern,
                            const std::map<std::string, std::string>& secrets) {
    std::string out;
    while (!pattern.empty()) {
        const std::size_t open = std::min(pattern.find('{'), pattern.size());
        out += pattern.substr(0, open);
        pattern.remove_prefix(open);
        if (pattern.empty()) break;
        const std::size_t close = pattern.find('}');
        if (close == std::string_view::npos) return bad("the login value has a brace without end");
        const std::string name(pattern.substr(1, close - 1));
        auto secret = secrets.find(name);
        if (secret == secrets.end() && name == "secret" && secrets.size() == 1) {
            secret = secrets.begin();
        }
        if (secret == secrets.end() || secret->second.empty()) {
            return bad(fmt::format("the secret `{}` is not set", name));
        }
        out += secret->second;
        pattern.remove_prefix(close + 1);
    }
    return out;
}

std::string lower_ascii(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return text;
}

}  // namespace

Result<RestConnector> RestConnector::open(const model::Workspace& workspace, SystemIndex system,
                                          const std::map<std::string, std::string>& secrets) {
    const model::System& declared = workspace.systems[system.at()];
    RestConnector connector(workspace, declared);
    const auto named = [&](Error error) {
        error.where = declared.name;
        return std::unexpected(std::move(error));
    };
    if (auto done = connector.set_base(); !done) return named(std::move(done).error());
    if (auto done = connector.set_login(secrets); !done) return named(std::move(done).error());
    for (const ResourceIndex index : declared.resources) {
        const std::string& path = workspace.resources[index.at()].path;
        if (path.empty()) continue;  // a list nested in another resource
        if (!path.starts_with('/') || path.find_first_of("?#") != std::string::npos) {
            return named({ErrorKind::bad_input, fmt::format("`{}` is no path", path), {}});
        }
        if (auto own = connector.check_own(connector.base_ + path); !own) {
            return named(std::move(own).error());
        }
    }
    return connector;
}

Result<void> RestConnector::set_base() {
    base_ = system_->base_url;
    TRY(base_url_, parse_url(base_));
    if (base_url_.has_login || base_.find_first_of("?#") != std::string::npos) {
        return bad("a base URL has no login, query or fragment");
    }
    if (base_url_.scheme != "https" && !is_loopback(base_url_.host)) {
        return bad(
            "credentials are sent over https only (loopback excepted); base_url must "
            "begin with https://");
    }
    const auto is_host = [this](const std::string& host) {
        return lower_ascii(host) == base_url_.host;
    };
    if (!system_->hosts.empty() && std::ranges::none_of(system_->hosts, is_host)) {
        return bad(fmt::format("{} is none of the connector's hosts", base_url_.host));
    }
    while (base_.ends_with('/')) base_.pop_back();
    return {};
}

Result<void> RestConnector::set_login(const std::map<std::string, std::string>& secrets) {
    for (const auto& [name, value] : secrets) secrets_.push_back(value);
    // A secret that holds another one must be masked before it.
    std::ranges::sort(secrets_, [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    for (const std::string& needed : protocol().auth_needs) {
        const auto at = secrets.find(needed);
        if (at == secrets.end() || at->second.empty()) {
            return bad(fmt::format("the secret `{}` is not set", needed));
        }
    }
    for (const std::string* name : {&protocol().precondition_header, &protocol().idempotency_header,
                                    &protocol().auth_header}) {
        if (!name->empty() && !is_header_name(*name)) {
            return bad(fmt::format("`{}` is no header name", people_text(*name, 40)));
        }
    }
    if (protocol().auth_header.empty()) return {};
    TRY(std::string value, fill_in(protocol().auth_value, secrets));
    if (breaks_the_line(value)) return bad("the login holds a line break or control character");
    login_.emplace_back(protocol().auth_header, std::move(value));
    return {};
}

const model::Resource& RestConnector::resource(const sync::Call& call) const {
    return workspace_->resources[sync::resource_of(call).at()];
}

// The last gate before a credential leaves: whatever was put together, it must lead to the system
// itself.
Result<void> RestConnector::check_own(const std::string& url) const {
    TRY(const Url target, parse_url(url));
    if (!same_origin(target, base_url_) || !is_under(target.path, base_url_.path) ||
        target.has_login || target.has_fragment) {
        return bad("the URL leads away from the system's base URL");
    }
    return {};
}

Result<std::string> RestConnector::collection_url(const model::Resource& resource,
                                                  const http::Query& query) const {
    if (resource.path.empty()) return bad(resource.name + " is a list inside other records");
    std::string url = base_ + resource.path;
    if (!query.empty()) url += "?" + http::format_query(query);
    return url;
}

Result<std::string> RestConnector::record_url(const model::Resource& resource,
                                              const std::string& id) const {
    if (id.empty() || id == "." || id == ".." || breaks_the_line(id)) {
        return bad(fmt::format("`{}` cannot be an id", people_text(id, 40)));
    }
    TRY(const std::string url, collection_url(resource, {}));
    return url + "/" + http::percent_encode(id);
}

http::Query RestConnector::first_page() const {
    http::Query query;
    const model::RestProtocol& rest = protocol();
    if (rest.paging == model::RestProtocol::Paging::none) return query;
    if (rest.paging == model::RestProtocol::Paging::page && !rest.page_parameter.empty()) {
        query.emplace_back(rest.page_parameter, std::to_string(rest.first_page));
    }
    if (!rest.size_parameter.empty()) {
        query.emplace_back(rest.size_parameter, std::to_string(rest.page_size));
    }
    return query;
}

Result<std::string> RestConnector::list_url(const sync::ListCall& call) const {
    if (is_link(call.cursor)) return link_url(call.cursor);
    const model::RestProtocol& rest = protocol();
    http::Query query = first_page();
    if (!call.cursor.empty()) {
        if (rest.paging == model::RestProtocol::Paging::page && !query.empty()) {
            const bool is_number =
                std::ranges::all_of(call.cursor, [](char c) { return c >= '0' && c <= '9'; });
            if (!is_number) return bad("the cursor is no page number");
            query.front().second = call.cursor;
        } else if (rest.paging == model::RestProtocol::Paging::cursor) {
            query.emplace_back(rest.cursor_parameter, call.cursor);
        } else {
            return bad("this list has one page only");
        }
    }
    if (call.since && !rest.modified_filter.parameter.empty()) {
        query.emplace_back(rest.modified_filter.parameter, format_since(*call.since));
    }
    return collection_url(workspace_->resources[call.resource.at()], query);
}

Result<std::string> RestConnector::search_url(const sync::SearchCall& call) const {
    const model::Resource& searched = workspace_->resources[call.resource.at()];
    if (call.equals.empty()) return bad("a search for everything");
    http::Query query = first_page();
    for (const auto& [path, value] : call.equals) {
        const auto known = std::ranges::find(searched.search, path, &model::SearchField::path);
        if (known == searched.search.end()) {
            return bad(fmt::format("{} cannot be searched by `{}`", searched.name, path));
        }
        TRY(std::string text, search_text(value));
        query.emplace_back(known->query.parameter, std::move(text));
    }
    return collection_url(searched, query);
}

bool RestConnector::is_link(const std::string& cursor) const {
    if (protocol().paging != model::RestProtocol::Paging::cursor || cursor.empty()) return false;
    return protocol().cursor_parameter.empty() || cursor.starts_with("http://") ||
           cursor.starts_with("https://");
}

Result<std::string> RestConnector::link_url(const std::string& link) const {
    TRY(std::string url, resolve_link(base_ + "/", link));
    if (auto own = check_own(url); !own) {
        return fail(ErrorKind::corrupt,
                    "the link to the next page leads away from the system's base URL and is not "
                    "followed");
    }
    return url;
}

Result<http::Request> RestConnector::request(const sync::Call& call) const {
    const model::RestProtocol& rest = protocol();
    http::Request out;
    out.headers.emplace_back("Accept", "application/json");
    out.headers.insert(out.headers.end(), login_.begin(), login_.end());
    if (const auto* list = std::get_if<sync::ListCall>(&call)) {
        TRY(out.url, list_url(*list));
    } else if (const auto* search = std::get_if<sync::SearchCall>(&call)) {
        TRY(out.url, search_url(*search));
    } else if (const auto* read = std::get_if<sync::ReadCall>(&call)) {
        TRY(out.url, record_url(resource(call), read->external_id));
    } else if (const auto* create = std::get_if<sync::CreateCall>(&call)) {
        TRY(out.url, collection_url(resource(call), {}));
        out.method = rest.create_verb;
        out.headers.emplace_back("Content-Type", "application/json");
        const bool is_keyed = resource(call).grade == model::CreateGrade::keyed;
        if (is_keyed && !rest.idempotency_header.empty() && !create->idempotency_key.empty()) {
            out.headers.emplace_back(rest.idempotency_header, create->idempotency_key);
        }
        out.body = json::write(create->body);
    } else {
        const auto& update = std::get<sync::UpdateCall>(call);
        TRY(out.url, record_url(resource(call), update.external_id));
        out.method = rest.update_verb;
        out.headers.emplace_back("Content-Type", "application/json");
        if (!update.precondition.empty()) {
            if (rest.precondition_header.empty()) {
                return bad("this system takes no preconditions, and the write must not go without");
            }
            out.headers.emplace_back(
                rest.precondition_header,
                precondition_text(rest.precondition_header, update.precondition));
        }
        out.body = json::write(update.body);
    }
    TRY_VOID(check_own(out.url));
    for (const auto& [name, value] : out.headers) {
        if (breaks_the_line(value)) return bad("a line break in the header " + name);
    }
    return out;
}

sync::Answer RestConnector::answer(const sync::Call& call, const http::Response& response) const {
    sync::Answer out = read_answer(call, response);
    if (out.outcome != Outcome::ok) {
        out.message = without_secrets(std::move(out.message), secrets_);
        out.field = without_secrets(std::move(out.field), secrets_);
    }
    return out;
}

sync::Answer RestConnector::read_answer(const sync::Call& call,
                                        const http::Response& response) const {
    if (response.status < 200 || response.status > 299) {
        return error_answer(protocol(), call, response);
    }
    const bool is_list = std::holds_alternative<sync::ListCall>(call) ||
                         std::holds_alternative<sync::SearchCall>(call);
    return is_list ? list_answer(call, response) : record_answer(call, response);
}

sync::Answer RestConnector::list_answer(const sync::Call& call,
                                        const http::Response& response) const {
    if (!protocol().error_inside_ok_at.empty()) {
        const Result<Value> body = json::read(response.body);
        if (body && is_error_inside_ok(protocol(), *body)) {
            return error_inside_ok(protocol(), call, *body);
        }
    }
    const auto* list = std::get_if<sync::ListCall>(&call);
    const std::string cursor = list == nullptr ? std::string() : list->cursor;
    Result<RestRows> rows = rows_in(protocol(), resource(call), cursor, response.body);
    if (!rows) return unreadable(call, std::move(rows).error().text);
    if (is_link(rows->next)) {
        if (auto url = link_url(rows->next); !url) return unreadable(call, url.error().text);
    }
    sync::Answer out;
    out.records = std::move(rows->records);
    out.next = std::move(rows->next);
    return out;
}

sync::Answer RestConnector::record_answer(const sync::Call& call,
                                          const http::Response& response) const {
    if (sync::is_write(call)) {
        // Accepted is not done: what became of it must be looked up.
        if (response.status == 202) return unreadable(call, "accepted, but not yet done");
        if (response.body.empty()) return {};
    }
    Result<Value> body = json::read(response.body);
    if (!body) {
        return unreadable(call, fmt::format("expected a record, found {} ({})",
                                            beginning_of(response.body), body.error().text));
    }
    if (is_error_inside_ok(protocol(), *body)) return error_inside_ok(protocol(), call, *body);
    Result<sync::SeenRecord> record =
        record_in(protocol(), resource(call), *std::move(body), response.headers);
    if (!record) return unreadable(call, std::move(record).error().text);
    const std::string* asked = nullptr;
    if (const auto* read = std::get_if<sync::ReadCall>(&call)) asked = &read->external_id;
    if (const auto* update = std::get_if<sync::UpdateCall>(&call)) asked = &update->external_id;
    if (asked != nullptr && record->external_id != *asked) {
        return unreadable(call,
                          fmt::format("expected the record {}, found {}", people_text(*asked, 80),
                                      people_text(record->external_id, 80)));
    }
    sync::Answer out;
    out.records.push_back(*std::move(record));
    return out;
}

sync::Answer RestConnector::failure(const sync::Call& call, const TransportFailure& failure) const {
    sync::Answer out = unreadable(call, without_secrets(failure.text, secrets_));
    const bool is_unsent =
        failure.kind == FailureKind::not_sent || failure.kind == FailureKind::tls;
    if (is_unsent) out.outcome = Outcome::retry_later;
    return out;
}

}  // namespace entente::connect
