#include "model/load_connector.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/load_rest.hpp"
#include "model/url.hpp"

namespace entente::model {
namespace {

void set(std::string& target, std::optional<std::string> text) {
    if (text) target = *std::move(text);
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

}  // namespace

std::optional<ConnectorDefinition> load_connector(const yaml::Node& file, Reporter& report) {
    MapReader map(file, "connector", report);
    ConnectorDefinition connector;
    connector.at = map.at("connector");
    set(connector.name, map.text("connector"));
    map.demand("connector", "connector: NAME");
    map.one_of<bool>("protocol", {{"rest", true}});
    map.demand("protocol", "protocol: rest");
    for (Marked& name : map.texts("called")) connector.called.push_back(std::move(name.text));
    if (const yaml::Node* node = map.take("settings")) load_settings(*node, connector, report);
    set(connector.base_url, map.text("base_url"));
    load_hosts(map.texts("hosts"), connector, report);
    load_rest(map, connector.rest, report);
    connector.poll_every = map.duration("poll_every");
    connector.sweep_every = map.duration("sweep_every");
    map.finish();
    if (connector.name.empty()) return std::nullopt;
    return connector;
}

}  // namespace entente::model
