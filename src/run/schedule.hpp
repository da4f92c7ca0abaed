// When each resource is looked at: a sweep at the start and every `sweep_every`, a poll every
// `poll_every`, sooner when somebody waits for rest. Pure in time. At most one look per resource is
// under way; a look that failed is made again after a pause that grows. The runner tells it which
// pages were asked for and answered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "model/workspace.hpp"
#include "sync/event.hpp"

namespace entente::run {

class Schedule {
public:
    // Requires: `workspace` outlives it. A sweep of every resource that has a feed of its own is
    // due at once.
    Schedule(const model::Workspace& workspace, Instant now);

    // The looks that are due and not under way; they are under way now.
    std::vector<sync::FeedDue> take_due(Instant now);
    Instant next_due() const;

    void asked(const sync::Effect& page, Instant now);
    // After the engine has taken the answer in (and asked for the next page, if any).
    void answered(const sync::Answered& page, Instant now);
    // The list that the last look has shown may not be believed: that look has failed, as those before it that were denied.
    void denied(ResourceIndex resource, Instant now);
    // We may read it after all.
    void allowed(ResourceIndex resource) { feeds_.at(resource).denials = 0; }
    // After the step that was given those looks: one that led to no page is put off.
    void offered(const std::vector<sync::FeedDue>& looks, Instant now);

    bool is_resting() const;  // no look is under way
    // Whether every resource was looked at to its end by a look whose first page was asked for
    // after `since`.
    bool has_looked_after(Instant since) const;
    // Makes a poll due of every resource that was not looked at after `since`; whether there was
    // any.
    bool look_after(Instant since, Instant now);
    // A resource whose looks have failed several times in a row.
    std::optional<ResourceIndex> failing() const;

private:
    struct Feed {
        Duration poll_every, sweep_every;
        Instant poll_at = Instant::never();  // polls begin when a sweep has ended
        Instant sweep_at;
        bool under_way = false;
        bool sweep = false;             // the one under way
        int pages = 0;                  // asked and not yet answered
        std::optional<Instant> began;   // the one under way: its first page was asked for
        std::optional<Instant> looked;  // the last one that came to its end: when it began
        int failures = 0;               // in a row
        int put_off = 0;                // in a row: looks that the engine did not begin
        int denials = 0;                // the same, of looks that showed an empty list
    };
    void ended(Feed& feed, bool complete, Instant now);

    std::map<ResourceIndex, Feed> feeds_;
};

}  // namespace entente::run
