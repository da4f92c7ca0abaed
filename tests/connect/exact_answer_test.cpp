// The answers of a connector of OData's kind: every envelope, what a create shows, rows of feeds, rights, and refusals. Method:
// the shipped connector exact-online.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "connect/rest_records.hpp"
#include "connect/time_of_change.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::Answer;
using sync::CreateCall;
using sync::ListCall;
using sync::Outcome;
using sync::ReadCall;
using sync::RightsCall;
using sync::SearchCall;
using sync::UpdateCall;

const std::string one = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const std::string two = "3f2504e0-4f89-11d3-9a0c-0305e82c3302";

class ExactAnswer : public ::testing::Test {
protected:
    ResourceIndex at(std::string_view name) const { return resource_named(system_, name); }
    Answer answer(const sync::Call& call, int status, const std::string& body) const {
        return connector_.answer(call, json_response(status, body));
    }
    Answer accounts(const std::string& body) const {
        return answer(ListCall{at("Accounts"), {}, ""}, 200, body);
    }
    static std::string row(const std::string& id) {
        return R"({"__metadata":{"uri":"u","type":"t"},"ID":")" + id + R"(","Name":"A"})";
    }

    TestSystem system_ = exact();
    RestConnector connector_ = system_.connector();
};

TEST_F(ExactAnswer, a_list_is_read_in_both_of_its_envelopes) {
    const Answer wrapped = accounts(R"({"d":{"results":[)" + row(one) + "," + row(two) + "]}}");
    EXPECT_EQ(wrapped.outcome, Outcome::ok);
    ASSERT_EQ(wrapped.records.size(), 2u);
    EXPECT_EQ(wrapped.records[1].external_id, two);
    EXPECT_EQ(wrapped.next, "");
    const Answer bare = accounts(R"({"d":[)" + row(one) + "]}");
    EXPECT_EQ(bare.outcome, Outcome::ok);
    ASSERT_EQ(bare.records.size(), 1u);
    EXPECT_EQ(bare.records[0].external_id, one);
    EXPECT_TRUE(accounts(R"({"d":{"results":[]}})").records.empty());
    EXPECT_EQ(accounts(R"({"d":[]})").outcome, Outcome::ok);
}

TEST_F(ExactAnswer, what_is_neither_envelope_is_not_read) {
    for (const std::string body :
         {R"({"d":{}})", R"({"d":null})", R"([])", R"({})", "<feed/>", R"({"d":{"results":{}}})"}) {
        const Answer answer = accounts(body);
        EXPECT_EQ(answer.outcome, Outcome::retry_later) << body;
        EXPECT_TRUE(answer.message.contains("`d.results` or `d`")) << answer.message;
    }
    EXPECT_EQ(accounts(R"({"d":)" + row(one) + "}").outcome, Outcome::retry_later)
        << "a single record is no list";
}

TEST_F(ExactAnswer, the_next_link_leads_on_and_only_at_home) {
    const std::string home =
        "http://127.0.0.1:4030/api/v1/1234567/crm/Accounts?$skiptoken=guid'" + one + "'";
    const auto page = [&](const std::string& next) {
        return accounts(R"({"d":{"results":[)" + row(one) + R"(],"__next":")" + next + R"("}})");
    };
    EXPECT_EQ(page(home).next, home);
    const Answer away = page("https://evil.example/api/v1/1234567/crm/Accounts");
    EXPECT_EQ(away.outcome, Outcome::retry_later);
    EXPECT_TRUE(away.records.empty());
    const Answer stuck = answer(ListCall{at("Accounts"), {}, home}, 200,
                                R"({"d":{"results":[],"__next":")" + home + R"("}})");
    EXPECT_EQ(stuck.outcome, Outcome::retry_later);
}

TEST_F(ExactAnswer, times_are_the_wall_of_the_declared_zone) {
    const Answer answer =
        accounts(R"({"d":[{"ID":")" + one + R"(","Modified":"/Date(1795258800123)/"}]})");
    ASSERT_EQ(answer.records.size(), 1u);
    EXPECT_EQ(answer.records[0].modified, parse_instant("2026-11-21T10:00:00.123Z").value())
        << "11:00:00.123 in Amsterdam";
}

TEST(rest_answer, only_times_without_a_zone_are_local) {
    const TimeZone amsterdam = TimeZone::open("Europe/Amsterdam").value();
    const Instant ten = parse_instant("2026-11-21T10:00:00Z").value();
    EXPECT_EQ(time_of_change("2026-11-21T11:00:00", &amsterdam).value(), ten);
    EXPECT_EQ(time_of_change("2026-11-21T10:00:00Z", &amsterdam).value(), ten);
    EXPECT_EQ(time_of_change("2026-11-21", &amsterdam).value(), ten - Duration{11 * 3'600'000});
    EXPECT_EQ(time_of_change("/Date(1795255200000+0000)/", &amsterdam).value(), ten);
    EXPECT_EQ(time_of_change("/Date(-3600000)/", &amsterdam).value(), Instant{-7'200'000});
}

TEST_F(ExactAnswer, a_read_by_filter_finds_one_none_or_too_many) {
    const ReadCall call{at("Accounts"), one};
    const auto read = [&](const std::string& rows) {
        return answer(call, 200, R"({"d":{"results":[)" + rows + "]}}");
    };
    EXPECT_EQ(read(row(one)).outcome, Outcome::ok);
    EXPECT_EQ(read(row(one)).records.size(), 1u);
    EXPECT_EQ(read("").outcome, Outcome::not_found);
    EXPECT_EQ(read(row(one) + "," + row(two)).outcome, Outcome::retry_later);
    EXPECT_EQ(read(row(two)).outcome, Outcome::retry_later) << "not the one that was asked for";
    EXPECT_EQ(answer(call, 200, R"({"d":[]})").outcome, Outcome::not_found);
    EXPECT_EQ(answer(call, 500, "").outcome, Outcome::retry_later);
}

