#include "run/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "run/rehearsal.hpp"

namespace entente::run {

namespace {

// The longest sleep: somebody may have stopped us between looking and sleeping, and clocks are set.
constexpr Duration nap_max{1'000};
// Shorter waits for a quota are usual and tell nobody anything.
constexpr Duration quota_wait_told{10'000};
// The longest that an answer waits for others to share a durable commit with, which takes a disk some milliseconds.
constexpr Duration gathering_max{10};
// While stopping, how often the deadline is looked at.
constexpr Duration stop_slice{50};
// Looks at everything in search of rest. More means that something moves with every look, which a
// person should see.
constexpr int rounds_max = 200;

// What tells that the world, or our knowledge of it, has moved since the last look.
bool is_change(sync::Notice::Kind kind) {
    using Kind = sync::Notice::Kind;
    switch (kind) {
        case Kind::joined:
        case Kind::linked:
        case Kind::edit_seen:
        case Kind::written:
        case Kind::created:
        case Kind::conflict:
        case Kind::first_join:
        case Kind::gone:
            return true;
        case Kind::swept:
        case Kind::held:
        case Kind::parked:
        case Kind::stopped:
        case Kind::refused:
        case Kind::left:
        case Kind::doubted:
        case Kind::troubled:
        case Kind::mended:
            return false;
    }
    return false;
}

}  // namespace

Runner::Runner(const RunnerParts& parts, const RunnerOptions& options)
    : parts_(parts),
      options_(options),
      schedule_(parts.workspace, parts.clock.now()),
      told_(parts.workspace.systems.size(), Health::well),
      declined_(parts.workspace.systems.size(), Declined::nothing),
      out_of_quota_(parts.workspace.systems.size()),
      began_(parts.clock.now()),
      changed_at_(began_) {
    CHECK(parts.connectors.size() == parts.workspace.systems.size(),
          "each system needs its connector");
    for (const auto& system : parts.workspace.systems) {
        lanes_.emplace_back(system, Random(options.seed, system.name), parts.clock.now());
    }
}

void Runner::stop() {
    stopping_ = true;
    parts_.transport.wake();
}

Result<RunEnd> Runner::run() {
    while (!stopping_) {
        TRY_VOID(work());
        const Instant now = parts_.clock.now();
        if (has_clock_jumped(now)) {
            // By the clock as it was until now, which goes on: answers on their way are of this life.
            TRY_VOID(shut_down());
            return RunEnd::clock_jumped;
        }
        if (options_.until_idle) {
            if (is_idle(now)) return RunEnd::done;
            TRY_VOID(give_up_if_hopeless(now));
        }
        collect(time_to_wait(now));
    }
    TRY_VOID(shut_down());
    return RunEnd::done;
}

bool Runner::has_clock_jumped(Instant now) {
    if (!options_.ends_by_clock || now - began_ < *options_.ends_by_clock) return false;
    const Duration ahead = parts_.clock.ahead();
    return ahead.ms > limits::clock_jump_ms || ahead.ms < -limits::clock_jump_ms;
}

Result<void> Runner::work() {
    const Instant now = parts_.clock.now();
    send(now);
    if (is_gathering(now)) return {};
    auto due = events(now);
    if (due.empty()) return {};
    TRY_VOID(step(std::move(due), now));
    send(parts_.clock.now());
    return {};
}

// Answers to writes wait a moment for others while the wire has enough to do without what the engine would say to them: one
// durable commit then serves all of them. What somebody looks for, and what is due, waits for nothing.
bool Runner::is_gathering(Instant now) {
    if (answers_.empty() || answers_.size() >= limits::answers_per_step) return false;
    if (now >= answers_.front().answer.ended + gathering_max) return false;
    if (std::min(schedule_.next_due(), parts_.engine.next_due()) <= now) return false;
    const auto is_of_write = [](const sync::Answered& a) { return a.effect.intent != IntentId{}; };
    const auto is_saturated = [&](Lane& lane) { return lane.is_saturated(now); };
    return std::ranges::all_of(answers_, is_of_write) && std::ranges::any_of(lanes_, is_saturated);
}

// What is in flight may have been executed: its answers are worth a wait, because without them it
// has to be probed.
Result<void> Runner::shut_down() {
    const Instant deadline = parts_.clock.now() + Duration{limits::shutdown_ms_max};
    while (!under_way_.empty() && parts_.clock.now() < deadline) collect(stop_slice);
    parts_.transport.cancel_all();
    under_way_.clear();
    while (!answers_.empty()) {
        std::vector<sync::Event> last;
        while (!answers_.empty() && last.size() < limits::answers_per_step) {
            last.emplace_back(std::move(answers_.front()));
            answers_.pop_front();
        }
        TRY_VOID(step(std::move(last), parts_.clock.now()));
    }
    return {};
}

void Runner::collect(Duration timeout) {
    auto done = parts_.transport.poll(timeout);
    const Instant now = parts_.clock.now();
    for (auto& one : done) finished(std::move(one), now);
}

void Runner::finished(connect::Finished done, Instant now) {
    auto found = under_way_.extract(done.ticket);
    CHECK(!found.empty(), "the transport finished a request that was not sent");
    auto& [system, call] = found.mapped();
    const ResourceIndex resource = sync::resource_of(call.effect.call);
    const auto& connector = parts_.connectors[system.at()];
    Lane& lane = lanes_[system.at()];
    std::optional<sync::Answered> answered;
    if (done.answer) {
        auto reading = connector.answer(call.effect.call, *done.answer);
        answered = lane.answered(std::move(call), *done.answer, std::move(reading), now);
    } else {
        auto reading = connector.failure(call.effect.call, done.answer.error());
        answered = lane.failed(std::move(call), done.answer.error(), std::move(reading), now);
    }
    if (answered) answers_.push_back(std::move(*answered));
    tell_health(system);
    tell_waiting(system, resource, now);
}

// Once for every time that a resource is shut.
void Runner::tell_waiting(SystemIndex system, ResourceIndex resource, Instant now) {
    const auto until = lanes_[system.at()].waits_until(resource, now);
    if (!until || std::exchange(waits_[resource], *until) == *until) return;
    parts_.watcher.waits(resource, *until);
}

void Runner::tell_health(SystemIndex system) {
    const Lane& lane = lanes_[system.at()];
    if (told_[system.at()] == lane.health()) return;
    told_[system.at()] = lane.health();
    parts_.watcher.health(system, lane.health(), lane.trouble());
}

std::vector<sync::Event> Runner::events(Instant now) {
    std::vector<sync::Event> out;
    while (!answers_.empty() && out.size() < limits::answers_per_step) {
        out.emplace_back(std::move(answers_.front()));
        answers_.pop_front();
    }
    for (auto& look : schedule_.take_due(now)) out.emplace_back(look);
    if (parts_.engine.next_due() <= now) out.emplace_back(sync::TimePassed{});
    // Something has happened: room that was declined may be wanted now.
    if (!out.empty()) declined_.assign(declined_.size(), Declined::nothing);
    // A rehearsal writes when all has been read and matched: real systems take so long that it comes to the same.
    const bool is_early =
        parts_.rehearsal && !(out.empty() && schedule_.is_resting() && lanes_quiet());
    for (std::size_t at = 0; at < lanes_.size() && !is_early; ++at) {
        if (const WriteRoom free = room(at, now); is_wanted(at, free))
            out.emplace_back(
                sync::Room{{static_cast<std::int32_t>(at)}, free.edits, free.backfill});
    }
    return out;
}

bool Runner::is_wanted(std::size_t system, const WriteRoom& room) const {
    if (!parts_.engine.wants_room(SystemIndex{static_cast<std::int32_t>(system)})) return false;
    switch (declined_[system]) {
        case Declined::nothing:
            return !room.is_none();
        case Declined::edits:
            return room.backfill > 0;
        case Declined::everything:
            return false;
    }
    std::unreachable();
}

Result<void> Runner::step(std::vector<sync::Event> events, Instant now) {
    TRY(auto result, parts_.engine.step(events, now));
    std::vector<sync::FeedDue> looks;
    std::vector<sync::Room> offered;
    for (const auto& event : events) {
        if (const auto* look = std::get_if<sync::FeedDue>(&event)) looks.push_back(*look);
        if (const auto* room = std::get_if<sync::Room>(&event)) offered.push_back(*room);
    }
    for (const sync::Room& room : offered) {
        const bool is_used = std::ranges::any_of(
            result.effects, [&](const auto& effect) { return effect.system == room.system; });
        const Declined all = room.backfill > 0 ? Declined::everything : Declined::edits;
        declined_[room.system.at()] = is_used ? Declined::nothing : all;
    }
    if (parts_.rehearsal) {
        for (const auto& event : events)
            if (const auto* answered = std::get_if<sync::Answered>(&event))
                parts_.rehearsal->saw(answered->effect, answered->answer);
        TRY_VOID(parts_.rehearsal->stepped());
    }
    take_effects(std::move(result.effects), now);
    for (const auto& event : events)
        if (const auto* answered = std::get_if<sync::Answered>(&event)) note_look(*answered, now);
    schedule_.offered(looks, now);
    take_notices(result.notices, now);
    tell_progress();
    return {};
}

// How the looks at a resource come along. A list that we may not read is no look at all.
void Runner::note_look(const sync::Answered& answered, Instant now) {
    schedule_.answered(answered, now);
    const bool is_refused = answered.answer.outcome != sync::Outcome::ok;
    const ResourceIndex resource = sync::resource_of(answered.effect.call);
    const bool is_of_rights = answered.effect.purpose == sync::Purpose::rights;
    const bool is_denied = is_refused && is_of_rights;
    if (is_denied) {
        schedule_.denied(resource, now);
        denied_.insert(resource);
    } else if (is_of_rights) {
        schedule_.allowed(resource);
        denied_.erase(resource);
    }
    const bool is_of_page = answered.effect.purpose == sync::Purpose::page;
    if (is_denied || (is_refused && is_of_page)) feed_trouble_[resource] = answered.answer.message;
    if (answered.answer.outcome == sync::Outcome::forbidden && is_of_page)
        denied_.insert(resource);
    else if (is_of_page && !answered.answer.records.empty())
        denied_.erase(resource);
}

void Runner::tell_progress() {
    Progress progress{.notices = notices_};
    for (const auto& lane : lanes_) {
        progress.records_read += lane.counts().records_read;
        progress.calls += lane.counts().calls;
    }
    parts_.watcher.progress(progress);
}

void Runner::take_effects(std::vector<sync::Effect> effects, Instant now) {
    for (auto& effect : effects) {
        if (effect.purpose == sync::Purpose::page) schedule_.asked(effect, now);
        if (sync::is_write(effect.call)) changed_at_ = now;
        const SystemIndex system = effect.system;
        auto imagined = parts_.rehearsal ? parts_.rehearsal->answer(effect, now)
                                         : std::optional<sync::Answer>();
        if (imagined) {
            answers_.push_back({std::move(effect), *std::move(imagined)});
            continue;
        }
        lanes_[system.at()].add(std::move(effect), now);
    }
}

void Runner::take_notices(const std::vector<sync::Notice>& notices, Instant now) {
    for (const auto& notice : notices) {
        ++notices_[notice.kind];
        if (is_change(notice.kind)) changed_at_ = now;
        parts_.watcher.notice(notice);
    }
}

// Once for each wait that is worth telling.
void Runner::tell_quota(std::size_t system, Instant now) {
    const auto until = lanes_[system].out_of_quota_until(now);
    if (!until || *until - now < quota_wait_told || out_of_quota_[system] > now) return;
    out_of_quota_[system] = *until;
    parts_.watcher.out_of_quota(SystemIndex{static_cast<std::int32_t>(system)}, *until);
}

void Runner::send(Instant now) {
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        while (auto call = lanes_[at].take(now)) {
            submit(SystemIndex{static_cast<std::int32_t>(at)}, std::move(*call), now);
        }
        tell_quota(at, now);
    }
}

// A rehearsal needs no system to be well, and no quota.
WriteRoom Runner::room(std::size_t system, Instant now) {
    constexpr WriteRoom rehearsed_at_once{64, 64};
    return parts_.rehearsal ? rehearsed_at_once : lanes_[system].room(now);
}

void Runner::submit(SystemIndex system, PlannedCall call, Instant now) {
    auto request = parts_.connectors[system.at()].request(call.effect.call);
    if (!request) {
        // Nothing was sent; the engine hears that the system cannot take it.
        sync::Answer answer;
        answer.outcome = sync::Outcome::rejected;
        answer.message = request.error().message();
        answers_.push_back(lanes_[system.at()].refused(std::move(call), std::move(answer), now));
        return;
    }
    const connect::Ticket ticket{next_ticket_++};
    under_way_.emplace(ticket, UnderWay{system, std::move(call)});
    parts_.transport.submit(ticket, std::move(*request),
                            {.deadline = options_.call_deadline, .system = system});
}

Duration Runner::time_to_wait(Instant now) {
    if (stopping_) return Duration{0};
    if (!answers_.empty())
        return is_gathering(now) ? answers_.front().answer.ended + gathering_max - now
                                 : Duration{0};
    Instant next = std::min(schedule_.next_due(), parts_.engine.next_due());
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        next = std::min(next, lanes_[at].next_send(now));
        const WriteRoom free = room(at, now);
        if (is_wanted(at, free)) return Duration{0};
        // A backfill that has used up its share goes on by itself.
        const Instant share = lanes_[at].backfill_from(now);
        if (free.backfill == 0 && share > now) next = std::min(next, share);
    }
    if (next == Instant::never()) return nap_max;
    return std::clamp(next - now, Duration{0}, nap_max);
}

bool Runner::lanes_quiet() const {
    return std::ranges::all_of(lanes_, &Lane::is_quiet);
}

bool Runner::is_idle(Instant now) {
    const bool nothing_moves = answers_.empty() && under_way_.empty() && schedule_.is_resting() &&
                               lanes_quiet() && parts_.engine.at_rest();
    if (!nothing_moves) return false;
    if (schedule_.has_looked_after(changed_at_)) return true;
    if (schedule_.look_after(changed_at_, now)) ++rounds_;
    return false;
}

// A feed that the system answers, but never with a list, or a world that moves with every look.
Result<void> Runner::give_up_on_feeds() {
    if (const auto resource = schedule_.failing(); resource && lanes_quiet()) {
        const auto& failing = parts_.workspace.resource(*resource);
        const auto& system = parts_.workspace.system(failing.system);
        if (denied_.contains(*resource)) {
            return fail(ErrorKind::auth,
                        feed_trouble_[*resource] +
                            "; give the user of the login the right to read it, and run again",
                        system.name);
        }
        return fail(
            ErrorKind::drift,
            fmt::format("cannot be listed: {}; compare the connector's declaration with the system",
                        feed_trouble_[*resource]),
            fmt::format("{} {}", system.name, failing.path));
    }
    if (rounds_ > rounds_max) {
        return fail(ErrorKind::drift,
                    "something changes with every look; `entente history` shows what",
                    parts_.workspace.name);
    }
    return {};
}

// For people: what is wrong with a system that has answered nothing useful for too long.
std::string Runner::trouble_with(std::size_t system) const {
    const auto& url = parts_.workspace.systems[system].base_url;
    const Lane& lane = lanes_[system];
    if (lane.health() == Health::refused) {
        return fmt::format("refuses our login at {}: {}; correct its secret and run again", url,
                           lane.trouble());
    }
    return fmt::format(
        "gives no usable answer at {}: {}; start it or correct base_url, then run again", url,
        lane.trouble());
}

Result<void> Runner::give_up_if_hopeless(Instant now) {
    TRY_VOID(give_up_on_feeds());
    std::vector<std::size_t> hopeless;
    for (std::size_t at = 0; at < lanes_.size(); ++at) {
        Lane& lane = lanes_[at];
        const bool ill_too_long =
            lane.ill_since() && now - *lane.ill_since() >= options_.give_up_after;
        if (lane.health() == Health::refused || ill_too_long)
            hopeless.push_back(at);
        else if (!lane.is_waiting_for_time(now))
            return {};  // the others go on as long as they have something to do
    }
    if (hopeless.empty() || parts_.engine.next_due() <= now) return {};
    const std::size_t first = hopeless.front();
    const auto kind =
        lanes_[first].health() == Health::refused ? ErrorKind::auth : ErrorKind::retry_later;
    std::string text = trouble_with(first);
    for (const std::size_t other : std::span(hopeless).subspan(1)) {
        text += fmt::format("\n{}: {}", parts_.workspace.systems[other].name, trouble_with(other));
    }
    return fail(kind, std::move(text), parts_.workspace.systems[first].name);
}

}  // namespace entente::run
