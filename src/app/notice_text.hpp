// What happens during a run, in words for people.
#pragma once

#include <optional>
#include <string>

#include "model/workspace.hpp"
#include "run/watcher.hpp"
#include "sync/event.hpp"
#include "sync/store.hpp"

namespace entente::app {

// "'+31 20 123'" for people; long values are cut.
std::string value_text(const std::optional<Value>& value);

// One line, or nullopt for what happens a thousand times in a first sync and is only counted.
std::optional<std::string> notice_text(const model::Workspace& workspace,
                                       const sync::Notice& notice);

std::string health_text(const model::Workspace& workspace, SystemIndex system, run::Health health,
                        const std::string& why);

// "Books: its quota is used up; what is left to do there goes on at 2026-11-21T15:04:05Z"
std::string quota_text(const model::Workspace& workspace, SystemIndex system, Instant until);

// "Books.SalesOrders waits until 2026-11-21T15:04:05Z: ..."
std::string waits_text(const model::Workspace& workspace, ResourceIndex resource, Instant until);

// "3,210 records read, 402 linked, 180 created, 12 conflicts"
std::string progress_text(const run::Progress& progress);

}  // namespace entente::app
