// Troubles: what is wrong with a system, a list or our own clock is durable while it lasts, and told once when it begins and once
// when it ends, however often it is found. Serves G16 and G18: nothing that stands still does so silently.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Ensures: `status` shows it; people were told if it is new, or its text another one.
void tell_trouble(Step& step, Trouble::Kind kind, SystemIndex system, ResourceIndex resource,
                  std::string text);

// Ensures: it is not among the troubles; people were told if it was.
void end_trouble(Step& step, Trouble::Kind kind, SystemIndex system, ResourceIndex resource);

}  // namespace entente::sync
