#include "model/load_system.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "base/http.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "model/addresses.hpp"
#include "model/build_system.hpp"
#include "model/load_connector.hpp"
#include "model/url.hpp"

namespace entente::model {
namespace {

using Settings = std::map<std::string, std::string>;

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::optional<SecretRef> parse_secret(const std::string& text) {
    SecretRef secret;
    if (text.starts_with("file:")) {
        secret.kind = SecretRef::Kind::file;
        secret.name = text.substr(5);
        return secret.name.empty() ? std::nullopt : std::optional(secret);
    }
    if (!text.starts_with("${") || !text.ends_with('}')) return std::nullopt;
    secret.name = text.substr(2, text.size() - 3);
    const bool is_name = !secret.name.empty() &&
                         std::ranges::all_of(secret.name, is_word_character) &&
                         std::isdigit(static_cast<unsigned char>(secret.name.front())) == 0;
    return is_name ? std::optional(secret) : std::nullopt;
}

// "CustomERP" and "token" -> "CUSTOMERP_TOKEN": a name to propose.
std::string variable_for(std::string_view system, std::string_view secret) {
    std::string name = text::upper(fmt::format("{}_{}", system, secret));
    std::ranges::replace_if(
        name, [](char c) { return !is_word_character(c); }, '_');
    return name;
}

class SystemLoader {
public:
    SystemLoader(const yaml::Entry& entry, const SystemsInput& input, Reporter& report)
        : entry_(entry),
          input_(input),
          report_(report),
          map_(entry.value, fmt::format("system {}", entry.key), report) {
        system_.name = entry.key;
        system_.at = entry.at;
    }

    SystemPlan load() {
        check_name();
        connector_ = find_connector();
        plan_.connector = connector_;
        system_.simulated = map_.boolean("simulated").value_or(false);
        read_settings();
        read_base_url();
        read_auth();
        read_periods();
        read_data_types();
        map_.finish();
        if (connector_ != nullptr) system_.rest = connector_->rest;
        complete_token_url();
        plan_.system = std::move(system_);
        return std::move(plan_);
    }

private:
    void check_name() {
        const bool is_good = std::ranges::all_of(
            entry_.key, [](char c) { return is_word_character(c) || c == '-'; });
        if (is_good && !entry_.key.empty()) return;
        report_.error(entry_.at, fmt::format("'{}' is no name for a system", entry_.key),
                      "use letters, digits, _ and -: System.DataType must be unambiguous");
    }

    const ConnectorDefinition* find_connector() {
        const auto name = map_.text("connector");
        map_.demand("connector", "connector: NAME");
        if (!name) return nullptr;
        system_.connector = *name;
        const ConnectorDefinition* found = input_.catalog.find_connector(*name);
        const auto& broken = input_.catalog.unreadable;
        if (found != nullptr || std::ranges::find(broken, *name) != broken.end()) return found;
        std::vector<std::string> known;
        for (const auto& connector : input_.catalog.connectors) known.push_back(connector.name);
        report_.error(map_.at("connector"), fmt::format("unknown connector '{}'", *name),
                      suggest(*name, known));
        return nullptr;
    }

    void read_settings();
    void read_periods();
    void read_base_url();
    void check_base_url(const Mark& at);
    void check_host(const BaseUrl& url, const Mark& at);
    void complete_token_url();
    void read_auth();
    void read_secret(const yaml::Entry& entry);
    void read_data_types();

    Duration period(std::string_view key, Duration otherwise) {
        const Duration period = map_.duration(key).value_or(otherwise);
        if (period.ms <= 0) {
            report_.error(map_.at(key), fmt::format("`{}` must be longer than nothing", key),
                          "write 5s");
        }
        return period;
    }

