// Makes a failing script smaller while it goes on failing: what is left out of it was not needed. Deterministic; nothing is
// promised but that the result fails as the script did, and is no larger.
#pragma once

#include <functional>

#include "world/script.hpp"

namespace entente::world {

// Whether the same guarantee is still violated. Each question is a play or two.
using Fails = std::function<bool(const Script&)>;

// That playing it violates this guarantee.
Fails violates(int guarantee);

inline constexpr int shrink_questions_max = 1'500;

// Requires: fails(script). Asks at most `shrink_questions_max` times.
Script shrink(Script script, const Fails& fails);

}  // namespace entente::world
