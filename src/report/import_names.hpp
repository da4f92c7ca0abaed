// Names, as documents spell them and as files need them. Inside report only.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "model/definition.hpp"

namespace entente::report {

// Two spellings are one name when their keys are equal: capitals, blanks and hyphens do not count.
std::string name_key(std::string_view name);

// The connector that is called so or named so, or null.
const model::ConnectorDefinition* find_called(const model::Catalog& catalog, std::string_view name);

// Whether a data type's name says that its records are lines: "Quotationline".
bool names_lines(std::string_view data_type);

// A name for a system: letters, digits, _ and - of what the document says. Unnamed where it says
// nothing. Never one of `taken`; joins it.
std::string system_name(std::string_view spelled, std::set<std::string>& taken);

// "Customers company" -> "customers-company": a name for a file. Never one of `taken`; joins it.
std::string slug(std::string_view name, std::set<std::string>& taken);

// "CustomERP", "token" -> "CUSTOMERP_TOKEN". Never one of `taken`; joins it.
std::string variable_name(std::string_view system, std::string_view secret,
                          std::set<std::string>& taken);

// Whether it is a name as services give them to what they hold: no blank, and nothing that has a
// meaning in paths, patterns or YAML.
bool is_identifier(std::string_view name);

// The text as a YAML scalar that reads as this text wherever it stands, a flow map included.
std::string yaml_text(std::string_view text);
// As a comment goes on one line.
std::string one_line(std::string_view text);

// What a document's column "Data Type" says, as a field of a resource.
struct FieldGuess {
    std::string type;   // "text", "decimal" ...; empty: nothing said or not known
    std::string limit;  // ", max: 50" or empty
};
FieldGuess field_guess(std::string_view data_type);
// The type of a field that can hold such a property.
std::string field_type_for(model::PropertyType type);
bool can_hold(std::string_view field_type, model::PropertyType type);

}  // namespace entente::report
