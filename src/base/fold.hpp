// The folding behind text::fold and text::fold_organisation, which needs to see where words ended.
// Inside base only.
#pragma once

#include <string>
#include <string_view>

namespace entente::text {

// Case and accents folded away; each run of anything but letters and digits between two of them
// becomes `gap`.
std::string fold_with_gaps(std::string_view s, std::string_view gap);

}  // namespace entente::text
