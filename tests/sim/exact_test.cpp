// The simulated Exact Online keeps the contract of docs/SIMULATED.md, address by address and envelope by envelope.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "fixture.hpp"
#include "sim/exact_ids.hpp"

namespace entente::sim::test {
namespace {

constexpr std::string_view root = "/api/v1/1234567/";

class ExactTest : public testing::Test {
protected:
    ExactTest() : client(exact_options()) {
        client.call_takes = Duration{1};  // which is 16 minutes of its clock
    }

    static std::string at(std::string_view set, const std::string& query = "") {
        return fmt::format("{}{}{}", root, set, query.empty() ? "" : "?" + query);
    }
    static std::string one(std::string_view set, const std::string& guid) {
        return fmt::format("{}{}(guid'{}')", root, set, guid);
    }
    static std::string filter(std::string_view set, const std::string& text) {
        return at(set, "$filter=" + http::percent_encode(text));
    }
    static Value::List rows(const Answer& answer) {
        const Value* list = answer.body.at_path("d.results");
        if (list == nullptr) list = answer.body.find("d");
        if (list == nullptr || !list->is_list()) {
            ADD_FAILURE() << answer.status << json::write(answer.body);
            return {};
        }
        return list->as_list();
    }
    static std::string shown(const Value& row, std::string_view field) {
        const Value* value = row.find(field);
        if (value == nullptr) return "(absent)";
        return value->is_text() ? value->as_text() : json::write(*value);
    }
    // Makes a record and gives its key.
    std::string make(std::string_view set, const std::string& body) {
        const Answer made = client.post(at(set), body);
        EXPECT_EQ(made.status, 201) << json::write(made.body);
        for (const char* key : {"d.ID", "d.OrderID", "d.QuotationID"}) {
            if (made.body.at_path(key) != nullptr) return made.at(key);
        }
        return "(no key)";
    }
    std::string account(const std::string& name = "Tolk B.V.") {
        return make(exact::accounts, fmt::format(R"({{"Name":"{}"}})", name));
    }
    std::string item(const std::string& code = "TEA-1") {
        return make(exact::items, fmt::format(R"({{"Code":"{}","Description":"Tea"}})", code));
    }
    std::string order(const std::string& customer, const std::string& product,
                      const std::string& reference = "W26-1") {
        return make(
            exact::sales_orders,
            fmt::format(R"({{"OrderedBy":"{}","OrderDate":"2026-03-01","YourRef":"{}",)"
                        R"("SalesOrderLines":[{{"Item":"{}","Quantity":2,"UnitPrice":1.5}},)"
                        R"({{"Item":"{}","Quantity":3}}]}})",
                        customer, reference, product, product));
    }
    Answer as_person(const std::string& method, const std::string& url,
                     const std::string& body = "") {
        return client.raw({method, url, {{"Authorization", "Bearer people:secret"}}, body});
    }

    Client client;
};

TEST_F(ExactTest, a_wrong_token_is_401_and_no_json) {
    const auto response = client.raw({"GET", at(exact::accounts), {}, ""});
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.header("Content-Type"), "text/html");
}

TEST_F(ExactTest, another_division_is_403_with_its_reason) {
    const Answer answer = client.get("/api/v1/7654321/crm/Accounts");
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.header("Reason"), "NoDivisionAccess");
    EXPECT_EQ(answer.header("X-RateLimit-Limit"), "");
}

TEST_F(ExactTest, me_tells_the_division_and_is_not_counted) {
    const Answer answer = client.get("/api/v1/current/Me");
    ASSERT_EQ(rows(answer).size(), 1u);
    EXPECT_EQ(shown(rows(answer)[0], "CurrentDivision"), "1234567");
    EXPECT_EQ(answer.header("X-RateLimit-Minutely-Remaining"), "");
    EXPECT_EQ(client.raw({"GET", "/api/v1/current/Me", {}, ""}).status, 401);
}

