#include "app/run_summary.hpp"

#include "sync/state.hpp"

namespace entente::app {

Value calls_json(const model::Workspace& workspace, const run::Runner& runner) {
    Value out = Value::object();
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        const auto& counts = runner.counts(SystemIndex{static_cast<std::int32_t>(at)});
        Value by_purpose = Value::object();
        for (std::size_t purpose = 0; purpose < run::purposes; ++purpose) {
            by_purpose.set(run::name_of(static_cast<sync::Purpose>(purpose)),
                           counts.by_purpose[purpose]);
        }
        const auto& rest = workspace.systems[at].rest;
        Value quota = Value::object();
        quota.set("requests", rest.quotas.empty() ? 0 : rest.quotas.front().requests);
        quota.set("per_s", rest.quotas.empty() ? 0 : rest.quotas.front().per.ms / 1000);
        Value one = Value::object();
        one.set("calls", counts.calls);
        one.set("quota", std::move(quota));
        one.set("throttled_429", counts.throttled);
        one.set("failed", counts.failed);
        one.set("by_purpose", std::move(by_purpose));
        out.set(workspace.systems[at].name, std::move(one));
    }
    return out;
}

Result<Value> totals_json(const run::WorkspaceFolder& folder) {
    using Kind = sync::HistoryEvent::Kind;
    TRY(auto store, run::open_snapshot(folder));
    auto history = store->history_counts();
    Value parked = Value::object();
    for (const auto& [reason, count] : store->parked_counts())
        parked.set(sync::name_of(reason), count);
    std::int64_t linked = 0, held = 0;
    for (std::size_t at = 0; at < folder.workspace->data_types.size(); ++at) {
        const auto counts = store->counts(DataTypeIndex{static_cast<std::int32_t>(at)});
        linked += counts.linked;
        held += counts.held;
    }
    TRY_VOID(store->state());
    Value out = Value::object();
    out.set("linked", linked);
    out.set("created", history[Kind::create]);
    out.set("values_written", history[Kind::write]);
    out.set("conflicts", history[Kind::conflict]);
    out.set("first_joins", history[Kind::first_join]);
    out.set("parked", std::move(parked));
    out.set("held", held);
    return out;
}

}  // namespace entente::app
