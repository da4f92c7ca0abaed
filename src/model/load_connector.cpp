#include "model/load_connector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/url.hpp"

namespace entente::model {
namespace {

// Wide enough for every system met; they catch slips like a page size of 0.
constexpr IntegerRange page_size_range{1, 100'000};
constexpr IntegerRange first_page_range{0, 1};
constexpr IntegerRange status_range{400, 599};
constexpr IntegerRange requests_range{1, 10'000'000};
constexpr IntegerRange concurrent_range{1, 1'000};

void set(std::string& target, std::optional<std::string> text) {
    if (text) target = *std::move(text);
}

void load_auth(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`auth`", report);
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
    map.finish();
}

void load_paging(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    using Paging = RestProtocol::Paging;
    MapReader map(node, "`paging`", report);
    rest.paging =
        map.one_of<Paging>(
               "kind", {{"none", Paging::none}, {"page", Paging::page}, {"cursor", Paging::cursor}})
            .value_or(Paging::none);
    map.demand("kind", "kind: page");
    set(rest.page_parameter, map.text("page"));
    set(rest.size_parameter, map.text("size"));
    set(rest.cursor_parameter, map.text("cursor"));
    set(rest.next_at, map.text("next"));
    rest.page_size = map.integer("page_size", page_size_range).value_or(rest.page_size);
    rest.first_page = map.integer("first_page", first_page_range).value_or(rest.first_page);
    if (rest.paging == Paging::page) map.demand("page", "page: PARAMETER");
    if (rest.paging == Paging::cursor) {
        map.demand("cursor", "cursor: PARAMETER");
        map.demand("next", "next: PATH");
    }
    map.finish();
}

void load_modified(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`modified`", report);
    set(rest.modified_at, map.text("property"));
    map.demand("property", "property: PATH");
    rest.modified_granularity = map.duration("granularity").value_or(rest.modified_granularity);
    rest.modified_overlap = map.duration("overlap").value_or(rest.modified_overlap);
    rest.lag = map.duration("lag").value_or(rest.lag);
    set(rest.modified_filter.parameter, map.text("filter"));
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
    map.finish();
}

void load_writes(MapReader& connector, RestProtocol& rest, Reporter& report) {
    if (const yaml::Node* node = connector.take("create")) {
        MapReader map(*node, "`create`", report);
        rest.create_verb = map.one_of<std::string>("verb", {{"POST", "POST"}, {"PUT", "PUT"}})
                               .value_or(rest.create_verb);
        set(rest.idempotency_header, map.text("idempotency"));
        map.finish();
    }
    if (const yaml::Node* node = connector.take("update")) {
        MapReader map(*node, "`update`", report);
        rest.update_verb =
            map.one_of<std::string>("verb", {{"PATCH", "PATCH"}, {"PUT", "PUT"}, {"POST", "POST"}})
                .value_or(rest.update_verb);
        rest.update_full = map.boolean("full").value_or(false);
        map.finish();
    }
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
    map.finish();
}

void load_budget(const yaml::Node& node, RestProtocol& rest, Reporter& report) {
    MapReader map(node, "`budget`", report);
    Quota quota;
    quota.requests = map.integer("requests", requests_range).value_or(quota.requests);
    quota.per = map.duration("per").value_or(quota.per);
    if (quota.per.ms <= 0) {
        report.error(map.at("per"), "`per` must be longer than nothing", "write 1min");
    }
    rest.concurrent = map.integer("concurrent", concurrent_range).value_or(rest.concurrent);
    set(quota.remaining_header, map.text("remaining"));
    set(quota.reset_header, map.text("reset"));
    rest.quotas.push_back(std::move(quota));
    map.finish();
}

void load_settings(const yaml::Node& node, ConnectorDefinition& connector, Reporter& report) {
    expect_map(node, "`settings`", report);
    for (const yaml::Entry& entry : node.entries) {
        MapReader map(entry.value, fmt::format("setting {}", entry.key), report);
        SettingDefinition setting;
        setting.is_integer =
            map.one_of<bool>("type", {{"text", false}, {"guid", false}, {"integer", true}})
                .value_or(false);
        setting.required = map.boolean("required").value_or(false);
        setting.otherwise = map.text("default");
        map.finish();
        connector.settings.emplace(entry.key, std::move(setting));
    }
}

void load_hosts(const std::vector<Marked>& hosts, ConnectorDefinition& connector,
                Reporter& report) {
    for (const Marked& host : hosts) {
        if (is_host(host.text)) {
            connector.hosts.push_back(text::lower(host.text));
        } else {
            report.error(host.at, fmt::format("'{}' is no host name", host.text),
                         "write it without scheme, port and path: api.example.com");
        }
    }
}

void load_protocol(MapReader& map, RestProtocol& rest, Reporter& report) {
    if (const yaml::Node* node = map.take("auth")) load_auth(*node, rest, report);
    if (const yaml::Node* node = map.take("list")) {
        MapReader list(*node, "`list`", report);
        if (auto rows = list.text("rows")) rest.rows.push_back(*std::move(rows));
        list.finish();
    }
    if (const yaml::Node* node = map.take("paging")) load_paging(*node, rest, report);
    if (const yaml::Node* node = map.take("modified")) load_modified(*node, rest, report);
    if (const yaml::Node* node = map.take("version")) load_version(*node, rest, report);
    load_writes(map, rest, report);
    if (const yaml::Node* node = map.take("errors")) load_errors(*node, rest, report);
    if (const yaml::Node* node = map.take("budget")) load_budget(*node, rest, report);
}

}  // namespace

std::vector<std::string> placeholders_of(std::string_view text) {
    std::vector<std::string> names;
    while (true) {
        const std::size_t open = text.find('{');
        if (open == std::string_view::npos) return names;
        const std::size_t close = text.find('}', open);
        if (close == std::string_view::npos) return names;
        names.emplace_back(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
    }
}

std::optional<ConnectorDefinition> load_connector(const yaml::Node& file, Reporter& report) {
    MapReader map(file, "connector", report);
    ConnectorDefinition connector;
    connector.at = map.at("connector");
    set(connector.name, map.text("connector"));
    map.demand("connector", "connector: NAME");
    map.one_of<bool>("protocol", {{"rest", true}});
    map.demand("protocol", "protocol: rest");
    map.texts("called");  // names that documents use; the engine needs none of them
    if (const yaml::Node* node = map.take("settings")) load_settings(*node, connector, report);
    set(connector.base_url, map.text("base_url"));
    load_hosts(map.texts("hosts"), connector, report);
    load_protocol(map, connector.rest, report);
    map.finish();
    if (connector.name.empty()) return std::nullopt;
    return connector;
}

}  // namespace entente::model
