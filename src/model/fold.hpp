// The type-level meaning of text: the one place that says which fold each property type names. Used
// by match.cpp for match keys (G7) and by the lenses for their equivalence (X3). Pure.
#pragma once

#include <string>
#include <string_view>

#include "model/model.hpp"

namespace entente::model {

// The text as its type compares it; types without a fold of their own give it back unchanged.
std::string fold_as(PropertyType type, std::string_view text, std::string_view country);

// Equal, or equal after the fold of the type. Allocates only when the texts differ and the type has
// a fold.
bool same_folded(PropertyType type, std::string_view a, std::string_view b,
                 std::string_view country);

}  // namespace entente::model
