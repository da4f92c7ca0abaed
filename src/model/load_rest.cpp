#include "model/load_rest.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/time_zone.hpp"
#include "model/load_pattern.hpp"

namespace entente::model {
namespace {

// Wide enough for every system met; they catch slips like a page size of 0.
constexpr IntegerRange page_size_range{1, 100'000};
constexpr IntegerRange first_page_range{0, 1};
constexpr IntegerRange status_range{400, 599};
constexpr IntegerRange batch_range{2, 1'000};

void set(std::string& target, std::optional<std::string> text) {
    if (text) target = *std::move(text);
}

void load_header_login(MapReader& map, RestProtocol& rest, Reporter& report) {
    set(rest.auth_header, map.text("header"));
    map.demand("header", "header: Authorization");
    set(rest.auth_value, map.text("value"));
    map.demand("value", "value: \"Bearer {token}\"");
    for (Marked& need : map.texts("needs")) rest.auth_needs.push_back(std::move(need.text));
    map.demand("needs", "needs: [token]");
    for (const std::string& name : placeholders_of(rest.auth_value)) {
        if (std::ranges::find(rest.auth_needs, name) != rest.auth_needs.end()) continue;
        report.error(map.at("value"),
                     fmt::format("`value` uses '{{{}}}', which is no secret", name),
                     suggest(name, rest.auth_needs));
    }
}

void load_client_credentials(MapReader& map, RestProtocol& rest) {
    set(rest.token_url, map.text("token_url"));
    map.demand("token_url", "token_url: https://HOST/oauth2/token");
    set(rest.token_scope, map.text("scope"));
    rest.token_renewed_before = map.duration("renew_before").value_or(rest.token_renewed_before);
    rest.auth_needs = {"client_id", "client_secret"};
}

void load_auth(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    using Login = RestProtocol::Login;
    MapReader map(node, "`auth`", report);
    rest.login = map.one_of<Login>("kind", {{"header", Login::header},
                                            {"client_credentials", Login::client_credentials}})
                     .value_or(Login::header);
    if (rest.login == Login::header) load_header_login(map, rest, report);
    if (rest.login == Login::client_credentials) load_client_credentials(map, rest);
    map.finish();
}

void load_paging(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    using Paging = RestProtocol::Paging;
    MapReader map(node, "`paging`", report);
    rest.paging = map.one_of<Paging>("kind", {{"none", Paging::none},
                                              {"page", Paging::page},
                                              {"offset", Paging::offset},
                                              {"cursor", Paging::cursor},
                                              {"link", Paging::link},
                                              {"link_header", Paging::link_header}})
                      .value_or(rest.paging);
    map.demand("kind", "kind: page");
    set(rest.page_parameter, map.text(rest.paging == Paging::offset ? "offset" : "page"));
    set(rest.size_parameter, map.text("size"));
    set(rest.cursor_parameter, map.text("cursor"));
    set(rest.next_at, map.text("next"));
    rest.page_size = map.integer("page_size", page_size_range).value_or(rest.page_size);
    rest.first_page = map.integer("first_page", first_page_range).value_or(rest.first_page);
    if (rest.paging == Paging::page) map.demand("page", "page: PARAMETER");
    if (rest.paging == Paging::offset) map.demand("offset", "offset: PARAMETER");
    if (rest.paging == Paging::cursor) {
        map.demand("cursor", "cursor: PARAMETER");
        map.demand("next", "next: PATH");
    }
    if (rest.paging == Paging::link && rest.next_at.empty()) map.demand("next", "next: PATH");
    map.finish();
}

void load_modified(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`modified`", report);
    set(rest.modified_at, map.text("property"));
    map.demand("property", "property: PATH");
    set(rest.created_at, map.text("created"));
    rest.modified_granularity = map.duration("granularity").value_or(rest.modified_granularity);
    rest.modified_overlap = map.duration("overlap").value_or(rest.modified_overlap);
    rest.lag = map.duration("lag").value_or(rest.lag);
    if (const yaml::Node* filter = map.take("filter")) {
        rest.modified_filter = read_query_pattern(
            *filter, "`filter`", {{"time", "seconds", "milliseconds"}, {}}, report);
        const yaml::Node* value = filter->find("value");
        if (value != nullptr && placeholders_of(rest.modified_filter.pattern).empty()) {
            report.error(value->at, "`filter` does not say where the time goes",
                         "write {time}, or {seconds} or {milliseconds} since 1970");
        }
    }
    set(rest.time_zone, map.text("zone"));
    if (!rest.time_zone.empty() && !TimeZone::open(rest.time_zone)) {
        report.error(map.at("zone"), fmt::format("'{}' is no time zone", rest.time_zone),
                     "write a name like Europe/Amsterdam");
    }
    map.finish();
}

void load_version(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`version`", report);
    set(rest.etag_at, map.text("etag"));
    set(rest.precondition_header, map.text("precondition"));
    if (const yaml::Node* stale = map.take("stale")) {
        rest.precondition_failed.clear();
        if (!stale->is_list()) {
            report.error(stale->at, "`stale` is a list of statuses", "write [412]");
        }
        for (const yaml::Node& item : stale->items) {
            const auto status = read_integer(item, "a status", status_range, report);
            if (status) rest.precondition_failed.push_back(*status);
        }
    }
    for (Marked& code : map.texts("stale_codes")) rest.stale_codes.push_back(std::move(code.text));
    map.finish();
}

void load_headers(const yaml::Node& node, std::vector<std::pair<std::string, std::string>>& headers,
                  Reporter& report) {
    expect_map(node, "`headers`", report);
    for (const yaml::Entry& entry : node.entries) {
        if (auto value = read_text(entry.value, "a header", report)) {
            headers.emplace_back(entry.key, *std::move(value));
        }
    }
}

void load_writes(MapReader& connector, RestProtocol& rest, Reporter& report) {
    if (const yaml::Node* node = connector.take("create")) {
        MapReader map(*node, "`create`", report);
        rest.create_verb = map.one_of<std::string>("verb", {{"POST", "POST"}, {"PUT", "PUT"}})
                               .value_or(rest.create_verb);
        set(rest.idempotency_header, map.text("idempotency"));
        map.finish();
    }
    if (const yaml::Node* node = connector.take("headers")) {
        load_headers(*node, rest.write_headers, report);
    }
    if (const yaml::Node* node = connector.take("update")) {
        MapReader map(*node, "`update`", report);
        rest.update_verb =
            map.one_of<std::string>(
                   "verb",
                   {{"PATCH", "PATCH"}, {"PUT", "PUT"}, {"POST", "POST"}, {"MERGE", "MERGE"}})
                .value_or(rest.update_verb);
        rest.update_full = map.boolean("full").value_or(false);
        rest.update_shows_record =
            map.one_of<bool>("answer", {{"record", true}, {"nothing", false}}).value_or(true);
        map.finish();
    }
}

void load_batch(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`batch`", report);
    set(rest.batch_path, map.text("path"));
    map.demand("path", "path: /$batch");
    if (!rest.batch_path.empty() && !rest.batch_path.starts_with('/')) {
        report.error(map.at("path"), fmt::format("the path '{}' is not absolute", rest.batch_path),
                     fmt::format("write /{}", rest.batch_path));
    }
    rest.batch_max = map.integer("max", batch_range).value_or(rest.batch_max);
    map.demand("max", "max: 100");
    map.finish();
}

void load_errors(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`errors`", report);
    set(rest.error_message_at, map.text("message"));
    set(rest.error_code_at, map.text("code"));
    set(rest.error_field_at, map.text("field"));
    set(rest.error_inside_ok_at, map.text("inside_ok"));
    for (Marked& code : map.texts("already_exists")) {
        rest.already_exists_codes.push_back(std::move(code.text));
    }
    for (Marked& part : map.texts("already_exists_text")) {
        if (part.text.empty()) {
            report.error(part.at, "an empty text is part of every message", "remove it");
        } else {
            rest.already_exists_texts.push_back(std::move(part.text));
        }
    }
    map.finish();
}

void load_metadata(MapReader& connector, RestProtocol& rest, Reporter& report) {
    const auto path = connector.text("metadata");
    if (!path) return;
    rest.metadata_path = *path == "none" ? "" : *path;
    if (rest.metadata_path.empty() || rest.metadata_path.starts_with('/')) return;
    report.error(connector.at("metadata"), fmt::format("the path '{}' is not absolute", *path),
                 fmt::format("write /{}, or none", *path));
}

void load_addresses(MapReader& connector, RestProtocol& rest, Reporter& report) {
    if (auto record = connector.text("record")) {
        rest.record_path = *std::move(record);
        check_pattern({rest.record_path, connector.at("record")}, "`record`",
                      {{"path", "id"}, {"path", "id"}}, report);
        if (!rest.record_path.starts_with("{path}")) {
            report.error(connector.at("record"), "`record` must begin with the resource's path",
                         "write \"{path}/{id}\"");
        }
    }
    if (const yaml::Node* node = connector.take("read")) {
        MapReader map(*node, "`read`", report);
        set(rest.read_filter.parameter, map.text("filter"));
        map.demand("filter", "filter: $filter");
        set(rest.read_filter.pattern, map.text("value"));
        map.demand("value", "value: \"{key} eq '{id}'\"");
        if (!rest.read_filter.pattern.empty()) {
            check_pattern({rest.read_filter.pattern, map.at("value")}, "`value`",
                          {{"key", "id"}, {"id"}}, report);
        }
        map.finish();
    }
    set(rest.select.parameter, connector.text("select"));
    load_metadata(connector, rest, report);
    set(rest.record_at, connector.text("single"));
    if (const yaml::Node* node = connector.take("list")) {
        MapReader list(*node, "`list`", report);
        if (list.has("rows")) rest.rows.clear();
        for (Marked& rows : list.texts("rows")) rest.rows.push_back(std::move(rows.text));
        if (const yaml::Node* headers = list.take("headers")) {
            load_headers(*headers, rest.list_headers, report);
        }
        rest.search_any = list.one_of<SearchAny>("search_any", {{"none", SearchAny::none},
                                                                {"one_field", SearchAny::one_field},
                                                                {"all", SearchAny::all}})
                              .value_or(rest.search_any);
        load_walk_proof(list, rest.proof, report);
        list.finish();
    }
}

void load_rights(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`rights`", report);
    set(rest.rights_path, map.text("path"));
    map.demand("path", "path: /rights");
    if (!rest.rights_path.empty() && !rest.rights_path.starts_with('/')) {
        report.error(map.at("path"), fmt::format("the path '{}' is not absolute", rest.rights_path),
                     fmt::format("write /{}", rest.rights_path));
    }
    set(rest.rights_at, map.text("at"));
    map.demand("at", "at: PATH");
    map.demand("query", "query: {endpoint: \"{resource}\"}");
    const yaml::Node* query = map.take("query");
    map.finish();
    if (query == nullptr || !expect_map(*query, "`query`", report)) return;
    std::string all;
    for (const yaml::Entry& entry : query->entries) {
        const auto value = read_text(entry.value, "a query parameter", report);
        if (!value) continue;
        check_pattern({*value, entry.value.at}, fmt::format("`{}`", entry.key), {{"resource"}, {}},
                      report);
        rest.rights_query.push_back({entry.key, *value});
        all += *value;
    }
    check_pattern({all, query->at}, "`query`", {placeholders_of(all), {"resource"}}, report);
}

}  // namespace

void load_walk_proof(MapReader& list, WalkProof& proof, Reporter& report) {
    set(proof.total_at, list.text("total"));
    if (const yaml::Node* order = list.take("order")) {
        proof.order = read_query_pattern(*order, "`order`", {{"key"}, {}}, report);
    }
    proof.snapshot = list.boolean("snapshot").value_or(proof.snapshot);
}

void load_rest(MapReader& connector, RestProtocol& rest, Reporter& report) {
    if (const yaml::Node* node = connector.take("auth")) load_auth(*node, rest, report);
    load_addresses(connector, rest, report);
    if (const yaml::Node* node = connector.take("paging")) load_paging(*node, rest, report);
    if (const yaml::Node* node = connector.take("modified")) load_modified(*node, rest, report);
    if (const yaml::Node* node = connector.take("version")) load_version(*node, rest, report);
    load_writes(connector, rest, report);
    if (const yaml::Node* node = connector.take("batch")) load_batch(*node, rest, report);
    if (const yaml::Node* node = connector.take("errors")) load_errors(*node, rest, report);
    if (const yaml::Node* node = connector.take("budget")) load_budget(*node, rest, report);
    if (const yaml::Node* node = connector.take("rights")) load_rights(*node, rest, report);
}

}  // namespace entente::model
