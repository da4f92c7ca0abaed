#include "run/call_queue.hpp"

#include <utility>

namespace entente::run {

namespace {

// So many urgent calls may pass a waiting poll or sweep; then it has a turn.
constexpr int ahead_max = 8;

}  // namespace

CallQueue::Kind CallQueue::kind_of(const PlannedCall& call) {
    switch (call.effect.purpose) {
        case sync::Purpose::page:
            return call.effect.sweep ? sweep : poll;
        case sync::Purpose::check:
        case sync::Purpose::rights:
            return poll;
        case sync::Purpose::compare:
        case sync::Purpose::write:
        case sync::Purpose::read_back:
        case sync::Purpose::probe:
            return call.is_read() ? urgent_read : urgent_write;
    }
    std::unreachable();
}

void CallQueue::add(PlannedCall call, Instant not_before) {
    later_.emplace(not_before, std::move(call));
}

void CallQueue::hold(PlannedCall call, Instant not_before) {
    call.is_held = kind_of(call) == urgent_read || kind_of(call) == urgent_write;
    if (call.is_held) ++held_;
    add(std::move(call), not_before);
}

void CallQueue::wake(Instant now) {
    while (!later_.empty() && later_.begin()->first <= now) {
        auto due = later_.extract(later_.begin());
        PlannedCall& call = due.mapped();
        if (std::exchange(call.is_held, false)) --held_;
        ready_[kind_of(call)].push_back(std::move(call));
    }
}

std::optional<CallQueue::Kind> CallQueue::choose(bool reads_only) {
    std::optional<Kind> first, last;
    for (const Kind kind : {urgent_write, urgent_read, poll, sweep}) {
        if (ready_[kind].empty() || (reads_only && kind == urgent_write)) continue;
        if (!first) first = kind;
        last = kind;
    }
    if (!first || first == last) {
        taken_ahead_ = 0;
        return first;
    }
    if (++taken_ahead_ <= ahead_max) return first;
    taken_ahead_ = 0;
    return last;
}

std::optional<PlannedCall> CallQueue::take(Instant now, bool reads_only) {
    wake(now);
    const auto kind = choose(reads_only);
    if (!kind) return std::nullopt;
    PlannedCall call = std::move(ready_[*kind].front());
    ready_[*kind].pop_front();
    return call;
}

Instant CallQueue::next(Instant now, bool reads_only) {
    wake(now);
    for (const Kind kind : {urgent_read, urgent_write, poll, sweep}) {
        if (!ready_[kind].empty() && !(reads_only && kind == urgent_write)) return now;
    }
    return later_.empty() ? Instant::never() : later_.begin()->first;
}

std::size_t CallQueue::urgent(Instant now) {
    wake(now);
    return ready_[urgent_read].size() + ready_[urgent_write].size();
}

std::size_t CallQueue::size() const {
    std::size_t all = later_.size();
    for (const auto& queue : ready_) all += queue.size();
    return all;
}

}  // namespace entente::run
