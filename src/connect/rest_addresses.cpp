#include "connect/rest_addresses.hpp"

#include "base/text.hpp"
#include "connect/people_text.hpp"
#include "connect/rest_pattern.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace entente::connect {
namespace {

std::unexpected<Error> bad(std::string text) {
    return fail(ErrorKind::bad_input, std::move(text));
}

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const unsigned byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
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

// Conditions on one parameter are one condition: $filter=A eq 1 and B eq 2.
void add_condition(http::Query& query, const std::string& parameter, std::string condition) {
    const auto same = std::ranges::find(query, parameter, &http::Query::value_type::first);
    if (same == query.end()) {
        query.emplace_back(parameter, std::move(condition));
    } else {
        same->second += " and " + condition;
    }
}

Result<void> add_filled(http::Query& query, const model::QueryPattern& pattern,
                        const std::vector<Filling>& fillings) {
    if (pattern.pattern.empty()) {
        add_condition(query, pattern.parameter, fillings.front().value);
        return {};
    }
    TRY(std::string condition, fill_pattern(pattern.pattern, fillings));
    add_condition(query, pattern.parameter, std::move(condition));
    return {};
}

std::string with_query(std::string url, const http::Query& query) {
    return query.empty() ? url : url + "?" + http::format_query(query);
}

}  // namespace

Result<RestAddresses> RestAddresses::open(const model::System& system) {
    RestAddresses addresses(system.rest);
    TRY_VOID(addresses.set_base(system));
    if (!system.rest.time_zone.empty()) {
        TRY(addresses.zone_, TimeZone::open(system.rest.time_zone));
    }
    return addresses;
}

Result<void> RestAddresses::set_base(const model::System& system) {
    base_ = system.base_url;
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
        return text::lower(host) == base_url_.host;
    };
    if (!system.hosts.empty() && std::ranges::none_of(system.hosts, is_host)) {
        return bad(fmt::format("{} is none of the connector's hosts", base_url_.host));
    }
    while (base_.ends_with('/')) base_.pop_back();
    return {};
}

// The last gate before a credential leaves: whatever was put together, it must lead to the system
// itself.
Result<void> RestAddresses::check_own(const std::string& url) const {
    TRY(const Url target, parse_url(url));
    if (!same_origin(target, base_url_) || !is_under(target.path, base_url_.path) ||
        target.has_login || target.has_fragment) {
        return bad("the URL leads away from the system's base URL");
    }
    return {};
}

Result<std::string> RestAddresses::collection(const model::Resource& resource) const {
    if (resource.path.empty()) return bad(resource.name + " is a list inside other records");
    return base_ + resource.path;
}

Result<std::string> RestAddresses::record(const model::Resource& resource,
                                          const std::string& id) const {
    if (id.empty() || id == "." || id == ".." || has_control_character(id)) {
        return bad(fmt::format("`{}` cannot be an id", people_text(id, 40)));
    }
    TRY(std::string path, collection(resource));
    const std::string& pattern =
        resource.record_path.empty() ? protocol_->record_path : resource.record_path;
    return fill_pattern(pattern, {{"path", std::move(path), true, false}, {"id", id, false, true}});
}

http::Query RestAddresses::first_page() const {
    http::Query query;
    const model::RestProtocol& rest = *protocol_;
    using Paging = model::RestProtocol::Paging;
    if (rest.paging == Paging::none) return query;
    const bool is_counted = rest.paging == Paging::page || rest.paging == Paging::offset;
    if (is_counted && !rest.page_parameter.empty()) {
        const int first = rest.paging == Paging::page ? rest.first_page : 0;
        query.emplace_back(rest.page_parameter, std::to_string(first));
    }
    if (!rest.size_parameter.empty()) {
        query.emplace_back(rest.size_parameter, std::to_string(rest.page_size));
    }
    return query;
}

Result<http::Query> RestAddresses::page_at(const std::string& cursor) const {
    using Paging = model::RestProtocol::Paging;
    http::Query query = first_page();
    if (cursor.empty()) return query;
    const bool is_counted =
        protocol_->paging == Paging::page || protocol_->paging == Paging::offset;
    if (is_counted && !query.empty()) {
        const bool is_number =
            std::ranges::all_of(cursor, [](char c) { return c >= '0' && c <= '9'; });
        if (!is_number) return bad("the cursor is no number of a page or row");
        query.front().second = cursor;
    } else if (protocol_->paging == Paging::cursor) {
        query.emplace_back(protocol_->cursor_parameter, cursor);
    } else {
        return bad("this list has one page only");
    }
    return query;
}

