// How the countries of Europe and North America dial: the calling code, the digit that is dialled
// before a national number and left out after the code, and how many digits a national number has.
#pragma once

#include <array>
#include <string_view>

namespace entente::text {

struct PhoneCountry {
    std::string_view country;  // ISO 3166 alpha-2
    std::string_view code;
    std::string_view trunk;  // empty: national numbers are dialled as they are
    std::size_t digits_min;  // of a national number, without the trunk prefix
    std::size_t digits_max;
};

inline constexpr std::array phone_countries = std::to_array<PhoneCountry>({
    {"AD", "376", "", 6, 9},   {"AL", "355", "0", 7, 9}, {"AT", "43", "0", 4, 13},
    {"AX", "358", "0", 5, 12}, {"BA", "387", "0", 8, 9}, {"BE", "32", "0", 8, 9},
    {"BG", "359", "0", 7, 9},  {"CA", "1", "1", 10, 10}, {"CH", "41", "0", 9, 9},
    {"CY", "357", "", 8, 8},   {"CZ", "420", "", 9, 9},  {"DE", "49", "0", 5, 12},
    {"DK", "45", "", 8, 8},    {"EE", "372", "", 7, 8},  {"ES", "34", "", 9, 9},
    {"FI", "358", "0", 5, 12}, {"FO", "298", "", 6, 6},  {"FR", "33", "0", 9, 9},
    {"GB", "44", "0", 9, 10},  {"GG", "44", "0", 9, 10}, {"GI", "350", "", 8, 8},
    {"GL", "299", "", 6, 6},   {"GR", "30", "", 10, 10}, {"HR", "385", "0", 8, 9},
    {"HU", "36", "06", 8, 9},  {"IE", "353", "0", 7, 9}, {"IM", "44", "0", 9, 10},
    {"IS", "354", "", 7, 9},   {"IT", "39", "", 6, 11},  {"JE", "44", "0", 9, 10},
    {"LI", "423", "", 7, 9},   {"LT", "370", "0", 8, 8}, {"LU", "352", "", 5, 11},
    {"LV", "371", "", 8, 8},   {"MC", "377", "", 8, 9},  {"MD", "373", "0", 8, 8},
    {"ME", "382", "0", 8, 8},  {"MK", "389", "0", 8, 8}, {"MT", "356", "", 8, 8},
    {"MX", "52", "", 10, 10},  {"NL", "31", "0", 9, 9},  {"NO", "47", "", 5, 8},
    {"PL", "48", "", 9, 9},    {"PT", "351", "", 9, 9},  {"RO", "40", "0", 9, 9},
    {"RS", "381", "0", 8, 9},  {"SE", "46", "0", 7, 9},  {"SI", "386", "0", 8, 8},
    {"SJ", "47", "", 5, 8},    {"SK", "421", "0", 9, 9}, {"SM", "378", "", 6, 10},
    {"UA", "380", "0", 9, 9},  {"UK", "44", "0", 9, 10}, {"US", "1", "1", 10, 10},
    {"VA", "39", "", 6, 11},   {"XK", "383", "0", 8, 8},
});

}  // namespace entente::text
