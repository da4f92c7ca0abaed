#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/live.hpp"
#include "sync/project.hpp"

namespace entente::report {
namespace {

using Verdict = LiveFinding::Verdict;

// A record, or an element of a list inside one, as a data type sees it.
struct Seen {
    std::string name;  // for people
    const Value* body;
};

std::string counted(std::size_t n) {
    return n == 1 ? "1 record" : fmt::format("{} records", n);
}

// Names of the members, at most so deep: "address.city".
void add_names(const Value& body, const std::string& before, std::vector<std::string>& names) {
    if (!body.is_object()) return;
    for (const auto& [name, value] : body.as_object()) {
        names.push_back(before + name);
        if (before.empty()) add_names(value, name + ".", names);
    }
}

class RecordJudge {
public:
    RecordJudge(const model::Workspace& workspace, ResourceIndex resource,
                std::span<const sync::SeenRecord> records)
        : workspace_(workspace),
          index_(resource),
          resource_(workspace.resource(resource)),
          records_(records) {}

    LiveFindings judge() && {
        judge_key();
        judge_versions();
        judge_times();
        for (const DataTypeIndex index : workspace_.data_types_of(index_)) {
            std::vector<Seen> seen;
            for (const auto& record : records_) seen.push_back({record.external_id, &record.body});
            judge_data_type(workspace_.data_type(index), seen);
        }
        return std::move(found_);
    }

private:
    const model::System& system() const { return workspace_.system(resource_.system); }
    std::string name() const { return fmt::format("{}.{}", system().name, resource_.name); }

    // A number is read as the text of its digits, but references to the record would be written as texts.
    void judge_key() {
        if (resource_.key_is_integer) return;
        const auto number = std::ranges::find_if(records_, [&](const sync::SeenRecord& record) {
            const Value* key = record.body.at_path(resource_.key_at);
            return key != nullptr && key->is_decimal();
        });
        if (number == records_.end()) return;
        found_.push_back(
            {Verdict::wrong, name(), "key",
             fmt::format("`{}` holds the number {} and is declared as text", resource_.key_at,
                         number->external_id),
             fmt::format("say `key: {{property: {}, type: integer}}`", resource_.key_at)});
    }

    void judge_versions() {
        const std::string& at = system().rest.etag_at;
        if (at.empty() || !is_written(workspace_, index_)) return;
        const auto bare = std::ranges::find(records_, "", &sync::SeenRecord::etag);
        if (bare == records_.end()) {
            found_.push_back({Verdict::ok, name(), "version",
                              fmt::format("every record shows one at `{}`", at), ""});
            return;
        }
        found_.push_back({Verdict::wrong, name(), "version",
                          fmt::format("{} shows none at `{}`", bare->external_id, at),
                          "say where it stands in `version: {etag: PATH}`, or leave `etag` out if "
                          "the system gives none"});
    }

    void judge_times() {
        const std::string& at = system().rest.modified_at;
        if (at.empty() || resource_.feed_is_whole || !resource_.feed_path.empty()) return;
        const auto bare =
            std::ranges::find(records_, std::optional<Instant>(), &sync::SeenRecord::modified);
        if (bare == records_.end()) {
            found_.push_back({Verdict::ok, name(), "time of change",
                              fmt::format("every record shows one at `{}`", at), ""});
            return;
        }
        found_.push_back({Verdict::wrong, name(), "time of change",
                          fmt::format("{} shows none at `{}`", bare->external_id, at),
                          "say where it stands in `modified: {property: PATH}`, with `created` for "
                          "records that were never changed, or `feed: none` in this resource"});
    }

