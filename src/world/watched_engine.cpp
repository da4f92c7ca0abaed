#include "world/watched_engine.hpp"

namespace entente::world {

WatchedEngine::WatchedEngine(std::unique_ptr<sync::Engine> engine, int repeated_percent,
                             Random& random, Counters& counters)
    : engine_(std::move(engine)),
      repeated_percent_(repeated_percent),
      random_(random),
      counters_(counters) {}

void WatchedEngine::count(const sync::Event& event) {
    const auto* answered = std::get_if<sync::Answered>(&event);
    if (!answered) return;
    const sync::Answer& answer = answered->answer;
    if (answer.outcome == sync::Outcome::precondition_failed) ++counters_["precondition failed"];
    if (answered->effect.purpose != sync::Purpose::probe) return;
    const bool is_search = std::holds_alternative<sync::SearchCall>(answered->effect.call);
    if (answer.outcome == sync::Outcome::ok)
        ++counters_[answer.records.empty() ? "probe not found" : "probe found"];
    else if (!is_search && answer.outcome == sync::Outcome::not_found)
        ++counters_["probe not found"];
}

Result<sync::StepResult> WatchedEngine::step(std::span<const sync::Event> events, Instant now) {
    std::vector<sync::Event> given(events.begin(), events.end());
    for (const sync::Event& event : events) {
        count(event);
        const auto* answered = std::get_if<sync::Answered>(&event);
        if (answered && repeated_percent_ > 0 &&
            random_.chance(static_cast<unsigned>(repeated_percent_)))
            again_.push_back(*answered);
    }
    // Some come again at once, some much later.
    while (!again_.empty() && random_.chance(50)) {
        given.emplace_back(std::move(again_.front()));
        again_.pop_front();
        ++counters_["repeated answer"];
    }
    return engine_->step(given, now);
}

}  // namespace entente::world
