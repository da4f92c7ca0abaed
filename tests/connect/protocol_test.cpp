// What the generic protocols do with YAML alone: the literals, envelopes and links of both OData versions, and the kinds of
// paging. Method: connectors written out in the test; requests and answers are compared with the protocols' texts.
#include <gtest/gtest.h>

#include "base/http.hpp"
#include "base/json.hpp"
#include "systems.hpp"

namespace entente::connect {
namespace {

using sync::ListCall;
using sync::Outcome;
using sync::ReadCall;
using sync::SearchCall;
using sync::UpdateCall;

constexpr ResourceIndex things{0};
const std::string guid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
const Instant since = parse_instant("2026-11-21T10:00:00Z").value();

std::string things_with(std::string_view key, std::string_view more = "") {
    return "resource: things\npath: /Things\nkey: {property: ID, type: " + std::string(key) +
           "}\n"
           "create: {grade: searchable, search: [Name, Owner, Size, Price, Day, Open],"
           " visible_after: 0s, late_execution: 1s}\n" +
           std::string(more) +
           "properties:\n"
           "  Name: {type: text, required: true}\n"
           "  Owner: {type: guid}\n"
           "  Size: {type: integer}\n"
           "  Price: {type: decimal}\n"
           "  Day: {type: date}\n"
           "  Open: {type: boolean}\n"
           "data_types: {Thing: {model: organisation, map: {name: Name}}}\n";
}

class Connected {
public:
    explicit Connected(std::string_view connector, std::string resource)
        : system_(declared(connector, {std::move(resource)})), connector_(system_.connector()) {}

    std::string url(const sync::Call& call) const {
        const auto request = connector_.request(call);
        return request ? http::percent_decode(request->url) : "error: " + request.error().text;
    }
    std::string method(const sync::Call& call) const { return connector_.request(call)->method; }
    // Behind the question mark, without the fields.
    std::string filter(std::string_view path, Value value) const {
        const std::string asked = url(SearchCall{things, {{std::string(path), std::move(value)}}});
        const std::size_t at = asked.find("$filter=");
        return asked.substr(at, asked.find('&') - at);
    }
    sync::Answer answer(const sync::Call& call, const http::Response& response) const {
        return connector_.answer(call, response);
    }

private:
    TestSystem system_;
    RestConnector connector_;
};

Connected odata_v4() {
    return Connected("protocol: odata-v4\nmodified: {property: Changed}\n", things_with("guid"));
}

Connected odata_v2() {
    return Connected("protocol: odata-v2\nmodified: {property: Changed}\n", things_with("guid"));
}

TEST(protocol, odata_v4_writes_values_bare_but_for_text) {
    const Connected system = odata_v4();
    EXPECT_EQ(system.filter("Name", "O'Hara"), "$filter=Name eq 'O''Hara'");
    EXPECT_EQ(system.filter("Owner", guid), "$filter=Owner eq " + guid);
    EXPECT_EQ(system.filter("Size", 7), "$filter=Size eq 7");
    EXPECT_EQ(system.filter("Price", Decimal::parse("1.50").value()), "$filter=Price eq 1.50");
    EXPECT_EQ(system.filter("Day", "2026-11-21"), "$filter=Day eq 2026-11-21");
    EXPECT_EQ(system.filter("Open", true), "$filter=Open eq true");
    EXPECT_TRUE(system.url(ListCall{things, since, ""})
                    .contains("$filter=Changed ge 2026-11-21T10:00:00.000Z"));
    EXPECT_TRUE(system.url(ReadCall{things, guid})
                    .starts_with("https://other.example/api/Things(" + guid + ")"));
}

TEST(protocol, odata_v2_names_the_types_of_its_values) {
    const Connected system = odata_v2();
    EXPECT_EQ(system.filter("Name", "O'Hara"), "$filter=Name eq 'O''Hara'");
    EXPECT_EQ(system.filter("Owner", guid), "$filter=Owner eq guid'" + guid + "'");
    EXPECT_EQ(system.filter("Size", 7), "$filter=Size eq 7");
    EXPECT_EQ(system.filter("Price", Decimal::parse("1.50").value()), "$filter=Price eq 1.50M");
    EXPECT_EQ(system.filter("Day", "2026-11-21"), "$filter=Day eq datetime'2026-11-21T00:00:00'");
    EXPECT_TRUE(system.url(ListCall{things, since, ""})
                    .contains("$filter=Changed ge datetime'2026-11-21T10:00:00.000Z'"));
    EXPECT_TRUE(system.url(ReadCall{things, guid})
                    .starts_with("https://other.example/api/Things(guid'" + guid + "')"));
}

TEST(protocol, the_address_of_a_record_follows_the_type_of_its_key) {
    const auto address = [](std::string_view key, std::string_view of) {
        const Connected system("protocol: odata-v4\n", things_with(key));
        const std::string url = system.url(ReadCall{things, std::string(of)});
        return url.substr(0, url.find('?'));
    };
    EXPECT_EQ(address("text", "A'1"), "https://other.example/api/Things('A''1')");
    EXPECT_EQ(address("integer", "17"), "https://other.example/api/Things(17)");
    EXPECT_EQ(address("guid", guid), "https://other.example/api/Things(" + guid + ")");
}

TEST(protocol, a_guid_that_is_none_never_becomes_part_of_a_question) {
    EXPECT_EQ(odata_v4().url(SearchCall{things, {{"Owner", "x or 1 eq 1"}}}),
              "error: `x or 1 eq 1` cannot stand there without quotes");
    EXPECT_EQ(odata_v2().url(SearchCall{things, {{"Owner", "x' or 1 eq 1"}}}),
              "error: `x' or 1 eq 1` is no GUID");
}

TEST(protocol, both_odata_envelopes_are_opened) {
    const sync::Answer v4 =
        odata_v4().answer(ListCall{things, {}, ""},
                          json_response(200, R"({"value":[{"ID":"a","@odata.etag":"W/\"1\""}],)"
                                             R"("@odata.nextLink":"Things?$skiptoken=2"})"));
    ASSERT_EQ(v4.outcome, Outcome::ok) << v4.message;
    EXPECT_EQ(v4.records.at(0).etag, "W/\"1\"");
    EXPECT_EQ(v4.next, "Things?$skiptoken=2");
    for (const char* body : {R"({"d":{"results":[{"ID":"a"}],"__next":"Things?$skiptoken=2"}})",
                             R"({"d":[{"ID":"a"}]})"}) {
        const sync::Answer v2 =
            odata_v2().answer(ListCall{things, {}, ""}, json_response(200, body));
        ASSERT_EQ(v2.outcome, Outcome::ok) << v2.message;
        EXPECT_EQ(v2.records.at(0).external_id, "a");
    }
    const sync::Answer single =
        odata_v2().answer(ReadCall{things, "a"}, json_response(200, R"({"d":{"ID":"a"}})"));
    EXPECT_EQ(single.records.at(0).external_id, "a");
}

