// Responses become answers: every shape of success and error, and every way a body can lie.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "connect/rest_records.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::Answer;
using sync::Call;
using sync::CreateCall;
using sync::ListCall;
using sync::Outcome;
using sync::ReadCall;
using sync::SearchCall;
using sync::UpdateCall;

const Call list = ListCall{customers, {}, ""};
const Call read_call = ReadCall{customers, "c-1"};
const Call create = CreateCall{customers, Value::object(), ""};
const Call update = UpdateCall{customers, "c-1", Value::object(), ""};

Answer shop_answer(const Call& call, const http::Response& response) {
    const TestSystem shop = webshop();
    return shop.connector().answer(call, response);
}

Answer erp_answer(const Call& call, const http::Response& response) {
    const TestSystem system = erp();
    return system.connector().answer(call, response);
}

std::vector<std::string> ids_of(const Answer& answer) {
    std::vector<std::string> out;
    for (const auto& record : answer.records) out.push_back(record.external_id);
    return out;
}

bool says(const Answer& answer, std::string_view text) {
    return answer.message.find(text) != std::string::npos;
}

TEST(rest_answer, a_full_page_leads_to_the_next_and_a_short_one_ends) {
    const auto full = shop_answer(
        list, json_response(200, R"({"items":[{"id":"c-1"},{"id":"c-2"},{"id":"c-3"}],"page":1})"));
    EXPECT_EQ(full.outcome, Outcome::ok);
    EXPECT_EQ(ids_of(full), (std::vector<std::string>{"c-1", "c-2", "c-3"}));
    EXPECT_EQ(full.next, "2");
    EXPECT_TRUE(full.complete);
    const auto last = shop_answer(ListCall{customers, {}, "2"},
                                  json_response(200, R"({"items":[{"id":"c-4"}]})"));
    EXPECT_EQ(ids_of(last), std::vector<std::string>{"c-4"});
    EXPECT_EQ(last.next, "");
    const auto empty = shop_answer(list, json_response(200, R"({"items":[]})"));
    EXPECT_EQ(empty.outcome, Outcome::ok);
    EXPECT_TRUE(empty.records.empty());
    EXPECT_EQ(empty.next, "");
}

// A system that grants fewer rows a page than were asked for must not look as if it had no more.
TEST(rest_answer, a_page_that_is_full_by_the_systems_own_size_is_not_the_last) {
    const auto answer = shop_answer(
        list,
        json_response(200, R"({"items":[{"id":"c-1"},{"id":"c-2"}],"page":1,"page_size":2})"));
    EXPECT_EQ(answer.next, "2");
}

TEST(rest_answer, a_cursor_leads_on_until_it_is_null) {
    const auto more = erp_answer(list, json_response(200, R"({"data":[{"id":1}],"next":"abc"})"));
    EXPECT_EQ(ids_of(more), std::vector<std::string>{"1"});
    EXPECT_EQ(more.next, "abc");
    for (const char* end :
         {R"({"data":[],"next":null})", R"({"data":[]})", R"({"data":[],"next":""})"}) {
        const auto last = erp_answer(list, json_response(200, end));
        EXPECT_EQ(last.outcome, Outcome::ok) << end;
        EXPECT_EQ(last.next, "") << end;
    }
}

TEST(rest_answer, a_cursor_that_does_not_move_is_refused) {
    const auto answer = erp_answer(ListCall{customers, {}, "abc"},
                                   json_response(200, R"({"data":[{"id":1}],"next":"abc"})"));
    EXPECT_EQ(answer.outcome, Outcome::retry_later);
    EXPECT_TRUE(says(answer, "did not move"));
}

