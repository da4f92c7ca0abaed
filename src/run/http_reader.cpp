#include "run/http_reader.hpp"

#include <fmt/format.h>

#include <unordered_set>

#include "sync/pages.hpp"

namespace entente::run {

namespace {

ErrorKind kind_of(sync::Outcome outcome) {
    switch (outcome) {
        case sync::Outcome::auth:
        case sync::Outcome::forbidden:
            return ErrorKind::auth;
        case sync::Outcome::not_found:
        case sync::Outcome::rejected:
            return ErrorKind::drift;
        default:
            return ErrorKind::retry_later;
    }
}

}  // namespace

HttpReader::HttpReader(const model::Workspace& workspace,
                       const std::vector<connect::RestConnector>& connectors,
                       connect::Transport& transport, Clock& clock)
    : workspace_(workspace), caller_(workspace, connectors, transport, clock) {}

Result<sync::Answer> HttpReader::page(const sync::ListCall& call) {
    TRY(auto answer, caller_.ask(call));
    if (answer.outcome == sync::Outcome::ok) return answer;
    const auto& resource = workspace_.resource(call.resource);
    const auto& system = workspace_.system(resource.system);
    return fail(
        kind_of(answer.outcome),
        fmt::format("{}; is {} reachable, and its login right?", answer.message, system.base_url),
        fmt::format("{}: GET {}", system.name, resource.path));
}

Result<int> HttpReader::read_all(ResourceIndex resource,
                                 const std::function<void(const sync::SeenRecord&)>& take) {
    const int before = caller_.requests();
    sync::ListCall call{resource, std::nullopt, ""};
    sync::Pages pages;
    std::unordered_set<std::string> met;
    while (!pages.go_nowhere()) {
        TRY(const auto answer, page(call));
        std::size_t news = 0;
        for (const auto& record : answer.records) {
            news += met.insert(record.external_id).second;
            take(record);
        }
        if (answer.next.empty()) return caller_.requests() - before;
        pages.take({answer.records.size(), news, answer.passed_over});
        call.cursor = answer.next;
    }
    return fail(ErrorKind::drift, "its pages do not end", workspace_.resource(resource).path);
}

}  // namespace entente::run
