// One character of a text, read in every way in which it can stand for another one: as it is, percent-encoded, escaped as in JSON or
// HTML, and each of them several times over. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace entente::connect {

struct Reading {
    std::size_t taken = 0;  // bytes of the text
    std::string bytes;      // what they stand for
};

// Whether a character can begin an escape.
bool begins_escape(char c);
// All readings of what begins at `at`. The first one is the character itself. Requires: `at` is inside the text.
std::vector<Reading> readings_at(std::string_view text, std::size_t at);

}  // namespace entente::connect
