// What systems say, made fit to be shown to people and kept: one line, valid UTF-8, short. What may hold one of our secrets is masked
// before (secret_mask.hpp).
#pragma once

#include <string>
#include <string_view>

namespace entente::connect {

// White space is squeezed, line breaks too; at most `max` characters (longer ends with "..."), shown as base/shown.hpp says.
std::string people_text(std::string_view text, std::size_t max);
// "<html><head>..." : how a body begins, for messages about bodies that are not what they should
// be.
std::string beginning_of(std::string_view body);

}  // namespace entente::connect
