// JSON: what is read can be written, and what was written is read as the same. Paths into it lead to
// what stands there.
#include "base/json.hpp"

#include "base/limits.hpp"
#include "base/text.hpp"
#include "connect/body_path.hpp"
#include "targets/input.hpp"

namespace entente::fuzz {
namespace {

int depth_of(const Value& value) {
    int deepest = 0;
    if (value.is_list()) {
        for (const Value& item : value.as_list()) deepest = std::max(deepest, depth_of(item));
        return deepest + 1;
    }
    if (value.is_object()) {
        for (const auto& [key, item] : value.as_object()) {
            deepest = std::max(deepest, depth_of(item));
        }
        return deepest + 1;
    }
    return 0;
}

void check_keys(const Value& value) {
    if (value.is_list()) {
        for (const Value& item : value.as_list()) check_keys(item);
    }
    if (!value.is_object()) return;
    for (const auto& [key, item] : value.as_object()) {
        CHECK(value.find(key) == &item, "every member is found by its own key: none occurs twice");
        check_keys(item);
    }
}

void check_written(const std::string& text, const Value& value) {
    CHECK(text::is_utf8(text), "what is written is UTF-8");
    const Result<Value> again = json::read(text);
    CHECK(again.has_value(), "what is written can be read");
    CHECK(*again == value, "what is written is read as the same value");
}

}  // namespace

void fuzz_json(Bytes input) {
    const std::string_view text = text_of(input);
    const Result<Value> value = json::read(text);
    if (!value) {
        CHECK(value.error().kind == ErrorKind::corrupt, "text that is no JSON is corrupt");
        check_message(value.error().message());
        return;
    }
    CHECK(text::is_utf8(text), "what is read is UTF-8");
    CHECK(depth_of(*value) <= limits::json_depth_max, "what is read is not too deep");
    check_keys(*value);
    const std::string written = json::write(*value);
    check_written(written, *value);
    CHECK(json::write(*json::read(written)) == written, "written twice is written the same");
    check_written(json::write_pretty(*value), *value);
}

void fuzz_body_path(Bytes input) {
    std::string_view rest = text_of(input);
    const std::string_view path = take_line(rest);
    Result<Value> body = json::read(rest);
    if (!body) return;
    const Value* found = connect::find_at(*body, path);
    CHECK(found == connect::find_at(*body, path), "a path leads to one place");
    if (path.empty()) CHECK(found == &*body, "the empty path is the value itself");
    if (const Value* member = body->find(path); member != nullptr && !path.empty()) {
        CHECK(found == member, "a member's own name comes before the cut at dots");
    }
    // The paths of the model, which never step into lists, lead to the same where both lead
    // somewhere and no name holds a dot.
    const Value* plain = body->at_path(path);
    if (plain != nullptr && body->find(path) == nullptr && path.find('.') == std::string::npos) {
        CHECK(found == plain, "a path without dots is a member's name");
    }
    if (!body->is_object() || found == nullptr || path.empty()) return;
    if (Value* place = connect::find_at(*body, path)) {
        *place = Value("changed");
        const Value* changed = connect::find_at(*body, path);
        CHECK(changed == place && *changed == Value("changed"), "what was found can be changed");
    }
}

}  // namespace entente::fuzz
