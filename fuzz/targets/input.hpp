// How targets take their inputs apart: as text, line by line from the front. Inside fuzz only.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "targets/targets.hpp"

namespace entente::fuzz {

std::string_view text_of(Bytes input);
// Takes the first line off `rest`; without its line feed. The whole of `rest` when there is none.
std::string_view take_line(std::string_view& rest);
// Takes the first character off `rest` and makes a number of it: below `count`, 0 where there is none.
// Requires: count > 0.
std::size_t take_choice(std::string_view& rest, std::size_t count);

// What every message for people must be: not empty, UTF-8, one line. CHECKs.
void check_message(std::string_view message);

}  // namespace entente::fuzz
