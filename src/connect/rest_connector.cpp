#include "connect/rest_connector.hpp"

#include "base/json.hpp"
#include "connect/body_path.hpp"
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

bool is_list(const sync::Call& call) {
    return std::holds_alternative<sync::ListCall>(call) ||
           std::holds_alternative<sync::SearchCall>(call);
}

// RFC 9110 wants entity tags quoted; some systems show them bare in their bodies. What calls itself weak goes back as it came, however
// it is quoted.
std::string precondition_text(std::string_view header, const std::string& version) {
    const bool is_if_match = http::find({{std::string(header), ""}}, "If-Match").has_value();
    const bool is_tag = version.starts_with('"') || version.starts_with("W/") || version == "*";
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

}  // namespace

Result<RestConnector> RestConnector::open(const model::Workspace& workspace, SystemIndex system,
                                          const std::map<std::string, std::string>& secrets) {
    const model::System& declared = workspace.systems[system.at()];
    const auto named = [&](Error error) {
        error.where = declared.name;
        return std::unexpected(std::move(error));
    };
    Result<RestAddresses> addresses = RestAddresses::open(declared);
    if (!addresses) return named(std::move(addresses).error());
    RestConnector connector(workspace, declared, *std::move(addresses));
    if (auto done = connector.check_headers(); !done) return named(std::move(done).error());
    if (auto done = connector.set_login(secrets); !done) return named(std::move(done).error());
    if (auto done = connector.check_paths(); !done) return named(std::move(done).error());
    return connector;
}

Result<void> RestConnector::check_paths() const {
    std::vector<std::string> paths{protocol().rights_path, protocol().batch_path,
                                   protocol().metadata_path};
    for (const ResourceIndex index : system_->resources) {
        const model::Resource& declared = workspace_->resources[index.at()];
        paths.push_back(declared.path);  // empty: a list nested in another resource
        paths.push_back(declared.feed_path);
        paths.push_back(declared.listed_inside.path);
        paths.push_back(declared.removals.path);
    }
    for (const std::string& path : paths) {
        if (path.empty()) continue;
        if (!path.starts_with('/') || path.find_first_of("?#") != std::string::npos) {
            return bad(fmt::format("`{}` is no path", path));
        }
        if (auto own = addresses_.check_own(addresses_.base() + path); !own) {
            return bad(fmt::format("the path {}: {}", people_text(path, 80), own.error().text));
        }
    }
    return {};
}

Result<void> RestConnector::check_headers() const {
    std::vector<std::string> names{protocol().precondition_header, protocol().idempotency_header,
                                   protocol().auth_header};
    std::erase(names, std::string());
    for (const auto& [name, value] : protocol().write_headers) names.push_back(name);
    for (const auto& [name, value] : protocol().list_headers) names.push_back(name);
    for (const std::string& name : names) {
        if (!is_header_name(name)) {
            return bad(fmt::format("`{}` is no header name", people_text(name, 40)));
        }
    }
    for (const auto* headers : {&protocol().write_headers, &protocol().list_headers}) {
        for (const auto& [name, value] : *headers) {
            if (breaks_the_line(value)) {
                return bad(fmt::format(
                    "the value of the header {} holds a line break or control character", name));
            }
        }
    }
    return {};
}

Result<void> RestConnector::set_login(const std::map<std::string, std::string>& secrets) {
    for (const std::string& needed : protocol().auth_needs) {
        const auto at = secrets.find(needed);
        if (at == secrets.end() || at->second.empty()) {
            return bad(fmt::format("the secret `{}` is not set", needed));
        }
    }
    if (protocol().login == model::RestProtocol::Login::client_credentials) {
        TRY(token_login_, TokenLogin::open(*system_, secrets));
        mask_ = token_login_->mask();
    }
    for (const auto& [name, value] : secrets) mask_->add(value);
    if (token_login_) return {};
    if (protocol().auth_header.empty()) return {};
    TRY(std::string value, fill_in(protocol().auth_value, secrets));
    if (breaks_the_line(value)) return bad("the login holds a line break or control character");
    mask_->add_login(value);
    login_.emplace_back(protocol().auth_header, std::move(value));
    return {};
}

const model::Resource& RestConnector::resource(const sync::Call& call) const {
    return workspace_->resources[sync::resource_of(call).at()];
}

Result<std::string> RestConnector::read_url(const sync::Call& call) const {
    const model::Resource& asked = resource(call);
    if (const auto* list = std::get_if<sync::ListCall>(&call)) return addresses_.list(asked, *list);
    if (const auto* search = std::get_if<sync::SearchCall>(&call)) {
        return addresses_.search(asked, *search);
    }
    if (const auto* read = std::get_if<sync::ReadCall>(&call)) {
        return addresses_.read(asked, read->external_id);
    }
    return addresses_.rights(asked);
}

