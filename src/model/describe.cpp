#include "model/describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/json.hpp"

namespace entente::model {
namespace {

std::string describe_flow(const Workspace& workspace, const Flow& flow) {
    const DataType& from = workspace.data_type(flow.from);
    const DataType& to = workspace.data_type(flow.to);
    const bool creates = flow.create == CreateRule::always;
    if (!flow.implied) {
        return fmt::format("Every {} is synchronised with a {} ({})", from.full_name, to.full_name,
                           creates ? "created there when missing" : "never created there");
    }
    return fmt::format("Every line {} follows its {} into {} ({})", from.full_name,
                       workspace.data_type(from.parent).full_name, to.full_name,
                       creates ? "added there when missing" : "never added there");
}

std::string describe_match(const Model& model, const DataType& data_type) {
    std::vector<std::string> rules;
    for (const auto& rule : model.match) {
        std::vector<std::string_view> parts;
        for (const PropertyIndex p : rule) parts.push_back(model[p].name);
        rules.push_back(fmt::format("{}{}", fmt::join(parts, " + "),
                                    model.decides(rule) ? " (identifies)"
                                    : rule.is_loose     ? " (what is only alike is a question)"
                                                        : ""));
    }
    return fmt::format("  matched by {}{}",
                       rules.empty() ? "nothing" : fmt::format("{}", fmt::join(rules, ", or ")),
                       data_type.parent ? ", inside linked parents only" : "");
}

std::string_view describe_access(Access access) {
    switch (access) {
        case Access::read:
            return ", read only";
        case Access::read_create:
            return ", immutable once created";
        case Access::write_only:
            return ", cannot be read back";
        case Access::write:
            return "";
    }
    return "";
}

std::string describe_forms(const Lens& lens) {
    constexpr std::string_view names[] = {"trimmed",    "squeezed",    "upper-case",
                                          "lower-case", "digits only", "without spaces"};
    std::string out;
    for (const TextForm form : lens.forms) {
        out += fmt::format(", {}", names[static_cast<std::size_t>(form)]);
    }
    return out;
}

std::string text_of(const Value& value) {
    return value.is_text() ? value.as_text() : json::write(value);
}

std::string describe_mapping(const Workspace& workspace, const DataType& data_type,
                             const Mapping& mapping) {
    const Property& property = workspace.model(data_type.model)[mapping.property];
    const Lens& lens = mapping.lens;
    std::string line = fmt::format("  {} ({}) = {}", property.name, name_of(property.type),
                                   lens.constant ? "always " + text_of(*lens.constant) : lens.path);
    if (lens.required) line += ", required";
    if (!lens.constant) line += describe_access(lens.access);
    if (lens.max) {
        line += fmt::format(", at most {} characters ({})", *lens.max,
                            lens.truncates ? "longer is cut" : "longer is held");
    }
    line += describe_forms(lens);
    if (lens.empty_means) line += fmt::format(", {} when left blank", text_of(*lens.empty_means));
    if (lens.decimals) line += fmt::format(", rounded to {} decimals", *lens.decimals);
    if (property.local) line += ", shown but never carried";
    for (const DataTypeIndex target : mapping.refers_to) {
        line += fmt::format(", refers to {}", workspace.data_type(target).full_name);
    }
    if (mapping.at.file != data_type.at.file) line += fmt::format(" [{}]", mapping.at.file);
    return line;
}

std::string describe_grade(const Resource& resource) {
    switch (resource.grade) {
        case CreateGrade::keyed:
            return "  creates are keyed: a repeated one creates nothing twice";
        case CreateGrade::searchable:
            return fmt::format(
                "  creates are searchable: one with unknown outcome is searched for after {}",
                format_duration({resource.visible_after.ms + resource.late_execution.ms}));
        case CreateGrade::none:
            return "  creates have no guarantee: one with unknown outcome waits for a person";
    }
    return {};
}

std::string describe_writes(const System& system) {
    if (!system.rest.precondition_header.empty()) {
        return fmt::format(
            "  writes are conditional ({}): a version that moved on is never overwritten",
            system.rest.precondition_header);
    }
    return "  writes are unconditional: an edit in the window between compare and write is silent";
}

std::string describe_feed(const System& system, const Resource& resource) {
    const std::string sweep = format_duration(system.sweep_every);
    if (!resource.feed_path.empty()) {
        return fmt::format(
            "  changes are asked for every {} by {} from {}; removals are seen within {}",
            format_duration(system.poll_every), resource.row_version_at, resource.feed_path, sweep);
    }
    if (resource.feed_is_whole || system.rest.modified_filter.parameter.empty()) {
        return fmt::format("  read as a whole every {}", format_duration(system.poll_every));
    }
    if (!resource.removals.path.empty()) {
        return fmt::format(
            "  changes are asked for every {}, removals from {}; everything is read every {}",
            format_duration(system.poll_every), resource.removals.path, sweep);
    }
    return fmt::format(
        "  changes are asked for every {}; what that does not show (removals) is seen within {}",
        format_duration(system.poll_every), sweep);
}

// Whether a sweep can be known to have met every record, and by what.
std::string describe_walks(const System& system, const Resource& resource) {
    using Paging = RestProtocol::Paging;
    const WalkProof& proof = resource.proof;
    const bool is_fed = !resource.feed_path.empty(),
               is_inside = !resource.listed_inside.path.empty();
    if (system.rest.paging == Paging::none) return "  a walk is whole: its list is one answer";
    if (proof.snapshot) return "  a walk is whole: its pages show one moment (snapshot)";
    std::vector<std::string> by;
    if (!proof.total_at.empty() && !is_fed && !is_inside)
        by.push_back(
            fmt::format("its pages tell how many there are (total at {})", proof.total_at));
    const bool is_ordered = !proof.order.parameter.empty() && !is_fed && !is_inside;
    const bool is_counted =
        system.rest.paging == Paging::page || system.rest.paging == Paging::offset;
    if (is_ordered && is_counted && by.empty())
        return fmt::format(
            "  a walk is proved whole but for what is removed meanwhile: it is asked "
            "for in the order of its key ({}), and tells no total",
            proof.order.parameter);
    if (is_ordered)
        by.push_back(
            fmt::format("it is asked for in the order of its key ({})", proof.order.parameter));
    if (is_fed) by.push_back(fmt::format("it is ordered by {}", resource.row_version_at));
    if (!by.empty()) return fmt::format("  a walk is proved whole: {}", fmt::join(by, ", and "));
    return "  a walk cannot be proved whole: only a row that comes twice tells that another was "
           "hidden";
}

void describe_data_type(const Workspace& workspace, const DataType& data_type,
                        std::vector<std::string>& lines) {
    const System& system = workspace.system(data_type.system);
    const Resource& resource = workspace.resource(data_type.resource);
    const Model& model = workspace.model(data_type.model);
    lines.push_back(fmt::format("{}: {} in {} [{}]", data_type.full_name, model.name, resource.name,
                                data_type.at.file));
    if (!data_type.share) lines.push_back("  read only: nothing is ever written here");
    lines.push_back(describe_match(model, data_type));
    for (const auto& [path, value] : data_type.where) {
        lines.push_back(fmt::format("  only where {} is {}", path,
                                    value.is_text() ? value.as_text() : "as declared"));
    }
    for (const Mapping& mapping : data_type.map) {
        lines.push_back(describe_mapping(workspace, data_type, mapping));
    }
    if (data_type.is_nested()) {
        const DataType& parent = workspace.data_type(data_type.parent);
        lines.push_back(fmt::format("  read and written inside its {}", parent.full_name));
        return;
    }
    for (const auto& [path, value] : data_type.on_create) {
        lines.push_back(fmt::format("  created with {} = {}", path, text_of(value)));
    }
    if (!data_type.create_inside.empty()) {
        lines.push_back(fmt::format("  the first ones are written inside their {}, as {}",
                                    workspace.data_type(data_type.parent).full_name,
                                    data_type.create_inside));
    }
    if (!resource.listed_inside.path.empty()) {
        lines.push_back(fmt::format("  listed with {}, as {}", resource.listed_inside.path,
                                    resource.listed_inside.at));
    }
    lines.push_back(describe_grade(resource));
    lines.push_back(describe_writes(system));
    lines.push_back(describe_feed(system, resource));
    lines.push_back(describe_walks(system, resource));
}

}  // namespace

std::vector<std::string> describe(const Workspace& workspace) {
    std::vector<std::string> lines;
    for (const Flow& flow : workspace.flows) lines.push_back(describe_flow(workspace, flow));
    for (const DataType& data_type : workspace.data_types) {
        describe_data_type(workspace, data_type, lines);
    }
    return lines;
}

}  // namespace entente::model
