// How soon what people do arrives, and how many calls are made, when nothing else happens: no fault, no sweep, no wait for a quota.
#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "world/world.hpp"

namespace entente::world {
namespace {

// There and back (world/wire.cpp).
constexpr Duration call_max{1'850};
// Sweeps that are further apart bring nothing of what is timed.
constexpr Duration sweeps_apart{600'000};
constexpr Duration first_sweep{40'000};

Duration calls(std::int64_t n) {
    return {n * call_max.ms};
}

// Within it an edit in `from` stands in `to`: the next poll shows it, a poll that has just begun goes first, and it is compared and
// written. A time is a condition only once its granule has passed.
Duration until_edit(const sim::Traits& from, const sim::Traits& to) {
    constexpr std::int64_t poll_before = 2, poll = 2, write = 2;
    constexpr Duration spare{1'000};
    return {from.poll_every.ms + calls(poll_before + poll + write).ms + to.granularity.ms +
            spare.ms};
}

// And a new thing: it is looked for in `to` first, by a poll or a search by each rule.
Duration until_new_thing(const sim::Traits& from, const sim::Traits& to) {
    constexpr std::int64_t look = 6;
    return {until_edit(from, to).ms + calls(look).ms + to.poll_every.ms};
}

// The latest time that a cursor can stand at: the system's now, where its answers tell it and it can be used. Else the earlier of
// that and ours: either clock may be the wrong one.
Instant latest_cursor(const sim::TraitSystem& system, Instant true_now, Instant ours) {
    const Instant theirs = true_now + system.skew();
    const std::int64_t apart = (theirs - ours).ms;
    const bool is_usable =
        system.mood.date == sim::Mood::Date::told && std::max(apart, -apart) < limits::skew_ms_max;
    return is_usable ? theirs : std::min(theirs, ours);
}

// So many pages a poll shows for ever: it reaches back from the newest change that can be one, over what changed shortly before.
std::int64_t pages_of_newest(const sim::TraitSystem& system, const char* table, Instant latest) {
    const sim::Traits& traits = system.traits();
    if (traits.feed != sim::Traits::Feed::modified) return 1;
    constexpr Duration spare{4'000};
    const Duration overlap{std::max(traits.lag, traits.visible_after).ms + traits.granularity.ms +
                           spare.ms};
    Instant newest;
    for (const auto& [id, record] : system.table(table)) newest = std::max(newest, record.modified);
    newest = std::min(newest, latest);
    const auto shown = std::ranges::count_if(system.table(table), [&](const auto& entry) {
        return newest - entry.second.modified <= overlap;
    });
    return traits.paging == sim::Traits::Paging::none ? 1 : shown / traits.page_size + 1;
}

bool is_quick(const sim::Traits& traits) {
    return traits.feed != sim::Traits::Feed::none && traits.quota == 0 && !traits.unique_code;
}

}  // namespace

bool World::can_be_timed() const {
    return sight_.stopped.empty() && joined_ == systems_.size() &&
           std::ranges::all_of(script_.systems, [](const sim::Traits& traits) {
               return traits.sweep_every >= sweeps_apart && traits.quota == 0;
           });
}

void World::plan_edit(Random& random, Instant at) {
    std::map<std::int64_t, std::vector<const oracle::LinkSight*>> members;
    for (const oracle::LinkSight& link : sight_.links)
        if (link.is_live && link.key.table == "things") members[link.entity].push_back(&link);
    std::erase_if(members, [&](const auto& entry) {
        return entry.second.size() < 2 ||
               std::ranges::any_of(entry.second, [](const auto* l) { return !l->held.empty(); });
    });
    if (members.empty()) return;
    const auto chosen =
        std::next(members.begin(), static_cast<std::ptrdiff_t>(random.below(members.size())));
    const auto& links = chosen->second;
    const oracle::RecordKey from = links[random.below(links.size())]->key;
    const sim::Traits& source = systems_[static_cast<std::size_t>(from.system)]->traits();
    if (!is_quick(source)) return;
    const Value name(fmt::format("q{} typed in quiet", ++typed_in_quiet_));
    for (const auto* link : links) {
        const auto& target = *systems_[static_cast<std::size_t>(link->key.system)];
        const bool is_plain = target.traits().forms.front() == sim::Form::as_is;
        if (link->key == from || !is_quick(target.traits()) || !is_plain) continue;
        timed_.push_back(
            {link->key, "", name, at, at + until_edit(source, target.traits()), false});
    }
    timeline_.at(at, [this, from, name] {
        sim::TraitSystem& system = *systems_[static_cast<std::size_t>(from.system)];
        if (system.table("things").contains(from.id))
            system.edit("things", from.id, "name", name, timeline_.now());
    });
}

void World::plan_new_thing(Random& random, Instant at) {
    const std::size_t from = random.below(systems_.size());
    const sim::Traits& source = systems_[from]->traits();
    if (!is_quick(source)) return;
    const std::string code = fmt::format("Q{}", ++typed_in_quiet_);
    const Value name(fmt::format("q{} new in quiet", typed_in_quiet_));
    for (std::size_t i = 0; i < systems_.size(); ++i) {
        const sim::Traits& target = systems_[i]->traits();
        const bool is_plain = target.forms.front() == sim::Form::as_is;
        // A list whose pages are counted may hide what is looked for, and is read once more.
        const bool is_counted = target.paging == sim::Traits::Paging::page ||
                                source.paging == sim::Traits::Paging::page;
        if (i == from || !is_quick(target) || !is_plain || is_counted) continue;
        timed_.push_back({{static_cast<int>(i), "things", ""},
                          code,
                          name,
                          at,
                          at + until_new_thing(source, target),
                          false});
    }
    timeline_.at(at, [this, from, code, name] {
        Value body = Value::object();
        body.set("code", Value(code));
        body.set("name", name);
        systems_[from]->add("things", std::move(body), timeline_.now());
    });
}

void World::note_arrival(int system, const sim::Change& change) {
    for (Timed& timed : timed_) {
        const Value* name = change.after.find("name");
        const Value* code = change.after.find("code");
        const bool is_it =
            timed.at.system == system && timed.at.table == change.table &&
            (timed.at.id.empty() ? code && *code == Value(timed.code) : timed.at.id == change.id);
        if (!is_it || !name || !(*name == timed.name) || timed.is_there) continue;
        timed.is_there = change.at <= timed.due;
    }
}

// G1: in quiet an edit arrives with the next poll and the calls that it takes, not with a sweep.
void World::edit_in_quiet() {
    Random random(script_.seed, "quiet");
    Duration longest{0};
    for (const sim::Traits& a : script_.systems)
        for (const sim::Traits& b : script_.systems)
            longest = std::max(longest, until_new_thing(a, b));
    Instant at = timeline_.now() + first_sweep;
    for (int edits = static_cast<int>(random.between(1, 3)); edits > 0; --edits) {
        at = at + Duration{random.between(0, 5'000)};
        edits == 1 && random.chance(60) ? plan_new_thing(random, at) : plan_edit(random, at);
        at = at + longest;
    }
    process_.drive(Process::Until::time, at);
    judge_timed(1);
    calm();
    check_rest(false);
}

// G16: an edit of a record with which nothing is wrong, in mid run. Where there is no such record yet, the edit makes it.
void World::time_edit(const Act& act) {
    constexpr std::int64_t of_others = 4;
    const sim::Traits& source = systems_[static_cast<std::size_t>(act.system)]->traits();
    for (std::size_t i = 0; i < systems_.size(); ++i) {
        const sim::TraitSystem& target = *systems_[i];
        const bool is_ailing = std::ranges::any_of(
            target.ailments, [&](const sim::Ailment& ails) { return ails.code == act.code; });
        const std::string id = find(target, act.table, act.code);
        if (static_cast<int>(i) == act.system || is_ailing) continue;
        const Instant now = timeline_.now();
        const Duration takes = id.empty() ? until_new_thing(source, target.traits())
                                          : until_edit(source, target.traits());
        timed_.push_back({{static_cast<int>(i), act.table, id},
                          id.empty() ? act.code : "",
                          act.value,
                          now,
                          now + takes + calls(of_others),
                          false});
    }
}

void World::judge_timed(int guarantee) {
    for (const Timed& timed : timed_) {
        ++counters_["quiet edit timed"];
        oracle_.verdict().check(guarantee, timed.is_there, [&] {
            return fmt::format(
                "{} did not arrive in {} within the {} ms that its polls and calls take",
                timed.name.as_text(),
                systems_[static_cast<std::size_t>(timed.at.system)]->traits().name,
                (timed.due - timed.typed).ms);
        });
    }
    timed_.clear();
}

World::CallsSoFar World::calls_so_far() const {
    CallsSoFar out{.requests = {}, .up = process_.up(), .lives = process_.lives()};
    for (const auto& system : systems_) out.requests.push_back(system->counts().requests);
    return out;
}

// G13: at rest nothing is called for but polls and sweeps that are due, and their pages.
void World::judge_calls_at_rest(const CallsSoFar& before) {
    const std::int64_t up = process_.up().ms - before.up.ms;
    const std::int64_t lives = process_.lives() - before.lives;
    for (std::size_t i = 0; i < systems_.size(); ++i) {
        const sim::TraitSystem& system = *systems_[i];
        const sim::Traits& traits = system.traits();
        const Instant latest = latest_cursor(system, timeline_.now(), process_.clock().now());
        std::int64_t due = 0;
        for (const char* table : {"things", "owners", "lines"}) {
            const bool is_listed = std::string_view(table) == "things" ||
                                   (std::string_view(table) == "owners" && traits.owners) ||
                                   (std::string_view(table) == "lines" &&
                                    (traits.lines == sim::Traits::Lines::beside ||
                                     traits.lines == sim::Traits::Lines::with_parent));
            if (!is_listed) continue;
            const auto records = std::ssize(system.table(table));
            const std::int64_t pages =
                (traits.paging == sim::Traits::Paging::none ? 0 : records / traits.page_size) + 2;
            // Whoever cannot be asked for changes shows the whole list with each poll.
            // Of an empty one it asks whether it may be believed, and looks once more.
            const std::int64_t rights = traits.rights && records == 0 ? 3 : 0;
            const std::int64_t pages_of_poll = traits.feed == sim::Traits::Feed::none
                                                   ? pages + rights
                                                   : pages_of_newest(system, table, latest);
            const std::int64_t polls = up / traits.poll_every.ms + 1;
            const std::int64_t sweeps = up / traits.sweep_every.ms + lives;
            // Polls reach back over what was written last.
            const std::int64_t overlapping =
                (traits.visible_after.ms + traits.lag.ms + traits.granularity.ms + 5'000) /
                    traits.poll_every.ms +
                1;
            due += polls * pages_of_poll + (sweeps + overlapping) * (pages + rights);
        }
        const std::int64_t made = system.counts().requests - before.requests[i];
        oracle_.verdict().check(13, made <= due + due / 10, [&] {
            return fmt::format("{} was asked {} times while all was at rest, and {} were due",
                               traits.name, made, due);
        });
    }
}

}  // namespace entente::world
