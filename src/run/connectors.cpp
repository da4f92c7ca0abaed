#include "run/connectors.hpp"

#include <map>

#include "connect/curl_transport.hpp"
#include "run/batch_transport.hpp"
#include "run/login_transport.hpp"

namespace entente::run {

namespace {

// For a secret that is still to be filled in.
constexpr const char* stand_in = "to-be-filled-in";

}  // namespace

Result<std::vector<connect::RestConnector>> open_connectors(const WorkspaceFolder& folder) {
    const auto& workspace = *folder.workspace;
    std::vector<connect::RestConnector> connectors;
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        std::map<std::string, std::string> secrets;
        for (const auto& [name, secret] : workspace.systems[at].secrets) {
            TRY(secrets[name], folder.secrets.value(secret));
        }
        const SystemIndex system{static_cast<std::int32_t>(at)};
        TRY(auto connector, connect::RestConnector::open(workspace, system, secrets));
        connectors.push_back(std::move(connector));
    }
    return connectors;
}

model::Diagnostics connector_mistakes(const WorkspaceFolder& folder) {
    const auto& workspace = *folder.workspace;
    model::Diagnostics mistakes;
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        const model::System& system = workspace.systems[at];
        if (system.base_url.empty()) continue;
        std::map<std::string, std::string> secrets;
        for (const auto& [name, secret] : system.secrets)
            secrets[name] = folder.secrets.value(secret).value_or(stand_in);
        const SystemIndex index{static_cast<std::int32_t>(at)};
        const auto opened = connect::RestConnector::open(workspace, index, secrets);
        if (opened) continue;
        mistakes.push_back({model::Diagnostic::Severity::error, system.at, opened.error().message(),
                            "correct its connector, or what stands here"});
    }
    return mistakes;
}

std::unique_ptr<connect::Transport> transport_over(
    std::unique_ptr<connect::Transport> wire, const std::vector<connect::RestConnector>& connectors,
    Clock& clock) {
    auto logged_in = std::make_unique<LoginTransport>(std::move(wire), connectors, clock);
    return std::make_unique<BatchTransport>(std::move(logged_in), connectors);
}

Result<std::unique_ptr<connect::Transport>> open_transport(
    const std::vector<connect::RestConnector>& connectors, Clock& clock) {
    TRY(auto wire, connect::CurlTransport::make({}));
    return transport_over(std::move(wire), connectors, clock);
}

std::vector<std::string> secret_warnings(const WorkspaceFolder& folder) {
    std::vector<std::string> warnings;
    for (const auto& system : folder.workspace->systems) {
        for (const auto& [name, secret] : system.secrets) {
            if (auto warning = folder.secrets.warning(secret))
                warnings.push_back(std::move(*warning));
        }
    }
    return warnings;
}

}  // namespace entente::run
