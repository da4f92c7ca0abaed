#include "app/notice_text.hpp"

#include <fmt/format.h>

#include "app/output.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "report/words.hpp"

namespace entente::app {

namespace {

constexpr std::size_t value_characters_max = 60;

std::int64_t count_of(const run::NoticeCounts& counts, sync::Notice::Kind kind) {
    const auto found = counts.find(kind);
    return found == counts.end() ? 0 : found->second;
}

std::string subject(const model::Workspace& workspace, const sync::Notice& notice) {
    using Kind = sync::Notice::Kind;
    if (notice.kind == Kind::troubled || notice.kind == Kind::mended)
        return report::subject(workspace, notice.system, notice.resource);
    if (!notice.data_type) return notice.external_id;
    const auto& data_type = workspace.data_type(notice.data_type);
    std::string text = data_type.full_name;
    if (!notice.external_id.empty()) text += " " + notice.external_id;
    if (notice.property) text += " " + workspace.model(data_type.model)[notice.property].name;
    return text;
}

}  // namespace

std::string value_text(const std::optional<Value>& value) {
    if (!value) return "(not shown)";
    if (value->is_null()) return "(empty)";
    std::string text = value->is_text() ? "'" + value->as_text() + "'" : json::write(*value);
    if (text::length(text) > value_characters_max)
        text = text::truncate(text, value_characters_max) + "...";
    return text;
}

std::optional<std::string> notice_text(const model::Workspace& workspace,
                                       const sync::Notice& notice) {
    using Kind = sync::Notice::Kind;
    const std::string what = subject(workspace, notice);
    switch (notice.kind) {
        case Kind::swept:
            return fmt::format("{}: read, {}", what, counted(notice.count, "record", "records"));
        case Kind::joined:
            // Of two systems the one matched second tells the number; the first has nothing to find
            // yet.
            if (notice.count == 0) return std::nullopt;
            return fmt::format("{}: {} found", what,
                               counted(notice.count, "counterpart", "counterparts"));
        case Kind::gone:
            return fmt::format("{} is gone there{}; nothing is deleted or created in its place",
                               what, notice.text.empty() ? "" : ": " + notice.text);
        case Kind::left:
        case Kind::doubted:
            return fmt::format("{}: {}", what, notice.text);
        case Kind::troubled:
            return fmt::format("{}: TROUBLE: {}", what, notice.text);
        case Kind::mended:
            return fmt::format("{}: no longer: {}", what, notice.text);
        case Kind::stopped:
            return fmt::format("{} is STOPPED: {}", what, notice.text);
        case Kind::refused:
            return fmt::format("{}: refused: {}", what, notice.text);
        case Kind::parked:
            return fmt::format("{} waits for a person: {}", what, notice.text);
        case Kind::held:
            return fmt::format("{} could not be written: {}", what, notice.text);
        case Kind::conflict:
            return fmt::format("{}: edited on both sides; {} won over {}, which is kept", what,
                               value_text(notice.after), value_text(notice.before));
        case Kind::linked:
        case Kind::edit_seen:
        case Kind::written:
        case Kind::created:
        case Kind::first_join:
            return std::nullopt;
    }
    return std::nullopt;
}

std::string health_text(const model::Workspace& workspace, SystemIndex system, run::Health health,
                        const std::string& why) {
    const auto& named = workspace.system(system);
    switch (health) {
        case run::Health::well:
            return named.name + " answers again";
        case run::Health::down:
            return fmt::format("{} gives no usable answer at {}: {}", named.name, named.base_url,
                               why);
        case run::Health::refused:
            return fmt::format("{} refuses our login: {}; correct its secret", named.name, why);
    }
    return named.name;
}

std::string quota_text(const model::Workspace& workspace, SystemIndex system, Instant until) {
    return fmt::format("{}: its quota is used up; what is left to do there goes on at {}",
                       workspace.system(system).name, format_instant(until));
}

std::string waits_text(const model::Workspace& workspace, ResourceIndex resource, Instant until) {
    const model::Resource& waiting = workspace.resource(resource);
    const model::System& system = workspace.system(waiting.system);
    return fmt::format(
        "{}.{} waits until {}: {} of its calls were refused within {}, and a few more would shut "
        "us "
        "out; see what was refused",
        system.name, waiting.name, format_instant(until), system.rest.errors_allowed,
        format_duration(system.rest.errors_per));
}

std::string progress_text(const run::Progress& progress) {
    using Kind = sync::Notice::Kind;
    return fmt::format("{} read, {} linked, {} created, {} written, {} parked",
                       counted(progress.records_read, "record", "records"),
                       grouped(count_of(progress.notices, Kind::linked)),
                       grouped(count_of(progress.notices, Kind::created)),
                       counted(count_of(progress.notices, Kind::written), "value", "values"),
                       grouped(count_of(progress.notices, Kind::parked)));
}

}  // namespace entente::app
