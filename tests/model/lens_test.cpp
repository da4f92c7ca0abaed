// What lenses do to single values, by example; the laws are in lens_laws_test.cpp.
#include "model/lens.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace entente::model {
namespace {

Value body(std::string_view text) {
    auto value = json::read(text);
    CHECK(value.has_value(), text);
    return *std::move(value);
}

Decimal number(std::string_view text) {
    auto decimal = Decimal::parse(text);
    CHECK(decimal.has_value(), text);
    return *decimal;
}

// The canonical value, which must be visible.
Value got(const Lens& lens, std::string_view text) {
    const auto value = get(lens, body(text));
    EXPECT_TRUE(value.has_value()) << (value ? "" : value.error().text);
    EXPECT_TRUE(value && *value) << "not visible";
    return value && *value ? **value : Value();
}

std::string after_put(const Lens& lens, const Value& value, std::string_view text = "{}") {
    Value changed = body(text);
    const auto result = put(lens, value, changed);
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().text);
    return json::write(changed);
}

void expect_refused(const Lens& lens, const Value& value, std::string_view text,
                    std::string_view why) {
    Value changed = body(text);
    const auto result = put(lens, value, changed);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().kind, ErrorKind::rejected);
    EXPECT_TRUE(result.error().text.contains(why)) << result.error().text;
    EXPECT_EQ(json::write(changed), text) << "a refused value leaves the body untouched";
}

void expect_drift(const Lens& lens, std::string_view text, std::string_view why) {
    const auto value = get(lens, body(text));
    ASSERT_FALSE(value.has_value());
    EXPECT_EQ(value.error().kind, ErrorKind::drift);
    EXPECT_TRUE(value.error().text.contains(why)) << value.error().text;
}

Lens lens_of(std::string path, FieldType field, PropertyType type) {
    Lens lens;
    lens.path = std::move(path);
    lens.field = field;
    lens.type = type;
    return lens;
}

const Lens city = lens_of("address.city", FieldType::text, PropertyType::text);

TEST(Lens, tells_absent_from_empty) {
    EXPECT_FALSE(get(city, body(R"({"name":"x"})"))->has_value());
    EXPECT_FALSE(get(city, body(R"({"address":{}})"))->has_value());
    EXPECT_TRUE(got(city, R"({"address":{"city":null}})").is_null());
    EXPECT_TRUE(got(city, R"({"address":{"city":""}})").is_null());
    EXPECT_TRUE(got(city, R"({"address":null})").is_null()) << "an emptied group";
    EXPECT_EQ(got(city, R"({"address":{"city":"Oslo"}})"), Value("Oslo"));
}

TEST(Lens, what_is_not_of_the_declared_type_is_drift) {
    expect_drift(city, R"({"address":{"city":7}})", "`address.city` holds number, not text");
    expect_drift(city, R"({"address":"Oslo"})", "an object on its path");
    expect_drift(lens_of("n", FieldType::decimal, PropertyType::decimal), R"({"n":"1.0"})",
                 "a number");
    expect_drift(lens_of("n", FieldType::integer, PropertyType::integer), R"({"n":1.5})",
                 "a whole number");
    expect_drift(lens_of("d", FieldType::date, PropertyType::date), R"({"d":"2026-02-30"})",
                 "a date");
    expect_drift(lens_of("b", FieldType::boolean, PropertyType::boolean), R"({"b":"true"})",
                 "a boolean");
}

TEST(Lens, writes_where_it_reads_and_leaves_the_rest) {
    EXPECT_EQ(after_put(city, "Oslo", R"({"a":1,"address":{"zip":"0150"}})"),
              R"({"a":1,"address":{"zip":"0150","city":"Oslo"}})");
    EXPECT_EQ(after_put(city, "Oslo", R"({"address":null})"), R"({"address":{"city":"Oslo"}})");
    EXPECT_EQ(after_put(city, nullptr, R"({"address":{"city":"Oslo"}})"),
              R"({"address":{"city":null}})");
    expect_refused(city, "Oslo", R"({"address":"x"})", "no object");
}

TEST(Lens, an_empty_value_is_written_in_the_system_s_own_way) {
    Lens lens = city;
    lens.empty_is = {Value("")};
    EXPECT_EQ(after_put(lens, nullptr), R"({"address":{"city":""}})");
    lens.empty_is = {Value("N/A")};
    EXPECT_EQ(after_put(lens, nullptr), R"({"address":{"city":null}})") << "a mark is no blank";
    EXPECT_TRUE(got(lens, R"({"address":{"city":"N/A"}})").is_null());
    EXPECT_TRUE(equivalent(lens, "N/A", nullptr));

    Lens day = lens_of("d", FieldType::date, PropertyType::date);
    day.empty_is = {Value("0001-01-01")};
    EXPECT_EQ(after_put(day, nullptr), R"({"d":"0001-01-01"})");
    EXPECT_TRUE(got(day, R"({"d":"0001-01-01"})").is_null());
}

