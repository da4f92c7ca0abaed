// The engine of production behind a window: counts what happens to it that must happen sometimes, and gives some answers to it
// twice, as retries and repeated hints do (G9). Changes nothing else.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "store/memory_store.hpp"
#include "sync/engine.hpp"

namespace entente::world {

using Counters = std::map<std::string, std::int64_t, std::less<>>;

// Which answers are given again, and who is told what that changed.
struct Repeats {
    int percent = 0;
    Random& random;
    const store::MemoryStore* store = nullptr;  // the engine's; of another kind nothing is compared
    std::function<void(const std::string& difference)> compared;
};

class WatchedEngine final : public sync::Engine {
public:
    // Requires: the random stream and the counters outlive it.
    WatchedEngine(std::unique_ptr<sync::Engine> engine, Repeats repeats, Counters& counters);

    Result<sync::StepResult> step(std::span<const sync::Event> events, Instant now) override;
    Instant next_due() const override { return engine_->next_due(); }
    bool wants_room(SystemIndex system) const override { return engine_->wants_room(system); }
    bool at_rest() const override { return engine_->at_rest(); }
    const std::map<ResourceIndex, sync::FeedState>& feeds() const override {
        return engine_->feeds();
    }
    const std::map<DataTypeIndex, sync::DataTypeState>& data_types() const override {
        return engine_->data_types();
    }
    // Without the window.
    std::unique_ptr<sync::Engine> clone(sync::Store& store) const override {
        return engine_->clone(store);
    }
    std::vector<sync::Kept> kept() const override { return engine_->kept(); }

private:
    void count(const sync::Event& event);
    void compare(const sync::Answered& again, Instant now) const;

    std::unique_ptr<sync::Engine> engine_;
    Repeats repeats_;
    Counters& counters_;
    std::deque<sync::Answered> again_;  // answers that will be given once more
};

}  // namespace entente::world
