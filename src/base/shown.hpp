// Texts from outside, made fit to stand in a message: one line of valid UTF-8, whatever was sent or
// typed. For everything that quotes what it refuses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace entente::text {

// Control characters become visible ("\n", "\x1b"), bytes that are no UTF-8 become "?".
std::string on_one_line(std::string_view text);
// The same of the first `max` characters; "..." follows where there are more.
std::string shown(std::string_view text, std::size_t max);

// "12,345"
std::string grouped(std::int64_t n);

}  // namespace entente::text
