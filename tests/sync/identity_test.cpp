// What identifies decides, and what does not never links two things that are not one (G7). Articles have a number that
// identifies and a name; customers a number that few of them tell, an e-mail address that several may share, a name and a place.
#include <algorithm>

#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr const char* article = R"(
model: article
properties:
  number: {type: text, identifies: yes}
  name: {type: text}
  price: {type: decimal}
match: [[number], [name]]
)";

constexpr const char* customer = R"(
model: customer
properties:
  vat: {type: vat_number, identifies: yes}
  email: {type: email}
  name: {type: name}
  zip: {type: postal_code}
  phone: {type: phone}
match: [[vat], [email], [name, zip]]
)";

constexpr const char* person = R"(
model: person
properties:
  name: {type: text}
  city: {type: text}
match: [{properties: [name, city], compare: loose}]
)";

constexpr const char* shop = R"(
connector: shop
protocol: rest
modified: {property: updated, granularity: 1ms, overlap: 1s, filter: since}
version: {etag: etag, precondition: If-Match}
create: {verb: POST, idempotency: Key}
update: {verb: PATCH}
)";

constexpr const char* articles = R"(
resource: articles
path: /articles
key: id
create: {grade: keyed}
properties: {number: {type: text}, name: {type: text}, price: {type: decimal}}
data_types:
  Article: {model: article, map: {number: number, name: name, price: price}}
)";

constexpr const char* customers = R"(
resource: customers
path: /customers
key: id
create: {grade: keyed}
properties: {vat: {type: text}, email: {type: text}, name: {type: text}, zip: {type: text}, phone: {type: text}}
data_types:
  Customer: {model: customer, map: {vat: vat, email: email, name: name, zip: zip, phone: phone}}
)";

constexpr const char* persons = R"(
resource: persons
path: /persons
key: id
create: {grade: keyed}
properties: {name: {type: text}, city: {type: text}}
data_types:
  Person: {model: person, map: {name: name, city: city}}
)";

std::vector<model::SourceFile> catalog() {
    return {{"catalog/models/article.yaml", article},
            {"catalog/models/customer.yaml", customer},
            {"catalog/models/person.yaml", person},
            {"catalog/connectors/shop/connector.yaml", shop},
            {"catalog/connectors/shop/articles.yaml", articles},
            {"catalog/connectors/shop/customers.yaml", customers},
            {"catalog/connectors/shop/persons.yaml", persons}};
}

std::string workspace(std::initializer_list<const char*> systems) {
    std::string text = "workspace: small\nstore: state/entente.db\nsystems:\n";
    int port = 1;
    for (const char* name : systems)
        text += std::string("  ") + name +
                ":\n    connector: shop\n    base_url: http://127.0.0.1:" + std::to_string(port++) +
                "\n";
    return text + "flows: derived\n";
}

class Identity : public ::testing::Test {
protected:
    World world{workspace({"A", "B"}), catalog()};
    std::map<ParkReason, std::int64_t> parked() { return world.store()->parked_counts(); }

    void article_in(const char* system, const char* number, const char* name, int price = 1) {
        Value body = Value::object();
        if (*number != '\0') body.set("number", Value(number));
        body.set("name", Value(name));
        body.set("price", Value(price));
        world.add(system, "articles", json::write(body));
    }
    void customer_in(const char* system, const char* vat, const char* email, const char* name,
                     const char* zip = "") {
        Value body = Value::object();
        const auto put = [&](const char* field, const char* value) {
            if (*value != '\0') body.set(field, Value(value));
        };
        put("vat", vat);
        put("email", email);
        put("name", name);
        put("zip", zip);
        world.add(system, "customers", json::write(body));
    }
    // Every record of the system's list in one line: "number name".
    std::vector<std::string> shown(const std::string& system, const char* list, const char* first,
                                   const char* second) {
        std::vector<std::string> out;
        for (const auto& [id, record] : world[system].tables[list]) {
            const auto text = [&](const char* field) {
                const Value* value = record.body.find(field);
                return !value || value->is_null() ? std::string("-")
                       : value->is_text()         ? value->as_text()
                                                  : json::write(*value);
            };
            out.push_back(text(first) + " " + text(second));
        }
        std::ranges::sort(out);
        return out;
    }
    std::vector<std::string> articles_of(const std::string& system) {
        return shown(system, "articles", "number", "name");
    }
    std::vector<std::string> customers_of(const std::string& system) {
        return shown(system, "customers", "name", "email");
    }
};

using Lines = std::vector<std::string>;

