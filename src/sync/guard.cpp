#include "sync/guard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"
#include "base/seeded_bug.hpp"
#include "sync/stop.hpp"

namespace entente::sync {

bool has_stopped(const Step& step, ResourceIndex resource) {
    return std::ranges::any_of(step.workspace.data_types_of(resource), [&](DataTypeIndex d) {
        const DataTypeState& state = step.memory.data_types.at(d);
        return !state.stopped.empty() && !state.is_one_with_another &&
               !step.memory.guard_waived.contains(d);
    });
}

namespace {

constexpr Duration window{limits::guard_window_ms};

// While something is stopped nothing is forgotten: else a loss would pass by waiting.
void expire(Step& step, ResourceIndex resource, Losses& losses) {
    if (has_stopped(step, resource)) return;
    const Instant until = step.now - window;
    const auto over =
        std::erase_if(losses.believed, [&](const auto& loss) { return loss.second <= until; });
    if (over > 0) step.transaction.drop_losses(resource, until);
}

// Why the data type must stop, or nothing. `lately`: so many of these had been believed before.
std::string too_much(const Step& step, DataTypeIndex d, std::int64_t lost, std::int64_t lately) {
    const std::int64_t live = step.memory.live[step.data_type(d).resource];
    if (lost * 100 <= live * limits::guard_percent) return {};
    if (lost <= limits::guard_records && !SEEDED(guard_by_share)) return {};
    if (step.memory.guard_waived.contains(d) || SEEDED(guard_off)) return {};
    if (lately > 0)
        return fmt::format(
            "looks at {} within a minute would clear, lose or turn back {} of {} records; {} of "
            "them had been believed, and nothing more was",
            step.data_type(d).full_name, lost, live, lately);
    return fmt::format(
        "one look at {} would clear, lose or turn back {} of {} records; nothing of it was "
        "believed",
        step.data_type(d).full_name, lost, live);
}

// Which data types must stop if these are lost too, and why.
std::vector<std::pair<DataTypeIndex, std::string>> reasons_to_stop(Step& step,
                                                                   ResourceIndex resource,
                                                                   const std::set<RecordId>& lost) {
    Losses& losses = step.memory.losses[resource];
    expire(step, resource, losses);
    const auto lately = std::ssize(losses.believed);
    const auto again = std::ranges::count_if(
        lost, [&](RecordId record) { return losses.believed.contains(record); });
    std::vector<std::pair<DataTypeIndex, std::string>> reasons;
    for (DataTypeIndex d : step.workspace.data_types_of(resource)) {
        std::string why = too_much(step, d, lately + std::ssize(lost) - again, lately);
        if (!why.empty()) reasons.emplace_back(d, std::move(why));
    }
    return reasons;
}

// Whether so many could be too many.
bool may_stop(const Step& step, ResourceIndex resource, std::int64_t lost) {
    return std::ranges::any_of(step.workspace.data_types_of(resource), [&](DataTypeIndex d) {
        return !too_much(step, d, lost, 0).empty();
    });
}

bool is_waived(const Step& step, ResourceIndex resource) {
    return std::ranges::any_of(step.workspace.data_types_of(resource), [&](DataTypeIndex d) {
        return step.memory.guard_waived.contains(d);
    });
}

}  // namespace

bool guard_passes(Step& step, ResourceIndex resource, const std::set<RecordId>& lost) {
    if (lost.empty()) return true;
    bool passes = true;
    for (const auto& [d, why] : reasons_to_stop(step, resource, lost)) {
        stop_data_type(step, d, why);
        passes = false;
    }
    Losses& losses = step.memory.losses[resource];
    // What a person has approved says nothing of what comes later.
    if (!passes || is_waived(step, resource)) return passes;
    std::vector<Loss> believed;
    for (RecordId record : lost) {
        losses.believed[record] = step.now;
        believed.push_back({resource, record, step.now});
    }
    step.transaction.put_losses(believed);
    return true;
}

bool guard_passes(Step& step, WorkRecord& record, const SeenRecord& seen, const Reading& reading,
                  bool is_after_our_write) {
    const bool loses = is_after_our_write ? would_empty(step, record, seen)
                                          : would_lose(step, record, seen, reading);
    if (!loses) return true;
    return !has_stopped(step, record.resource) && guard_passes(step, record.resource, {record.id});
}

void forget_losses(Step& step, ResourceIndex resource) {
    Losses& losses = step.memory.losses[resource];
    if (losses.believed.empty()) return;
    losses.believed.clear();
    step.transaction.drop_losses(resource, Instant::never());
}

void load_losses(Transaction& transaction, Memory& memory) {
    std::vector<Loss> found = transaction.losses();
    if (found.empty()) return;
    for (Loss& loss : found) {
        loss.at = memory.began;
        memory.losses[loss.resource].believed[loss.record] = loss.at;
    }
    transaction.put_losses(found);
}

void put_loss_aside(Step& step, const WorkRecord& record, const Answer& answer) {
    // A later sweep shows it again.
    if (has_stopped(step, record.resource)) return;
    Losses& losses = step.memory.losses[record.resource];
    if (losses.aside.empty()) losses.aside_since = step.now;
    losses.aside.insert_or_assign(record.id, answer);
}

Check& begin_check(Step& step, const WorkRecord& record, bool is_judged) {
    const auto [check, is_new] =
        step.memory.checks.try_emplace(record.id, Check{record.resource, 0, 0, false});
    // What a person has approved lets pass what is read from now on, though the answer may come later.
    check->second.is_judged |= is_judged || is_waived(step, record.resource);
    if (is_new) ++step.memory.losses[record.resource].checks_open;
    return check->second;
}

void end_check(Step& step, RecordId record) {
    const auto ended = step.memory.checks.extract(record);
    CHECK(!ended.empty(), "a check ends once");
    --step.memory.losses[ended.mapped().resource].checks_open;
}

std::vector<std::pair<RecordId, Answer>> judge_losses(Step& step) {
    std::vector<std::pair<RecordId, Answer>> believed;
    for (auto& [resource, losses] : step.memory.losses) {
        if (losses.aside.empty()) continue;
        const bool is_awaited = losses.checks_open > 0 && step.now < losses.aside_since + window;
        const std::int64_t at_most = std::ssize(losses.aside) + std::ssize(losses.believed);
        if (is_awaited && !may_stop(step, resource, at_most)) continue;
        std::set<RecordId> lost;
        for (const auto& [record, answer] : losses.aside) lost.insert(record);
        if (is_awaited && reasons_to_stop(step, resource, lost).empty()) continue;
        if (guard_passes(step, resource, lost))
            believed.insert(believed.end(), losses.aside.begin(), losses.aside.end());
        losses.aside.clear();
    }
    return believed;
}

Instant losses_due(const Memory& memory) {
    Instant due = Instant::never();
    for (const auto& [resource, losses] : memory.losses)
        if (!losses.aside.empty()) due = std::min(due, losses.aside_since + window);
    return due;
}

}  // namespace entente::sync