Result<void> RestConnector::put_create(const sync::CreateCall& create, http::Request& out) const {
    const model::Resource& made = workspace_->resources[create.resource.at()];
    TRY(out.url, addresses_.collection(made));
    out.method = protocol().create_verb;
    const bool is_keyed = made.grade == model::CreateGrade::keyed;
    const std::string& header = protocol().idempotency_header;
    if (is_keyed && !header.empty() && !create.idempotency_key.empty()) {
        out.headers.emplace_back(header, create.idempotency_key);
    }
    out.body = json::write(create.body);
    return {};
}

Result<void> RestConnector::put_update(const sync::UpdateCall& update, http::Request& out) const {
    TRY(out.url,
        addresses_.record(workspace_->resources[update.resource.at()], update.external_id));
    out.method = protocol().update_verb;
    if (!update.precondition.empty()) {
        const std::string& header = protocol().precondition_header;
        if (header.empty()) {
            return bad("this system takes no preconditions, and the write must not go without");
        }
        out.headers.emplace_back(header, precondition_text(header, update.precondition));
    }
    out.body = json::write(update.body);
    return {};
}

Result<http::Request> RestConnector::request(const sync::Call& call) const {
    http::Request out;
    out.headers.emplace_back("Accept", "application/json");
    out.headers.insert(out.headers.end(), login_.begin(), login_.end());
    if (sync::is_write(call)) {
        out.headers.emplace_back("Content-Type", "application/json");
        const auto& fixed = protocol().write_headers;
        out.headers.insert(out.headers.end(), fixed.begin(), fixed.end());
    }
    if (is_list(call)) {
        const auto& fixed = protocol().list_headers;
        out.headers.insert(out.headers.end(), fixed.begin(), fixed.end());
    }
    if (const auto* create = std::get_if<sync::CreateCall>(&call)) {
        TRY_VOID(put_create(*create, out));
    } else if (const auto* update = std::get_if<sync::UpdateCall>(&call)) {
        TRY_VOID(put_update(*update, out));
    } else {
        TRY(out.url, read_url(call));
    }
    TRY_VOID(addresses_.check_own(out.url));
    for (const auto& [name, value] : out.headers) {
        if (breaks_the_line(value)) return bad("a line break in the header " + name);
    }
    return out;
}

Result<http::Request> RestConnector::metadata_request() const {
    if (protocol().metadata_path.empty()) return bad("this protocol has no description of itself");
    http::Request out{.url = addresses_.base() + protocol().metadata_path};
    out.headers.emplace_back("Accept", "application/xml");
    out.headers.insert(out.headers.end(), login_.begin(), login_.end());
    TRY_VOID(addresses_.check_own(out.url));
    return out;
}

sync::Answer RestConnector::answer(const sync::Call& call, const http::Response& response) const {
    sync::Answer out = read_answer(call, response);
    const bool tells = out.outcome != Outcome::ok || !out.bad_rows.empty();
    if (tells) tell_masked(call, response, out);
    return out;
}

// What is told is cut to fit, so it is read once more from an answer that holds no secret. What is done stays what the answer itself
// says.
void RestConnector::tell_masked(const sync::Call& call, const http::Response& response,
                                sync::Answer& answer) const {
    http::Response masked{response.status, response.headers, mask_->masked(response.body)};
    for (auto& [name, value] : masked.headers) value = mask_->masked(value);
    if (masked.body == response.body && masked.headers == response.headers) return;
    sync::Answer told = read_answer(call, masked);
    answer.message = std::move(told.message);
    answer.field = std::move(told.field);
    for (sync::BadRow& bad : answer.bad_rows) {
        const auto same = std::ranges::find(told.bad_rows, bad.number, &sync::BadRow::number);
        bad.why = same == told.bad_rows.end() ? "its text holds one of our secrets" : same->why;
    }
}

sync::Answer RestConnector::read_answer(const sync::Call& call,
                                        const http::Response& response) const {
    if (response.status < 200 || response.status > 299) {
        return error_answer(protocol(), call, response);
    }
    if (std::holds_alternative<sync::RightsCall>(call)) return rights_answer(call, response);
    if (const auto* read = std::get_if<sync::ReadCall>(&call)) {
        return protocol().read_filter.parameter.empty()
                   ? record_answer(call, response)
                   : only_row(*read, list_answer(call, response));
    }
    return sync::is_write(call) ? record_answer(call, response) : list_answer(call, response);
}