TEST_F(Identity, numbers_that_differ_in_a_sign_are_two_articles) {
    article_in("A", "10-1", "Bolt");
    article_in("A", "1.25", "Pipe");
    article_in("B", "101", "Washer");
    article_in("B", "12.5", "Lamp");
    world.sweep();
    const Lines all{"1.25 Pipe", "10-1 Bolt", "101 Washer", "12.5 Lamp"};
    EXPECT_EQ(articles_of("A"), all);
    EXPECT_EQ(articles_of("B"), all);
    EXPECT_TRUE(parked().empty());
}

TEST_F(Identity, case_and_outer_blanks_make_no_other_number) {
    article_in("A", " ab-1 ", "Bolt");
    article_in("B", "AB-1", "Bolt M8");
    world.sweep();
    EXPECT_EQ(world.count("A", "articles"), 1u);
    EXPECT_EQ(world.count("B", "articles"), 1u);
}

TEST_F(Identity, a_guid_is_one_number_however_it_is_written) {
    article_in("A", "{0F8FAD5B-D9CB-469F-A165-70867728950E}", "Bolt");
    article_in("B", "0f8fad5b-d9cb-469f-a165-70867728950e", "Bolt M8");
    world.sweep();
    EXPECT_EQ(world.count("A", "articles"), 1u);
    EXPECT_EQ(world.count("B", "articles"), 1u);
}

TEST_F(Identity, one_name_and_two_numbers_is_a_question_and_nothing_is_overwritten) {
    article_in("A", "1", "Bolt", 10);
    article_in("B", "2", "Bolt", 20);
    world.sweep();
    EXPECT_EQ(articles_of("A"), Lines{"1 Bolt"});
    EXPECT_EQ(articles_of("B"), Lines{"2 Bolt"});
    EXPECT_EQ(parked()[ParkReason::unsure], 1);
    EXPECT_EQ(world.total_writes(), 0);
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_EQ(parked()[ParkReason::unsure], 1) << "one question, once";
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Identity, a_question_is_over_when_the_number_is_corrected) {
    article_in("A", "1", "Bolt");
    const auto there = world.add("B", "articles", R"({"number":"2","name":"Bolt"})");
    world.sweep();
    world.edit("B", "articles", there, "number", "1");
    world.sweep();
    world.sweep();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "articles"), 1u);
    EXPECT_EQ(world.count("B", "articles"), 1u);
}

TEST_F(Identity, variants_of_one_name_are_as_many_articles) {
    for (const char* number : {"1", "2", "3"}) article_in("A", number, "Shirt");
    for (const char* number : {"1", "2"}) article_in("B", number, "Shirt");
    world.sweep();
    const Lines all{"1 Shirt", "2 Shirt", "3 Shirt"};
    EXPECT_EQ(articles_of("A"), all);
    EXPECT_EQ(articles_of("B"), all);
    EXPECT_TRUE(parked().empty()) << "nobody need be asked";
}

TEST_F(Identity, a_new_variant_is_created_wherever_it_is_typed) {
    article_in("A", "1", "Shirt");
    article_in("B", "1", "Shirt");
    world.sweep();
    article_in("B", "2", "Shirt");
    world.sweep();
    EXPECT_EQ(articles_of("A"), (Lines{"1 Shirt", "2 Shirt"}));
    EXPECT_TRUE(parked().empty());
}

TEST_F(Identity, a_name_alone_links_where_one_side_has_no_number) {
    article_in("A", "1", "Bolt");
    article_in("B", "", "Bolt");
    world.sweep();
    EXPECT_EQ(articles_of("A"), Lines{"1 Bolt"});
    EXPECT_EQ(articles_of("B"), Lines{"1 Bolt"});
}

TEST_F(Identity, a_number_that_agrees_decides_whatever_else_is_alike) {
    article_in("A", "1", "Bolt");
    article_in("B", "1", "Bolt, galvanised");
    article_in("B", "2", "Bolt");
    world.sweep();
    EXPECT_EQ(world.count("A", "articles"), 2u);
    EXPECT_EQ(world.count("B", "articles"), 2u);
    EXPECT_TRUE(parked().empty());
}

TEST_F(Identity, customers_that_share_an_address_are_told_apart_by_name_and_place) {
    customer_in("A", "NL1", "info@books.example", "Jansen BV", "1011AB");
    customer_in("A", "", "info@books.example", "Pieters BV", "2022CD");
    customer_in("B", "", "info@books.example", "Pieters", "2022 CD");
    customer_in("B", "", "info@books.example", "Jansen", "1011 AB");
    world.sweep();
    EXPECT_EQ(world.count("A", "customers"), 2u);
    EXPECT_EQ(world.count("B", "customers"), 2u);
    EXPECT_TRUE(parked().empty());
    for (const std::string& line : customers_of("A")) EXPECT_NE(line, "- info@books.example");
}