TEST(Lens, text_that_is_too_long_is_refused_or_cut_as_declared) {
    Lens lens = city;
    lens.max = 5;
    EXPECT_EQ(after_put(lens, "Zürìç"), R"({"address":{"city":"Zürìç"}})")
        << "characters, not bytes";
    expect_refused(lens, "Zürich", R"({"a":1})", "at most 5 characters and the value has 6");
    lens.truncates = true;
    EXPECT_EQ(after_put(lens, "Zürich"), R"({"address":{"city":"Züric"}})");
    EXPECT_TRUE(equivalent(lens, "Zürich", "Züric"));
    EXPECT_FALSE(equivalent(lens, "Zürich", "Züri"));
}

TEST(Lens, what_the_system_does_to_text_is_no_difference) {
    Lens lens = lens_of("v", FieldType::text, PropertyType::text);
    lens.forms = {TextForm::upper, TextForm::no_space};
    EXPECT_EQ(after_put(lens, "nl 12 ab"), R"({"v":"NL12AB"})");
    EXPECT_TRUE(equivalent(lens, "nl 12 ab", "NL12AB"));
    EXPECT_FALSE(equivalent(lens, "nl 12 ab", "NL12AC"));
    lens.forms = {};
    EXPECT_FALSE(equivalent(lens, "nl 12 ab", "NL12AB"));
}

TEST(Lens, money_is_exact_and_rounds_only_as_declared) {
    Lens lens = lens_of("price", FieldType::decimal, PropertyType::decimal);
    EXPECT_EQ(after_put(lens, number("12345678901234.5678")), R"({"price":12345678901234.5678})");
    EXPECT_FALSE(equivalent(lens, number("1.005"), number("1.01")));
    lens.decimals = 2;
    EXPECT_EQ(after_put(lens, number("1.005")), R"({"price":1.01})");
    EXPECT_TRUE(equivalent(lens, number("1.005"), number("1.01")));
    EXPECT_TRUE(equivalent(lens, number("1.10"), number("1.1")));

    Lens text = lens_of("price", FieldType::decimal_text, PropertyType::decimal);
    EXPECT_EQ(after_put(text, number("1.10")), R"({"price":"1.10"})");
    EXPECT_EQ(got(text, R"({"price":" 1.10 "})"), Value(number("1.1")));
    expect_drift(text, R"({"price":"1,10"})", "a number");
}

TEST(Lens, an_integer_field_takes_no_fraction) {
    const Lens lens = lens_of("n", FieldType::integer, PropertyType::decimal);
    EXPECT_EQ(after_put(lens, number("3.0")), R"({"n":3})");
    expect_refused(lens, number("3.5"), "{}", "no whole number");
}

TEST(Lens, a_reference_is_text_whatever_the_system_keeps) {
    const Lens whole = lens_of("customer", FieldType::integer, PropertyType::reference);
    EXPECT_EQ(got(whole, R"({"customer":4711})"), Value("4711"));
    EXPECT_EQ(after_put(whole, "4711"), R"({"customer":4711})");
    expect_refused(whole, "c-101", "{}", "no number");
    expect_refused(whole, "007", "{}", "no number");
    const Lens text = lens_of("customer_id", FieldType::text, PropertyType::reference);
    EXPECT_EQ(after_put(text, "c-101"), R"({"customer_id":"c-101"})");
}

TEST(Lens, listed_values_are_translated_and_unlisted_ones_are_not_guessed) {
    Lens lens = lens_of("blocked", FieldType::boolean, PropertyType::boolean);
    lens.values = {{Value(true), Value(false)}, {Value(false), Value(true)}};
    EXPECT_EQ(got(lens, R"({"blocked":true})"), Value(false));
    EXPECT_EQ(after_put(lens, Value(true)), R"({"blocked":false})");

    Lens stage = lens_of("s", FieldType::code, PropertyType::code);
    stage.values = {
        {Value("lead"), Value("L")}, {Value("quote"), Value("Q")}, {Value("offer"), Value("Q")}};
    EXPECT_EQ(after_put(stage, "offer"), R"({"s":"Q"})");
    EXPECT_EQ(got(stage, R"({"s":"Q"})"), Value("quote"));
    EXPECT_TRUE(equivalent(stage, "offer", "quote")) << "the system cannot tell them apart";
    expect_drift(stage, R"({"s":"X"})", "one of its declared values");
    expect_refused(stage, "order", "{}", "'order' is not among its declared values");
    stage.values_otherwise = Value("lead");
    EXPECT_EQ(got(stage, R"({"s":"X"})"), Value("lead"));
}

