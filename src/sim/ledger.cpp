#include "sim/ledger.hpp"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/json.hpp"

namespace entente::sim {
namespace {

std::string text_at(const Value& json, std::string_view name) {
    const Value* value = json.find(name);
    return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

Value value_at(const Value& json, std::string_view name) {
    const Value* value = json.find(name);
    return value == nullptr ? Value() : *value;
}

}  // namespace

Value to_json(const Edit& edit) {
    Value json(Value::Object{{"time", Value(format_instant(edit.time))},
                             {"act", edit.act},
                             {"scenario", edit.scenario},
                             {"system", edit.system},
                             {"resource", edit.resource},
                             {"id", edit.id},
                             {"property", edit.property},
                             {"before", edit.before},
                             {"after", edit.after}});
    if (!edit.is_certain) json.set("certain", false);
    return json;
}

Result<Edit> edit_of(const Value& json) {
    TRY(const Instant time, parse_instant(text_at(json, "time")));
    Edit edit{time,
              text_at(json, "act"),
              text_at(json, "scenario"),
              text_at(json, "system"),
              text_at(json, "resource"),
              value_at(json, "id"),
              text_at(json, "property"),
              value_at(json, "before"),
              value_at(json, "after"),
              json.find("certain") == nullptr};
    if (edit.act.empty() || edit.system.empty()) {
        return fail(ErrorKind::corrupt, "a ledger line names no act or system");
    }
    return edit;
}

Result<void> append_to_ledger(const std::string& path, const std::vector<Edit>& edits) {
    std::string lines;
    for (const Edit& edit : edits) {
        json::write_to(lines, to_json(edit));
        lines += '\n';
    }
    std::ofstream file(path, std::ios::binary | std::ios::app);
    file.write(lines.data(), static_cast<std::streamsize>(lines.size()));
    file.flush();
    if (!file) {
        return fail(ErrorKind::store,
                    "cannot be written: " + std::generic_category().message(errno), path);
    }
    return {};
}

Result<std::vector<Edit>> read_ledger(const std::string& path) {
    std::vector<Edit> edits;
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line) && !file.eof();) {
        TRY(const Value json, json::read(line));
        TRY(Edit edit, edit_of(json));
        edits.push_back(std::move(edit));
    }
    return edits;
}

}  // namespace entente::sim
