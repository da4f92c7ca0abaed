#include <array>

#include "base/json.hpp"
#include "base/limits.hpp"

namespace entente::json {
namespace {

// What the program wraps around something it read may be deeper than what it reads, but a value
// that is this deep was built by a mistake.
constexpr int written_depth_max = 2 * limits::json_depth_max;

constexpr auto is_escaped = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
    out['"'] = true;
    out['\\'] = true;
    return out;
}();

void append_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    out += "\\u00";
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[c & 15];
}

void append_text(std::string& out, std::string_view text) {
    out += '"';
    std::size_t run = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_escaped[static_cast<unsigned char>(text[i])]) continue;
        out.append(text, run, i - run);
        append_escape(out, text[i]);
        run = i + 1;
    }
    out.append(text, run);
    out += '"';
}

class Writer {
public:
    Writer(std::string& out, bool is_pretty) : out_(out), is_pretty_(is_pretty) {}

    void write(const Value& value, int depth) {
        CHECK(depth <= written_depth_max,
              "a value is nested deeper than anything we read or build");
        if (value.is_text()) {
            append_text(out_, value.as_text());
        } else if (value.is_decimal()) {
            value.as_decimal().append_to(out_);
        } else if (value.is_object()) {
            write_object(value.as_object(), depth);
        } else if (value.is_list()) {
            write_list(value.as_list(), depth);
        } else if (value.is_bool()) {
            out_ += value.as_bool() ? "true" : "false";
        } else {
            out_ += "null";
        }
    }

private:
    void write_object(const Value::Object& object, int depth) {
        out_ += '{';
        bool is_first = true;
        for (const auto& [key, value] : object) {
            begin_item(is_first, depth);
            append_text(out_, key);
            out_ += is_pretty_ ? ": " : ":";
            write(value, depth + 1);
        }
        end_items(is_first, depth);
        out_ += '}';
    }

    void write_list(const Value::List& list, int depth) {
        out_ += '[';
        bool is_first = true;
        for (const Value& value : list) {
            begin_item(is_first, depth);
            write(value, depth + 1);
        }
        end_items(is_first, depth);
        out_ += ']';
    }

    void begin_item(bool& is_first, int depth) {
        if (!is_first) out_ += ',';
        is_first = false;
        if (is_pretty_) break_line(depth + 1);
    }

    void end_items(bool is_empty, int depth) {
        if (is_pretty_ && !is_empty) break_line(depth);
    }

    void break_line(int depth) {
        out_ += '\n';
        out_.append(static_cast<std::size_t>(depth) * 2, ' ');
    }

    std::string& out_;
    bool is_pretty_;
};

}  // namespace

std::string write(const Value& value) {
    std::string out;
    write_to(out, value);
    return out;
}

void write_to(std::string& out, const Value& value) {
    Writer(out, false).write(value, 0);
}

std::string write_pretty(const Value& value) {
    std::string out;
    Writer(out, true).write(value, 0);
    return out;
}

}  // namespace entente::json
