#include "store/names.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace entente::store {
namespace {

// A store file with larger numbers than this was not written by us; the arrays below are as long as the largest.
constexpr std::int64_t number_max = 1'000'000;

using Key = std::tuple<NameKind, std::string, std::string>;

bool is_sane(const NumberedName& row) {
    return row.number > 0 && row.number <= number_max;
}

std::vector<NumberedName> configured(const Names& names) {
    std::vector<NumberedName> out;
    const auto add = [&out](NameKind kind, const std::vector<std::string>& list,
                            const std::string& within) {
        for (const std::string& name : list) out.push_back({kind, within, name, 0});
    };
    add(NameKind::system, names.systems, {});
    add(NameKind::resource, names.resources, {});
    add(NameKind::data_type, names.data_types, {});
    add(NameKind::model, names.models, {});
    for (std::size_t m = 0; m < names.models.size(); ++m) {
        add(NameKind::property, names.properties[m], names.models[m]);
    }
    return out;
}

}  // namespace

Names names_of(const model::Workspace& workspace) {
    Names names;
    for (const model::System& system : workspace.systems) names.systems.push_back(system.name);
    for (const model::Resource& resource : workspace.resources) {
        names.resources.push_back(workspace.system(resource.system).name + "." + resource.name);
    }
    for (const model::DataType& data_type : workspace.data_types) {
        names.data_types.push_back(data_type.full_name);
        names.data_type_models.push_back(data_type.model);
        names.data_type_resources.push_back(data_type.resource);
    }
    for (const model::Model& model : workspace.models) {
        names.models.push_back(model.name);
        std::vector<std::string>& properties = names.properties.emplace_back();
        for (const model::Property& property : model.properties)
            properties.push_back(property.name);
    }
    return names;
}

std::string_view name_of(NameKind kind) {
    switch (kind) {
        case NameKind::system:
            return "system";
        case NameKind::resource:
            return "resource";
        case NameKind::data_type:
            return "data type";
        case NameKind::model:
            return "model";
        case NameKind::property:
            return "property";
    }
    std::unreachable();
}

std::vector<NumberedName> NameTable::missing(const Names& names,
                                             std::span<const NumberedName> stored) {
    std::map<Key, std::int64_t> numbers;
    std::map<NameKind, std::int64_t> last;
    for (const NumberedName& row : stored) {
        numbers[{row.kind, row.within, row.name}] = row.number;
        last[row.kind] = std::max(last[row.kind], row.number);
    }
    std::vector<NumberedName> out;
    for (NumberedName& name : configured(names)) {
        if (!numbers.emplace(Key{name.kind, name.within, name.name}, 0).second) continue;
        name.number = ++last[name.kind];
        out.push_back(std::move(name));
    }
    return out;
}

NameTable::NameTable(Names names, std::span<const NumberedName> stored) : names_(std::move(names)) {
    CHECK(names_.properties.size() == names_.models.size(),
          "every model needs its list of properties");
    CHECK(names_.data_type_models.size() == names_.data_types.size(),
          "every data type needs its model");
    CHECK(names_.data_type_resources.size() == names_.data_types.size(),
          "every data type needs its resource");
    systems_ = kind_of(NameKind::system, names_.systems, stored);
    resources_ = kind_of(NameKind::resource, names_.resources, stored);
    data_types_ = kind_of(NameKind::data_type, names_.data_types, stored);
    models_ = kind_of(NameKind::model, names_.models, stored);
    place_properties(stored);
}

NameTable::Kind NameTable::kind_of(NameKind kind, const std::vector<std::string>& names,
                                   std::span<const NumberedName> stored) {
    std::map<std::string, std::int32_t> index_of;
    for (const std::string& name : names) {
        const bool is_new =
            index_of.emplace(name, static_cast<std::int32_t>(index_of.size())).second;
        CHECK(is_new, "names of one kind are unique in a configuration");
    }
    Kind out;
    out.numbers.assign(names.size(), absent);
    for (const NumberedName& row : stored) {
        if (row.kind != kind || !is_sane(row)) continue;
        const auto at = static_cast<std::size_t>(row.number);
        if (out.given.size() <= at) {
            out.given.resize(at + 1, false);
            out.indexes.resize(at + 1, -1);
        }
        out.given[at] = true;
        const auto index = index_of.find(row.name);
        if (index == index_of.end()) continue;
        out.indexes[at] = index->second;
        out.numbers[static_cast<std::size_t>(index->second)] = row.number;
    }
    return out;
}

void NameTable::place_properties(std::span<const NumberedName> stored) {
    std::map<std::pair<std::string, std::string>, Place> configured_at;
    std::map<std::string, ModelIndex> model_at;
    for (std::size_t m = 0; m < names_.models.size(); ++m) {
        const ModelIndex model{static_cast<std::int32_t>(m)};
        model_at[names_.models[m]] = model;
        slots_.emplace_back(names_.properties[m].size(), absent);
        for (std::size_t p = 0; p < names_.properties[m].size(); ++p) {
            const bool is_new =
                configured_at
                    .emplace(std::pair{names_.models[m], names_.properties[m][p]}, Place{model, p})
                    .second;
            CHECK(is_new, "properties of one model are unique in a configuration");
        }
    }
    for (const NumberedName& row : stored) {
        if (row.kind != NameKind::property || !is_sane(row)) continue;
        const auto at = static_cast<std::size_t>(row.number);
        if (places_.size() <= at) places_.resize(at + 1, {false, Place{}});
        places_[at].first = true;
        const auto found = configured_at.find({row.within, row.name});
        if (found != configured_at.end()) {
            places_[at].second = found->second;
            slots_[found->second.model.at()][found->second.slot] = row.number;
        } else if (const auto model = model_at.find(row.within); model != model_at.end()) {
            places_[at].second = {model->second, slots_[model->second.at()].size()};
            slots_[model->second.at()].push_back(row.number);
        }
    }
}

std::int64_t NameTable::number_in(const Kind& kind, std::int32_t index) {
    if (index < 0) return none;
    CHECK(static_cast<std::size_t>(index) < kind.numbers.size(),
          "an index belongs to the loaded configuration");
    return kind.numbers[static_cast<std::size_t>(index)];
}

std::int64_t NameTable::number(ModelIndex model, std::size_t slot) const {
    CHECK(model && model.at() < slots_.size() && slot < slots_[model.at()].size(),
          "a property belongs to its model");
    return slots_[model.at()][slot];
}

const NameTable::Place* NameTable::property(std::int64_t number) const {
    if (number <= 0 || number >= static_cast<std::int64_t>(places_.size())) return nullptr;
    const auto& [given, place] = places_[static_cast<std::size_t>(number)];
    return given ? &place : nullptr;
}

}  // namespace entente::store
