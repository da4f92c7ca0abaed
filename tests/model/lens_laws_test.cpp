// G20: every mapping of the shipped catalogue, and lenses odder than those, keep GetPut and PutGet
// modulo their declared equivalence, over values with null, empty, too long, Unicode and decimals.
// Method: RapidCheck draws canonical values and bodies per lens; a body is what a put leaves behind
// or what the declared type allows.
#include "loading.hpp"

#include <rapidcheck.h>

#include "base/json.hpp"
#include "base/time.hpp"
#include "model/lens.hpp"

namespace entente {

// How RapidCheck prints a counterexample.
void showValue(const Value& value, std::ostream& out) {
    out << json::write(value);
}

}  // namespace entente

namespace entente::model {
namespace {

constexpr std::int64_t far_ms = 4'000'000'000'000;

rc::Gen<std::string> pieces(const std::vector<std::string>& alphabet) {
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(alphabet)),
                        [](const std::vector<std::string>& parts) {
                            std::string out;
                            for (const std::string& part : parts) out += part;
                            return out;
                        });
}

rc::Gen<std::string> any_text(int max) {
    // Letters that grow when upper-cased, combining marks, spaces of several kinds, four-byte
    // characters.
    static const std::vector<std::string> odd{
        "a",  "B",      "ß", "ŉ", "İ", "ı", "e\u0301", "é", "Σ", "ς", "漢", "🙂", " ", "  ",
        "\t", "\u00a0", "-", ".", "0", "7", "@",       "+", "/", "'", "\"", "\\", "ﬁ"};
    const auto count = static_cast<std::size_t>(max);
    return rc::gen::oneOf(pieces(odd), pieces({"x", " "}), pieces({" "}),
                          rc::gen::just(std::string(count, 'm')),
                          rc::gen::just(std::string(count + 1, 'm')),
                          rc::gen::just(std::string(count - 1, 'm') + "ß"),
                          rc::gen::just(std::string(count - 1, 'm') + " m"));
}

rc::Gen<Decimal> any_decimal(int scale_max) {
    return rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(-far_ms, far_ms),
                                      rc::gen::inRange(0, scale_max + 1)),
                        [](const std::pair<std::int64_t, int>& parts) {
                            const std::string text =
                                std::to_string(parts.first) + "e-" + std::to_string(parts.second);
                            return Decimal::parse(text).value();
                        });
}

template <class T>
rc::Gen<Value> as_value(rc::Gen<T> gen) {
    return rc::gen::map(std::move(gen), [](const T& drawn) { return Value(drawn); });
}

rc::Gen<Value> any_instant() {
    return rc::gen::map(rc::gen::inRange<std::int64_t>(0, far_ms),
                        [](std::int64_t ms) { return Value(format_instant({ms})); });
}

rc::Gen<Value> any_date() {
    return rc::gen::map(rc::gen::inRange<std::int64_t>(0, far_ms),
                        [](std::int64_t ms) { return Value(date_of({ms})); });
}

// Canonical values: what other systems may have typed.
rc::Gen<Value> canonical(const Lens& lens) {
    const auto values = [&]() -> rc::Gen<Value> {
        switch (lens.type) {
            case PropertyType::integer:
                return as_value(any_decimal(0));
            case PropertyType::decimal:
                return as_value(any_decimal(6));
            case PropertyType::boolean:
                return as_value(rc::gen::arbitrary<bool>());
            case PropertyType::date:
                return any_date();
            case PropertyType::instant:
                return any_instant();
            case PropertyType::reference:
                return rc::gen::map(rc::gen::inRange<std::int64_t>(1, far_ms),
                                    [](std::int64_t id) { return Value(std::to_string(id)); });
            default:
                return as_value(any_text(lens.max.value_or(20)));
        }
    }();
    std::vector<Value> listed{Value(), Value("")};
    for (const auto& [ours, theirs] : lens.values) listed.push_back(ours);
    return rc::gen::oneOf(values, values, values, rc::gen::elementOf(listed));
}

// Bodies: what the system may show.
rc::Gen<Value> shown(const Lens& lens) {
    const auto values = [&]() -> rc::Gen<Value> {
        switch (lens.field) {
            case FieldType::integer:
                return as_value(any_decimal(0));
            case FieldType::decimal:
                return as_value(any_decimal(6));
            case FieldType::decimal_text:
                return rc::gen::map(any_decimal(6),
                                    [](const Decimal& d) { return Value(d.text()); });
            case FieldType::boolean:
                return as_value(rc::gen::arbitrary<bool>());
            case FieldType::date:
                return any_date();
            case FieldType::instant:
                return any_instant();
            case FieldType::odata_date:
                return rc::gen::map(rc::gen::inRange<std::int64_t>(-far_ms, far_ms),
                                    [](std::int64_t ms) { return Value(format_odata_date({ms})); });
            default:
                return as_value(any_text(lens.max.value_or(20)));
        }
    }();
    std::vector<Value> listed{Value()};
    for (const auto& [ours, theirs] : lens.values) listed.push_back(theirs);
    for (const Value& empty : lens.empty_is) listed.push_back(empty);
    return rc::gen::oneOf(values, values, rc::gen::elementOf(listed));
}

Value body_with(const Lens& lens, const Value& value) {
    Value body = Value::object();
    body.set("other", Value(1));
    body.set_path(lens.path, value);
    return body;
}

