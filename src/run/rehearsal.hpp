// Stands in for the systems while a plan is made. Everything is really read once; every write, and every read that a write
// brings with it, is answered here as a system would that takes everything just as it is sent. So the engine shows what it
// would do, to the end of every chain, and nothing leaves this process but reads. Used by the runner instead of the wire.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "report/plan.hpp"
#include "store/sqlite_store.hpp"
#include "sync/event.hpp"

namespace entente::run {

class Rehearsal {
public:
    // `store` reads the copy that the engine works on. Requires: both outlive the rehearsal.
    Rehearsal(const model::Workspace& workspace, store::Snapshot& store);

    // The engine has taken a step: what it knows now is in the store. store: it cannot be read.
    Result<void> stepped() { return store_.refresh(); }

    // The answer to a call that is not made; nullopt: the system itself is asked.
    std::optional<sync::Answer> answer(const sync::Effect& effect, Instant now);
    // What a system itself has answered.
    void saw(const sync::Effect& effect, const sync::Answer& answer);

    // Samples and calls to come; the rest is the watcher's to fill in.
    const report::Rehearsed& rehearsed() const { return rehearsed_; }

private:
    sync::Answer create(const sync::CreateCall& call, Instant now);
    sync::Answer update(const sync::UpdateCall& call, Instant now);
    sync::Answer read(const sync::ReadCall& call);
    sync::Answer search(const sync::SearchCall& call);
    sync::Answer list(const sync::ListCall& call, bool sweep);
    bool is_imagined(ResourceIndex resource, const std::string& id) const;
    void keep_lines(ResourceIndex parents, const std::string& parent_id, Value& body);
    Value new_key(ResourceIndex resource);
    void add_keys(ResourceIndex resource, Value& body);
    std::optional<sync::Record> stored(ResourceIndex resource, const std::string& id);

    void count(const sync::Effect& effect);

    const model::Workspace& workspace_;
    store::Snapshot& store_;
    std::set<IntentId> backfill_;  // writes that have begun and that no person waits for
    std::set<ResourceIndex> read_whole_;
    std::map<std::pair<ResourceIndex, std::string>, sync::SeenRecord> to_read_back_;
    // Lines that were made with their parent, by resource and parent's id, until they are asked for.
    std::map<std::pair<ResourceIndex, std::string>, std::vector<sync::SeenRecord>> lines_;
    std::int64_t last_id_ = 0;
    report::Rehearsed rehearsed_;
};

}  // namespace entente::run
