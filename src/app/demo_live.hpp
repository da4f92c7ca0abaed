// The living part of a demo: people edit the systems, the engine carries every edit across, and
// each arrival is printed with the time it took. Ends when it is stopped.
#pragma once

#include <memory>

#include "app/demo_folder.hpp"
#include "run/workspace_folder.hpp"

namespace entente::app {

struct LiveOptions {
    bool json = false;  // one JSON object per line instead of sentences
};

// stop() may be called from any thread.
class LiveDemo {
public:
    LiveDemo(const DemoFolder& demo, const run::WorkspaceFolder& folder,
             run::SimulatedProcesses& processes, LiveOptions options);
    ~LiveDemo();
    LiveDemo(const LiveDemo&) = delete;
    LiveDemo& operator=(const LiveDemo&) = delete;

    Result<void> run();
    void stop();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace entente::app
