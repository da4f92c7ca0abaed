#include "report/import_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "report/import_names.hpp"

namespace entente::report {
namespace {

using Severity = model::Diagnostic::Severity;

void warn(Imported& imported, const model::Mark& at, std::string what, std::string right) {
    imported.warnings.push_back({Severity::note, at, std::move(what), std::move(right)});
}

// The catalogue's mapping of the field, whatever its spelling, or null.
const model::Mapping* mapping_of(const PlannedDataType& data_type, std::string_view field) {
    if (data_type.known == nullptr) return nullptr;
    const auto& map = data_type.known->data_type.map;
    const std::string key = name_key(field);
    const auto found = std::ranges::find_if(
        map, [&](const model::Mapping& mapping) { return name_key(mapping.lens.path) == key; });
    return found == map.end() ? nullptr : &*found;
}

// Where a data type keeps a property of its model: "`telephone`", or that it does not.
std::string kept_in(const PlannedDataType& data_type, PropertyIndex property) {
    for (const model::Mapping& mapping : data_type.known->data_type.map) {
        if (mapping.property == property) return fmt::format("`{}`", mapping.lens.path);
    }
    return "nothing";
}

std::string type_name(model::FieldType type) {
    constexpr std::string_view names[] = {"text",    "integer", "decimal", "decimal_text",
                                          "boolean", "date",    "instant", "code"};
    return std::string(names[static_cast<std::size_t>(type)]);
}

// The part of a field's type that a document can be wrong about: 5 or 5.0 is not.
std::string_view family(std::string_view type) {
    if (type == "guid" || type == "code") return "text";
    if (type == "integer" || type == "decimal_text") return "decimal";
    return type == "instant" ? "date" : type;
}

class RowCheck {
public:
    RowCheck(const ImportPlan& plan, const PlannedSection& section, Imported& imported)
        : plan_(plan), section_(section), imported_(imported) {}

    void check(const DocumentRow& row) {
        if (text::trim(row.from).empty() || text::trim(row.to).empty()) {
            warn(imported_, row.at, "this row names a property of one side only",
                 "it is kept in documents/, and changes nothing");
            return;
        }
        const PlannedDataType& from = plan_.data_type(section_.from);
        const PlannedDataType& to = plan_.data_type(section_.to);
        const model::Mapping* left = mapping_of(from, row.from);
        const model::Mapping* right = mapping_of(to, row.to);
        if (left == nullptr) tell_unmapped(row, section_.from, row.from);
        if (right == nullptr) tell_unmapped(row, section_.to, row.to);
        if (left == nullptr || right == nullptr) return;
        if (left->property != right->property) return tell_mismatch(row, *left, *right);
        check_type(row, *right);
    }

private:
    std::string property_name(const model::Mapping& mapping) const {
        const ModelIndex model = plan_.data_type(section_.from).model;
        return plan_.catalog.models[model.at()][mapping.property].name;
    }

    void tell_unmapped(const DocumentRow& row, const Side& side, const std::string& field) {
        std::vector<std::string> known;
        for (const auto& mapping : plan_.data_type(side).known->data_type.map) {
            known.push_back(mapping.lens.path);
        }
        const std::string nearest = text::nearest(field, known);
        warn(imported_, row.at,
             fmt::format("the catalogue maps no property `{}` of {}", one_line(field),
                         plan_.full_name(side)),
             nearest.empty() ? fmt::format("map it in catalog/connectors/{}, or leave it",
                                           plan_.system(side).connector)
                             : fmt::format("did you mean '{}'?", nearest));
    }

    void tell_mismatch(const DocumentRow& row, const model::Mapping& left,
                       const model::Mapping& right) {
        warn(imported_, row.at,
             fmt::format("the document pairs `{}` with `{}`; the catalogue says {} and {}",
                         one_line(row.from), one_line(row.to), property_name(left),
                         property_name(right)),
             fmt::format("`{}` flows with {} of {}", left.lens.path,
                         kept_in(plan_.data_type(section_.to), left.property),
                         plan_.full_name(section_.to)));
    }

    void check_type(const DocumentRow& row, const model::Mapping& right) {
        const FieldGuess guess = field_guess(row.type);
        const std::string declared = type_name(right.lens.field);
        if (guess.type.empty() || family(guess.type) == family(declared)) return;
        warn(imported_, row.at,
             fmt::format("the document says that `{}` is {}; the catalogue declares {}",
                         right.lens.path, one_line(row.type), declared),
             "the catalogue counts");
    }