Value read_back(const Lens& lens, const Value& body) {
    const auto value = get(lens, body);
    RC_ASSERT(value.has_value());
    RC_ASSERT(value->has_value());
    return **value;
}

void check_put_get(const Lens& lens) {
    const Value value = *canonical(lens);
    const Value before = body_with(lens, *shown(lens));
    Value body = before;
    if (!put(lens, value, body)) {
        RC_ASSERT(json::write(body) == json::write(before));
        return;
    }
    const Value read = read_back(lens, body);
    RC_ASSERT(equivalent(lens, read, value));
    RC_ASSERT(equivalent(lens, value, read));
    RC_ASSERT(*body.find("other") == Value(1));
}

void check_get_put(const Lens& lens) {
    const Value before = body_with(lens, *shown(lens));
    const auto value = get(lens, before);
    if (!value) return;  // drift: nothing is written over what cannot be read
    Value body = before;
    RC_ASSERT(value->has_value());
    if (!put(lens, **value, body)) return;
    RC_ASSERT(equivalent(lens, read_back(lens, body), **value));
}

// What a put has settled never moves again: normalising twice is normalising once, to the letter.
void check_normalised(const Lens& lens) {
    Value body = body_with(lens, Value());
    if (!put(lens, *canonical(lens), body)) return;
    const Value once = read_back(lens, body);
    RC_ASSERT(put(lens, once, body).has_value());
    RC_ASSERT(json::write(read_back(lens, body)) == json::write(once));
}

void check_equivalence(const Lens& lens) {
    const Value a = *canonical(lens);
    const Value b = *canonical(lens);
    RC_ASSERT(equivalent(lens, a, a));
    RC_ASSERT(equivalent(lens, a, b) == equivalent(lens, b, a));
}

void expect_lawful(const std::string& name, const Lens& lens) {
    SCOPED_TRACE(name);
    EXPECT_TRUE(rc::check(name + " PutGet", [&] { check_put_get(lens); }));
    EXPECT_TRUE(rc::check(name + " GetPut", [&] { check_get_put(lens); }));
    EXPECT_TRUE(rc::check(name + " normalised", [&] { check_normalised(lens); }));
    EXPECT_TRUE(rc::check(name + " equivalence", [&] { check_equivalence(lens); }));
}

int check_every_mapping(const std::string& workspace_text) {
    const LoadResult result = load_text(workspace_text);
    EXPECT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    if (!result.workspace) return 0;
    int lenses = 0;
    for (const DataType& type : result.workspace->data_types) {
        for (const Mapping& mapping : type.map) {
            expect_lawful(type.full_name + "." + mapping.lens.path, mapping.lens);
            ++lenses;
        }
    }
    return lenses;
}

TEST(LensLaws, every_shipped_mapping_keeps_them) {
    EXPECT_EQ(check_every_mapping(good_workspace), 47);
    // The webshop's 23, and those of the connector of OData's kind.
    EXPECT_EQ(check_every_mapping(exact_workspace), 57);
}

TEST(LensLaws, odd_lenses_keep_them) {
    Lens cut;
    cut.path = "a.b";
    cut.max = 5;
    cut.truncates = true;
    cut.forms = {TextForm::squeeze, TextForm::upper, TextForm::trim};
    expect_lawful("cut", cut);

    Lens digits;
    digits.path = "d";
    digits.type = PropertyType::phone;
    digits.forms = {TextForm::digits};
    digits.max = 6;
    digits.country = "NL";
    digits.empty_is = {Value("0"), Value("")};
    expect_lawful("digits", digits);

    Lens money;
    money.path = "m";
    money.field = FieldType::decimal_text;
    money.type = PropertyType::decimal;
    money.decimals = 2;
    money.empty_is = {Value("0.00")};
    expect_lawful("money", money);

    Lens count;
    count.path = "c";
    count.field = FieldType::integer;
    count.type = PropertyType::decimal;
    count.empty_is = {Value(0)};
    expect_lawful("count", count);

    Lens stage;
    stage.path = "s";
    stage.field = FieldType::code;
    stage.type = PropertyType::code;
    stage.values = {{Value("lead"), Value("L")},
                    {Value("quote"), Value("Q")},
                    {Value("offer"), Value("Q")},
                    {Value("none"), Value("-")}};
    stage.values_otherwise = Value("lead");
    stage.empty_is = {Value("-")};
    expect_lawful("stage", stage);

    Lens day;
    day.path = "t";
    day.field = FieldType::instant;
    day.type = PropertyType::date;
    day.empty_is = {Value("0001-01-01T00:00:00Z")};
    expect_lawful("day", day);

    Lens moment;
    moment.path = "t";
    moment.field = FieldType::date;
    moment.type = PropertyType::instant;
    expect_lawful("moment", moment);
}

TEST(LensLaws, odata_days_and_constants_keep_them) {
    Lens odata_day;
    odata_day.path = "o";
    odata_day.field = FieldType::odata_date;
    odata_day.type = PropertyType::date;
    odata_day.empty_is = {Value("/Date(-62135596800000)/")};
    expect_lawful("odata_day", odata_day);
    odata_day.type = PropertyType::instant;
    expect_lawful("odata_moment", odata_day);

    Lens constant;
    constant.type = PropertyType::code;
    constant.access = Access::read;
    constant.constant = Value("quote");
    expect_lawful("constant", constant);
}

}  // namespace
}  // namespace entente::model
