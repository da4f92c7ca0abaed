#include "sync/rights.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/trouble.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {
namespace {

constexpr Duration first_pause{60'000};
constexpr Duration longest_pause{3'600'000};

void lose(Step& step, ResourceIndex resource, Forbidden& forbidden, const std::string& message) {
    forbidden.is_lost = true;
    forbidden.pause = first_pause;
    forbidden.again = step.now + first_pause;
    FeedState& feed = step.memory.feeds.at(resource);
    feed.swept_at = feed.polled_at = {};
    step.transaction.put_feed(feed);
    tell_trouble(step, Trouble::Kind::rights, step.resource(resource).system, resource,
                 "forbidden for one record after the other: " + message);
}

void regain(Step& step, ResourceIndex resource) {
    end_trouble(step, Trouble::Kind::rights, step.resource(resource).system, resource);
    for (DataTypeIndex d : step.workspace.data_types_of(resource)) {
        step.transaction.release_waiting(d);
        step.memory.maybe_ready[d] = true;
    }
}

}  // namespace

void note_rights(Step& step, const Intent& intent, const Answered& answered) {
    const ResourceIndex resource = resource_of(answered.effect.call);
    const auto key = std::pair(resource, is_write(answered.effect.call));
    const Outcome outcome = answered.answer.outcome;
    if (outcome != Outcome::forbidden) {
        const bool says_nothing = outcome == Outcome::retry_later || outcome == Outcome::unknown ||
                                  outcome == Outcome::auth;
        const auto known = step.memory.forbidden.find(key);
        if (says_nothing) return;
        if (known != step.memory.forbidden.end()) step.memory.forbidden.erase(known);
        // Told by this process or by an earlier one.
        const bool is_told = std::ranges::any_of(step.memory.troubles, [&](const Trouble& trouble) {
            return trouble.kind == Trouble::Kind::rights && trouble.resource == resource;
        });
        if (is_told && !are_rights_lost(step, resource)) regain(step, resource);
        return;
    }
    if (key.second) doubt_lists(step, resource);
    Forbidden& forbidden = step.memory.forbidden[key];
    forbidden.in_a_row.insert({intent.parts.front().entity, intent.parts.front().data_type});
    if (forbidden.is_lost || std::ssize(forbidden.in_a_row) < limits::forbidden_max) return;
    lose(step, resource, forbidden, answered.answer.message);
}

bool are_rights_lost(const Step& step, ResourceIndex resource) {
    return std::ranges::any_of(std::array{false, true}, [&](bool writes) {
        const auto known = step.memory.forbidden.find({resource, writes});
        return known != step.memory.forbidden.end() && known->second.is_lost;
    });
}

std::optional<Instant> forbidden_until(const Step& step, ResourceIndex resource) {
    const Instant from = tried_from(step, resource);
    return from > step.now ? std::optional(from) : std::nullopt;
}

Instant tried_from(const Step& step, ResourceIndex resource) {
    Instant from;
    for (const bool writes : {false, true}) {
        const auto known = step.memory.forbidden.find({resource, writes});
        if (known != step.memory.forbidden.end() && known->second.is_lost)
            from = std::max(from, known->second.again);
    }
    return from;
}

void note_try(Step& step, ResourceIndex resource) {
    for (const bool writes : {false, true}) {
        const auto known = step.memory.forbidden.find({resource, writes});
        if (known == step.memory.forbidden.end() || !known->second.is_lost) continue;
        Forbidden& lost = known->second;
        lost.pause = std::min(longest_pause, Duration{2 * lost.pause.ms});
        lost.again = step.now + lost.pause;
    }
}

}  // namespace entente::sync