RecordShape RestConnector::shape(const sync::Call& call) const {
    const auto* list = std::get_if<sync::ListCall>(&call);
    const model::Resource& asked = resource(call);
    const bool is_feed = list != nullptr && !asked.feed_path.empty();
    const bool is_inside = list != nullptr && !asked.listed_inside.path.empty();
    const bool is_of_removals = list != nullptr && list->is_of_removals;
    const bool tells_total = list != nullptr && !asked.proof.total_at.empty() && !is_feed &&
                             !is_inside && !is_of_removals;
    return {protocol(), asked, addresses_.zone(), is_feed, is_inside, is_of_removals, tells_total};
}

sync::Answer RestConnector::list_answer(const sync::Call& call,
                                        const http::Response& response) const {
    if (!protocol().error_inside_ok_at.empty()) {
        const Result<Value> body = json::read(response.body);
        if (body && is_error_inside_ok(protocol(), *body)) {
            return error_inside_ok(protocol(), call, *body);
        }
    }
    std::string cursor;
    if (const auto* list = std::get_if<sync::ListCall>(&call)) cursor = list->cursor;
    if (const auto* search = std::get_if<sync::SearchCall>(&call)) cursor = search->cursor;
    Result<RestRows> rows = rows_in(shape(call), cursor, response);
    if (!rows) return unreadable(call, std::move(rows).error().text);
    if (addresses_.is_link(rows->next)) {
        const auto url = addresses_.link(rows->next);
        if (!url) return unreadable(call, url.error().text);
    }
    // What a search or a read of one record does not show counts as not there: it is read whole or not at all.
    if (!std::holds_alternative<sync::ListCall>(call) && !rows->bad_rows.empty()) {
        const sync::BadRow& bad = rows->bad_rows.front();
        return unreadable(call, fmt::format("row {}: {}", bad.number, bad.why));
    }
    sync::Answer out;
    out.records = std::move(rows->records);
    out.bad_rows = std::move(rows->bad_rows);
    out.next = std::move(rows->next);
    out.total = rows->total;
    out.passed_over = rows->passed_over;
    return out;
}

// A read that was made as a filtered list of one.
sync::Answer RestConnector::only_row(const sync::ReadCall& call, sync::Answer list) const {
    if (list.outcome != Outcome::ok) return list;
    list.next.clear();
    if (list.records.empty()) {
        list.outcome = Outcome::not_found;
        list.message = fmt::format("there is no {} {}", resource(call).name,
                                   people_text(call.external_id, 80));
        return list;
    }
    if (list.records.size() > 1) {
        return unreadable(call, fmt::format("expected one record, found {}", list.records.size()));
    }
    const std::string& found = list.records.front().external_id;
    if (found == call.external_id) return list;
    return unreadable(call, fmt::format("expected the record {}, found {}",
                                        people_text(call.external_id, 80), people_text(found, 80)));
}

sync::Answer RestConnector::rights_answer(const sync::Call& call,
                                          const http::Response& response) const {
    const Result<Value> body = json::read(response.body);
    const Value* may = body ? find_at(*body, protocol().rights_at) : nullptr;
    if (may == nullptr || !may->is_bool()) {
        return unreadable(call, fmt::format("expected true or false at `{}`, found {}",
                                            protocol().rights_at, beginning_of(response.body)));
    }
    sync::Answer out;
    if (may->as_bool()) return out;
    out.outcome = Outcome::forbidden;
    out.message = fmt::format("may not read {}: its lists are empty for this user",
                              std::string_view(resource(call).path).substr(1));
    return out;
}

sync::Answer RestConnector::record_answer(const sync::Call& call,
                                          const http::Response& response) const {
    if (sync::is_write(call)) {
        // Accepted is not done: what became of it must be looked up.
        if (response.status == 202) return unreadable(call, "accepted, but not yet done");
        if (response.body.empty()) {
            sync::Answer done;
            done.version = version_in(protocol(), response.headers);
            return done;
        }
    }
    Result<Value> body = json::read(response.body);
    if (!body) {
        return unreadable(call, fmt::format("expected a record, found {} ({})",
                                            beginning_of(response.body), body.error().text));
    }
    if (is_error_inside_ok(protocol(), *body)) return error_inside_ok(protocol(), call, *body);
    Result<sync::SeenRecord> record = record_in(shape(call), *std::move(body), response.headers);
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
    out.complete =
        !(std::holds_alternative<sync::CreateCall>(call) && resource(call).create_shows_key);
    out.records.push_back(*std::move(record));
    return out;
}

sync::Answer RestConnector::failure(const sync::Call& call, const TransportFailure& failure) const {
    sync::Answer out = unreadable(call, mask_->masked(failure.text));
    const bool is_unsent =
        failure.kind == FailureKind::not_sent || failure.kind == FailureKind::tls;
    if (is_unsent) out.outcome = Outcome::retry_later;
    if (failure.kind == FailureKind::login) out.outcome = Outcome::auth;
    out.is_of_system = is_unsent || failure.kind == FailureKind::login;
    return out;
}

}  // namespace entente::connect
