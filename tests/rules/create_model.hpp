// A model of a create whose outcome is unknown (DESIGN.md section 4, docs/decisions/0015): a thing with a note is in one system
// and is to be made in another, where people make, change and remove records too. It shares no code with the engine. What the
// decision has changed is a switch. The search comes when the request can no longer be executed (D): late requests are those of
// values_model.
#pragma once

#include <map>
#include <string>

namespace entente::rules {

struct CreateRules {
    bool met_counts = true;        // what a list showed while the create was open is evidence of it
    bool empty_is_no_edit = true;  // an empty value in what the search finds is nobody's edit
};

// What people and fate may do, each at most so often.
struct CreateSetup {
    int by_hand = 0;   // a person makes the same thing there, without a note
    int removals = 0;  // a person removes a record
    int clears = 0;    // a person empties the note of a record
    int crashes = 0;
};

struct CreateReport {
    std::size_t states = 0;
    std::map<std::string, int> violations;  // what, how often
};

CreateReport explore(const CreateSetup& setup, const CreateRules& rules);

}  // namespace entente::rules
