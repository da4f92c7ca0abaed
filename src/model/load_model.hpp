// catalog/models/*.yaml -> Model. Inside model only.
#pragma once

#include <optional>

#include "model/model.hpp"
#include "model/reader.hpp"

namespace entente::model {

// nullopt when it has no usable name. Other errors are reported and left out.
std::optional<Model> load_model(const yaml::Node& file, Reporter& report);

// References and lists must lead to models that exist, match rules were checked by load_model.
void check_models(const std::vector<Model>& models, Reporter& report);

// The model of which this one is a list somewhere ("order" for "order_line"), or null pointer.
const Model* parent_of(const std::vector<Model>& models, std::string_view name);

}  // namespace entente::model
