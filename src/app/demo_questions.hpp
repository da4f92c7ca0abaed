// The questions of a demo: records of which only a person can know whether they show a thing that others show. What the
// engine asks is read from its store, and held against what the truth says that it must ask, record by record.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "run/workspace_folder.hpp"
#include "sim/checker.hpp"

namespace entente::app {

struct DemoQuestions {
    std::int64_t count = 0;  // that the engine asks
    Value by_kind;           // {"one name, two item numbers": 14}
    // A few of each kind: both records, with what they are called by.
    Value samples;
    bool are_as_expected = true;
    std::vector<std::string> explanations;
};
Result<DemoQuestions> questions_of(const run::WorkspaceFolder& folder,
                                   const checker::Verdict& verdict);

// {"why":...,"records":[...]} in one line for people.
std::string question_text(const Value& sample);

}  // namespace entente::app
