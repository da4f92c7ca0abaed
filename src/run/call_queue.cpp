#include "run/call_queue.hpp"

#include <algorithm>
#include <utility>

namespace entente::run {

namespace {

// So many calls may pass a waiting one of a later kind; then it has a turn.
constexpr int passed_max = 8;

}  // namespace

Work work_of(const sync::Effect& effect) {
    switch (effect.purpose) {
        case sync::Purpose::page:
            return effect.sweep ? Work::sweep : Work::look;
        case sync::Purpose::check:
        case sync::Purpose::rights:
            return Work::look;
        case sync::Purpose::search:
        case sync::Purpose::compare:
        case sync::Purpose::write:
            return effect.backfill ? Work::backfill : Work::edit;
        case sync::Purpose::read_back:
        case sync::Purpose::probe:
            return Work::edit;
    }
    std::unreachable();
}

CallQueue::Kind CallQueue::kind_of(const PlannedCall& call) {
    switch (work_of(call.effect)) {
        case Work::edit:
            return call.is_read() ? edit_read : edit_write;
        case Work::look:
            return look;
        case Work::backfill:
            return call.is_read() ? backfill_read : backfill_write;
        case Work::sweep:
            return sweep;
    }
    std::unreachable();
}

Work CallQueue::work_of_kind(std::size_t kind) {
    constexpr std::array<Work, kinds> work{Work::edit,     Work::edit,     Work::look,
                                           Work::backfill, Work::backfill, Work::sweep};
    return work[kind];
}

void CallQueue::add(PlannedCall call, Instant not_before) {
    later_.emplace(not_before, std::move(call));
}

void CallQueue::hold(PlannedCall call, Instant not_before) {
    call.is_held = true;
    ++held_[static_cast<std::size_t>(work_of(call.effect))];
    add(std::move(call), not_before);
}

void CallQueue::wake(Instant now) {
    while (!later_.empty() && later_.begin()->first <= now) {
        auto due = later_.extract(later_.begin());
        PlannedCall& call = due.mapped();
        if (std::exchange(call.is_held, false))
            --held_[static_cast<std::size_t>(work_of(call.effect))];
        ready_[kind_of(call)].push_back(std::move(call));
    }
}

bool CallQueue::waits(std::size_t kind, const Gate& gate) const {
    const bool is_write = kind == edit_write || kind == backfill_write;
    return !ready_[kind].empty() && !(gate.reads_only && is_write);
}

std::optional<std::size_t> CallQueue::choose(Instant now, const Gate& gate) {
    const auto has_share = [&](std::size_t kind) {
        return gate.from[static_cast<std::size_t>(work_of_kind(kind))] <= now;
    };
    std::optional<std::size_t> first;
    for (std::size_t kind = 0; kind < kinds && !first; ++kind)
        if (waits(kind, gate) && has_share(kind)) first = kind;
    if (!first) return std::nullopt;
    // Edits alone could use up everything: beside them, who has no share has a turn all the same.
    const bool is_for_all = work_of_kind(*first) == Work::edit;
    const auto is_passed = [&](std::size_t kind) {
        return waits(kind, gate) && (is_for_all || has_share(kind));
    };
    std::size_t chosen = *first;
    for (std::size_t later = *first + 1; later < kinds; ++later) {
        const bool is_lacking = is_passed(later) && passed_[later] >= passed_max;
        if (is_lacking && (chosen == *first || passed_[later] > passed_[chosen])) chosen = later;
    }
    for (std::size_t later = *first + 1; later < kinds; ++later)
        if (is_passed(later)) ++passed_[later];
    passed_[chosen] = 0;
    return chosen;
}

std::optional<PlannedCall> CallQueue::take(Instant now, const Gate& gate) {
    wake(now);
    const auto kind = choose(now, gate);
    if (!kind) return std::nullopt;
    PlannedCall call = std::move(ready_[*kind].front());
    ready_[*kind].pop_front();
    return call;
}

Instant CallQueue::next(Instant now, const Gate& gate) {
    wake(now);
    Instant next = later_.empty() ? Instant::never() : later_.begin()->first;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        if (!waits(kind, gate)) continue;
        const Instant from = gate.from[static_cast<std::size_t>(work_of_kind(kind))];
        next = std::min(next, std::max(now, from));
    }
    return next;
}

std::size_t CallQueue::ready(Work work, Instant now) {
    wake(now);
    std::size_t count = 0;
    for (std::size_t kind = 0; kind < kinds; ++kind)
        if (work_of_kind(kind) == work) count += ready_[kind].size();
    return count;
}

std::size_t CallQueue::size() const {
    std::size_t all = later_.size();
    for (const auto& queue : ready_) all += queue.size();
    return all;
}

}  // namespace entente::run