std::string RestAddresses::text_of(Instant since) const {
    if (!zone_) return format_since(since);
    std::string text = format_since(zone_->wall_not_after(since));
    text.pop_back();  // the Z: a time on the wall names no zone
    return text;
}

Result<void> RestAddresses::add_changed(const model::Resource& resource, const sync::ListCall& call,
                                        http::Query& query) const {
    if (!resource.feed_path.empty()) {
        // The feed wants a filter even when everything is asked for.
        const std::int64_t version = call.since_version.value_or(0);
        return add_filled(query, resource.row_version_filter,
                          {{"version", std::to_string(version), true, false}});
    }
    if (!call.since || protocol_->modified_filter.parameter.empty()) return {};
    return add_filled(query, protocol_->modified_filter,
                      {{"time", text_of(*call.since), true, false},
                       {"seconds", std::to_string(call.since->ms / 1'000), true, false},
                       {"milliseconds", std::to_string(call.since->ms), true, false}});
}

// Without an order that no two records share, a page may show what another one has shown, and hide what none shows.
Result<void> RestAddresses::add_order(const model::Resource& resource, http::Query& query) const {
    const model::QueryPattern& order = resource.proof.order;
    if (order.parameter.empty()) return {};
    std::string value = resource.key_at;
    if (!order.pattern.empty()) {
        TRY(value, fill_pattern(order.pattern, {{"key", resource.key_at, true, false}}));
    }
    query.emplace_back(order.parameter, std::move(value));
    return {};
}

void RestAddresses::add_fields(const model::Resource& resource, bool is_feed,
                               http::Query& query) const {
    if (protocol_->select.parameter.empty() || resource.fields.empty()) return;
    std::string fields = fmt::format("{}", fmt::join(resource.fields, ","));
    if (is_feed) fields += "," + resource.row_version_at;
    query.emplace_back(protocol_->select.parameter, std::move(fields));
}

// Of a list whose rows hold the records; only the rows' times are of use besides.
Result<std::string> RestAddresses::outer_list(const model::Resource& resource,
                                              http::Query query) const {
    const model::ListedInside& listed = resource.listed_inside;
    if (!protocol_->select.parameter.empty() && !protocol_->modified_at.empty()) {
        std::string times = protocol_->modified_at;
        if (!protocol_->created_at.empty()) times += "," + protocol_->created_at;
        query.emplace_back(protocol_->select.parameter, std::move(times));
    }
    if (!listed.expand.parameter.empty()) {
        std::string fields = fmt::format("{}", fmt::join(resource.fields, ","));
        TRY_VOID(add_filled(query, listed.expand, {{"fields", std::move(fields), true, false}}));
    }
    return with_query(base_ + listed.path, query);
}

Result<std::string> RestAddresses::removals(const model::Resource& resource,
                                            const sync::ListCall& call, http::Query query) const {
    const model::RemovalFeed& removals = resource.removals;
    if (removals.path.empty()) return bad(resource.name + " does not tell what was removed");
    TRY_VOID(
        add_filled(query, removals.filter,
                   {{"version", std::to_string(call.since_version.value_or(0)), true, false}}));
    if (!protocol_->select.parameter.empty()) {
        std::string fields = removals.key_at + "," + removals.row_version_at;
        for (const auto& [path, value] : removals.where) fields += "," + path;
        query.emplace_back(protocol_->select.parameter, std::move(fields));
    }
    return with_query(base_ + removals.path, query);
}

Result<std::string> RestAddresses::list(const model::Resource& resource,
                                        const sync::ListCall& call) const {
    if (is_link(call.cursor)) return link(call.cursor);
    TRY(http::Query query, page_at(call.cursor));
    if (call.is_of_removals) return removals(resource, call, std::move(query));
    TRY_VOID(add_changed(resource, call, query));
    if (!resource.listed_inside.path.empty()) return outer_list(resource, std::move(query));
    const bool is_feed = !resource.feed_path.empty();
    add_fields(resource, is_feed, query);
    if (is_feed) return with_query(base_ + resource.feed_path, query);
    TRY_VOID(add_order(resource, query));
    TRY(std::string url, collection(resource));
    return with_query(std::move(url), query);
}

// The conditions of one alternative, by parameter.
Result<http::Query> RestAddresses::conditions(const model::Resource& resource,
                                              const sync::SearchTerms& terms) const {
    if (terms.empty()) return bad("a search for everything");
    http::Query query;
    for (const auto& [path, value] : terms) {
        const auto known = std::ranges::find(resource.search, path, &model::SearchField::path);
        if (known == resource.search.end()) {
            return bad(fmt::format("{} cannot be searched by `{}`", resource.name, path));
        }
        TRY(std::string text, search_text(value));
        TRY_VOID(add_filled(query, known->query, {{"value", std::move(text), false, false}}));
    }
    return query;
}

// Alternatives are one condition on one parameter: $filter=A eq 1 or A eq 2, (A eq 1 and B eq 2) or (A eq 3 and B eq 4).
Result<http::Query> RestAddresses::any_of(const model::Resource& resource,
                                          const sync::SearchCall& call) const {
    TRY(http::Query out, conditions(resource, call.equals));
    if (call.others.empty()) return out;
    const auto joined = [](const sync::SearchTerms& terms, const std::string& condition) {
        return terms.size() == 1 ? condition : "(" + condition + ")";
    };
    out.front().second = joined(call.equals, out.front().second);
    for (const sync::SearchTerms& terms : call.others) {
        TRY(const http::Query other, conditions(resource, terms));
        if (out.size() != 1 || other.size() != 1 || other.front().first != out.front().first) {
            return bad("alternatives of a search stand in one parameter");
        }
        out.front().second += " or " + joined(terms, other.front().second);
    }
    return out;
}

Result<std::string> RestAddresses::search(const model::Resource& resource,
                                          const sync::SearchCall& call) const {
    if (is_link(call.cursor)) return link(call.cursor);
    TRY(http::Query query, page_at(call.cursor));
    TRY(http::Query wanted, any_of(resource, call));
    for (auto& [parameter, condition] : wanted) {
        query.emplace_back(std::move(parameter), std::move(condition));
    }
    add_fields(resource, false, query);
    TRY(std::string url, collection(resource));
    return with_query(std::move(url), query);
}

Result<std::string> RestAddresses::read(const model::Resource& resource,
                                        const std::string& id) const {
    TRY(std::string by_key, record(resource, id));
    http::Query query;
    if (protocol_->read_filter.parameter.empty()) {
        add_fields(resource, false, query);
        return with_query(std::move(by_key), query);
    }
    TRY_VOID(add_filled(query, protocol_->read_filter,
                        {{"id", id, false, false}, {"key", resource.key_at, true, false}}));
    add_fields(resource, false, query);
    TRY(std::string url, collection(resource));
    return with_query(std::move(url), query);
}

Result<std::string> RestAddresses::rights(const model::Resource& resource) const {
    if (protocol_->rights_path.empty()) return bad("this system cannot be asked for our rights");
    TRY_VOID(collection(resource));
    http::Query query;
    for (const model::QueryPattern& part : protocol_->rights_query) {
        TRY(std::string value,
            fill_pattern(part.pattern, {{"resource", resource.path.substr(1), false, false}}));
        query.emplace_back(part.parameter, std::move(value));
    }
    return with_query(base_ + protocol_->rights_path, query);
}

bool RestAddresses::is_link(const std::string& cursor) const {
    using Paging = model::RestProtocol::Paging;
    if (cursor.empty()) return false;
    if (protocol_->paging == Paging::link || protocol_->paging == Paging::link_header) return true;
    if (protocol_->paging != Paging::cursor) return false;
    return protocol_->cursor_parameter.empty() || cursor.starts_with("http://") ||
           cursor.starts_with("https://");
}

Result<std::string> RestAddresses::link(const std::string& cursor) const {
    // Some systems repeat a filter in their links without encoding its spaces.
    std::string encoded;
    for (const char c : cursor) {
        if (c == ' ') {
            encoded += "%20";
        } else {
            encoded += c;
        }
    }
    TRY(std::string url, resolve_link(base_ + "/", encoded));
    if (auto own = check_own(url); !own) {
        return fail(ErrorKind::corrupt,
                    "the link to the next page leads away from the system's base URL and is not "
                    "followed");
    }
    return url;
}

}  // namespace entente::connect
