#include "report/doubtful_links.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "base/shown.hpp"

namespace entente::report {
namespace {

// First values that differ are at most as many as there are records.
constexpr int events_max = 10'000'000;

bool are_two(const model::Workspace& workspace, const model::Property& property,
             const sync::HistoryEvent& found) {
    if (!found.before || !found.after) return false;
    const auto folded = [&](const Value& value) {
        return model::fold_for_match(property, value, workspace.country);
    };
    const std::string replaced = folded(*found.before), kept = folded(*found.after);
    return !replaced.empty() && !kept.empty() && replaced != kept;
}

// Whether the link that the event tells of was made by a rule and still stands.
bool holds(const std::vector<sync::Link>& links, const sync::HistoryEvent& found) {
    const auto at = std::ranges::find(links, found.link, &sync::Link::id);
    return at != links.end() && at->state == sync::LinkState::live && at->entity == found.entity &&
           at->origin != sync::LinkOrigin::by_hand;
}

DoubtfulLink told(const model::Workspace& workspace, sync::StoreReader& store, const Place& place,
                  const sync::HistoryEvent& found, const std::vector<sync::Link>& links) {
    DoubtfulLink out;
    out.record = record_word(workspace, store, found.record);
    out.replaced = *found.before;
    out.kept = *found.after;
    for (const sync::Link& link : links) {
        if (link.id == found.link || link.state != sync::LinkState::live) continue;
        out.members.push_back(record_word(workspace, store, link.record));
        out.remedies.push_back({fmt::format("if it is another thing than {}", out.members.back()),
                                command_of(place, "apart", {out.record, out.members.back()})});
    }
    return out;
}

}  // namespace

std::vector<DoubtfulLink> doubtful_links(const model::Workspace& workspace,
                                         sync::StoreReader& store, const Place& place, int limit) {
    std::vector<DoubtfulLink> out;
    for (std::size_t m = 0; m < workspace.models.size(); ++m) {
        const model::Model& model = workspace.models[m];
        for (std::size_t p = 0; p < model.properties.size(); ++p) {
            if (!model.properties[p].identifies) continue;
            const auto events = store.history_of(sync::HistoryEvent::Kind::first_join,
                                                 {static_cast<std::int32_t>(m)},
                                                 {static_cast<std::int32_t>(p)}, events_max);
            for (const sync::HistoryEvent& found : events) {
                if (std::ssize(out) == limit) return out;
                if (!are_two(workspace, model.properties[p], found)) continue;
                const auto links = store.links_of_entities(std::array{found.entity});
                if (!holds(links, found)) continue;
                out.push_back(told(workspace, store, place, found, links));
                out.back().property = model.properties[p].name;
            }
        }
    }
    return out;
}

std::vector<std::string> to_text(const DoubtfulLink& link) {
    std::vector<std::string> out{
        text::on_one_line(fmt::format("  {} is linked with {}, though the {} that identifies was "
                                      "{} and {}: the second one was kept",
                                      link.record, fmt::join(link.members, ", "), link.property,
                                      json::write(link.replaced), json::write(link.kept)))};
    for (std::string& line : to_text(link.remedies)) out.push_back(std::move(line));
    return out;
}

Value to_json(const DoubtfulLink& link) {
    Value members = Value::list();
    for (const std::string& member : link.members) members.as_list().push_back(member);
    Value out(Value::Object{{"record", link.record}, {"property", link.property}});
    out.set("linked_with", std::move(members));
    out.set("replaced", link.replaced);
    out.set("kept", link.kept);
    out.set("remedies", to_json(link.remedies));
    return out;
}

}  // namespace entente::report