TEST(protocol, both_odata_errors_are_read) {
    const sync::Call update = UpdateCall{things, guid, Value::object(), ""};
    EXPECT_EQ(odata_v4()
                  .answer(update, json_response(400, R"({"error":{"code":"E","message":"no"}})"))
                  .message,
              "no");
    EXPECT_EQ(odata_v2()
                  .answer(update, json_response(400, R"({"error":{"code":"E","message":)"
                                                     R"({"lang":"en","value":"no"}}})"))
                  .message,
              "no");
}

TEST(protocol, what_the_file_says_counts_more_than_the_protocol) {
    const Connected merging("protocol: odata-v2\nupdate: {verb: MERGE}\n", things_with("guid"));
    EXPECT_EQ(merging.method(UpdateCall{things, guid, Value::object(), ""}), "MERGE");
    const Connected system(
        "protocol: odata-v4\nrecord: \"{path}/{id}\"\nlist: {rows: items}\n"
        "modified: {property: Changed, filter: {parameter: $filter, value: \"x gt {time}\"}}\n"
        "paging: {kind: link, next: more}\nselect: fields\n",
        things_with("guid"));
    EXPECT_TRUE(system.url(ReadCall{things, guid})
                    .starts_with("https://other.example/api/Things/" + guid + "?fields=ID,"));
    EXPECT_TRUE(
        system.url(ListCall{things, since, ""}).contains("$filter=x gt 2026-11-21T10:00:00.000Z"));
    EXPECT_EQ(system
                  .answer(ListCall{things, {}, ""},
                          json_response(200, R"({"items":[],"more":"Things?p=2"})"))
                  .next,
              "Things?p=2");
}

