#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/live.hpp"

namespace entente::report {
namespace {

using Verdict = LiveFinding::Verdict;
using model::FieldType;

// The last part of an address names the list: "/companies({company})/customers".
std::string list_name(const std::string& path) {
    const std::string last = path.substr(path.rfind('/') + 1);
    return last.substr(0, last.find('('));
}

// "did you mean 'x'?", or those that there are while they are few.
std::string instead(std::string_view word, const std::vector<std::string>& known) {
    constexpr std::size_t few = 30;
    const std::string nearest = text::nearest(word, known);
    if (!nearest.empty()) return fmt::format("did you mean '{}'?", nearest);
    if (known.empty() || known.size() > few) return "look its name up in $metadata";
    return fmt::format("one of: {}", fmt::join(known, ", "));
}

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, type) != names.end();
}

// Whether values of such a type read as the field's. Version 2 writes large numbers and decimals as text.
bool reads_as(std::string_view edm, FieldType field) {
    const bool is_whole =
        is_one_of(edm, {"Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64"});
    const bool is_number = is_whole || is_one_of(edm, {"Edm.Decimal", "Edm.Double", "Edm.Single"});
    const bool is_time = is_one_of(edm, {"Edm.DateTime", "Edm.DateTimeOffset"});
    switch (field) {
        case FieldType::text:
        case FieldType::code:
            return edm != "Edm.Boolean" && !(is_whole && edm != "Edm.Int64");
        case FieldType::integer:
            return is_whole || edm == "Edm.Decimal";
        case FieldType::decimal:
        case FieldType::decimal_text:
            return is_number || (field == FieldType::decimal_text && edm == "Edm.String");
        case FieldType::boolean:
            return edm == "Edm.Boolean";
        case FieldType::date:
            return edm == "Edm.Date" || edm == "Edm.String" || is_time;
        case FieldType::instant:
            return is_time || edm == "Edm.String";
        case FieldType::odata_date:
            return edm == "Edm.DateTime";
    }
    return false;
}

std::string_view declared_name(FieldType field) {
    constexpr std::string_view names[] = {"text", "integer", "decimal", "decimal_text", "boolean",
                                          "date", "instant", "code",    "odata_date"};
    return names[static_cast<std::size_t>(field)];
}

class MetadataJudge {
public:
    MetadataJudge(const model::Workspace& workspace, ResourceIndex resource,
                  const model::Metadata& metadata)
        : workspace_(workspace),
          index_(resource),
          resource_(workspace.resource(resource)),
          metadata_(metadata) {}

    LiveFindings judge() && {
        const std::string list = list_name(resource_.path);
        type_ = metadata_.find_records(list);
        if (type_ == nullptr) {
            std::vector<std::string> sets;
            for (const auto& set : metadata_.sets) sets.push_back(set.name);
            tell(Verdict::wrong, name(), "$metadata", fmt::format("it knows no `{}`", list),
                 instead(list, sets));
            return std::move(found_);
        }
        judge_key();
        for (const DataTypeIndex index : workspace_.data_types_of(index_)) {
            const auto& data_type = workspace_.data_type(index);
            if (!data_type.is_nested()) judge_data_type(data_type);
        }
        return std::move(found_);
    }

private:
    std::string name() const {
        return fmt::format("{}.{}", workspace_.system(resource_.system).name, resource_.name);
    }
    void tell(Verdict verdict, std::string where, std::string what, std::string text,
              std::string right) {
        found_.push_back(
            {verdict, std::move(where), std::move(what), std::move(text), std::move(right)});
    }

    void judge_key() {
        const std::vector<std::string> key = metadata_.key_of(*type_);
        if (key == std::vector<std::string>{resource_.key_at}) {
            tell(Verdict::ok, name(), "key", fmt::format("it is `{}`", resource_.key_at), "");
            return;
        }
        const bool is_there = metadata_.find_property(*type_, resource_.key_at).has_value();
        if (key.size() == 1 && is_there) {
            tell(Verdict::open, name(), "key",
                 fmt::format("$metadata says `{}`, the connector `{}`", key.front(),
                             resource_.key_at),
                 "either may be right, if both tell records apart");
            return;
        }
        tell(Verdict::wrong, name(), "key",
             fmt::format("$metadata says `{}`, the connector `{}`", fmt::join(key, ", "),
                         resource_.key_at),
             key.size() == 1 ? fmt::format("key: {}", key.front())
                             : "records are told apart by one property only");
    }

