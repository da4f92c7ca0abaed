#include "sync/replay.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/feed.hpp"
#include "sync/observe.hpp"

namespace entente::sync {
namespace {

// Whatever has happened to the record since makes the deferred body an old one: then it is read again instead.
bool is_out_of_date(const Step& step, const WorkRecord& record, const SeenRecord& seen,
                    const Reading& reading) {
    const bool older = is_older(seen, record, reading);
    if (older || SEEDED(replayed_blindly)) return older;
    return record.state == RecordState::gone || is_stale(step, record, seen, reading);
}

void replay(Step& step, const Deferred& d) {
    WorkRecord* record = step.work.find_record(d.resource, d.external_id);
    auto body = json::read(d.body);
    CHECK(body.has_value(), "a deferred body is the JSON we wrote");
    if (!record) return;
    const SeenRecord seen{d.external_id, std::move(*body), d.etag, d.modified};
    Reading reading;
    reading.began = d.began;
    reading.ended = d.ended;
    reading.skew = d.skew;
    if (const Intent* intent = step.intent_on(record->id))
        put_aside(step, intent->id, d.resource, seen.body);
    else if (is_out_of_date(step, *record, seen, reading))
        check_record(step, record->id, std::max(step.now, sure_from(step, *record)), true);
    else
        observe_known(step, *record, seen, reading);
}

}  // namespace

void replay_some(Step& step, ResourceIndex resource) {
    const auto deferred = step.transaction.take_deferred(resource, limits::work_per_step);
    if (static_cast<int>(deferred.size()) < limits::work_per_step)
        step.memory.replay_wanted.erase(resource);
    for (const Deferred& d : deferred) replay(step, d);
}

bool replay_deferred(Step& step) {
    if (step.memory.replay_wanted.empty()) return false;
    replay_some(step, *step.memory.replay_wanted.begin());
    return true;
}

}  // namespace entente::sync
