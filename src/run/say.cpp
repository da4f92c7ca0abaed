#include "run/say.hpp"

#include <array>

#include "run/clock.hpp"
#include "run/workspace_run.hpp"
#include "store/sqlite_store.hpp"
#include "sync/engine.hpp"

namespace entente::run {

Result<sync::ActResult> say(const WorkspaceFolder& folder, const sync::Act& act) {
    const auto& workspace = *folder.workspace;
    {
        const auto before = open_snapshot(folder);
        if (!before) return std::unexpected(before.error());
    }
    auto opened = store::SqliteStore::open(folder.store_path.string(), store::names_of(workspace));
    if (!opened) {
        Error error = std::move(opened).error();
        if (error.kind == ErrorKind::busy)
            error.text +=
                "; nothing was changed. End that one first (Ctrl-C where it runs), say this "
                "again, and start it again";
        error.kind = ErrorKind::store;
        return std::unexpected(std::move(error));
    }
    const Instant now = SystemClock().now();
    TRY(auto engine, sync::Engine::open(workspace, **opened, {}, now));
    TRY(auto result, engine->step(std::array<sync::Event, 1>{act}, now));
    return std::move(result.acts.front());
}

}  // namespace entente::run
