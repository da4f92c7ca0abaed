#include "world/promised.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace entente::world {
namespace {

Result<http::Request> request_of(const sync::Intent& intent,
                                 const connect::RestConnector& connector) {
    TRY(Value body, json::read(intent.body));
    if (intent.is_create())
        return connector.request(
            sync::CreateCall{intent.resource, std::move(body), intent.idempotency_key});
    return connector.request(sync::UpdateCall{intent.resource, intent.external_id, std::move(body),
                                              intent.precondition});
}

}  // namespace

bool is_promised(const Flight& write, sync::Store& store, const model::Workspace& workspace,
                 std::span<const connect::RestConnector> connectors) {
    auto transaction = store.begin();
    if (!transaction) return true;
    return std::ranges::any_of((*transaction)->intents(), [&](const sync::Intent& intent) {
        if (workspace.resource(intent.resource).system.at() != write.system) return false;
        const auto promised = request_of(intent, connectors[write.system]);
        return promised && promised->method == write.request.method &&
               promised->url.ends_with(write.request.url) && promised->body == write.request.body;
    });
}

}  // namespace entente::world
