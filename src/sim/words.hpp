// The words that the generator and the human editors make European business data of. Data only; long on purpose.
#pragma once

#include <span>
#include <string_view>

namespace entente::sim::words {

struct Place {
    std::string_view city;
    std::string_view postal;  // '#' is a digit, '@' a capital letter
};

struct Country {
    std::string_view code;
    std::string_view currency;
    std::string_view vat;         // '#' is a digit
    std::string_view phone_code;  // without plus
    int phone_digits;
    std::span<const std::string_view> legal_forms;
    std::span<const std::string_view> streets;  // "%" is where the house number goes
    std::span<const Place> places;
};

std::span<const Country> countries();
std::span<const std::string_view> families();   // the first word of a company's name
std::span<const std::string_view> trades();     // what it does
std::span<const std::string_view> mailboxes();  // before the @
std::span<const std::string_view> materials();
std::span<const std::string_view> qualities();
std::span<const std::string_view> goods();
std::span<const std::string_view> variants();
std::span<const std::string_view> comments();
std::span<const std::string_view> people();

}  // namespace entente::sim::words