TEST(protocol, what_was_never_changed_is_asked_for_by_its_creation) {
    const Connected system("protocol: odata-v4\nmodified: {property: Changed, created: Made}\n",
                           things_with("guid"));
    const std::string asked = system.url(ListCall{things, since, ""});
    EXPECT_TRUE(
        asked.contains("$filter=(Changed ge 2026-11-21T10:00:00.000Z or Made ge "
                       "2026-11-21T10:00:00.000Z)"))
        << asked;
    EXPECT_TRUE(asked.contains(",Changed,Made")) << "both are read";
    const sync::Answer page = system.answer(
        ListCall{things, {}, ""},
        json_response(200, R"({"value":[{"ID":"a","Changed":null,"Made":"2026-11-20T00:00:00Z"},)"
                           R"({"ID":"b","Changed":"2026-11-21T00:00:00Z",)"
                           R"("Made":"2026-11-20T00:00:00Z"}]})"));
    EXPECT_EQ(page.records.at(0).modified, parse_instant("2026-11-20T00:00:00Z").value());
    EXPECT_EQ(page.records.at(1).modified, parse_instant("2026-11-21T00:00:00Z").value());
}

TEST(protocol, an_offset_counts_rows_and_ends_with_a_page_without_any) {
    const Connected system(
        "protocol: rest\npaging: {kind: offset, offset: skip, size: top, page_size: 2}\n",
        things_with("text"));
    EXPECT_EQ(system.url(ListCall{things, {}, ""}),
              "https://other.example/api/Things?skip=0&top=2");
    EXPECT_EQ(system.url(ListCall{things, {}, "3"}),
              "https://other.example/api/Things?skip=3&top=2");
    const auto next = [&](std::string cursor, std::string_view body) {
        return system
            .answer(ListCall{things, {}, std::move(cursor)}, json_response(200, std::string(body)))
            .next;
    };
    EXPECT_EQ(next("", R"([{"ID":"a"},{"ID":"b"}])"), "2");
    EXPECT_EQ(next("2", R"([{"ID":"c"}])"), "3") << "a short page may be all that was given";
    EXPECT_EQ(next("3", "[]"), "");
}

TEST(protocol, a_link_in_a_header_is_followed_at_home_only) {
    const Connected system("protocol: rest\npaging: {kind: link_header, size: per_page}\n",
                           things_with("text"));
    const auto page = [&](std::string link) {
        http::Response response = json_response(200, R"([{"ID":"a"}])");
        response.headers.emplace_back("Link", std::move(link));
        return system.answer(ListCall{things, {}, ""}, response);
    };
    const std::string home = "https://other.example/api/Things?page=";
    EXPECT_EQ(page("<" + home + "1>; rel=\"prev\", <" + home + "3>; rel=\"next\"").next,
              home + "3");
    EXPECT_EQ(system.url(ListCall{things, {}, home + "3"}), home + "3");
    EXPECT_EQ(page("<" + home + "9>; rel=\"last\"").next, "");
    EXPECT_EQ(page("<" + home + "3>; title=x; rel=next").next, home + "3");
    EXPECT_EQ(page("nonsense").next, "");
    EXPECT_NE(page("<https://evil.example/api/Things>; rel=\"next\"").outcome, Outcome::ok);
    EXPECT_EQ(system.answer(ListCall{things, {}, ""}, json_response(200, "[]")).next, "");
}

const std::string with_removals =
    "removals: {path: /Deleted, key: Of, row_version: Stamp, where: {Type: 2},"
    " filter: {parameter: $filter, value: \"Stamp gt {version}L\"}}\n";

TEST(protocol, removals_are_a_list_of_their_own_about_several_resources) {
    const Connected system("protocol: odata-v2\n", things_with("guid", with_removals));
    const ListCall asked{things, {}, "", 41, true};
    EXPECT_EQ(system.url(asked),
              "https://other.example/api/Deleted?$filter=Stamp gt 41L&$select=Of,Stamp,Type");
    const sync::Answer told = system.answer(
        asked, json_response(200, R"({"d":{"results":[{"Of":"a","Stamp":"42","Type":2},)"
                                  R"({"Of":"b","Stamp":43,"Type":5},)"
                                  R"({"Of":"a","Stamp":44,"Type":2}],"__next":"Deleted?more"}})"));
    ASSERT_EQ(told.outcome, Outcome::ok) << told.message;
    ASSERT_EQ(told.records.size(), 2u) << "it came back and was removed again";
    EXPECT_EQ(told.records[1].external_id, "a");
    EXPECT_EQ(told.records[1].row_version, 44);
    EXPECT_EQ(told.next, "Deleted?more");
}

