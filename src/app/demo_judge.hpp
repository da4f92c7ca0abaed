// What a demo proved: the checker's verdict over HTTP, once the engine has exited, with the numbers
// of the run beside it.
#pragma once

#include "app/demo_folder.hpp"
#include "app/patient_fetch.hpp"
#include "run/workspace_folder.hpp"
#include "sim/checker.hpp"

namespace entente::app {

// bad_input: there are not so many records that could be tampered with.
Result<void> check_tampering(const DemoFolder& folder, std::int64_t count);
// Changes `count` values in as many records of one system, as a person with curl would: each to one
// that it does not show, also where somebody has tampered with it before.
Result<void> tamper(const DemoFolder& folder, std::int64_t count, PatientFetch& fetch);

Result<checker::Verdict> judge(const DemoFolder& folder, PatientFetch& fetch);

// {"Shop":{"requests":N,"quota":N,"rejected_429":N}}: as the systems themselves counted.
Result<Value> counted_by_systems(const DemoFolder& folder, PatientFetch& fetch);

struct DemoResult {
    Value summary;  // the last line of `demo --json`
    bool is_good =
        true;  // nothing doubled, wrong, different or missing; what is parked and asked is what the truth expects
    std::vector<std::string> explanations;
};
// Requires: `folder` is the demo's workspace; `stats` was counted before the checker read.
Result<DemoResult> summarise(const DemoFolder& demo, const run::WorkspaceFolder& folder,
                             const checker::Verdict& verdict, Value stats, Duration took);

}  // namespace entente::app