    const yaml::Entry& entry_;
    const SystemsInput& input_;
    Reporter& report_;
    MapReader map_;
    const ConnectorDefinition* connector_ = nullptr;
    System system_;
    SystemPlan plan_;
};

void SystemLoader::read_periods() {
    if (connector_ != nullptr) {
        system_.poll_every = connector_->poll_every.value_or(system_.poll_every);
        system_.sweep_every = connector_->sweep_every.value_or(system_.sweep_every);
    }
    system_.poll_every = period("poll_every", system_.poll_every);
    system_.sweep_every = period("sweep_every", system_.sweep_every);
}

void SystemLoader::read_settings() {
    const yaml::Node* node = map_.take("settings");
    Settings& settings = plan_.settings;
    if (node != nullptr) expect_map(*node, "`settings`", report_);
    if (connector_ == nullptr) return;
    std::vector<std::string> known;
    for (const auto& [name, definition] : connector_->settings) {
        known.push_back(name);
        if (definition.otherwise) settings[name] = *definition.otherwise;
    }
    for (const yaml::Entry& entry : node == nullptr ? std::vector<yaml::Entry>{} : node->entries) {
        const auto definition = connector_->settings.find(entry.key);
        if (definition == connector_->settings.end()) {
            report_.error(
                entry.at,
                fmt::format("connector {} has no setting '{}'", connector_->name, entry.key),
                suggest(entry.key, known));
            continue;
        }
        const auto text = read_text(entry.value, fmt::format("`{}`", entry.key), report_);
        if (!text) continue;
        const auto number = Decimal::parse(*text);
        if (definition->second.is_integer && !(number && number->is_whole())) {
            report_.error(entry.value.at, fmt::format("`{}` is no whole number", entry.key),
                          "write digits only");
        }
        settings[entry.key] = *text;
    }
    for (const auto& [name, definition] : connector_->settings) {
        if (settings.contains(name)) continue;
        // Without it nothing but a simulated system can be used, so it is right for what can.
        if (definition.simulated) settings[name] = *definition.simulated;
        if (!definition.required || (system_.simulated && definition.simulated)) continue;
        report_.to_fill_in(entry_.at, fmt::format("{} needs the setting {}", entry_.key, name),
                           fmt::format("write settings: {{{}: VALUE}}", name));
    }
}

void SystemLoader::read_base_url() {
    const yaml::Node* node = map_.take("base_url");
    const Mark at = node == nullptr ? entry_.at : node->at;
    if (node != nullptr) {
        system_.base_url = read_text(*node, "`base_url`", report_).value_or("");
        if (system_.base_url.empty()) return;
    } else if (connector_ != nullptr && !connector_->base_url.empty()) {
        system_.base_url = fill_in(connector_->base_url, plan_.settings);
        // A setting that is still missing has been reported; the URL cannot be judged yet.
        if (system_.base_url.contains('{')) return;
    } else {
        report_.to_fill_in(entry_.at, fmt::format("{} has no base_url", entry_.key),
                           "write base_url: https://HOST");
        return;
    }
    check_base_url(at);
    while (system_.base_url.ends_with('/')) system_.base_url.pop_back();
}

void SystemLoader::check_base_url(const Mark& at) {
    const auto url = parse_base_url(system_.base_url);
    if (!url) {
        report_.error(at, fmt::format("`base_url` of {} is no http(s) URL", entry_.key),
                      "write scheme, host and path only: https://shop.example/api");
        return;
    }
    if (url->has_login) {
        // The URL is not repeated here: it holds a password.
        report_.error(at, fmt::format("`base_url` of {} holds a login", entry_.key),
                      "remove user:password@ and write the secret under auth: \"${NAME}\"");
        return;
    }
    if (!url->is_tls && !is_loopback(url->host)) {
        report_.error(at, fmt::format("`base_url` sends credentials in clear to {}", url->host),
                      "write https://");
    }
    if (system_.simulated && !is_loopback(url->host)) {
        report_.error(
            at, fmt::format("{} is simulated, but {} is another machine", entry_.key, url->host),
            "write http://127.0.0.1:PORT, or remove `simulated: true`");
    }
    check_host(*url, at);
}

void SystemLoader::check_host(const BaseUrl& url, const Mark& at) {
    if (connector_ == nullptr) return;
    system_.hosts = connector_->hosts;
    const bool is_listed = std::ranges::find(system_.hosts, url.host) != system_.hosts.end();
    if (is_listed) return;
    if (system_.hosts.empty() || (system_.simulated && is_loopback(url.host))) {
        system_.hosts = {url.host};
        return;
    }
    report_.error(at,
                  fmt::format("{} is no host of connector {}, so no credential is sent there",
                              url.host, connector_->name),
                  fmt::format("one of: {}", fmt::join(connector_->hosts, ", ")));
}

// A simulated system gives its tokens itself.
void SystemLoader::complete_token_url() {
    std::string& url = system_.rest.token_url;
    if (url.empty()) return;
    url = fill_in(url, plan_.settings);
    if (url.contains('{')) return;  // a missing setting, which has been reported
    const auto parsed = parse_base_url(url);
    const bool is_safe =
        parsed && !parsed->has_login && (parsed->is_tls || is_loopback(parsed->host));
    if (!is_safe) {
        report_.error(
            entry_.at,
            fmt::format("the token URL of connector {} is no https URL", system_.connector),
            "write auth: {token_url: https://HOST/PATH} in connector.yaml, without login "
            "and query");
    } else if (system_.simulated && !system_.base_url.empty()) {
        url = at_origin_of(system_.base_url, url);
    }
}

void SystemLoader::read_auth() {
    const yaml::Node* node = map_.take("auth");
    if (node != nullptr && expect_map(*node, "`auth`", report_)) {
        for (const yaml::Entry& entry : node->entries) read_secret(entry);
    }
    if (connector_ == nullptr) return;
    for (const std::string& need : connector_->rest.auth_needs) {
        if (node != nullptr && node->find(need) != nullptr) continue;
        report_.to_fill_in(
            node == nullptr ? entry_.at : node->at, fmt::format("{} has no {}", entry_.key, need),
            fmt::format("write auth: {{{}: \"${{{}}}\"}}", need, variable_for(entry_.key, need)));
    }
}

void SystemLoader::read_secret(const yaml::Entry& entry) {
    if (connector_ != nullptr) {
        const auto& needs = connector_->rest.auth_needs;
        if (std::ranges::find(needs, entry.key) == needs.end()) {
            report_.error(entry.at, fmt::format("unknown key '{}' in `auth`", entry.key),
                          suggest(entry.key, needs));
        }
    }
    auto secret = entry.value.is_scalar() ? parse_secret(entry.value.text) : std::nullopt;
    if (!secret) {
        // The value is not repeated: it may be the secret itself.
        report_.error(
            entry.value.at, fmt::format("`{}` is a literal secret", entry.key),
            fmt::format("write \"${{{}}}\" or \"file:PATH\"", variable_for(entry_.key, entry.key)));
        return;
    }
    secret->at = entry.value.at;
    if (input_.is_set && !input_.is_set(*secret)) {
        const bool is_variable = secret->kind == SecretRef::Kind::environment;
        report_.to_fill_in(
            secret->at,
            is_variable ? fmt::format("{} is not set", secret->name)
                        : fmt::format("{} cannot be read", secret->name),
            is_variable ? fmt::format("set it in the environment: export {}=...", secret->name)
                        : "write the secret into this file, readable by this user only");
    }
    system_.secrets.emplace(entry.key, *std::move(secret));
}

void SystemLoader::read_data_types() {
    const yaml::Node* node = map_.take("data_types");
    if (node == nullptr || !expect_map(*node, "`data_types`", report_)) return;
    std::vector<std::string> known;
    for (const ResourceDefinition& resource :
         connector_ == nullptr ? std::vector<ResourceDefinition>{} : connector_->resources) {
        for (const auto& made : resource.data_types) known.push_back(made.data_type.name);
    }
    for (const yaml::Entry& entry : node->entries) {
        if (connector_ != nullptr && std::ranges::find(known, entry.key) == known.end()) {
            report_.error(
                entry.at,
                fmt::format("connector {} has no data type '{}'", connector_->name, entry.key),
                suggest(entry.key, known));
        }
        MapReader map(entry.value, fmt::format("data type {}", entry.key), report_);
        plan_.switches[entry.key] = {map.boolean("creates"), map.boolean("share")};
        map.finish();
    }
}

}  // namespace

void load_systems(const yaml::Node& systems, const SystemsInput& input, Workspace& workspace,
                  Reporter& report) {
    if (!expect_map(systems, "`systems`", report)) return;
    if (systems.entries.size() > limits::systems_max) {
        report.error(
            systems.at, fmt::format("`systems` has {} entries", systems.entries.size()),
            fmt::format("a workspace has at most {} systems; divide it", limits::systems_max));
        return;
    }
    for (const yaml::Entry& entry : systems.entries) {
        build_system(SystemLoader(entry, input, report).load(), workspace);
    }
    check_addresses(systems, workspace, report);
    if (systems.entries.empty()) {
        report.error(systems.at, "`systems` is empty", "name at least one system");
    }
}

}  // namespace entente::model