TEST_F(Identity, who_only_shares_an_address_with_others_is_somebody_else) {
    customer_in("A", "NL1", "info@books.example", "Jansen BV", "1011AB");
    customer_in("A", "", "info@books.example", "Bakker BV", "3033EF");
    customer_in("B", "", "info@books.example", "Jansen", "1011 AB");
    world.sweep();
    EXPECT_EQ(world.count("A", "customers"), 2u);
    EXPECT_EQ(world.count("B", "customers"), 2u);
    EXPECT_TRUE(parked().empty());
}

TEST_F(Identity, an_address_alone_against_another_name_and_place_is_a_question) {
    customer_in("A", "", "info@books.example", "Jansen BV", "1011AB");
    customer_in("B", "", "info@books.example", "Bakker BV", "3033EF");
    world.sweep();
    EXPECT_EQ(parked()[ParkReason::unsure], 1);
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Identity, vat_numbers_that_differ_are_a_question_whatever_else_agrees) {
    customer_in("A", "NL 8123.45", "a@jansen.example", "Jansen BV", "1011AB");
    customer_in("B", "nl812399", "a@jansen.example", "Jansen BV", "1011AB");
    world.sweep();
    EXPECT_EQ(parked()[ParkReason::unsure], 1);
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Identity,
       a_second_record_of_one_list_is_a_duplicate_only_where_more_than_an_address_agrees) {
    customer_in("A", "", "a@jansen.example", "Jansen BV", "1011AB");
    customer_in("A", "", "a@jansen.example", "JANSEN", "1011AB");
    customer_in("A", "", "a@jansen.example", "Bakker", "3033EF");
    world.sweep();
    EXPECT_EQ(parked()[ParkReason::duplicate], 1);
    EXPECT_EQ(world.count("B", "customers"), 2u);
}

TEST_F(Identity, what_is_only_alike_is_a_question) {
    world.add("A", "persons", R"({"name":"Anne-Marie Smit","city":"Delft"})");
    world.add("B", "persons", R"({"name":"Annemarie Smit","city":"DELFT"})");
    world.sweep();
    EXPECT_EQ(parked()[ParkReason::unsure], 1);
    EXPECT_EQ(world.total_writes(), 0);
}

TEST_F(Identity, what_is_alike_to_the_letter_is_one_person) {
    world.add("A", "persons", R"({"name":"Anne-Marie Smit","city":"Delft"})");
    world.add("B", "persons", R"({"name":"anne-marie smit ","city":"DELFT"})");
    world.sweep();
    EXPECT_TRUE(parked().empty());
    EXPECT_EQ(world.count("A", "persons"), 1u);
    EXPECT_EQ(world.count("B", "persons"), 1u);
}

// A numbers it wrongly; the others agree. Whoever is read first, the question remains one and nothing is doubled.
TEST(IdentityOfThreeSystems, a_third_system_proves_what_two_alone_could_not) {
    for (const int odd : {0, 1, 2}) {
        World world(workspace({"A", "B", "C"}), catalog());
        const char* names[] = {"A", "B", "C"};
        for (int i = 0; i < 3; ++i)
            world.add(
                names[i], "articles",
                i == odd ? R"({"number":"2","name":"Bolt"})" : R"({"number":"1","name":"Bolt"})");
        for (int i = 0; i < 3; ++i) world.sweep();
        const auto parked = world.store()->parked_counts();
        ASSERT_EQ(parked.size(), 1u) << odd;
        EXPECT_EQ(parked.begin()->first, ParkReason::unsure);
        EXPECT_EQ(parked.begin()->second, 1);
        for (const char* name : names) EXPECT_EQ(world.count(name, "articles"), 1u) << odd;
        EXPECT_EQ(world.total_writes(), 0) << odd;
    }
}

// The question of A and B is asked; then C joins, whose record carries A's number: A is linked with it, B still waits.
TEST(IdentityOfThreeSystems, who_waits_is_looked_at_again_when_its_counterpart_joins) {
    World world(workspace({"A", "B"}), catalog(), true);
    world.add("A", "articles", R"({"number":"1","name":"Bolt"})");
    world.add("B", "articles", R"({"number":"2","name":"Bolt"})");
    world.sweep();
    world.configure(workspace({"A", "B", "C"}));
    world.add("C", "articles", R"({"number":"1","name":"Bolt"})");
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_GE(world.store()->parked_counts()[ParkReason::unsure], 1) << "B is still asked about";
    for (const char* name : {"A", "B", "C"}) EXPECT_EQ(world.count(name, "articles"), 1u) << name;
    EXPECT_EQ(world.total_writes(), 0);
}

}  // namespace
}  // namespace entente::test
