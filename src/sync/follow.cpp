#include "sync/follow.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"
#include "sync/project.hpp"

namespace entente::sync {
namespace {

// What decides whether the system takes edits has changed: what was refused is tried again.
void release_refused(Step& step, WorkLink& link, const std::string& decides) {
    const auto released =
        std::erase_if(link.held, [](const Held& h) { return h.rev != Held::every_edit; });
    if (released == 0) return;
    link.changed = true;
    step.unsettled.insert(link.entity);
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::released;
    event.entity = link.entity;
    event.link = link.id;
    event.record = link.record;
    event.data_type = link.data_type;
    event.text = fmt::format("`{}` has changed there", decides);
    step.record(std::move(event));
}

// A person, say, was made a company: the link stays, and people are told.
void tell_left(Step& step, const WorkLink& link, const Value& now) {
    const model::DataType& data_type = step.data_type(link.data_type);
    std::string shows;
    for (const auto& [path, wanted] : data_type.where) {
        const Value* found = now.at_path(path);
        if (found != nullptr && *found == wanted) continue;
        shows = fmt::format("`{}` is {} now", path, found ? json::write(*found) : "not shown");
    }
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::left;
    event.entity = link.entity;
    event.link = link.id;
    event.record = link.record;
    event.data_type = link.data_type;
    event.text = fmt::format("{}: it is no {} any more; it stays linked", shows, data_type.name);
    Notice notice;
    notice.kind = Notice::Kind::left;
    notice.entity = link.entity;
    notice.data_type = link.data_type;
    notice.external_id = step.work.record(link.record).external_id;
    notice.text = event.text;
    step.notice(std::move(notice));
    step.record(std::move(event));
}

}  // namespace

bool differ_at(const Value& before, const Value& after, const std::string& path) {
    const Value* x = before.at_path(path);
    const Value* y = after.at_path(path);
    return (x == nullptr) != (y == nullptr) || (x != nullptr && !(*x == *y));
}

void forget_parent_version(Step& step, const WorkRecord& line) {
    if (!line.parent || step.resource(line.resource).nested_in) return;
    WorkRecord& parent = step.work.record(line.parent);
    if (!step.resource(parent.resource).lines_move_version || parent.etag.empty()) return;
    parent.etag.clear();
    parent.changed = true;
}

void follow_change(Step& step, WorkLink& link, const Value& before, const Value& after) {
    const model::DataType& data_type = step.data_type(link.data_type);
    if (meets(data_type, before) && !meets(data_type, after)) tell_left(step, link, after);
    const std::string& decides = step.resource(data_type.resource).refusals_at;
    if (decides.empty() || !differ_at(before, after, decides)) return;
    release_refused(step, link, decides);
    // Who refuses edits of a record refuses those of its lines.
    for (RecordId line : step.work.child_records(link.record)) {
        for (WorkLink* of_line : step.work.links_of_record(line)) {
            if (of_line->state == LinkState::live) release_refused(step, *of_line, decides);
        }
    }
}

}  // namespace entente::sync
