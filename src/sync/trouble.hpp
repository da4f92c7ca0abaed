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

// A list's removals or searches in it come in pages without end, and when they no longer do. A search of one page proves little
// against an endless one of many: it ends the trouble only when that is old, so that people are not told of both in turns.
void tell_endless(Step& step, Trouble::Kind kind, ResourceIndex resource);
void tell_ended(Step& step, Trouble::Kind kind, ResourceIndex resource, const Pages& pages);

}  // namespace entente::sync
