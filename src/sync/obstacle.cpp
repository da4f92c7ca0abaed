#include "sync/obstacle.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/bad_rows.hpp"
#include "sync/compose.hpp"
#include "sync/life.hpp"
#include "sync/line_look.hpp"
#include "sync/refusal.hpp"
#include "sync/rights.hpp"
#include "sync/search.hpp"
#include "sync/unknown.hpp"

namespace entente::sync {
namespace {

// What was refused is offered again upon a new look: its lists may have been hidden from us when it was refused (G6). Ensures: else
// the look is asked for.
bool is_looked_at_anew(Step& step, const Dirty& pair) {
    const ResourceIndex resource = step.data_type(pair.data_type).resource;
    const Instant due =
        std::max(refused_until(step, pair.entity, pair.data_type), tried_from(step, resource));
    if (due.ms == 0 || is_searched_first(step, resource)) return true;
    if (step.memory.feeds.at(resource).polled_at >= in_this_life(step, due)) return true;
    doubt_lists(step, resource);
    step.memory.poll_wanted.insert(resource);
    return false;
}

}  // namespace

std::string obstacle(Step& step, const Dirty& pair) {
    const model::DataType& d = step.data_type(pair.data_type);
    std::vector<RecordId> members;
    for (const WorkLink* link : step.work.links_of(pair.entity)) members.push_back(link->record);
    const auto named = step.transaction.parked_naming(members);
    if (std::ranges::find(named, d.resource) != named.end())
        return "a parked record there may be the same thing";
    if (d.parent && !has_live_parent(step, pair.entity, d.parent))
        return "its parent has no record there yet";
    return {};
}

bool are_lines_read(Step& step, const Dirty& pair) {
    const DataTypeIndex parents = step.data_type(pair.data_type).parent;
    if (!parents) return false;
    const WorkLink* parent = step.work.link_in(step.work.entity(pair.entity).parent, parents);
    return parent && lines_are_looked_at(step, parent->record, pair.data_type);
}

bool fresh_enough(Step& step, const Dirty& pair) {
    Instant source;
    for (const WorkLink* link : step.work.links_of(pair.entity))
        source = std::max(source, in_this_life(step, link->made_at));
    const FeedState& feed = step.memory.feeds.at(step.data_type(pair.data_type).resource);
    if (feed.swept_at.ms == 0 && SEEDED(join_ignored)) return true;
    return feed.polled_at >= source || SEEDED(no_poll_before_create);
}

bool may_be_sent(Step& step, const Dirty& pair, const IntentPart& self) {
    if (!is_looked_at_anew(step, pair)) return false;
    const ResourceIndex resource = step.data_type(pair.data_type).resource;
    const FeedState& feed = step.memory.feeds.at(resource);
    if (is_searched_first(step, resource)) {
        auto alternatives = search_alternatives(step, self);
        if (was_looked_for(step, pair, alternatives)) return true;
        if (!alternatives.empty()) {
            if (!is_looking(step, pair)) look_for(step, pair, std::move(alternatives));
            return false;
        }
        if (feed.doubtful_walks >= limits::doubtful_walks_max ||
            may_hide_in_bad_rows(step, resource)) {
            wait(step, pair, {},
                 "the list there may hide it, and it cannot be searched for: " + feed.doubt);
            return false;
        }
    }
    if (fresh_enough(step, pair)) return true;
    step.memory.poll_wanted.insert(resource);
    return false;
}

void wait(Step& step, const Dirty& pair, EntityId awaits, std::string why) {
    Dirty waiting = pair;
    waiting.not_before = Instant::never();
    waiting.awaits = awaits;
    waiting.why = std::move(why);
    step.memory.somebody_waits = true;
    step.transaction.put_dirty(std::array{std::move(waiting)});
}

}  // namespace entente::sync