TEST_F(ExactAnswer, a_create_that_shows_the_record_is_complete) {
    const CreateCall call{at("Accounts"), Value::object(), ""};
    const Answer made = answer(call, 201, R"({"d":)" + row(one) + "}");
    EXPECT_EQ(made.outcome, Outcome::ok);
    EXPECT_TRUE(made.complete);
    ASSERT_EQ(made.records.size(), 1u);
    EXPECT_EQ(made.records[0].external_id, one);
    EXPECT_EQ(*made.records[0].body.find("Name"), Value("A")) << "without its envelope";
}

TEST_F(ExactAnswer, a_create_that_shows_its_key_only_is_not) {
    const CreateCall call{at("SalesOrders"), Value::object(), ""};
    const Answer made = answer(call, 201, R"({"d":{"OrderID":")" + one + R"(","YourRef":null}})");
    EXPECT_EQ(made.outcome, Outcome::ok);
    EXPECT_FALSE(made.complete);
    ASSERT_EQ(made.records.size(), 1u);
    EXPECT_EQ(made.records[0].external_id, one);
    const Answer lost = answer(call, 201, R"({"d":{"OrderID":null}})");
    EXPECT_EQ(lost.outcome, Outcome::unknown) << "it was made, and nobody knows as what";
}

TEST_F(ExactAnswer, an_update_answers_nothing) {
    const UpdateCall call{at("Accounts"), one, Value::object(), ""};
    const Answer done = answer(call, 204, "");
    EXPECT_EQ(done.outcome, Outcome::ok);
    EXPECT_TRUE(done.records.empty());
}

TEST_F(ExactAnswer, rows_of_a_feed_show_their_version) {
    const ListCall call{at("SalesOrderLines"), {}, "", 5};
    const auto feed = [&](const std::string& version) {
        return answer(call, 200, R"({"d":{"results":[{"ID":")" + one + R"(",)" + version + "}]}}");
    };
    ASSERT_EQ(feed(R"("Timestamp":4711)").records.size(), 1u);
    EXPECT_EQ(feed(R"("Timestamp":4711)").records[0].row_version, 4711);
    EXPECT_EQ(feed(R"("Timestamp":"4711")").records.at(0).row_version, 4711);
    EXPECT_FALSE(feed(R"("Timestamp":4711)").records[0].modified.has_value());
    for (const std::string version : {R"("Item":1)", R"("Timestamp":null)", R"("Timestamp":1.5)",
                                      R"("Timestamp":"soon")", R"("Timestamp":0)"}) {
        const Answer page = feed(version);
        EXPECT_TRUE(page.records.empty()) << version;
        ASSERT_EQ(page.bad_rows.size(), 1u) << version;
        EXPECT_EQ(page.bad_rows[0].external_id, one) << version;
    }
}

TEST_F(ExactAnswer, what_is_no_feed_needs_no_version) {
    const std::string line = R"({"d":{"results":[{"ID":")" + one + R"("}]}})";
    EXPECT_EQ(answer(ReadCall{at("SalesOrderLines"), one}, 200, line).outcome, Outcome::ok);
    EXPECT_EQ(answer(ReadCall{at("SalesOrderLines"), one}, 200, line).records[0].row_version, 0);
}

TEST_F(ExactAnswer, a_taken_key_is_told_by_its_text_whatever_the_status) {
    const auto said = [](const std::string& text) {
        return R"({"error":{"code":"","message":{"lang":"en","value":")" + text + R"("}}})";
    };
    const CreateCall create{at("Items"), Value::object(), ""};
    for (const int status : {400, 409, 500}) {
        const Answer taken = answer(create, status, said("Data already exists: Code 4711"));
        EXPECT_EQ(taken.outcome, Outcome::already_exists) << status;
        EXPECT_EQ(taken.message, "Data already exists: Code 4711");
    }
    EXPECT_EQ(answer(create, 500, said("gegevens BESTAAN al: artikel")).outcome,
              Outcome::already_exists);
    EXPECT_EQ(answer(create, 500, said("Out of order")).outcome, Outcome::unknown);
    EXPECT_EQ(answer(create, 400, said("Mandatory: Description")).outcome, Outcome::rejected);
    EXPECT_EQ(answer(ListCall{at("Items"), {}, ""}, 500, said("Data already exists")).outcome,
              Outcome::retry_later);
}

TEST_F(ExactAnswer, rights_are_granted_denied_or_not_understood) {
    const RightsCall call{at("Accounts")};
    EXPECT_EQ(answer(call, 200, R"({"d":{"UserHasRights":true}})").outcome, Outcome::ok);
    const Answer denied = answer(call, 200, R"({"d":{"UserHasRights":false}})");
    EXPECT_EQ(denied.outcome, Outcome::forbidden);
    EXPECT_EQ(denied.message, "may not read crm/Accounts: its lists are empty for this user");
    for (const std::string body : {"", R"({"d":{}})", R"({"d":{"UserHasRights":"yes"}})", "<p>"}) {
        EXPECT_EQ(answer(call, 200, body).outcome, Outcome::retry_later) << body;
    }
    EXPECT_EQ(answer(call, 404, "").outcome, Outcome::retry_later);
    EXPECT_EQ(answer(call, 401, "<html>").outcome, Outcome::auth);
}

}  // namespace
}  // namespace entente::connect
