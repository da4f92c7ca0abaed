#include "run/lane.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "base/seeded_bug.hpp"

namespace entente::run {

namespace {

// A read that failed this often is reported to the engine: the look ends and a fresh one is made
// later.
constexpr int read_tries_max = 4;
// So many things whose calls failed in a row, none passing, after which a system counts as down. One
// record may fail for ever and says nothing of the others; a refused connection is no doubt.
constexpr std::size_t failures_until_down = 3;
constexpr connect::BackoffPolicy down_pause{.first = Duration{250}, .longest = Duration{30'000}};
constexpr connect::BackoffPolicy read_pause{.first = Duration{200}, .longest = Duration{5'000}};
// A login that was refused is tried again this often: more would lock the account.
constexpr Duration refused_pause{60'000};
// Writes prepared ahead per connection: one durable commit serves all of them, so a slow disk does
// not idle the wire.
constexpr int room_per_connection = 8;

// So many writes that wait for one resource keep no others from being prepared; more would only fill
// the memory.
constexpr int held_max = 1'000;

constexpr int status_too_many = 429;

std::size_t number_of(const sync::Effect& effect) {
    return static_cast<std::size_t>(work_of(effect));
}

std::string asked_for(const sync::SearchTerms& terms) {
    std::string text = "?";
    for (const auto& [path, value] : terms) text += path + "=" + json::write(value) + "&";
    return text;
}

}  // namespace

Subject subject_of(const sync::Effect& effect) {
    const sync::Call& call = effect.call;
    const ResourceIndex resource = sync::resource_of(call);
    if (const auto* read = std::get_if<sync::ReadCall>(&call)) return {resource, read->external_id};
    if (const auto* update = std::get_if<sync::UpdateCall>(&call))
        return {resource, update->external_id};
    if (const auto* create = std::get_if<sync::CreateCall>(&call))
        return {resource, "+" + json::write(create->body)};
    if (const auto* search = std::get_if<sync::SearchCall>(&call))
        return {resource, asked_for(search->equals)};
    return {resource, ""};
}

Lane::Lane(const model::System& system, Random random, Instant now)
    : budget_(connect::budget_limits(system.rest), now),
      errors_(system.rest.errors_allowed, system.rest.errors_per),
      backoff_(down_pause, Random(random.next(), "down")),
      random_(Random(random.next(), "reads")),
      concurrent_(connect::budget_limits(system.rest).concurrent),
      for_edits_(system.rest.for_edits) {}

void Lane::add(sync::Effect effect, Instant) {
    const Instant not_before = effect.not_before;
    queue_.add({std::move(effect), 0, {}}, not_before);
}

std::optional<PlannedCall> Lane::take(Instant now) {
    const bool on_trial = health_ != Health::well;
    if (now < paused_until_ || !budget_.may_send(now) || (on_trial && under_way_ > 0))
        return std::nullopt;
    auto call = on_trial ? next_trial(now) : next_call(now);
    if (!call) return std::nullopt;
    budget_.sent(now);
    ++under_way_;
    ++under_way_of_[sync::resource_of(call->effect.call)];
    ++under_way_for_[number_of(call->effect)];
    ++call->tries;
    call->began = now;
    ++counts_.calls;
    ++counts_.by_purpose[static_cast<std::size_t>(call->effect.purpose)];
    ++counts_.by_work[number_of(call->effect)];
    return call;
}

// People's edits may use all of the quotas, looks leave half of the edits' share, and sweeps all of it. A backfill has left it
// when its writes were prepared: a write that waits keeps a record from being written.
Gate Lane::gate(Instant now) const {
    const Instant any = budget_.next_slot(now);
    return {.reads_only = health_ != Health::well,
            .from = {any, budget_.next_slot(now, for_edits_ / 2), any,
                     budget_.next_slot(now, for_edits_)}};
}

// Calls of a resource that must not be asked now are put off, and the next one is looked at.
std::optional<PlannedCall> Lane::next_call(Instant now) {
    const Gate open = gate(now);
    while (auto call = queue_.take(now, open)) {
        const ResourceIndex resource = sync::resource_of(call->effect.call);
        const Instant free = errors_.free_at(resource, now, under_way_of_[resource]);
        if (free <= now) return call;
        queue_.hold(std::move(*call), free);
    }
    return std::nullopt;
}

// One record that always fails must not keep the system down: another read has its turn, if there is one.
std::optional<PlannedCall> Lane::next_trial(Instant now) {
    auto call = next_call(now);
    if (!call || subject_of(call->effect) != last_trial_) return call;
    auto other = next_call(now);
    queue_.add(*std::move(call), now);
    return other ? std::move(other) : next_call(now);
}

void Lane::ended(const PlannedCall& call) {
    CHECK(under_way_ > 0, "an answer to a call that was not made");
    --under_way_;
    --under_way_of_[sync::resource_of(call.effect.call)];
    --under_way_for_[number_of(call.effect)];
}

Instant Lane::next_send(Instant now) {
    const bool on_trial = health_ != Health::well;
    if (on_trial && under_way_ > 0) return Instant::never();
    const Instant ready = queue_.next(now, gate(now));
    if (ready == Instant::never()) return ready;
    return std::max({ready, paused_until_, budget_.next_slot(now)});
}

std::optional<sync::Answered> Lane::answered(PlannedCall call, const http::Response& response,
                                             sync::Answer reading, Instant now) {
    skew_.seen(response.headers, call.began, now);
    // Where its windows begin is told by its clock, also by one that is used for nothing else.
    budget_.clock_is_off(skew_.absurd().value_or(skew_.estimate()));
    budget_.answered(now, response);
    errors_.answered(sync::resource_of(call.effect.call), response.status, now);
    if (response.status == status_too_many) ++counts_.throttled;
    if (reading.outcome == sync::Outcome::ok && call.effect.purpose == sync::Purpose::page) {
        counts_.records_read += static_cast<std::int64_t>(reading.records.size());
    }
    if (response.status == status_too_many) {
        // It is well and says when; the budget waits.
        recovered();
        --call.tries;
    }
    return judge(std::move(call), std::move(reading), false, now);
}

std::optional<sync::Answered> Lane::failed(PlannedCall call,
                                           const connect::TransportFailure& failure,
                                           sync::Answer reading, Instant now) {
    using enum connect::FailureKind;
    const bool certainly_down = failure.kind == not_sent || failure.kind == tls;
    budget_.failed(now, !certainly_down && failure.kind != login);
    if (reading.message.empty()) reading.message = failure.text;
    return judge(std::move(call), std::move(reading), certainly_down, now);
}

sync::Answered Lane::refused(PlannedCall call, sync::Answer answer, Instant now) {
    budget_.failed(now, false);
    ended(call);
    answer.began = answer.ended = now;
    answer.skew = skew_.estimate();
    answer.absurd_skew = skew_.absurd();
    return {std::move(call.effect), std::move(answer)};
}

sync::Answered Lane::for_engine(PlannedCall call, sync::Answer answer, Instant now) const {
    answer.began = call.began;
    answer.ended = now;
    answer.skew = skew_.estimate();
    answer.absurd_skew = skew_.absurd();
    return {std::move(call.effect), std::move(answer)};
}

std::optional<sync::Answered> Lane::judge(PlannedCall call, sync::Answer answer,
                                          bool certainly_down, Instant now) {
    ended(call);
    const bool throttled = answer.outcome == sync::Outcome::retry_later && call.tries == 0;
    const bool useless =
        answer.outcome == sync::Outcome::retry_later || answer.outcome == sync::Outcome::unknown;
    const bool is_refused = answer.outcome == sync::Outcome::auth;
    if (is_refused) {
        fell_ill(Health::refused, answer.message, now);
        paused_until_ = now + refused_pause;
    } else if (useless && !throttled) {
        failing_.insert(subject_of(call.effect));
        ++counts_.failed;
        trouble_ = answer.message;
        if (!ill_since_) ill_since_ = now;
        const bool is_on_trial = health_ != Health::well;
        if (certainly_down || is_on_trial || failing_.size() >= failures_until_down) {
            fell_ill(is_on_trial ? health_ : Health::down, answer.message, now);
            paused_until_ = now + backoff_.next();
        }
    } else if (!throttled) {
        recovered();
    }

    const bool may_repeat = call.is_read() || SEEDED_WHERE(blind_retry, useless);
    const bool again = may_repeat && call.effect.purpose != sync::Purpose::compare &&
                       (is_refused || useless) && call.tries < read_tries_max;
    if (health_ != Health::well) last_trial_ = subject_of(call.effect);
    if (!again) return for_engine(std::move(call), std::move(answer), now);
    connect::Backoff pause(read_pause, Random(random_.next(), "read"));
    Duration wait{0};
    for (int i = 0; i < call.tries; ++i) wait = pause.next();
    queue_.add(std::move(call), now + std::max(wait, answer.retry_after));
    return std::nullopt;
}

std::optional<Instant> Lane::out_of_quota_until(Instant now) {
    const bool is_ready = health_ == Health::well && under_way_ == 0 && paused_until_ <= now &&
                          queue_.next(now, {}) <= now;
    if (!is_ready) return std::nullopt;
    const Instant slot = queue_.next(now, gate(now));
    return slot > now ? std::optional(slot) : std::nullopt;
}

void Lane::fell_ill(Health health, std::string trouble, Instant now) {
    health_ = health;
    trouble_ = std::move(trouble);
    if (!ill_since_) ill_since_ = now;
}

void Lane::recovered() {
    failing_.clear();
    last_trial_.reset();
    backoff_.reset();
    health_ = Health::well;
    ill_since_.reset();
}

int Lane::prepared(Work work, Instant now) {
    const int held = static_cast<int>(queue_.held(work));
    return static_cast<int>(queue_.ready(work, now)) +
           under_way_for_[static_cast<std::size_t>(work)] + std::max(0, held - held_max);
}

WriteRoom Lane::room(Instant now) {
    if (health_ != Health::well || now < paused_until_) return {};
    const int most = concurrent_ * room_per_connection;
    const int share = budget_.free(now, for_edits_, most);
    return {std::max(0, most - prepared(Work::edit, now)),
            std::max(0, share - prepared(Work::backfill, now))};
}

bool Lane::is_saturated(Instant now) {
    return under_way_ >= concurrent_ && queue_.next(now, {}) <= now;
}

bool Lane::is_waiting_for_time(Instant now) {
    return under_way_ == 0 && next_send(now) > now;
}

}  // namespace entente::run
