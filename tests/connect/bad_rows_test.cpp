// Rows of a page that cannot be read: each is told with its number, its id if that can be read, and where in it the reason stands.
#include <gtest/gtest.h>

#include "connect/rest_records.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::Answer;
using sync::Call;
using sync::ListCall;
using sync::Outcome;

const Call list = ListCall{customers, {}, ""};

Answer shop_answer(const Call& call, const http::Response& response) {
    const TestSystem shop = webshop();
    return shop.connector().answer(call, response);
}

Answer erp_answer(const Call& call, const http::Response& response) {
    const TestSystem system = erp();
    return system.connector().answer(call, response);
}

// Goal: a row that cannot be read costs no other row (G16). Method: one bad row of each kind between two good ones.
TEST(bad_rows, a_bad_row_is_told_and_the_others_are_read) {
    struct Case {
        std::string row;
        const char* id;
        const char* why;
    };
    const Case cases[] = {
        {R"({"name":"no id"})", "", "expected an id at `id`, found none"},
        {R"({"id":null})", "", "expected an id at `id`, found none"},
        {R"({"id":""})", "", "expected text at `id`, found \"\""},
        {R"({"id":1.5})", "", "expected text at `id`, found 1.5"},
        {R"({"id":["c-9"]})", "", "expected text at `id`, found [\"c-9\"]"},
        {R"("c-9")", "", "expected a record, found \"c-9\""},
        {R"({"id":"c-9","updated_at":"soon"})", "c-9",
         "expected a time at `updated_at`, found \"soon\""},
        {R"({"id":"c-9","price":01.2})", "c-9", "at `price`"},
        {R"({"id":"c-9","price":1e999})", "c-9", "at `price`"},
        {R"({"id":"c-9","a":{"b":["x","Del\ud83dft"]}})", "c-9",
         "half of a surrogate pair at `a.b.1`"},
        {R"({"id":"c-9","n":1,"n":2})", "c-9", "the key \"n\" occurs twice at `n`"},
        {"{\"id\":\"c-9\",\"n\":\"\xff\"}", "c-9", "invalid UTF-8 at `n`"},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.row);
        const auto answer = shop_answer(
            list, json_response(200, R"({"items":[{"id":"c-1"},)" + c.row + R"(,{"id":"c-2"}]})"));
        ASSERT_EQ(answer.outcome, Outcome::ok) << answer.message;
        ASSERT_EQ(answer.records.size(), 2u);
        EXPECT_EQ(answer.records[0].external_id, "c-1");
        EXPECT_EQ(answer.records[1].external_id, "c-2");
        ASSERT_EQ(answer.bad_rows.size(), 1u);
        EXPECT_EQ(answer.bad_rows[0].number, 2u);
        EXPECT_EQ(answer.bad_rows[0].external_id, c.id);
        EXPECT_NE(answer.bad_rows[0].why.find(c.why), std::string::npos) << answer.bad_rows[0].why;
    }
}

TEST(bad_rows, rows_that_share_an_id_and_differ_are_bad_rows_each) {
    const auto differ = shop_answer(
        list,
        json_response(200, R"({"items":[{"id":"c-7","n":1},{"id":"c-1"},{"id":"c-7","n":2}]})"));
    ASSERT_EQ(differ.records.size(), 1u);
    EXPECT_EQ(differ.records[0].external_id, "c-1");
    ASSERT_EQ(differ.bad_rows.size(), 1u);
    EXPECT_EQ(differ.bad_rows[0].external_id, "c-7");
    EXPECT_EQ(differ.bad_rows[0].number, 3u);
    EXPECT_EQ(differ.bad_rows[0].why, "2 rows of one page have this id and differ");
    // The same row twice is no contradiction, but a walk that shows it may have passed over another one.
    const auto equal =
        shop_answer(list, json_response(200, R"({"items":[{"id":"c-7"},{"id":"c-7"}]})"));
    EXPECT_EQ(equal.records.size(), 2u);
    EXPECT_TRUE(equal.bad_rows.empty());
}

TEST(bad_rows, a_whole_number_is_an_id_where_ids_are_texts) {
    const auto answer = shop_answer(
        list, json_response(200, R"({"items":[{"id":17},{"id":18446744073709551615}]})"));
    ASSERT_EQ(answer.records.size(), 2u);
    EXPECT_EQ(answer.records[0].external_id, "17");
    EXPECT_EQ(answer.records[1].external_id, "18446744073709551615");
}

TEST(bad_rows, a_whole_number_beyond_64_bits_is_a_bad_row_where_ids_are_integers) {
    for (const char* row :
         {R"({"id":"4711"})", R"({"id":1.5})", R"({"id":18446744073709551615})"}) {
        const auto answer = erp_answer(
            list,
            json_response(200, R"({"data":[{"id":1},)" + std::string(row) + R"(,{"id":2}]})"));
        ASSERT_EQ(answer.outcome, Outcome::ok) << row;
        EXPECT_EQ(answer.records.size(), 2u) << row;
        EXPECT_EQ(answer.bad_rows.size(), 1u) << row;
    }
}

}  // namespace
}  // namespace entente::connect
