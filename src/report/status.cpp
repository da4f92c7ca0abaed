#include "report/status.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sync/walk.hpp"

namespace entente::report {

namespace {

// A write, the look before it where it cannot be conditional, and the look after it where it shows nothing.
std::int64_t calls_of_a_write(const model::RestProtocol& rest) {
    return 1 + (rest.precondition_header.empty() ? 1 : 0) + (rest.update_shows_record ? 0 : 1);
}

// Quotas of which nobody has told anything are full.
std::vector<model::QuotaUse> full(const model::RestProtocol& rest) {
    std::vector<model::QuotaUse> out;
    for (const auto& quota : rest.quotas) {
        const bool refills = quota.reset == model::Quota::Reset::seconds;
        if (quota.requests > 0)
            out.push_back({.requests = quota.requests,
                           .per = quota.per,
                           .used = 0,
                           .refills = refills,
                           .ends = {}});
    }
    return out;
}

void count_calls(Status& status, const model::Workspace& workspace, std::vector<CallsMade> made,
                 Instant now) {
    made.resize(workspace.systems.size());
    for (std::size_t at = 0; at < workspace.systems.size(); ++at) {
        CallsStatus calls;
        calls.calls = std::move(made[at]);
        if (calls.calls.quotas.empty()) calls.calls.quotas = full(workspace.systems[at].rest);
        status.calls.push_back(std::move(calls));
    }
    for (const auto& one : status.data_types) {
        const auto at = workspace.data_type(one.index).system;
        const auto each = calls_of_a_write(workspace.system(at).rest);
        status.calls[at.at()].backfill += one.counts.backfill * each;
        status.calls[at.at()].edits += (one.counts.ready - one.counts.backfill) * each;
    }
    for (auto& calls : status.calls)
        calls.time = model::time_for(calls.calls.quotas, calls.to_come(), now);
}

// Stopped by the guard: only a person can let it go on.
Waiting stopped(const DataTypeStatus& one, const Place& place) {
    Waiting cause;
    cause.reason = "stopped";
    cause.data_type = one.index;
    cause.cause = one.state.stopped;
    cause.remedies = {{"if that is right", command_of(place, "run", {"--approve"})}};
    return cause;
}

// Its list may not have been read whole.
Waiting in_doubt(const DataTypeStatus& one, const model::Workspace& workspace) {
    Waiting cause;
    cause.reason = "in doubt";
    cause.data_type = one.index;
    const auto& resource = workspace.resource(workspace.data_type(one.index).resource);
    cause.cause = sync::doubt_in_words(*one.feed, !resource.search.empty());
    return cause;
}

constexpr int doubtful_links_max = 1'000;

}  // namespace

Status read_status(const model::Workspace& workspace, sync::StoreReader& store, const Place& place,
                   std::vector<CallsMade> made, Instant now) {
    Status status;
    std::map<ResourceIndex, sync::FeedState> feeds;
    for (const auto& feed : store.feeds()) feeds[feed.resource] = feed;
    for (std::size_t at = 0; at < workspace.data_types.size(); ++at) {
        const DataTypeIndex index{static_cast<std::int32_t>(at)};
        DataTypeStatus one;
        one.index = index;
        one.counts = store.counts(index);
        const auto feed = feeds.find(workspace.data_types[at].resource);
        if (feed != feeds.end()) one.feed = feed->second;
        if (one.feed && !one.feed->doubt.empty()) one.causes.push_back(in_doubt(one, workspace));
        status.data_types.push_back(std::move(one));
    }
    for (const auto& state : store.data_type_states()) {
        auto& one = status.data_types[state.data_type.at()];
        one.state = state;
        if (!state.stopped.empty()) one.causes.push_back(stopped(one, place));
    }
    for (const auto& intent : store.intents()) {
        if (!intent.parts.empty())
            ++status.data_types[intent.parts.front().data_type.at()].open_intents;
    }
    status.troubles = store.troubles();
    status.waiting = waiting_of(workspace, store, place);
    status.doubtful_links = doubtful_links(workspace, store, place, doubtful_links_max);
    for (const Waiting& waiting : status.waiting)
        if ((waiting.what == Waiting::What::record || waiting.what == Waiting::What::create) &&
            waiting.reason != "waiting")
            ++status.data_types[waiting.data_type.at()].parked[waiting.reason];
    count_calls(status, workspace, std::move(made), now);
    return status;
}

}  // namespace entente::report