    const ImportPlan& plan_;
    const PlannedSection& section_;
    Imported& imported_;
};

// Turns the rows about one drafted data type into fields.
class FieldDrafter {
public:
    FieldDrafter(const ImportPlan& plan, const Side& draft, Imported& imported)
        : plan_(plan), draft_(draft), imported_(imported) {}

    void take(const PlannedSection& section, const DocumentRow& row, bool is_right) {
        const std::string& own = is_right ? row.to : row.from;
        const std::string& other = is_right ? row.from : row.to;
        const std::string path = one_line(own);
        if (path.empty()) {
            warn(imported_, row.at,
                 fmt::format("this row names no property of {}", plan_.full_name(draft_)),
                 "it is kept in documents/, and changes nothing");
            return;
        }
        const auto [position, is_new] = positions_.emplace(path, fields_.size());
        if (is_new) fields_.push_back({path, "", "", "", "", {}});
        DraftField& field = fields_[position->second];
        if (is_right) take_type(field, row.type);
        map(field, section, is_right ? section.from : section.to, one_line(other));
    }

    std::vector<DraftField> finish() && {
        for (DraftField& field : fields_) settle(field);
        return std::move(fields_);
    }

private:
    static void add_comment(DraftField& field, std::string text) {
        if (std::ranges::find(field.comments, text) == field.comments.end()) {
            field.comments.push_back(std::move(text));
        }
    }

    static void take_type(DraftField& field, const std::string& said) {
        if (text::trim(said).empty()) return;
        const FieldGuess guess = field_guess(said);
        if (field.type.empty() && !guess.type.empty()) {
            field.type = guess.type;
            field.limit = guess.limit;
        }
        add_comment(field, fmt::format("the document says {}", one_line(said)));
    }

    void map(DraftField& field, const PlannedSection& section, const Side& counterpart,
             const std::string& other) {
        const PlannedDataType& known = plan_.data_type(counterpart);
        if (other.empty()) return;
        add_comment(field, fmt::format("with `{}` of {}", other, plan_.full_name(counterpart)));
        const model::Mapping* mapping = mapping_of(known, other);
        if (section.state == ImportedFlow::State::left_out || mapping == nullptr) return;
        const model::Model& model = plan_.catalog.models[known.model.at()];
        const std::string& property = model[mapping->property].name;
        if (field.property.empty() && taken_.insert(property).second) field.property = property;
    }

    // What the loader would refuse becomes a comment.
    void settle(DraftField& field) {
        const ModelIndex model = plan_.data_type(draft_).model;
        const model::Property* property = nullptr;
        if (!field.property.empty()) {
            const model::Model& of = plan_.catalog.models[model.at()];
            property = &of[of.find(field.property)];
        }
        if (field.type.empty()) {
            field.type = property == nullptr ? "text" : field_type_for(property->type);
        }
        if (property == nullptr) return;
        if (!can_hold(field.type, property->type)) {
            add_comment(field, fmt::format("{} is {}: say which value means which", property->name,
                                           name_of(property->type)));
            field.property.clear();
            return;
        }
        if (property->type != model::PropertyType::reference) return;
        field.reference = draft_of(property->to);
        if (!field.reference.empty()) return;
        add_comment(field, fmt::format("{} refers to a data type of {}, and none is drafted",
                                       property->name, property->to));
        field.property.clear();
    }

    std::string draft_of(const std::string& model) const {
        for (const PlannedDataType& made : plan_.system(draft_).data_types) {
            const bool is_it = made.model && plan_.catalog.models[made.model.at()].name == model;
            if (is_it) return made.name;
        }
        return {};
    }

    const ImportPlan& plan_;
    const Side draft_;
    Imported& imported_;
    std::vector<DraftField> fields_;
    std::map<std::string, std::size_t> positions_;  // of a path in fields_
    std::set<std::string> taken_;
};

}  // namespace

void check_rows(const ImportPlan& plan, Imported& imported) {
    for (const PlannedSection& section : plan.sections) {
        const bool are_known = plan.data_type(section.from).known != nullptr &&
                               plan.data_type(section.to).known != nullptr;
        if (!are_known) continue;
        RowCheck check(plan, section, imported);
        for (const DocumentRow& row : plan.text_of(section).rows) check.check(row);
    }
}

std::vector<DraftField> draft_fields(const ImportPlan& plan, const Side& draft,
                                     Imported& imported) {
    FieldDrafter drafter(plan, draft, imported);
    for (const PlannedSection& section : plan.sections) {
        for (const DocumentRow& row : plan.text_of(section).rows) {
            if (section.from == draft) drafter.take(section, row, false);
            if (section.to == draft) drafter.take(section, row, true);
        }
    }
    return std::move(drafter).finish();
}

}  // namespace entente::report