TEST_F(ExactTest, a_create_shows_the_key_alone_unless_it_is_asked_for_more) {
    const Answer bare = client.post(at(exact::accounts), R"({"Name":"Tolk B.V."})");
    ASSERT_EQ(bare.status, 201);
    EXPECT_EQ(bare.at("d.ID"), "acc00000-0000-4000-8000-000000000001");
    EXPECT_EQ(bare.at("d.Name"), "null");
    EXPECT_EQ(bare.at("d.Modified"), "null");
    const Answer whole = client.send("POST", at(exact::accounts), R"({"Name":" Vos ","Email":""})",
                                     {{"Prefer", "return=representation"}});
    ASSERT_EQ(whole.status, 201);
    EXPECT_EQ(whole.at("d.Name"), "Vos");
    EXPECT_EQ(whole.at("d.Email"), "null");
    EXPECT_EQ(whole.at("d.Status"), "A");
    EXPECT_EQ(whole.at("d.Code"), "                 2");
    EXPECT_EQ(*client.stats().find("creates"), Value(2));
}

TEST_F(ExactTest, orders_show_no_more_than_their_key_and_have_their_lines_elsewhere) {
    const std::string customer = account(), product = item();
    const Answer made = client.send(
        "POST", at(exact::sales_orders),
        fmt::format(R"({{"OrderedBy":"{}","YourRef":"W26-1","SalesOrderLines":[{{"Item":"{}"}}]}})",
                    customer, product),
        {{"Prefer", "return=representation"}});
    ASSERT_EQ(made.status, 201) << json::write(made.body);
    EXPECT_EQ(made.at("d.OrderID"), "5a1e0000-0000-4000-8000-000000000001");
    EXPECT_EQ(made.at("d.YourRef"), "null");
    const Answer read = client.get(one(exact::sales_orders, made.at("d.OrderID")));
    EXPECT_EQ(read.at("d.YourRef"), "W26-1");
    EXPECT_EQ(read.at("d.OrderNumber"), "1");
    EXPECT_EQ(read.at("d.Status"), "12");
    EXPECT_TRUE(read.at("d.SalesOrderLines.__deferred.uri")
                    .ends_with("(guid'5a1e0000-0000-4000-8000-000000000001')/SalesOrderLines"));
    const auto lines = rows(client.get(at(exact::sales_order_lines)));
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(shown(lines[0], "OrderID"), made.at("d.OrderID"));
    EXPECT_EQ(shown(lines[0], "LineNumber"), "1");
    EXPECT_EQ(shown(lines[0], "Timestamp"), "(absent)");
}

TEST_F(ExactTest, a_document_needs_lines_with_items) {
    const std::string customer = account(), product = item();
    const std::string refused[] = {
        fmt::format(R"({{"OrderedBy":"{}"}})", customer),
        fmt::format(R"({{"OrderedBy":"{}","SalesOrderLines":[]}})", customer),
        fmt::format(R"({{"OrderedBy":"{}","SalesOrderLines":[{{"Quantity":1}}]}})", customer),
        fmt::format(R"({{"SalesOrderLines":[{{"Item":"{}"}}]}})", product)};
    for (const std::string& body : refused) {
        const Answer answer = client.post(at(exact::sales_orders), body);
        EXPECT_EQ(answer.status, 400) << body;
        EXPECT_NE(answer.at("error.message.value"), "(absent)") << body;
    }
    EXPECT_EQ(*client.stats().at_path("records.salesorder/SalesOrderLines"), Value(0));
    EXPECT_EQ(client
                  .post(at(exact::quotations),
                        fmt::format(R"({{"OrderAccount":"{}","QuotationLines":[{{"Item":"{}"}}]}})",
                                    customer, product))
                  .status,
              201);
    const auto quotation = rows(client.get(at(exact::quotations)))[0];
    EXPECT_EQ(shown(quotation, "Status"), "25");
    EXPECT_EQ(shown(quotation, "VersionNumber"), "1");
    EXPECT_EQ(shown(quotation, "QuotationNumber"), "1");
}

