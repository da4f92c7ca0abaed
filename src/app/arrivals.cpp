#include "app/arrivals.hpp"

#include <fmt/format.h>

#include <array>

#include "app/notice_text.hpp"
#include "app/output.hpp"
#include "run/workspace_run.hpp"

namespace entente::app {

namespace {

// Edits are remembered until they have arrived; more at once means that nothing arrives any more.
constexpr std::size_t remembered_max = 100'000;

}  // namespace

void Arrivals::say(const std::string& line) {
    const std::lock_guard lock(mutex_);
    if (json_)
        print_json(Value(Value::Object{{"event", "said"}, {"text", line}}));
    else
        print_line(line);
}

std::string Arrivals::record_name(const sync::Notice& notice) const {
    const auto& workspace = *folder_.workspace;
    if (!notice.data_type) return notice.external_id;
    const auto& data_type = workspace.data_type(notice.data_type);
    return fmt::format("{} {} {}", workspace.system(data_type.system).name, data_type.name,
                       notice.external_id);
}

void Arrivals::seen(const sync::Notice& notice) {
    if (sources_.size() > remembered_max) sources_.clear();
    sources_[{notice.entity, notice.property}] = record_name(notice);
}

void Arrivals::written(const sync::Notice& notice) {
    ++arrived_;
    const auto& workspace = *folder_.workspace;
    const auto& data_type = workspace.data_type(notice.data_type);
    const std::string property =
        notice.property ? workspace.model(data_type.model)[notice.property].name : "";
    const auto found = sources_.find({notice.entity, notice.property});
    if (found == sources_.end())
        return;  // one of the values of a new record, which is told as a whole
    const std::string& source = found->second;
    const std::lock_guard lock(mutex_);
    if (json_) {
        print_json(Value(Value::Object{{"event", "arrived"},
                                       {"from", source},
                                       {"to", record_name(notice)},
                                       {"property", property},
                                       {"value", notice.after.value_or(Value())},
                                       {"took_ms", notice.took.ms}}));
        return;
    }
    print_line(fmt::format("{} {}: {} -> {} {} in {}", source, property, value_text(notice.after),
                           workspace.system(data_type.system).name, notice.external_id,
                           format_duration(notice.took)));
}

// The record that somebody typed: the entity's oldest link is to it.
std::string Arrivals::origin_of(const sync::Notice& created) const {
    const std::string unknown = "a new record";
    const auto store = run::open_snapshot(folder_);
    if (!store) return unknown;
    for (const auto& link : (*store)->links_of_entities(std::array{created.entity})) {
        if (link.data_type == created.data_type) continue;
        const auto& data_type = folder_.workspace->data_type(link.data_type);
        for (const auto& record : (*store)->records(std::array{link.record})) {
            return fmt::format("{} {} {}", folder_.workspace->system(data_type.system).name,
                               data_type.name, record.external_id);
        }
    }
    return unknown;
}

void Arrivals::created(const sync::Notice& notice) {
    const std::string source = origin_of(notice);
    const std::lock_guard lock(mutex_);
    if (json_) {
        print_json(Value(
            Value::Object{{"event", "created"}, {"from", source}, {"to", record_name(notice)}}));
        return;
    }
    print_line(fmt::format("{} -> created as {}", source, record_name(notice)));
}

void Arrivals::notice(const sync::Notice& notice) {
    using Kind = sync::Notice::Kind;
    switch (notice.kind) {
        case Kind::edit_seen:
            return seen(notice);
        case Kind::linked:
            return;
        case Kind::written:
            return written(notice);
        case Kind::created:
            return created(notice);
        case Kind::conflict:
            ++conflicts_;
            break;
        default:
            break;
    }
    // What is read and matched over and over is no news here.
    if (notice.kind == Kind::swept || notice.kind == Kind::joined) return;
    if (auto text = notice_text(*folder_.workspace, notice)) say(*text);
}

void Arrivals::out_of_quota(SystemIndex system, Instant until) {
    say(quota_text(*folder_.workspace, system, until));
}

void Arrivals::waits(ResourceIndex resource, Instant until) {
    say(waits_text(*folder_.workspace, resource, until));
}

void Arrivals::health(SystemIndex system, run::Health health, const std::string& why) {
    say(health_text(*folder_.workspace, system, health, why));
    if (health != run::Health::down) return;
    // Somebody has ended a simulated system; the show goes on.
    if (const auto revived = processes_.revive(); !revived) say(revived.error().message());
}

}  // namespace entente::app