    void judge_data_type(const model::DataType& data_type, const std::vector<Seen>& all) {
        std::vector<Seen> seen;
        for (const Seen& one : all) {
            if (sync::meets(data_type, *one.body)) seen.push_back(one);
        }
        if (seen.empty()) {
            found_.push_back({Verdict::open, data_type.full_name, "properties",
                              all.empty()
                                  ? "there is no record to look at"
                                  : fmt::format("none of {} meets `where`", counted(all.size())),
                              "look again when there is one"});
        } else {
            judge_properties(data_type, seen);
        }
        for (const DataTypeIndex child : data_type.children) {
            if (workspace_.data_type(child).is_nested()) judge_nested(child, seen);
        }
    }

    void judge_nested(DataTypeIndex index, const std::vector<Seen>& parents) {
        const auto& data_type = workspace_.data_type(index);
        std::vector<Seen> elements;
        for (const Seen& parent : parents) {
            const Value* list = parent.body->at_path(data_type.nested_path);
            if (list == nullptr || !list->is_list()) continue;
            for (const Value& element : list->as_list()) {
                elements.push_back({fmt::format("a line of {}", parent.name), &element});
            }
        }
        judge_data_type(data_type, elements);
    }

    void judge_properties(const model::DataType& data_type, const std::vector<Seen>& seen) {
        std::size_t right = 0;
        for (const model::Mapping& mapping : data_type.map) {
            if (judge_property(data_type, mapping, seen)) ++right;
        }
        if (right == 0) return;
        found_.push_back({Verdict::ok, data_type.full_name, "properties",
                          fmt::format("{} of {} are read as declared, in {}", right,
                                      data_type.map.size(), counted(seen.size())),
                          ""});
    }

    // Whether nothing had to be said about it.
    bool judge_property(const model::DataType& data_type, const model::Mapping& mapping,
                        const std::vector<Seen>& seen) {
        const model::Lens& lens = mapping.lens;
        if (lens.constant || lens.access == model::Access::write_only) return true;
        const std::string what = fmt::format("property {}", lens.path);
        bool is_shown = false;
        for (const Seen& one : seen) {
            const auto value = model::get(lens, *one.body);
            if (!value) {
                found_.push_back({Verdict::wrong, data_type.full_name, what,
                                  fmt::format("in {}: {}", one.name, value.error().text),
                                  "declare the type that it has; for listed values, add this one "
                                  "to `values`, or say `otherwise`"});
                return false;
            }
            is_shown = is_shown || value->has_value();
        }
        if (!is_shown) tell_missing(data_type, mapping, seen);
        return is_shown;
    }

    void tell_missing(const model::DataType& data_type, const model::Mapping& mapping,
                      const std::vector<Seen>& seen) {
        const model::Lens& lens = mapping.lens;
        std::vector<std::string> names;
        for (const Seen& one : seen) add_names(*one.body, "", names);
        for (const model::Mapping& other : data_type.map) std::erase(names, other.lens.path);
        const std::string nearest = text::nearest(lens.path, names);
        const bool is_wrong = lens.required || !nearest.empty();
        found_.push_back({is_wrong ? Verdict::wrong : Verdict::open, data_type.full_name,
                          fmt::format("property {}", lens.path),
                          fmt::format("none of {} shows it", counted(seen.size())),
                          nearest.empty() ? "is this its name? Some systems leave out what is empty"
                                          : fmt::format("did you mean '{}'?", nearest)});
    }

    const model::Workspace& workspace_;
    const ResourceIndex index_;
    const model::Resource& resource_;
    std::span<const sync::SeenRecord> records_;
    LiveFindings found_;
};

}  // namespace

LiveFindings judge_records(const model::Workspace& workspace, ResourceIndex resource,
                           std::span<const sync::SeenRecord> records) {
    if (records.empty()) {
        const auto& declared = workspace.resource(resource);
        return {{Verdict::open,
                 fmt::format("{}.{}", workspace.system(declared.system).name, declared.name),
                 "records", "the list is empty, so nothing could be compared",
                 "look again when there is a record"}};
    }
    return RecordJudge(workspace, resource, records).judge();
}

}  // namespace entente::report
