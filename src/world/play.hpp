// Which script a seed stands for, in which world it is played (world.hpp, company_world.hpp), and how it is told in words.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "world/world.hpp"

namespace entente::world {

// Every eighth seed is a company's (draw_company.hpp), the others are of systems of any abilities (draw.hpp).
Script script_of(std::uint64_t seed);

// Every line of the trace is told to `on_line` as it is made.
Outcome play(const Script& script, std::function<void(const std::string&)> on_line = {});

// A scenario (scenario.hpp); of a company, which scenarios cannot tell, a list of what happens in sentences like theirs.
std::string words_of(const Script& script);

}  // namespace entente::world