    void judge_data_type(const model::DataType& data_type) {
        std::size_t right = 0, all = 0;
        for (const model::Mapping& mapping : data_type.map) {
            if (mapping.lens.constant) continue;
            ++all;
            const std::size_t before = found_.size();
            judge_property(data_type, mapping.lens);
            if (found_.size() == before) ++right;
        }
        if (right == 0) return;
        tell(Verdict::ok, data_type.full_name, "$metadata",
             fmt::format("{} of {} mapped properties are there, of the declared types", right, all),
             "");
    }

    void judge_property(const model::DataType& data_type, const model::Lens& lens) {
        const std::string what = fmt::format("property {}", lens.path);
        const auto property = metadata_.find_property(*type_, lens.path);
        if (!property) {
            std::vector<std::string> known;
            for (const auto& one : metadata_.properties_of(*type_)) known.push_back(one.name);
            tell(Verdict::wrong, data_type.full_name, what, "$metadata has no such property",
                 instead(lens.path, known));
            return;
        }
        const auto members = metadata_.enumerations.find(property->type);
        if (members != metadata_.enumerations.end()) {
            judge_members(data_type, lens, members->second);
            return;
        }
        if (property->is_collection || !reads_as(property->type, lens.field)) {
            tell(Verdict::wrong, data_type.full_name, what,
                 fmt::format("$metadata says {}{}, the connector {}",
                             property->is_collection ? "a list of " : "", property->type,
                             declared_name(lens.field)),
                 "declare the type that it has");
            return;
        }
        judge_length(data_type, lens, *property);
    }

    void judge_length(const model::DataType& data_type, const model::Lens& lens,
                      const model::MetadataProperty& property) {
        const bool is_text = lens.field == FieldType::text || lens.field == FieldType::code;
        if (!property.max || *property.max == 0 || !is_text || lens.access == model::Access::read) {
            return;
        }
        if (lens.max && *lens.max <= *property.max) return;
        tell(lens.max ? Verdict::wrong : Verdict::open, data_type.full_name,
             fmt::format("property {}", lens.path),
             lens.max ? fmt::format("$metadata says that it holds {} characters, the connector {}",
                                    *property.max, *lens.max)
                      : fmt::format("$metadata says that it holds {} characters", *property.max),
             fmt::format("max: {}", *property.max));
    }

    void judge_members(const model::DataType& data_type, const model::Lens& lens,
                       const std::vector<std::string>& members) {
        const std::string what = fmt::format("property {}", lens.path);
        for (const auto& [canonical, system] : lens.values) {
            if (!system.is_text() || std::ranges::find(members, system.as_text()) != members.end())
                continue;
            tell(
                Verdict::wrong, data_type.full_name, what,
                fmt::format("`values` names '{}', which $metadata does not know", system.as_text()),
                instead(system.as_text(), members));
        }
        if (lens.values.empty() || lens.values_otherwise) return;
        std::vector<std::string> unmapped;
        for (const std::string& member : members) {
            const bool is_known =
                std::ranges::any_of(
                    lens.values, [&](const auto& pair) { return pair.second == Value(member); }) ||
                std::ranges::find(lens.empty_is, Value(member)) != lens.empty_is.end();
            if (!is_known) unmapped.push_back(member);
        }
        if (unmapped.empty()) return;
        tell(Verdict::open, data_type.full_name, what,
             fmt::format("nobody mapped {}", fmt::join(unmapped, ", ")),
             "add what may be met to `values`, or say `otherwise`");
    }

    const model::Workspace& workspace_;
    const ResourceIndex index_;
    const model::Resource& resource_;
    const model::Metadata& metadata_;
    const model::MetadataType* type_ = nullptr;
    LiveFindings found_;
};

}  // namespace

LiveFindings judge_metadata(const model::Workspace& workspace, ResourceIndex resource,
                            const model::Metadata& metadata) {
    return MetadataJudge(workspace, resource, metadata).judge();
}

}  // namespace entente::report
