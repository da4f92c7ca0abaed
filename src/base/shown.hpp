// Foreign text, made fit to be shown: whatever a system, a file or a person gave, it stays inside its
// line and drives no terminal. Whatever prints, and every message that quotes, goes through here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace entente::text {

// Ensures: valid UTF-8 without control characters (C0, DEL, C1), separators of lines and marks that
// change the direction of text. They become visible: "\n", "\x1b", "\u009b", "\u202e"; a byte that
// is no UTF-8 becomes "\xff".
std::string on_one_line(std::string_view text);
// The same of the first `max` characters; "..." follows where there are more.
std::string shown(std::string_view text, std::size_t max);
// Of JSON or of a text of YAML in quotes: the same characters, as the escapes that their readers take
// back. A byte that is no UTF-8 becomes "\ufffd".
std::string json_on_one_line(std::string_view json);

// "12,345"
std::string grouped(std::int64_t n);

}  // namespace entente::text
