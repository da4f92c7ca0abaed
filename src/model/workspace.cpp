#include "model/workspace.hpp"

#include <utility>

namespace entente::model {

std::string_view name_of(CreateGrade grade) {
    switch (grade) {
        case CreateGrade::keyed:
            return "keyed";
        case CreateGrade::searchable:
            return "searchable";
        case CreateGrade::none:
            return "none";
    }
    std::unreachable();
}

DataTypeIndex Workspace::find_data_type(std::string_view full_name) const {
    for (std::size_t i = 0; i < data_types.size(); ++i) {
        if (data_types[i].full_name == full_name) return {static_cast<std::int32_t>(i)};
    }
    return DataTypeIndex::none();
}

std::vector<DataTypeIndex> Workspace::data_types_of(ResourceIndex resource) const {
    std::vector<DataTypeIndex> found;
    for (std::size_t i = 0; i < data_types.size(); ++i) {
        if (data_types[i].resource == resource) found.push_back({static_cast<std::int32_t>(i)});
    }
    return found;
}

CreateRule Workspace::rule(DataTypeIndex from, DataTypeIndex to) const {
    for (const Flow& flow : flows) {
        if (flow.from == from && flow.to == to) return flow.create;
    }
    return CreateRule::never;
}

}  // namespace entente::model