TEST_F(ExactTest, put_changes_what_is_sent_and_answers_nothing) {
    const std::string customer = account();
    const Answer changed =
        client.put(one(exact::accounts, customer), R"({"Phone":"+31 20 1","Modified":"x"})");
    EXPECT_EQ(changed.status, 204);
    EXPECT_TRUE(changed.body.is_null());
    const Answer read = client.get(one(exact::accounts, customer));
    EXPECT_EQ(read.at("d.Phone"), "+31 20 1");
    EXPECT_EQ(read.at("d.Name"), "Tolk B.V.");
    EXPECT_EQ(*client.stats().find("writes"), Value(2));
}

TEST_F(ExactTest, who_ordered_is_fixed) {
    const std::string customer = account(), other = account("Vos"), product = item();
    const std::string url = one(exact::sales_orders, order(customer, product));
    EXPECT_EQ(client.put(url, fmt::format(R"({{"OrderedBy":"{}"}})", other)).status, 400);
    EXPECT_EQ(
        client.put(url, fmt::format(R"({{"OrderedBy":"{}","Remarks":"x"}})", customer)).status,
        204);
    EXPECT_EQ(client.get(url).at("d.Remarks"), "x");
}

TEST_F(ExactTest, removing_an_order_removes_its_lines) {
    const std::string customer = account(), product = item();
    const std::string url = one(exact::sales_orders, order(customer, product));
    EXPECT_EQ(client.send("DELETE", url).status, 204);
    EXPECT_EQ(client.get(url).status, 404);
    EXPECT_TRUE(rows(client.get(at(exact::sales_order_lines))).empty());
}