TEST(rest_answer, a_next_link_to_another_host_is_refused) {
    const auto answer = erp_answer(
        list,
        json_response(200, R"({"data":[{"id":1}],"next":"http://127.0.0.1:9/v1/customers"})"));
    EXPECT_EQ(answer.outcome, Outcome::retry_later);
    EXPECT_TRUE(says(answer, "leads away"));
    EXPECT_TRUE(answer.records.empty());
    const auto own = erp_answer(
        list, json_response(200, R"({"data":[],"next":"http://127.0.0.1:4020/v1/customers?p=2"})"));
    EXPECT_EQ(own.outcome, Outcome::ok);
    EXPECT_EQ(own.next, "http://127.0.0.1:4020/v1/customers?p=2");
}

TEST(rest_answer, an_expired_cursor_says_that_the_feed_must_restart) {
    const auto answer = erp_answer(ListCall{customers, {}, "old"},
                                   json_response(410, R"({"code":"gone","message":"expired"})"));
    EXPECT_EQ(answer.outcome, Outcome::retry_later);
    EXPECT_TRUE(says(answer, "the feed must restart"));
}

TEST(rest_answer, version_and_time_are_taken_from_the_record) {
    const auto answer = erp_answer(
        list,
        json_response(
            200,
            R"({"data":[{"id":4711,"etag":"\"17\"","modified":"2026-11-21T10:00:00.123Z"}]})"));
    ASSERT_EQ(answer.records.size(), 1u);
    EXPECT_EQ(answer.records[0].external_id, "4711");
    EXPECT_EQ(answer.records[0].etag, "17") << "a version has one form, however it is quoted";
    EXPECT_EQ(answer.records[0].modified, parse_instant("2026-11-21T10:00:00.123Z").value());
    EXPECT_EQ(json::write(answer.records[0].body),
              R"({"id":4711,"etag":"\"17\"","modified":"2026-11-21T10:00:00.123Z"})");
}

TEST(rest_answer, the_etag_header_counts_where_the_body_has_no_version) {
    http::Response response = json_response(200, R"({"id":"c-1"})");
    response.headers.emplace_back("etag", "\"v9\"");
    const auto answer = shop_answer(read_call, response);
    ASSERT_EQ(answer.records.size(), 1u);
    EXPECT_EQ(answer.records[0].etag, "\"v9\"");
}

// Met behind proxies that pack answers: the application knows its tag without their mark, and refuses all others.
TEST(rest_answer, a_tag_is_read_without_the_mark_of_who_packed_the_answer) {
    struct Case {
        const char *tag, *packed_as, *wanted;
    };
    for (const Case& c : {Case{"\"1-gzip\"", "gzip", "\"1\""}, Case{"\"1;gzip\"", "gzip", "\"1\""},
                          Case{"W/\"1-br\"", "br", "W/\"1\""}, Case{"\"1-gzip\"", "", "\"1-gzip\""},
                          Case{"\"1\"", "gzip", "\"1\""}, Case{"\"1-br\"", "gzip", "\"1-br\""}}) {
        http::Response response = json_response(200, R"({"id":"c-1"})");
        response.headers.emplace_back("ETag", c.tag);
        if (*c.packed_as) response.headers.emplace_back("Content-Encoding", c.packed_as);
        const auto answer = shop_answer(read_call, response);
        ASSERT_EQ(answer.records.size(), 1u);
        EXPECT_EQ(answer.records[0].etag, c.wanted) << c.tag << " " << c.packed_as;
    }
}

TEST(rest_answer, a_time_that_is_null_until_the_first_change_is_none) {
    const auto answer =
        shop_answer(list, json_response(200, R"({"items":[{"id":"c-1","updated_at":null}]})"));
    ASSERT_EQ(answer.records.size(), 1u);
    EXPECT_FALSE(answer.records[0].modified.has_value());
}

TEST(rest_answer, a_page_that_is_not_as_declared_is_not_read_at_all) {
    for (const char* body : {
             "",
             "<!DOCTYPE html><html><body>Service unavailable</body></html>",
             R"({"items":[{"id":"c-1"},{"id":)",
             R"({"items":[{"id":"c-1"}]} trailing)",
             R"({"items":{"id":"c-1"}})",
             R"({"data":[]})",
             R"([{"id":"c-1"}])",
             R"({"items":[],"items":[]})",
             R"({"items":[],"note":"\ud800"})",
         }) {
        const auto answer = shop_answer(list, json_response(200, body));
        EXPECT_EQ(answer.outcome, Outcome::retry_later) << body;
        EXPECT_TRUE(answer.records.empty()) << body;
        EXPECT_FALSE(answer.message.empty()) << body;
    }
    const char* no_cursor = R"({"data":[{"id":1}],"next":{"page":2}})";
    EXPECT_EQ(erp_answer(list, json_response(200, no_cursor)).outcome, Outcome::retry_later);
}

TEST(rest_answer, a_message_names_what_was_expected_and_what_was_found) {
    const std::string html = "<html>\n<h1>Oops</h1>" + std::string(500, 'x');
    const auto answer = shop_answer(list, json_response(200, html));
    EXPECT_TRUE(says(answer, "expected a list at `items`, found \"<html> <h1>Oops</h1>xxx"));
    EXPECT_LT(answer.message.size(), 250u);
}

TEST(rest_answer, a_read_must_answer_the_record_that_was_asked_for) {
    EXPECT_EQ(shop_answer(read_call, json_response(200, R"({"id":"c-1","name":"x"})")).outcome,
              Outcome::ok);
    EXPECT_EQ(shop_answer(read_call, json_response(200, R"({"id":"c-2"})")).outcome,
              Outcome::retry_later);
    EXPECT_EQ(shop_answer(read_call, json_response(204, "")).outcome, Outcome::retry_later);
    EXPECT_EQ(shop_answer(update, json_response(200, R"({"id":"c-2"})")).outcome, Outcome::unknown);
}

TEST(rest_answer, a_write_that_answers_its_record_or_nothing_is_ok) {
    const auto created = shop_answer(create, json_response(201, R"({"id":"c-9"})"));
    EXPECT_EQ(created.outcome, Outcome::ok);
    EXPECT_EQ(ids_of(created), std::vector<std::string>{"c-9"});
    for (const int status : {200, 201, 204}) {
        const auto empty = shop_answer(update, json_response(status, ""));
        EXPECT_EQ(empty.outcome, Outcome::ok) << status;
        EXPECT_TRUE(empty.records.empty()) << status;
    }
}

// One version has one form, however it is quoted: it is compared with what bodies show.
TEST(rest_answer, a_silent_answer_tells_the_version_that_it_made) {
    http::Response silent = json_response(204, "");
    silent.headers.emplace_back("ETag", "\"7\"");
    EXPECT_EQ(erp_answer(update, silent).version, "7");
    EXPECT_EQ(erp_answer(update, json_response(204, "")).version, "");
    silent.headers.back().second = "W/\"7\"";
    EXPECT_EQ(erp_answer(update, silent).version, "W/\"7\"") << "weak: as it came";
}

// The write may well have been executed: the probe must find out.
TEST(rest_answer, a_write_with_an_unreadable_answer_is_of_unknown_outcome) {
    for (const Call& write : {create, update}) {
        for (const char* body : {"<html>login</html>", R"({"id":"c-1")", R"({"ok":true})", "[]"}) {
            EXPECT_EQ(shop_answer(write, json_response(200, body)).outcome, Outcome::unknown)
                << body;
        }
        EXPECT_EQ(shop_answer(write, json_response(202, "")).outcome, Outcome::unknown);
    }
}

struct ErrorCase {
    int status;
    Outcome read, create, update;
};

TEST(rest_answer, every_status_has_one_meaning_for_reads_and_for_writes) {
    using enum Outcome;
    const std::vector<ErrorCase> cases = {
        {301, retry_later, rejected, rejected},
        {302, retry_later, rejected, rejected},
        {304, retry_later, rejected, rejected},
        {400, rejected, rejected, rejected},
        {401, auth, auth, auth},
        {403, forbidden, forbidden, forbidden},
        {404, not_found, rejected, not_found},
        {405, rejected, rejected, rejected},
        {408, retry_later, unknown, unknown},
        {409, rejected, rejected, rejected},
        {410, not_found, rejected, not_found},
        {412, rejected, rejected, precondition_failed},
        {413, rejected, rejected, rejected},
        {422, rejected, rejected, rejected},
        {428, rejected, rejected, rejected},
        {429, retry_later, retry_later, retry_later},
        {500, retry_later, unknown, unknown},
        {501, retry_later, rejected, rejected},
        {502, retry_later, unknown, unknown},
        {503, retry_later, unknown, unknown},
        {504, retry_later, unknown, unknown},
        {505, retry_later, rejected, rejected},
        {100, retry_later, unknown, unknown},
        {0, retry_later, unknown, unknown},
        {799, retry_later, unknown, unknown},
    };
    for (const ErrorCase& c : cases) {
        const auto response = json_response(c.status, R"({"error":{"message":"no"}})");
        EXPECT_EQ(shop_answer(read_call, response).outcome, c.read) << c.status;
        EXPECT_EQ(shop_answer(create, response).outcome, c.create) << c.status;
        EXPECT_EQ(shop_answer(update, response).outcome, c.update) << c.status;
        EXPECT_FALSE(shop_answer(update, response).message.empty()) << c.status;
    }
}

TEST(rest_answer, a_list_that_is_not_there_says_nothing_about_its_records) {
    EXPECT_EQ(shop_answer(list, json_response(404, "")).outcome, Outcome::retry_later);
    EXPECT_EQ(shop_answer(SearchCall{customers, {{"email", "x"}}}, json_response(404, "")).outcome,
              Outcome::retry_later);
}

TEST(rest_answer, the_systems_message_and_field_are_handed_on) {
    const auto shop = shop_answer(
        create, json_response(
                    422, R"({"error":{"code":"invalid","message":"sku is taken","field":"sku"}})"));
    EXPECT_EQ(shop.outcome, Outcome::rejected);
    EXPECT_EQ(shop.message, "sku is taken");
    EXPECT_EQ(shop.field, "sku");
    const auto other = erp_answer(
        create,
        json_response(
            422, R"({"code":"validation","message":"too long","details":[{"field":"city"}]})"));
    EXPECT_EQ(other.outcome, Outcome::rejected);
    EXPECT_EQ(other.field, "city");
}

TEST(rest_answer, a_taken_key_is_told_from_other_refusals_by_its_code) {
    const auto taken = json_response(409, R"({"code":"duplicate","message":"item_code is taken"})");
    EXPECT_EQ(erp_answer(create, taken).outcome, Outcome::already_exists);
    EXPECT_EQ(erp_answer(UpdateCall{customers, "1", Value::object(), "17"}, taken).outcome,
              Outcome::already_exists);
    EXPECT_EQ(erp_answer(create, json_response(500, R"({"code":"duplicate"})")).outcome,
              Outcome::already_exists);
    EXPECT_EQ(erp_answer(create, json_response(409, R"({"code":"busy"})")).outcome,
              Outcome::rejected);
    EXPECT_EQ(erp_answer(ReadCall{customers, "1"}, taken).outcome, Outcome::rejected);
}

TEST(rest_answer, a_system_may_say_stale_in_its_own_way) {
    TestSystem system = erp();
    system.rest().precondition_failed = {409, 412};
    const RestConnector connector = system.connector();
    const auto stale = json_response(409, R"({"code":"stale"})");
    EXPECT_EQ(connector.answer(UpdateCall{customers, "1", Value::object(), "17"}, stale).outcome,
              Outcome::precondition_failed);
    EXPECT_EQ(connector.answer(create, stale).outcome, Outcome::rejected);
}

TEST(rest_answer, an_error_inside_a_200_is_an_error) {
    TestSystem shop = webshop();
    shop.rest().error_inside_ok_at = "error";
    shop.rest().already_exists_codes = {"exists"};
    const RestConnector connector = shop.connector();
    const auto refused = json_response(200, R"({"error":{"message":"quota of the year"}})");
    EXPECT_EQ(connector.answer(update, refused).outcome, Outcome::rejected);
    EXPECT_EQ(connector.answer(update, refused).message, "quota of the year");
    EXPECT_EQ(connector.answer(list, refused).outcome, Outcome::rejected);
    const auto exists = json_response(200, R"({"error":{"code":"exists"}})");
    EXPECT_EQ(connector.answer(create, exists).outcome, Outcome::already_exists);
    const auto fine = json_response(200, R"({"id":"c-1","error":null})");
    EXPECT_EQ(connector.answer(update, fine).outcome, Outcome::ok);
}

TEST(rest_answer, a_pause_is_as_long_as_the_system_asks) {
    http::Response response = json_response(429, "");
    response.headers.emplace_back("Retry-After", "7");
    EXPECT_EQ(shop_answer(create, response).retry_after, Duration{7000});
    response.headers = {{"Date", "Sat, 21 Nov 2026 11:20:30 GMT"},
                        {"Retry-After", "Sat, 21 Nov 2026 11:20:34 GMT"}};
    EXPECT_EQ(shop_answer(create, response).retry_after, Duration{4000});
    response.status = 503;
    EXPECT_EQ(shop_answer(read_call, response).retry_after, Duration{4000});
    EXPECT_EQ(shop_answer(update, response).outcome, Outcome::unknown);
    response.headers = {{"Retry-After", "soon"}};
    EXPECT_EQ(shop_answer(create, response).retry_after, Duration{0});
    response.headers = {{"Retry-After", "99999999999999"}};
    EXPECT_EQ(shop_answer(create, response).retry_after, Duration{24LL * 3600 * 1000});
}

TEST(rest_answer, a_redirect_is_named_and_not_followed) {
    http::Response response{302, {{"Location", "https://evil.example/"}}, ""};
    const auto answer = shop_answer(update, response);
    EXPECT_TRUE(says(answer, "answers with a redirect (302), which is never followed"));
}

TEST(rest_answer, a_secret_that_the_system_repeats_is_masked) {
    const auto answer = shop_answer(
        list, json_response(401, R"({"error":{"message":"key key-of-the-shop is unknown"}})"));
    EXPECT_EQ(answer.outcome, Outcome::auth);
    EXPECT_EQ(answer.message, "key *** is unknown");
    const auto html = shop_answer(list, json_response(200, "<p>X-Api-Key: key-of-the-shop</p>"));
    EXPECT_FALSE(says(html, "key-of-the-shop"));
    const TestSystem shop = webshop();
    const auto lost =
        shop.connector().failure(list, {FailureKind::not_sent, "cannot reach key-of-the-shop"});
    EXPECT_EQ(lost.message, "cannot reach ***");
}

// Goal: of a secret that a cut goes through, nothing is told. Method: the answer that repeats it is longer by one character each time,
// in each place that tells a part of an answer.
TEST(rest_answer, a_secret_is_masked_before_the_text_around_it_is_cut) {
    const std::string secret = "key-of-the-shop";
    const auto expect_hidden = [&](const Answer& answer) {
        std::string told = answer.message + answer.field;
        for (const auto& bad : answer.bad_rows) told += bad.why;
        EXPECT_FALSE(told.contains("key-")) << told;
    };
    for (std::size_t before = 0; before < 310; ++before) {
        const std::string long_text = std::string(before, 'x') + secret;
        expect_hidden(shop_answer(list, json_response(200, "<p>" + long_text)));
        expect_hidden(shop_answer(list, json_response(500, long_text)));
        expect_hidden(shop_answer(
            create, json_response(400, R"({"error":{"message":")" + long_text + R"("}})")));
        expect_hidden(shop_answer(
            list, json_response(200, R"({"items":[{"id":{"a":")" + long_text + R"("}}]})")));
    }
}

TEST(rest_answer, a_row_that_repeats_a_secret_is_told_without_it_and_the_others_are_read) {
    const auto answer = shop_answer(
        list, json_response(200, R"({"items":[{"id":["key-of-the-shop"]},)"
                                 R"({"id":"c-2","updated_at":"2026-11-21T10:00:00Z"}]})"));
    EXPECT_EQ(answer.outcome, Outcome::ok);
    EXPECT_EQ(answer.records.size(), 1u);
    ASSERT_EQ(answer.bad_rows.size(), 1u);
    EXPECT_TRUE(answer.bad_rows.front().why.contains("***")) << answer.bad_rows.front().why;
    EXPECT_FALSE(answer.bad_rows.front().why.contains("shop")) << answer.bad_rows.front().why;
}

TEST(rest_answer, what_the_transport_lost_is_unknown_for_writes_only) {
    const TestSystem shop = webshop();
    const RestConnector connector = shop.connector();
    const auto outcome = [&](const Call& call, FailureKind kind) {
        return connector.failure(call, {kind, "text"}).outcome;
    };
    EXPECT_EQ(outcome(update, FailureKind::not_sent), Outcome::retry_later);
    EXPECT_EQ(outcome(update, FailureKind::tls), Outcome::retry_later);
    EXPECT_EQ(outcome(update, FailureKind::no_answer), Outcome::unknown);
    EXPECT_EQ(outcome(create, FailureKind::too_large), Outcome::unknown);
    EXPECT_EQ(outcome(list, FailureKind::no_answer), Outcome::retry_later);
    EXPECT_EQ(outcome(read_call, FailureKind::too_large), Outcome::retry_later);
}

// Goal: no answer of a system can crash us or be taken for a record it is not. Method: random
// bytes, and random damage to good bodies, under every status; what is ok must hold well-formed
// records, and messages must be fit to be kept.
TEST(rest_answer, random_bytes_never_crash_and_messages_stay_printable) {
    const TestSystem shop = webshop();
    const TestSystem other = erp();
    const RestConnector connectors[] = {shop.connector(), other.connector()};
    const std::string good =
        R"({"items":[{"id":"c-1","updated_at":"2026-11-21"}],"data":[{"id":1,"etag":"1"}],)"
        R"("next":"x","error":{"code":"c","message":"m"},"details":[{"field":"f"}]})";
    const std::vector<Call> calls = {list, read_call, create, update,
                                     SearchCall{customers, {{"email", "x"}}}};
    Random random(7, "rest_answer");
    for (int i = 0; i < 20'000; ++i) {
        std::string body = random.chance(50) ? good : std::string(random.below(200), ' ');
        const auto damage = random.below(body.size() + 1);
        for (std::uint64_t k = 0; k < damage && k < 5 + body.size() * (i % 2); ++k) {
            body[random.below(body.size())] = static_cast<char>(random.below(256));
        }
        if (random.chance(20)) body.resize(random.below(body.size() + 1));
        const int status = random.chance(50) ? 200 : static_cast<int>(random.below(700));
        const auto& connector = connectors[random.below(2)];
        const auto answer =
            connector.answer(calls[random.below(calls.size())], json_response(status, body));
        if (answer.outcome == Outcome::ok) {
            for (const auto& record : answer.records) EXPECT_FALSE(record.external_id.empty());
        } else {
            EXPECT_TRUE(answer.records.empty());
            EXPECT_FALSE(answer.message.empty());
            EXPECT_TRUE(text::is_utf8(answer.message));
            EXPECT_LT(answer.message.size(), 2000u);
        }
    }
}

}  // namespace
}  // namespace entente::connect