TEST(Lens, dates_and_times_convert_without_a_zone_slip) {
    const Lens date_in_time = lens_of("t", FieldType::instant, PropertyType::date);
    EXPECT_EQ(got(date_in_time, R"({"t":"2026-11-21T00:00:00Z"})"), Value("2026-11-21"));
    EXPECT_EQ(after_put(date_in_time, "2026-11-21"), R"({"t":"2026-11-21T00:00:00Z"})");
    const Lens time = lens_of("t", FieldType::instant, PropertyType::instant);
    EXPECT_EQ(got(time, R"({"t":"2026-11-21T12:20:00+01:00"})"), Value("2026-11-21T11:20:00Z"));
    EXPECT_TRUE(equivalent(time, "2026-11-21T12:20:00+01:00", "2026-11-21T11:20:00Z"));
}

TEST(Lens, odata_dates_are_days_as_if_the_milliseconds_were_utc) {
    Lens day = lens_of("d", FieldType::odata_date, PropertyType::date);
    EXPECT_EQ(got(day, R"({"d":"/Date(1704412800000)/"})"), Value("2024-01-05"));
    EXPECT_EQ(got(day, R"({"d":"/Date(1704499199999)/"})"), Value("2024-01-05"));
    EXPECT_EQ(got(day, R"({"d":"/Date(-1)/"})"), Value("1969-12-31"));
    EXPECT_EQ(after_put(day, "2024-01-05"), R"({"d":"/Date(1704412800000)/"})");
    EXPECT_EQ(after_put(day, "2024-01-05T23:59:59Z"), R"({"d":"/Date(1704412800000)/"})");
    EXPECT_EQ(after_put(day, Value()), R"({"d":null})");
    EXPECT_TRUE(equivalent(day, "2024-01-05", "2024-01-05T12:00:00Z"));
    expect_drift(day, R"({"d":"2024-01-05"})", "`d` holds text '2024-01-05', not a date");
    expect_drift(day, R"({"d":"/Date(soon)/"})", "not a date");
    expect_drift(day, R"({"d":1704412800000})", "not a date");
    // Year 292,277: a number it may be, a date it is not.
    expect_drift(day, R"({"d":"/Date(9223372036854775000)/"})", "not a date");
    day.empty_is = {Value("/Date(-62135596800000)/")};
    EXPECT_TRUE(got(day, R"({"d":"/Date(-62135596800000)/"})").is_null());
    EXPECT_EQ(after_put(day, Value()), R"({"d":"/Date(-62135596800000)/"})");
    const Lens moment = lens_of("d", FieldType::odata_date, PropertyType::instant);
    EXPECT_EQ(got(moment, R"({"d":"/Date(1704412800000)/"})"), Value("2024-01-05T00:00:00Z"));
}

TEST(Lens, a_constant_is_read_whatever_the_body_shows_and_never_written) {
    Lens stage;
    stage.type = PropertyType::code;
    stage.constant = Value("quote");
    EXPECT_EQ(got(stage, "{}"), Value("quote"));
    EXPECT_EQ(got(stage, R"({"stage":"order","":"x"})"), Value("quote"));
    Value changed = body(R"({"name":"x"})");
    EXPECT_TRUE(put(stage, "quote", changed).has_value());
    const auto refused = put(stage, "order", changed);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
    EXPECT_FALSE(put(stage, Value(), changed).has_value());
    EXPECT_EQ(json::write(changed), R"({"name":"x"})");
    EXPECT_TRUE(equivalent(stage, "quote", "quote"));
    EXPECT_FALSE(equivalent(stage, "quote", "order"));
}

TEST(Lens, types_have_their_own_meaning_of_equal) {
    Lens lens = lens_of("x", FieldType::text, PropertyType::email);
    EXPECT_TRUE(equivalent(lens, "Kari@Example.no", " kari@example.no"));
    lens.type = PropertyType::vat_number;
    EXPECT_TRUE(equivalent(lens, "NL 8123.45.678.B01", "nl812345678b01"));
    lens.type = PropertyType::phone;
    lens.country = "NO";
    EXPECT_TRUE(equivalent(lens, "+47 22 33 44 55", "22334455"));
    EXPECT_FALSE(equivalent(lens, "n/a", "unknown")) << "nothing in both is no agreement";
    lens.type = PropertyType::country;
    EXPECT_EQ(got(lens, R"({"x":"nl"})"), Value("NL"));
    lens.type = PropertyType::name;
    EXPECT_FALSE(equivalent(lens, "Acme BV", "ACME B.V.")) << "a name is compared exactly";
}

}  // namespace
}  // namespace entente::model
