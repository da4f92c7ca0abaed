#include "run/schedule.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/seeded_bug.hpp"

namespace entente::run {

namespace {

// A look that failed is made again after this, doubled with each failure in a row, at most the last
// value.
constexpr Duration pause_min{1'000};
constexpr Duration pause_max{60'000};
// So many in a row are no accident.
constexpr int failures_until_failing = 3;

Duration pause_after(int failures) {
    const int doublings = std::min(failures, 10) - 1;
    return std::min(pause_max, Duration{pause_min.ms << std::max(doublings, 0)});
}

const sync::ListCall* list_of(const sync::Effect& effect) {
    return effect.purpose == sync::Purpose::page ? std::get_if<sync::ListCall>(&effect.call)
                                                 : nullptr;
}

}  // namespace

Schedule::Schedule(const model::Workspace& workspace, Instant now) {
    for (const auto& system : workspace.systems) {
        for (const ResourceIndex index : system.resources) {
            // A nested list is read with what it is nested in.
            if (workspace.resource(index).nested_in) continue;
            feeds_[index] = Feed{.poll_every = system.poll_every,
                                 .sweep_every = system.sweep_every,
                                 .sweep_at = now};
        }
    }
}

std::vector<sync::FeedDue> Schedule::take_due(Instant now) {
    std::vector<sync::FeedDue> due;
    for (auto& [resource, feed] : feeds_) {
        if (feed.under_way || std::min(feed.poll_at, feed.sweep_at) > now) continue;
        feed.under_way = true;
        feed.sweep = feed.sweep_at <= now;
        feed.began.reset();
        due.push_back({resource, feed.sweep});
    }
    return due;
}

Instant Schedule::next_due() const {
    Instant next = Instant::never();
    for (const auto& [resource, feed] : feeds_) {
        if (!feed.under_way) next = std::min({next, feed.poll_at, feed.sweep_at});
    }
    return next;
}

void Schedule::asked(const sync::Effect& page, Instant now) {
    const auto* list = list_of(page);
    if (!list) return;
    auto found = feeds_.find(list->resource);
    CHECK(found != feeds_.end(), "a page of a resource without a feed");
    Feed& feed = found->second;
    feed.under_way = true;  // the engine may look by itself, when something waits for a fresh look
    feed.sweep = page.sweep;
    if (list->cursor.empty()) feed.began = now;
    ++feed.pages;
}

void Schedule::answered(const sync::Answered& page, Instant now) {
    const auto* list = list_of(page.effect);
    if (!list) return;
    Feed& feed = feeds_.at(list->resource);
    CHECK(feed.pages > 0, "a page was answered that nobody asked for");
    if (--feed.pages > 0) return;
    // The engine asks for no page behind the last that shows anything new, whatever the system calls the next one.
    ended(feed, page.answer.outcome == sync::Outcome::ok, now);
}

void Schedule::denied(ResourceIndex resource, Instant now) {
    Feed& feed = feeds_.at(resource);
    feed.looked.reset();
    feed.sweep = true;
    feed.failures = feed.denials++;
    ended(feed, false, now);
}

void Schedule::offered(const std::vector<sync::FeedDue>& looks, Instant now) {
    for (const auto& look : looks) {
        Feed& feed = feeds_.at(look.resource);
        if (!feed.under_way || feed.pages != 0 || feed.began) continue;
        // The engine is still busy with the look before, which may wait for a quota: nothing has failed.
        feed.under_way = false;
        ++feed.put_off;
        (feed.sweep ? feed.sweep_at : feed.poll_at) = now + pause_after(feed.put_off);
    }
}

void Schedule::ended(Feed& feed, bool complete, Instant now) {
    feed.under_way = false;
    feed.put_off = 0;
    if (!complete) {
        ++feed.failures;
        (feed.sweep ? feed.sweep_at : feed.poll_at) = now + pause_after(feed.failures);
        return;
    }
    feed.failures = 0;
    feed.looked = feed.began;
    // A sweep sees all that a poll would have.
    feed.poll_at = now + (SEEDED(poll_slackens) ? feed.sweep_every : feed.poll_every);
    if (feed.sweep) feed.sweep_at = now + feed.sweep_every;
}

bool Schedule::is_resting() const {
    return std::ranges::none_of(feeds_, [](const auto& entry) { return entry.second.under_way; });
}

bool Schedule::has_looked_after(Instant since) const {
    return std::ranges::all_of(feeds_, [&](const auto& entry) {
        return entry.second.looked && *entry.second.looked > since;
    });
}

bool Schedule::look_after(Instant since, Instant now) {
    bool any = false;
    for (auto& [resource, feed] : feeds_) {
        const bool is_fresh = feed.looked && *feed.looked > since;
        const bool waits_after_failure = feed.failures > 0 || feed.put_off > 0;
        if (is_fresh || feed.under_way || waits_after_failure) continue;
        feed.poll_at = std::min(feed.poll_at, now);
        any = true;
    }
    return any;
}

std::optional<ResourceIndex> Schedule::failing() const {
    for (const auto& [resource, feed] : feeds_) {
        if (feed.failures >= failures_until_failing) return resource;
    }
    return std::nullopt;
}

}  // namespace entente::run
