// Law: what is written is read back the same, for random values; and no bytes at all upset the
// reader.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "base/text.hpp"

namespace entente {
namespace {

// A text with all that needs care: quotes, control characters, and letters of two to four bytes.
std::string random_text() {
    static const std::vector<std::string> pieces = {"a",      "B",
                                                    "9",      " ",
                                                    "\"",     "\\",
                                                    "/",      "\n",
                                                    "\t",     std::string(1, '\0'),
                                                    "\x1f",   "\x7f",
                                                    "ø",      "ß",
                                                    "水",     "😀",
                                                    "\u2028", "long enough to be no short string"};
    std::string out;
    for (const auto& piece :
         *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) {
        out += piece;
    }
    return out;
}

Value random_value(int depth) {
    switch (*rc::gen::inRange(0, depth > 0 ? 7 : 5)) {
        case 0:
            return Value();
        case 1:
            return Value(*rc::gen::arbitrary<bool>());
        case 2:
            return Value(*rc::gen::arbitrary<std::int64_t>());
        case 3: {
            const std::string digits = std::to_string(*rc::gen::arbitrary<std::int64_t>());
            return Value(
                *Decimal::parse(digits + "e" + std::to_string(*rc::gen::inRange(-40, 60))));
        }
        case 4:
            return Value(random_text());
        case 5: {
            Value::List list;
            for (int n = *rc::gen::inRange(0, 5); n > 0; --n)
                list.push_back(random_value(depth - 1));
            return Value(std::move(list));
        }
        default:
            break;
    }
    Value object = Value::object();
    for (int n = *rc::gen::inRange(0, 6); n > 0; --n)
        object.set(random_text(), random_value(depth - 1));
    return object;
}

RC_GTEST_PROP(JsonLaw, what_is_written_is_read_back_the_same, ()) {
    const Value value = random_value(4);
    const std::string text = json::write(value);
    const Result<Value> again = json::read(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == value);
    RC_ASSERT(json::write(*again) == text);
}

RC_GTEST_PROP(JsonLaw, the_pretty_form_means_the_same, ()) {
    const Value value = random_value(3);
    const Result<Value> again = json::read(json::write_pretty(value));
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == value);
}

RC_GTEST_PROP(JsonLaw, a_text_with_one_byte_changed_is_refused_or_means_something_writable, ()) {
    std::string text = json::write(random_value(3));
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const Result<Value> out = json::read(text);
    if (!out) {
        RC_ASSERT(out.error().kind == ErrorKind::corrupt);
        return;
    }
    RC_ASSERT(text::is_utf8(json::write(*out)));
    RC_ASSERT(*json::read(json::write(*out)) == *out);
}

RC_GTEST_PROP(JsonLaw, brackets_and_commas_in_any_order_are_judged_without_harm, ()) {
    const std::string text =
        *rc::gen::container<std::string>(rc::gen::elementOf(std::string("[]{},:\"1a \\n-.")));
    const Result<Value> out = json::read(text);
    RC_ASSERT(!out || *json::read(json::write(*out)) == *out);
}

}  // namespace
}  // namespace entente
