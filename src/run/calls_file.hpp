// What the calls of a workspace's run came to, and where each system's quotas stood, in a file beside its store: so that `status`
// can tell while another process runs, and afterwards. For people only; a run never reads it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "model/quota_use.hpp"
#include "run/watcher.hpp"

namespace entente::run {

struct SystemCalls {
    std::array<std::int64_t, works> made{};  // by work, since that run began
    std::vector<model::QuotaUse> quotas;
};
using CallsBySystem = std::map<std::string, SystemCalls>;  // by name

std::filesystem::path calls_path(const std::filesystem::path& store_path);

// Ensures: replaced as a whole. The errors are those of the disk.
Result<void> write_calls(const std::filesystem::path& path, const CallsBySystem& calls,
                         Instant now);
// As they stand at `now`, if nobody has called since; nothing where there is no file, or one that is not ours.
CallsBySystem read_calls(const std::filesystem::path& path, Instant now);

// {"edits","looks","backfill","sweeps"}
Value made_json(const std::array<std::int64_t, works>& made);

}  // namespace entente::run
