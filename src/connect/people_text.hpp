// What systems say, made fit to be shown to people and kept: one line, valid UTF-8, short, and
// without our own secrets, which some servers repeat in their complaints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entente::connect {

// White space is squeezed, line breaks too; at most `max` characters (longer ends with "..."), shown as base/shown.hpp says.
std::string people_text(std::string_view text, std::size_t max);
// "<html><head>..." : how a body begins, for messages about bodies that are not what they should
// be.
std::string beginning_of(std::string_view body);
// Every occurrence of a secret becomes "***". Secrets under 4 characters are too common to be told
// from text.
std::string without_secrets(std::string text, const std::vector<std::string>& secrets);

}  // namespace entente::connect
