// What happens in a scenario, in sentences: who does it or what goes wrong, and when. One table reads and writes them.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "world/scenario_pattern.hpp"
#include "world/script.hpp"

namespace entente::world {

std::expected<Event, Closest> take_event(std::string_view line, const Names& names);
std::string words_of_event(const Event& event, const Names& names);

}  // namespace entente::world
