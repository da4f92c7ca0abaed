// The n-th commit loop (GUARANTEES section 4, crash modes b and c): whatever commit of a script's run goes wrong, and whether the
// store made it or not, the process starts anew and every guarantee holds.
#pragma once

#include <cstdint>
#include <vector>

#include "oracle/guarantee.hpp"
#include "world/script.hpp"

namespace entente::world {

struct CrashFinding {
    Script script;  // with the commits that went wrong; to be printed and played again
    std::vector<oracle::Violation> violations;
};

struct CrashLoop {
    std::int64_t commits = 0;  // of the clean run, until people stop
    std::int64_t plays = 0;
    std::vector<CrashFinding> findings;
};

// One play for each commit and each fate of it (fails; is made but not confirmed), at most `plays_max` in all: of more, every n-th.
CrashLoop crash_loop(const Script& script, std::int64_t plays_max);
// The same with two commits that go wrong, for all pairs and fates of them.
CrashLoop double_crash_loop(const Script& script, std::int64_t plays_max);

}  // namespace entente::world
