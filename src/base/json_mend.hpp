// What stands in the strings of a JSON text and is none, made readable: each place is overwritten with as many bytes that are, and
// remembered. For json::read_flawed only, which takes what was overwritten for a flaw and never for a value. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace entente::json {

struct Mended {
    struct Place {
        std::size_t offset = 0;  // in bytes
        std::string_view why;    // for people
    };
    std::string text;           // of the same length
    std::vector<Place> places;  // in the text's order
};

// Ensures: the strings of the text hold valid UTF-8 without bare control characters, and their escapes are those of JSON. Outside of
// strings the text is as it was.
Mended mend(std::string_view text);

}  // namespace entente::json
