// Match keys: what makes two spellings one key, and what never makes a key at all (G7).
#include <gtest/gtest.h>

#include "model/model.hpp"

namespace entente::model {
namespace {

Property property(std::string name, PropertyType type) {
    Property made;
    made.name = std::move(name);
    made.type = type;
    return made;
}

Model organisation() {
    Model model;
    model.name = "organisation";
    model.properties = {property("name", PropertyType::name),
                        property("vat_number", PropertyType::vat_number),
                        property("postal_code", PropertyType::postal_code),
                        property("owner", PropertyType::reference)};
    model.match = {
        {{PropertyIndex{1}}}, {{PropertyIndex{0}, PropertyIndex{2}}}, {{PropertyIndex{3}}}};
    return model;
}

std::vector<std::pair<int, Digest>> keys(const Canonical& values) {
    std::vector<std::pair<int, Digest>> out;
    for (const MatchKey& key : match_keys(organisation(), values, "NL")) {
        out.emplace_back(key.kind.number, key.digest);
    }
    return out;
}

TEST(Match, spellings_of_one_thing_have_one_key) {
    const auto plain =
        keys({Value("Müller B.V."), Value("NL8123.45.678.B01"), Value("1011 AB"), {}});
    ASSERT_EQ(plain.size(), 2u);
    EXPECT_EQ(plain, keys({Value("MULLER"), Value("nl 812345678 b01"), Value("1011ab"), {}}));
    EXPECT_NE(plain, keys({Value("MULLER"), Value("nl 812345678 b02"), Value("1011ab"), {}}));
}

TEST(Match, an_empty_or_invisible_part_makes_no_key) {
    EXPECT_TRUE(keys({Value("Acme"), Value(), std::nullopt, {}}).empty());
    EXPECT_TRUE(keys({Value("Acme"), Value(""), Value("--"), {}}).empty()) << "folds to nothing";
    ASSERT_EQ(keys({Value("Acme"), Value(), Value("1011"), {}}).size(), 1u);
    EXPECT_EQ(keys({Value("Acme"), Value(), Value("1011"), {}})[0].first, 1);
}

TEST(Match, references_take_no_part) {
    EXPECT_TRUE(keys({Value(), Value(), Value(), Value("4711")}).empty());
}

TEST(Match, parts_do_not_run_into_each_other) {
    EXPECT_NE(keys({Value("ab"), Value(), Value("c"), {}}),
              keys({Value("a"), Value(), Value("bc"), {}}));
}

TEST(Match, rules_and_models_have_keys_of_their_own) {
    Model two = organisation();
    two.match = {{{PropertyIndex{2}}}, {{PropertyIndex{2}}}};
    const Canonical values{Value(), Value(), Value("1011"), {}};
    const auto found = match_keys(two, values, "");
    ASSERT_EQ(found.size(), 2u);
    EXPECT_NE(found[0].digest, found[1].digest);
    two.name = "person";
    EXPECT_NE(match_keys(two, values, "")[0].digest, found[0].digest);
}

TEST(Match, numbers_match_by_number) {
    const Property price = property("price", PropertyType::decimal);
    const auto fold = [&](std::string_view text) {
        return fold_for_match(price, Value(*Decimal::parse(text)), "");
    };
    EXPECT_EQ(fold("10.00"), fold("10"));
    EXPECT_EQ(fold("-0.0"), fold("0"));
    EXPECT_NE(fold("100"), fold("10"));
}

TEST(Match, text_is_compared_exactly_but_for_case_and_outer_blanks) {
    const Property number = property("number", PropertyType::text);
    const auto exact = [&](std::string_view text) {
        return fold_for_match(number, Value(text), "");
    };
    EXPECT_EQ(exact(" ab-1"), exact("AB-1 "));
    EXPECT_EQ(exact("STRASSE"), exact("straße"));
    EXPECT_EQ(exact("e\u0301"), exact("\u00c9")) << "an accent typed as a sign of its own";
    for (const auto& [a, b] : {std::pair("10-1", "101"), std::pair("1.25", "12.5"),
                               std::pair("a b", "ab"), std::pair("é", "e")}) {
        EXPECT_NE(exact(a), exact(b)) << a;
        EXPECT_EQ(fold_for_match(number, Value(a), "", Closeness::loose),
                  fold_for_match(number, Value(b), "", Closeness::loose))
            << a;
    }
    EXPECT_TRUE(exact("  ").empty());
    const char* guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    for (const char* spelled :
         {"0F8FAD5B-D9CB-469F-A165-70867728950E", "{0f8fad5b-d9cb-469f-a165-70867728950e}",
          "(0F8FAD5B-d9cb-469f-a165-70867728950e)", "0f8fad5bd9cb469fa16570867728950e"})
        EXPECT_EQ(exact(spelled), guid) << spelled;
    for (const char* none :
         {"0f8fad5b-d9cb-469f-a165-70867728950g", "0f8fad5bd9cb-469f-a165-70867728950e",
          "{0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469fa165-70867728950e-"})
        EXPECT_NE(exact(none), guid) << none;
}

TEST(Match, keys_tell_what_they_are_of) {
    Model model = organisation();
    model.properties[1].identifies = true;
    model.properties[0].identifies = true;
    model.match[1].is_loose = false;
    model.match.push_back({{PropertyIndex{2}}, true});
    const Canonical values{Value("Acme"), Value("NL1"), Value("10-11"), {}};
    std::vector<KeyKind> kinds;
    for (const MatchKey& key : match_keys(model, values, "NL")) {
        EXPECT_EQ(kind_of(key.digest), key.kind);
        kinds.push_back(key.kind);
    }
    using Of = KeyKind::Of;
    const std::vector<KeyKind> expected{
        {Of::rule, 0}, {Of::rule, 1}, {Of::rule, 3}, {Of::likeness, 3}, {Of::identity, 0}};
    EXPECT_EQ(kinds, expected);
    EXPECT_EQ(identities(model), (std::vector<KeyKind>{{Of::rule, 0}, {Of::identity, 0}}));
    EXPECT_TRUE(model.decides(model.match[0]));
    EXPECT_FALSE(model.decides(model.match[3]));
}

// Goal: a property that identifies does so wherever it stands in its model. Method: it is the eightieth.
TEST(Match, a_property_far_down_a_long_model_tells_apart) {
    Model model = organisation();
    for (int i = 0; i < 80; ++i)
        model.properties.push_back(property("p" + std::to_string(i), PropertyType::text));
    model.properties.back().identifies = true;
    const auto keys_with = [&](const char* last) {
        Canonical values(model.properties.size());
        values[0] = Value("Acme");
        values.back() = Value(last);
        std::vector<Digest> keys;
        for (const MatchKey& key : match_keys(model, values, "NL")) {
            EXPECT_EQ(kind_of(key.digest), key.kind);
            keys.push_back(key.digest);
        }
        return keys;
    };
    EXPECT_TRUE(are_told_apart(model, keys_with("10-1"), keys_with("101")));
    EXPECT_FALSE(are_told_apart(model, keys_with("10-1"), keys_with("10-1")));
    const PropertyIndex last{static_cast<std::int32_t>(model.properties.size() - 1)};
    EXPECT_EQ(told_by(model, identities(model).front()), last);
}

TEST(Match, same_meaning_is_the_fold_of_the_type_and_exact_for_text) {
    const Property email = property("email", PropertyType::email);
    EXPECT_TRUE(same_meaning(email, "A@x.no", "a@X.no", ""));
    EXPECT_TRUE(same_meaning(email, nullptr, "", ""));
    EXPECT_FALSE(same_meaning(email, nullptr, "a@x.no", ""));
    EXPECT_FALSE(same_meaning(property("t", PropertyType::text), "A", "a", ""));
    EXPECT_TRUE(
        same_meaning(property("n", PropertyType::decimal), Value(*Decimal::parse("1.0")), 1, ""));
    const Property phone = property("p", PropertyType::phone);
    EXPECT_TRUE(same_meaning(phone, "0031 20 1234567", "020-1234567", "NL"));
    EXPECT_FALSE(same_meaning(phone, "n/a", "-", "NL"));
}

}  // namespace
}  // namespace entente::model