TEST_F(ExactTest, lines_are_a_set_of_their_own_and_do_not_move_their_order) {
    const std::string customer = account(), product = item();
    const std::string sold = order(customer, product);
    const auto modified = [&] {
        return client.get(one(exact::sales_orders, sold)).at("d.Modified");
    };
    const std::string before = modified();
    client.now = client.now + Duration{60'000};
    const std::string line = make(exact::sales_order_lines,
                                  fmt::format(R"({{"OrderID":"{}","Item":"{}"}})", sold, product));
    EXPECT_EQ(client.get(one(exact::sales_order_lines, line)).at("d.LineNumber"), "3");
    EXPECT_EQ(client.put(one(exact::sales_order_lines, line), R"({"Quantity":7})").status, 204);
    EXPECT_EQ(client.send("DELETE", one(exact::sales_order_lines, line)).status, 204);
    EXPECT_EQ(modified(), before);
    EXPECT_EQ(
        rows(client.get(filter(exact::sales_order_lines, fmt::format("OrderID eq guid'{}'", sold))))
            .size(),
        2u);
}

TEST_F(ExactTest, a_feed_shows_changed_lines_by_a_number_that_grows) {
    const std::string customer = account(), product = item();
    order(customer, product);
    const std::string feed = "sync/SalesOrder/SalesOrderLines";
    const auto first = rows(client.get(filter(feed, "Timestamp gt 0")));
    ASSERT_EQ(first.size(), 2u);
    const std::string last = shown(first[1], "Timestamp");
    EXPECT_LT(std::stoll(shown(first[0], "Timestamp")), std::stoll(last));
    EXPECT_TRUE(rows(client.get(filter(feed, fmt::format("Timestamp gt {}L", last)))).empty());
    const std::string line = shown(first[0], "ID");
    client.put(one(exact::sales_order_lines, line), R"({"Quantity":9})");
    const auto changed = rows(client.get(filter(feed, fmt::format("Timestamp gt {}", last))));
    ASSERT_EQ(changed.size(), 1u);
    EXPECT_EQ(shown(changed[0], "ID"), line);
    EXPECT_EQ(client.get(at(feed)).status, 400);
    EXPECT_EQ(client.get(filter(feed, "Quantity eq '9'")).status, 400);
    EXPECT_EQ(client.post(at(feed), "{}").status, 405);
}

TEST_F(ExactTest, a_feed_goes_on_behind_a_thousand_rows) {
    const std::string customer = account(), product = item();
    std::string lines;
    for (int i = 0; i < 400; ++i) lines += fmt::format(R"({{"Item":"{}"}},)", product);
    lines.pop_back();
    for (int i = 0; i < 3; ++i) {
        make(exact::quotations,
             fmt::format(R"({{"OrderAccount":"{}","QuotationLines":[{}]}})", customer, lines));
    }
    const Answer page = client.get(filter("sync/CRM/QuotationLines", "Timestamp gt 1"));
    EXPECT_EQ(rows(page).size(), 1000u);
    const std::string next = page.at("d.__next");
    const Answer rest = client.get(next.substr(next.find("/api")));
    EXPECT_EQ(rows(rest).size(), 200u);
    EXPECT_EQ(rest.at("d.__next"), "(absent)");
    EXPECT_EQ(shown(rows(rest)[199], "LineNumber"), "400");
}

TEST_F(ExactTest, a_list_has_sixty_rows_and_says_where_it_goes_on) {
    for (int i = 0; i < 130; ++i) account(fmt::format("A{}", i));
    std::string url = at(exact::accounts, "$select=Name");
    std::vector<std::string> names;
    std::vector<std::size_t> sizes;
    while (!url.empty()) {
        const Answer page = client.send("GET", url, "", {{"Host", "127.0.0.1:4711"}});
        for (const Value& row : rows(page)) names.push_back(shown(row, "Name"));
        sizes.push_back(rows(page).size());
        const std::string next = page.at("d.__next");
        EXPECT_TRUE(sizes.size() == 3 || next.starts_with("http://127.0.0.1:4711/api/v1/1234567/"));
        url = sizes.size() == 3 ? "" : next.substr(next.find("/api"));
    }
    EXPECT_EQ(sizes, (std::vector<std::size_t>{60, 60, 10}));
    EXPECT_EQ(names[0], "A0");
    EXPECT_EQ(names[129], "A129");
    EXPECT_EQ(client.get(at(exact::accounts, "$top=1")).at("d.__next"), "(absent)");
    EXPECT_EQ(rows(client.get(at(exact::accounts, "$top=1"))).size(), 1u);
}

TEST_F(ExactTest, a_short_list_of_accounts_is_bare_and_others_are_not) {
    account();
    item();
    EXPECT_TRUE(client.get(at(exact::accounts)).body.find("d")->is_list());
    EXPECT_TRUE(client.get(at(exact::items)).body.at_path("d.results")->is_list());
}

TEST_F(ExactTest, select_gives_the_chosen_fields_and_the_key) {
    const std::string product = item();
    const auto row = rows(client.get(at(exact::items, "$select=Code,Description")))[0];
    std::vector<std::string> names;
    for (const auto& [name, value] : row.as_object()) names.push_back(name);
    EXPECT_EQ(names, (std::vector<std::string>{"__metadata", "ID", "Code", "Description"}));
    EXPECT_EQ(row.at_path("__metadata.type")->as_text(), "Exact.Web.Api.Models.Logistics.Item");
    EXPECT_TRUE(row.at_path("__metadata.uri")->as_text().ends_with(one(exact::items, product)));
    EXPECT_EQ(client.get(at(exact::items, "$select=Colour")).status, 400);
    EXPECT_EQ(client.get(at(exact::items, "$select=")).status, 400);
}

TEST_F(ExactTest, filters_find_by_key_text_code_and_reference) {
    const std::string first = account("O'Neill and Sons"), second = account("Vos");
    const auto found = [&](const std::string& text) {
        return rows(client.get(filter(exact::accounts, text))).size();
    };
    EXPECT_EQ(found(fmt::format("ID eq guid'{}'", second)), 1u);
    EXPECT_EQ(found("ID eq guid'00000000-0000-0000-0000-000000000000'"), 0u);
    EXPECT_EQ(found("Name eq 'O''Neill and Sons'"), 1u);
    EXPECT_EQ(found("Name eq 'vos'"), 0u);
    EXPECT_EQ(found("Name eq 'Vos' and Status eq 'A'"), 1u);
    EXPECT_EQ(found("Name eq 'Vos' and Status eq 'C'"), 0u);
    EXPECT_EQ(found("Code eq '2'"), 0u);
    EXPECT_EQ(found("Code eq '                 2'"), 1u);
    EXPECT_EQ(found("trim(Code) eq '2'"), 1u);
    EXPECT_EQ(found("City eq 'Delft'"), 0u);
}

TEST_F(ExactTest, what_is_not_understood_is_400) {
    const std::string refused[] = {
        "$orderby=Name",
        "$skip=60",
        "$expand=SalesOrderLines",
        "$inlinecount=allpages",
        "$filter=" + http::percent_encode("Colour eq 'red'"),
        "$filter=" + http::percent_encode("Name eq 5"),
        "$filter=" + http::percent_encode("Name eq 'a' or Name eq 'b'"),
        "$filter=" + http::percent_encode("Name eq 'a'b'"),
        "$filter=" + http::percent_encode("Name eq guid'acc00000-0000-4000-8000-000000000001'"),
        "$filter=" + http::percent_encode("ID eq 'acc00000-0000-4000-8000-000000000001'"),
        "$filter=" + http::percent_encode("Modified ge datetime'yesterday'")};
    for (const std::string& query : refused) {
        EXPECT_EQ(client.get(at(exact::accounts, query)).status, 400) << query;
        client.now = client.now + Duration{10};  // an hour of this clock
    }
    EXPECT_EQ(client.get(fmt::format("{}crm/Accounts('x')", root)).status, 400);
    EXPECT_EQ(client.get(one(exact::accounts, "acc00000-0000-4000-8000-000000000001")).status, 404);
    EXPECT_EQ(client.get(at("crm/Nothing")).status, 404);
    EXPECT_EQ(client.post(at(exact::accounts), "[").status, 400);
}

TEST_F(ExactTest, modified_is_wall_time_in_amsterdam_and_filters_so) {
    client.now = parse_instant("2026-07-01T10:00:00.123Z").value();
    const std::string summer = account("Summer");
    client.now = parse_instant("2026-12-01T10:00:00.456Z").value();
    const std::string winter = account("Winter");
    // 12:00 and 11:00 on the wall, read as if they were UTC.
    EXPECT_EQ(client.get(one(exact::accounts, summer)).at("d.Modified"), "/Date(1782907200123)/");
    EXPECT_EQ(client.get(one(exact::accounts, winter)).at("d.Created"), "/Date(1796122800456)/");
    const auto since = [&](const std::string& time) {
        return rows(client.get(
                        filter(exact::accounts, fmt::format("Modified ge datetime'{}'", time))))
            .size();
    };
    EXPECT_EQ(since("2026-07-01T12:00:00"), 2u);
    EXPECT_EQ(since("2026-07-01T12:00:00.123"), 2u);
    EXPECT_EQ(since("2026-07-01T12:00:00.124"), 1u);
    EXPECT_EQ(since("2026-12-01T11:00:00.456"), 1u);
    EXPECT_EQ(since("2026-12-01T11:00:00.457"), 0u);
}

TEST_F(ExactTest, dates_are_midnight_however_they_are_written) {
    const std::string customer = account(), product = item();
    const std::string url = one(exact::sales_orders, order(customer, product));
    EXPECT_EQ(client.get(url).at("d.OrderDate"), "/Date(1772323200000)/");
    for (const char* text : {"/Date(1795219200000)/", "2026-11-21T00:00:00", "2026-11-21"}) {
        client.put(url, R"({"OrderDate":null})");
        EXPECT_EQ(client.get(url).at("d.OrderDate"), "null");
        EXPECT_EQ(client.put(url, fmt::format(R"({{"OrderDate":"{}"}})", text)).status, 204);
        EXPECT_EQ(client.get(url).at("d.OrderDate"), "/Date(1795219200000)/") << text;
    }
    EXPECT_EQ(client.put(url, R"({"OrderDate":"21.11.2026"})").status, 400);
}

TEST_F(ExactTest, what_must_be_unique_is_refused_with_500) {
    item("TEA-1");
    const Answer answer =
        client.post(at(exact::items), R"({"Code":"TEA-1","Description":"Other"})");
    EXPECT_EQ(answer.status, 500);
    EXPECT_TRUE(answer.at("error.message.value").starts_with("Data already exists: "));
    EXPECT_EQ(answer.at("error.code"), "");
    account();
    EXPECT_EQ(client.post(at(exact::accounts), R"({"Name":"Vos","Code":"1"})").status, 500);
}

TEST_F(ExactTest, an_account_number_that_is_taken_is_passed_over) {
    client.post(at(exact::accounts), R"({"Name":"First","Code":"2"})");
    EXPECT_EQ(client.get(one(exact::accounts, account("Second"))).at("d.Code"),
              "                 3");
}

TEST_F(ExactTest, too_long_a_name_is_refused_and_too_long_a_description_is_cut) {
    EXPECT_EQ(
        client.post(at(exact::accounts), fmt::format(R"({{"Name":"{}"}})", std::string(51, 'x')))
            .status,
        400);
    const std::string product = make(
        exact::items, fmt::format(R"({{"Code":"A","Description":"{} y"}})", std::string(59, 'x')));
    EXPECT_EQ(client.get(one(exact::items, product)).at("d.Description"), std::string(59, 'x'));
}

TEST_F(ExactTest, only_people_in_the_application_set_a_price) {
    const std::string product = item();
    EXPECT_EQ(client.put(one(exact::items, product), R"({"StandardSalesPrice":5})").status, 204);
    EXPECT_EQ(client.get(one(exact::items, product)).at("d.StandardSalesPrice"), "null");
    EXPECT_EQ(as_person("PUT", one(exact::items, product), R"({"StandardSalesPrice":5})").status,
              204);
    EXPECT_EQ(client.get(one(exact::items, product)).at("d.StandardSalesPrice"), "5");
}

TEST_F(ExactTest, after_a_kill_everything_is_as_it_was) {
    const TemporaryDirectory directory;
    SimOptions options = exact_options();
    options.directory = directory.path("exact");
    options.records = 60;
    Client kept(options);
    kept.call_takes = Duration{1};
    const auto all = [&] {
        std::string text;
        for (const auto set : {exact::accounts, exact::items, exact::quotations,
                               exact::sales_orders, exact::sales_order_lines}) {
            text += json::write(kept.get(at(set)).body);
        }
        return text +
               json::write(
                   kept.get(filter("sync/SalesOrder/SalesOrderLines", "Timestamp gt 0")).body);
    };
    const std::string product =
        kept.post(at(exact::items), R"({"Code":"A","Description":"Tea"})").at("d.ID");
    kept.post(at(exact::accounts), R"({"Name":"Vos"})");
    const std::string before = all();
    EXPECT_NE(before.find("Vos"), std::string::npos);
    kept.restart();
    EXPECT_EQ(all(), before);
    EXPECT_EQ(kept.post(at(exact::items), R"({"Code":"B","Description":"Tea"})").at("d.ID"),
              exact_guid(exact::items, *exact_number(exact::items, product) + 1));
}

TEST(ExactKeys, are_one_to_one_and_in_the_order_of_the_numbers) {
    EXPECT_LT(exact_guid(exact::items, 9), exact_guid(exact::items, 10));
    EXPECT_LT(exact_guid(exact::items, 999), exact_guid(exact::items, 1000));
    EXPECT_EQ(exact_number(exact::items, exact_guid(exact::items, 1017)), 1017);
    EXPECT_EQ(exact_number(exact::items, exact_guid(exact::accounts, 1017)), std::nullopt);
    EXPECT_EQ(exact_number(exact::items, "17E00000-0000-4000-8000-000000000001"), 1);
    EXPECT_EQ(exact_number(exact::items, "17e00000-0000-4000-8000-00000000000a"), std::nullopt);
    EXPECT_EQ(exact_number(exact::items, "17e00000-0000-4000-8000-+00000000001"), std::nullopt);
    EXPECT_EQ(exact_number(exact::items, ""), std::nullopt);
}

}  // namespace
}  // namespace entente::sim::test
