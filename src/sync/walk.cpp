#include "sync/walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/limits.hpp"

namespace entente::sync {
namespace {

// False: it was met before.
bool mark(Walk& walk, RecordId id) {
    const auto at = static_cast<std::size_t>(id.value);
    if (walk.met.size() <= at) walk.met.resize(at + at / 2 + 64);
    if (walk.met[at]) return false;
    walk.met[at] = true;
    ++walk.records;
    return true;
}

std::int64_t not_met(const Walk& walk, const Walk& poll) {
    std::int64_t count = 0;
    for (std::size_t at = 0; at < poll.met.size(); ++at)
        count += poll.met[at] && !walk.has_met({static_cast<std::int64_t>(at)});
    return count;
}

}  // namespace

bool Walk::has_met(RecordId id) const {
    const auto at = static_cast<std::size_t>(id.value);
    return at < met.size() && met[at];
}

void Walk::take_page(std::span<const RecordId> rows, std::optional<std::int64_t> total,
                     std::int64_t passed_over) {
    if (total) {
        has_shrunk |= total_last && *total < *total_last;
        if (!total_first) total_first = total;
        total_last = total;
    }
    std::vector<RecordId> known;
    for (const RecordId id : rows)
        if (!mark(*this, id)) known.push_back(id);
    pages.take({rows.size(), rows.size() - known.size(), passed_over});
    if (rows.empty()) return;
    const bool is_news = known.size() < rows.size();
    if (!is_news && is_counted && std::ranges::equal(rows, page)) {
        echoed = page;
        return;
    }
    if (!order_moves) again.insert(known.begin(), known.end());
    if (!is_news) return;
    again.insert(echoed.begin(), echoed.end());  // it was not the end
    echoed.clear();
    ++pages_with_news;
    page.assign(rows.begin(), rows.end());
}

void Walk::end(bool by_us) {
    // Whoever shows the first page only, whichever is asked for, is not at the end: nothing tells it but the total.
    const bool has_moved = pages_with_news > 1 || total_last == records + unknown;
    const bool is_end = by_us && !echoed.empty() && has_moved;
    if (!is_end) again.insert(echoed.begin(), echoed.end());
    is_in_ring = by_us && !is_end;
}

std::string doubt_of(const Walk& walk) {
    if (walk.is_in_ring)
        return fmt::format("no end of it was found: after {} pages nothing new came",
                           walk.pages.count);
    const std::int64_t shown = walk.records + walk.unknown;
    const std::int64_t told = walk.total_last.value_or(shown);
    if (told > shown) return fmt::format("it tells of {} records and showed {}", told, shown);
    if (walk.total_first != walk.total_last)
        return fmt::format("it told of {} records at first and of {} in the end", *walk.total_first,
                           *walk.total_last);
    if (!walk.again.empty())
        return fmt::format(
            "{} of its {} records came twice, so that as many others may have been "
            "passed over",
            walk.again.size(), walk.records);
    return {};
}

bool is_explained(const Walk& walk, const Walk& poll, const std::set<RecordId>& moved) {
    if (walk.is_in_ring || walk.has_shrunk || poll.is_in_ring) return false;
    const auto is_moved = [&](RecordId id) { return moved.contains(id); };
    const auto edited = std::ranges::count_if(walk.again, is_moved);
    if (edited > 0 && walk.is_counted) return false;
    const auto shifted = std::ssize(walk.again) - edited;
    const auto shifts = std::ssize(moved) - edited;
    const std::int64_t grown = walk.total_last.value_or(0) - walk.total_first.value_or(0);
    if (shifted > shifts || grown > shifts) return false;
    if (!walk.total_last) return true;
    // A record that the walk has not met is among those told of only if it came before the last page: the number told of has
    // grown by it then, and not by another that the walk has met.
    const std::int64_t grown_by_met =
        std::ranges::count_if(moved, [&](RecordId id) { return walk.has_met(id); });
    const std::int64_t came_behind =
        std::clamp<std::int64_t>(grown - grown_by_met, 0, not_met(walk, poll));
    return *walk.total_last <= walk.records + walk.unknown + came_behind;
}

std::string doubt_in_words(const FeedState& feed, bool can_be_searched) {
    if (feed.doubtful_walks == 0)
        return fmt::format(
            "its list may hide a record ({}); until a sweep is without doubt, what is to be "
            "created there is searched for first, where it can be",
            feed.doubt);
    if (feed.doubtful_walks < limits::doubtful_walks_max)
        return fmt::format("its list may not have been read whole ({}); it is read again",
                           feed.doubt);
    const char* const creates =
        can_be_searched ? "what is to be created there is searched for first"
                        : "it cannot be searched, so creates there wait. Let its pages come in an "
                          "order by key (`list: {order: ...}`) or tell how many there are "
                          "(`list: {total: ...}`)";
    return fmt::format(
        "its list could not be read whole {} times in a row: {}. Nothing counts as "
        "gone by it, and {}",
        feed.doubtful_walks, feed.doubt, creates);
}

void add(Walk& walk, const Walk& poll) {
    for (std::size_t at = 0; at < poll.met.size(); ++at)
        if (poll.met[at]) mark(walk, {static_cast<std::int64_t>(at)});
}

}  // namespace entente::sync
