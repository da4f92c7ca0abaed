#include "world/watched_engine.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace entente::world {
namespace {

// Of so many repeated answers one is compared: it takes as long as some steps.
constexpr unsigned compared_percent = 10;

// What two copies of one engine keep and want after these steps, and whether that is the same.
struct After {
    Digest store;
    std::vector<sync::Kept> kept;
    std::size_t effects = 0, notices = 0;
};

// A hint that another pass of matching may do something; one too many does nothing.
constexpr char match_progress = 'g';

bool is_same(const sync::Kept& a, const sync::Kept& b) {
    return a.what == b.what && a.of == b.of && a.at == b.at;
}

std::string difference(const After& a, const After& b) {
    if (a.store != b.store) return "the store";
    if (a.effects != b.effects) return "what is called";
    if (a.notices != b.notices) return "what people are told";
    std::string kept;
    for (const auto* both : {&a, &b})
        for (const sync::Kept& one : both == &a ? a.kept : b.kept)
            if (std::ranges::none_of(both == &a ? b.kept : a.kept,
                                     [&](const sync::Kept& k) { return is_same(k, one); }))
                if (one.what != match_progress) kept += one.what;
    return kept.empty() ? kept : "what the engine keeps: " + kept;
}

}  // namespace

WatchedEngine::WatchedEngine(std::unique_ptr<sync::Engine> engine, Repeats repeats,
                             Counters& counters)
    : engine_(std::move(engine)), repeats_(std::move(repeats)), counters_(counters) {}

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
        if (answered && repeats_.percent > 0 &&
            repeats_.random.chance(static_cast<unsigned>(repeats_.percent)))
            again_.push_back(*answered);
    }
    // Some come again at once, some much later.
    while (!again_.empty() && repeats_.random.chance(50)) {
        const bool is_new = std::ranges::any_of(events, [&](const sync::Event& event) {
            const auto* answered = std::get_if<sync::Answered>(&event);
            return answered && answered->effect.turn == again_.front().effect.turn;
        });
        if (!is_new && repeats_.random.chance(compared_percent)) compare(again_.front(), now);
        given.emplace_back(std::move(again_.front()));
        again_.pop_front();
        ++counters_["repeated answer"];
    }
    // Nothing hangs on the order in which things become known at once.
    if (repeats_.percent > 0 && given.size() > 1 && repeats_.random.chance(50)) {
        for (std::size_t i = given.size() - 1; i > 0; --i)
            std::swap(given[i], given[repeats_.random.below(i + 1)]);
        ++counters_["another order"];
    }
    return engine_->step(given, now);
}

// G9: of two copies of the engine one gets the answer once more, and then they are still the same.
void WatchedEngine::compare(const sync::Answered& again, Instant now) const {
    if (!repeats_.store || !repeats_.compared) return;
    const auto go_on = [&](std::span<const sync::Event> events) -> std::optional<After> {
        const auto store = repeats_.store->clone();
        const auto engine = engine_->clone(*store);
        const auto result = engine->step(events, now);
        if (!result) return std::nullopt;
        return After{store->digest(), engine->kept(), result->effects.size(),
                     result->notices.size()};
    };
    const auto once = go_on(std::array<sync::Event, 1>{sync::TimePassed{}});
    const auto twice = go_on(std::array<sync::Event, 2>{sync::TimePassed{}, again});
    if (!once || !twice) return;
    std::string what = difference(*once, *twice);
    if (!what.empty())
        what += " (purpose " + std::to_string(std::to_underlying(again.effect.purpose)) + ")";
    repeats_.compared(what);
}

}  // namespace entente::world
