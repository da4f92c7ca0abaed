#include "model/load_connector.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "model/load_protocol.hpp"
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
        setting.simulated = map.text("simulated");
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

// `blanks: {text: "", guid: 0000..., date: 0001-01-01, number: 0}`.
void load_blanks(const yaml::Node& node, Blanks& blanks, Reporter& report) {
    MapReader map(node, "`blanks`", report);
    const auto read = [&](std::string_view key, FieldType type) -> std::optional<Value> {
        const yaml::Node* blank = map.take(key);
        return blank == nullptr ? std::nullopt : read_field_value(*blank, type, report);
    };
    blanks.text = read("text", FieldType::text);
    blanks.guid = read("guid", FieldType::text);
    blanks.date = read("date", FieldType::date);
    blanks.instant = read("instant", FieldType::instant);
    blanks.number = read("number", FieldType::decimal);
    map.finish();
}

}  // namespace

std::optional<ConnectorDefinition> load_connector(const yaml::Node& file, Reporter& report) {
    MapReader map(file, "connector", report);
    ConnectorDefinition connector;
    connector.at = map.at("connector");
    set(connector.name, map.text("connector"));
    map.demand("connector", "connector: NAME");
    load_protocol(map, connector);
    for (Marked& name : map.texts("called")) connector.called.push_back(std::move(name.text));
    if (const yaml::Node* node = map.take("settings")) load_settings(*node, connector, report);
    set(connector.base_url, map.text("base_url"));
    load_hosts(map.texts("hosts"), connector, report);
    load_rest(map, connector.rest, report);
    complete_protocol(connector);
    if (const yaml::Node* node = map.take("blanks")) load_blanks(*node, connector.blanks, report);
    connector.poll_every = map.duration("poll_every");
    connector.sweep_every = map.duration("sweep_every");
    map.finish();
    if (connector.name.empty()) return std::nullopt;
    return connector;
}

}  // namespace entente::model
