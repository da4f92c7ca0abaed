// One line of a `map:` -> Lens: `name: displayName`, or a map with path, text, longer, values ...
// Inside model only.
#pragma once

#include <optional>

#include "model/definition.hpp"

namespace entente::model {

// nullopt when there is no usable path. Whatever cannot work (a boolean kept as a date, a default
// outside the listed values) is reported here, so that a lens that loads keeps the laws (G20).
std::optional<Lens> load_lens(const yaml::Entry& entry, const Property& property,
                              const std::vector<FieldDefinition>& fields, Reporter& report);

}  // namespace entente::model
