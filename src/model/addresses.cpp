#include "model/addresses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "model/url.hpp"

namespace entente::model {
namespace {

// Scheme, host, port and path, as different spellings of one address have them. Empty: there is none, or none that can be read.
std::string normal_address(const System& system) {
    const auto parsed = parse_base_url(system.base_url);
    if (!parsed) return {};
    std::string_view rest = system.base_url;
    rest.remove_prefix(rest.find("//") + 2);
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view authority = rest.substr(0, slash);
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    const std::string_view port = has_port         ? authority.substr(colon + 1)
                                  : parsed->is_tls ? std::string_view("443")
                                                   : std::string_view("80");
    std::string host = is_loopback(parsed->host) ? "localhost" : parsed->host;
    if (host.ends_with('.')) host.pop_back();
    std::string path(rest.substr(slash));
    while (path.ends_with('/')) path.pop_back();
    return fmt::format("{}://{}:{}{}", parsed->is_tls ? "https" : "http", host, port, path);
}

// Whoever needs no login has the same as anybody.
bool have_one_login(const System& a, const System& b) {
    return std::ranges::equal(a.secrets, b.secrets, [](const auto& x, const auto& y) {
        return x.first == y.first && x.second.kind == y.second.kind &&
               x.second.name == y.second.name;
    });
}

// The first list that both read; null when there is none.
const Resource* shared_resource(const Workspace& workspace, const System& a, const System& b) {
    for (const ResourceIndex x : a.resources)
        for (const ResourceIndex y : b.resources) {
            const Resource& one = workspace.resource(x);
            if (!one.path.empty() && one.path == workspace.resource(y).path) return &one;
        }
    return nullptr;
}

struct Shared {
    std::size_t first = 0, second = 0;
    std::string path;
    bool has_one_login = false;
};

std::vector<Shared> shared_addresses(const Workspace& workspace) {
    std::vector<Shared> out;
    std::vector<std::string> addresses;
    for (const System& system : workspace.systems) addresses.push_back(normal_address(system));
    for (std::size_t i = 0; i < addresses.size(); ++i)
        for (std::size_t j = i + 1; j < addresses.size(); ++j) {
            if (addresses[i].empty() || addresses[i] != addresses[j]) continue;
            const System& a = workspace.systems[i];
            const System& b = workspace.systems[j];
            if (const Resource* shared = shared_resource(workspace, a, b))
                out.push_back({i, j, shared->path, have_one_login(a, b)});
        }
    return out;
}

std::string what(const Workspace& workspace, const Shared& shared) {
    return fmt::format("{} and {} have one address: both read {}{}",
                       workspace.systems[shared.first].name, workspace.systems[shared.second].name,
                       workspace.systems[shared.first].base_url, shared.path);
}

constexpr std::string_view maybe_right =
    "if they show the same records, remove one of them: each record would be created again";

}  // namespace

void check_addresses(const yaml::Node& systems, const Workspace& workspace, Reporter& report) {
    for (const Shared& shared : shared_addresses(workspace)) {
        if (shared.second >= systems.entries.size()) continue;
        const yaml::Entry& entry = systems.entries[shared.second];
        const yaml::Node* url = entry.value.find("base_url");
        const Mark& at = url ? url->at : entry.at;
        if (shared.has_one_login)
            report.error(at, what(workspace, shared) + " with one login, so they are one system",
                         "write the `base_url` of the other system, or remove one of the two");
        else
            report.note(at, what(workspace, shared), std::string(maybe_right));
    }
}

std::vector<std::string> address_warnings(const Workspace& workspace) {
    std::vector<std::string> out;
    for (const Shared& shared : shared_addresses(workspace))
        out.push_back(fmt::format("{}; {}", what(workspace, shared), maybe_right));
    return out;
}

}  // namespace entente::model
