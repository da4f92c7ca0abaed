#include "store/memory_session.hpp"

#include <fmt/core.h>

namespace entente::store {
namespace {

constexpr std::string_view place = "memory store";

}  // namespace

void MemorySession::poison_missing(std::string_view table, std::int64_t id) {
    if (error) return;
    error = Error{ErrorKind::corrupt,
                  fmt::format("{} {}: there is no such row; nothing was changed", table, id),
                  std::string(place)};
}

void MemorySession::poison_repeated(std::string_view table, std::int64_t id,
                                    std::string_view what) {
    if (error) return;
    error = Error{ErrorKind::store,
                  fmt::format("{} {}: there is one already with this {}; nothing was changed",
                              table, id, what),
                  std::string(place)};
}

std::size_t MemorySession::property_count(ModelIndex model) const {
    CHECK(model && model.at() < names.properties.size(), "a model is one of the configuration");
    return names.properties[model.at()].size();
}

ModelIndex MemorySession::model_of(DataTypeIndex data_type) const {
    CHECK(data_type && data_type.at() < names.data_type_models.size(),
          "a data type is one of the configuration");
    return names.data_type_models[data_type.at()];
}

ResourceIndex MemorySession::resource_of(DataTypeIndex data_type) const {
    CHECK(data_type && data_type.at() < names.data_type_resources.size(),
          "a data type is one of the configuration");
    return names.data_type_resources[data_type.at()];
}

}  // namespace entente::store