TEST(protocol, a_removal_without_key_or_version_is_none) {
    const Connected system("protocol: odata-v2\n", things_with("guid", with_removals));
    for (const char* row : {R"({"Stamp":1,"Type":2})", R"({"Of":"a","Type":2})", "7"}) {
        const sync::Answer told =
            system.answer(ListCall{things, {}, "", 1, true},
                          json_response(200, "{\"d\":[" + std::string(row) + "]}"));
        const bool is_passed_over = told.outcome == Outcome::ok && told.records.empty();
        EXPECT_TRUE(told.outcome == Outcome::retry_later || is_passed_over) << row;
    }
    const Connected without("protocol: odata-v2\n", things_with("guid"));
    EXPECT_EQ(without.url(ListCall{things, {}, "", 1, true}),
              "error: things does not tell what was removed");
}

TEST(protocol, a_resource_without_a_feed_reads_no_time) {
    const Connected system("protocol: odata-v4\nmodified: {property: Changed}\n",
                           things_with("guid", "feed: none\n"));
    EXPECT_FALSE(system.url(ListCall{things, {}, ""}).contains("Changed"));
}

// Goal: several searches are one request where the system takes that. Method: alternatives of one field, and of several.
TEST(protocol, alternatives_of_a_search_are_joined_by_or) {
    const SearchCall any{things, {{"Name", "a"}}, "", {{{"Name", "b'c"}}, {{"Name", "d"}}}};
    EXPECT_TRUE(
        odata_v4().url(any).contains("$filter=Name eq 'a' or Name eq 'b''c' or Name eq 'd'"))
        << odata_v4().url(any);
    const SearchCall both{
        things, {{"Name", "a"}, {"Size", 7}}, "", {{{"Name", "b"}}, {{"Name", "c"}, {"Size", 8}}}};
    EXPECT_TRUE(odata_v2().url(both).contains(
        "$filter=(Name eq 'a' and Size eq 7) or Name eq 'b' or (Name eq 'c' and Size eq 8)"))
        << odata_v2().url(both);
    const Connected apart("protocol: rest\n", things_with("guid"));
    EXPECT_EQ(apart.url(SearchCall{things, {{"Name", "a"}}, "", {{{"Size", 7}}}}),
              "error: alternatives of a search stand in one parameter");
}

// Goal: an order by key is asked for with every page of a list, and with nothing else. Method: a connector's, and a resource's own.
TEST(protocol, an_order_by_key_goes_with_every_page) {
    const std::string paged = "protocol: rest\npaging: {kind: page, page: p}\n";
    const Connected system(paged + "list: {order: {parameter: sort, value: \"{key}:asc\"}}\n",
                           things_with("guid"));
    EXPECT_TRUE(system.url(ListCall{things, {}, ""}).contains("&sort=ID:asc"));
    EXPECT_TRUE(system.url(ListCall{things, {}, "2"}).contains("p=2&sort=ID:asc"));
    EXPECT_FALSE(system.url(SearchCall{things, {{"Name", "a"}}}).contains("sort"));
    const Connected own(paged, things_with("guid", "list: {order: by}\n"));
    EXPECT_TRUE(own.url(ListCall{things, {}, ""}).contains("&by=ID"));
}

// Goal: where the connector says that pages tell the total, a page that does not is no page. Method: with, without, and nonsense.
TEST(protocol, a_total_is_read_where_it_is_declared) {
    const Connected system("protocol: rest\nlist: {rows: rows, total: meta.count}\n",
                           things_with("guid"));
    const auto told = [&](const std::string& page) {
        return system.answer(ListCall{things, {}, ""}, json_response(200, page));
    };
    EXPECT_EQ(told(R"({"rows":[],"meta":{"count":17}})").total, 17);
    for (const char* page :
         {R"({"rows":[]})", R"({"rows":[],"meta":{"count":"many"}})",
          R"({"rows":[],"meta":{"count":-1}})", R"({"rows":[],"meta":{"count":1.5}})"})
        EXPECT_EQ(told(page).outcome, Outcome::retry_later) << page;
    EXPECT_EQ(
        system.answer(SearchCall{things, {{"Name", "a"}}}, json_response(200, R"({"rows":[]})"))
            .outcome,
        Outcome::ok);
}

}  // namespace
}  // namespace entente::connect
