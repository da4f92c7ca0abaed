// What the people of a simulated world did, one JSON line per edit: the demo prints it, tests demand that every line of
// it is found again, the checker allows what it names. Pure but for the two functions that touch a file.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::sim {

struct Edit {
    Instant time;
    std::string act;       // "change", "clear", "create", "add_line", "remove_line"
    std::string scenario;  // name of the Act it belongs to: "same_on_both"
    std::string system;
    std::string resource;
    Value id;  // null when a create was not answered
    std::string
        property;  // path in the record; a nested line's is "lines[17].quantity"; empty for a create
    Value before, after;     // a create: null and the body that was sent
    bool is_certain = true;  // false: the call was not answered, so it may or may not have happened
};

Value to_json(const Edit& edit);
Result<Edit> edit_of(const Value& json);

// Appends one line per edit and hands them to the operating system.
Result<void> append_to_ledger(const std::string& path, const std::vector<Edit>& edits);
// A missing file is an empty ledger; a torn last line is left out.
Result<std::vector<Edit>> read_ledger(const std::string& path);

}  // namespace entente::sim
