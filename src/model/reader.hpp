// Reads typed values out of a YAML tree and says what is wrong with them: wrong type, unknown key
// (with the nearest known one), missing key. Every reader reports and goes on, so that all errors
// of a file are found at once. Used by the load_* files only.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "model/lens.hpp"
#include "model/yaml.hpp"

namespace entente::model {

// Where diagnostics go.
class Reporter {
public:
    explicit Reporter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}
    void error(const Mark& at, std::string what, std::string right = {});
    void to_fill_in(const Mark& at, std::string what, std::string right = {});
    void note(const Mark& at, std::string what, std::string right = {});

private:
    Diagnostics& diagnostics_;
};

// "did you mean 'x'?", or "one of: a, b", or nothing when there are none.
std::string suggest(std::string_view word, const std::vector<std::string>& known);

// A text and where it stands.
struct Marked {
    std::string text;
    Mark at;
};

struct IntegerRange {
    int min;
    int max;
};

// Single nodes. nullopt: it was wrong and has been reported. `what` names the thing for people:
// "`base_url`".
std::optional<std::string> read_text(const yaml::Node& node, std::string_view what,
                                     Reporter& report);
std::optional<bool> read_boolean(const yaml::Node& node, std::string_view what, Reporter& report);
std::optional<int> read_integer(const yaml::Node& node, std::string_view what, IntegerRange range,
                                Reporter& report);
std::optional<Duration> read_duration(const yaml::Node& node, std::string_view what,
                                      Reporter& report);
// Reports what is no map.
bool expect_map(const yaml::Node& node, std::string_view what, Reporter& report);
// A list of texts; a single text counts as a list of one.
std::vector<Marked> read_texts(const yaml::Node& node, std::string_view what, Reporter& report);
// A value as the system's field holds it, and one as the canonical property holds it.
std::optional<Value> read_field_value(const yaml::Node& node, FieldType type, Reporter& report);
std::optional<Value> read_property_value(const yaml::Node& node, PropertyType type,
                                         Reporter& report);

// A map whose keys are known by asking for them; finish() reports the others.
class MapReader {
public:
    // `what` names the map for people: "system CustomERP". A node that is no map is reported, and
    // reads as empty.
    MapReader(const yaml::Node& node, std::string what, Reporter& report);

    const Mark& at() const { return node_.at; }
    bool has(std::string_view key) const { return node_.find(key) != nullptr; }
    // The place of the key's value, or of the map when it is missing.
    const Mark& at(std::string_view key) const;
    // Null pointer when absent. A key with nothing behind it is reported and counts as absent.
    const yaml::Node* take(std::string_view key);
    // Reports that the key is missing.
    void demand(std::string_view key, std::string_view right);

    std::optional<std::string> text(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<int> integer(std::string_view key, IntegerRange range);
    std::optional<Duration> duration(std::string_view key);
    std::vector<Marked> texts(std::string_view key);

    template <class Choice>
    using Choices = std::initializer_list<std::pair<std::string_view, Choice>>;
    template <class Choice>
    std::optional<Choice> one_of(std::string_view key, Choices<Choice> choices) {
        const yaml::Node* node = take(key);
        if (node == nullptr) return std::nullopt;
        std::vector<std::string> names;
        for (const auto& [name, choice] : choices) {
            if (node->is_scalar() && node->text == name) return choice;
            names.emplace_back(name);
        }
        refuse_choice(*node, key, names);
        return std::nullopt;
    }

    void finish();

private:
    void refuse_choice(const yaml::Node& node, std::string_view key,
                       const std::vector<std::string>& names);

    const yaml::Node& node_;
    std::string what_;
    Reporter& report_;
    std::vector<std::string> known_;
};

}  // namespace entente::model
