// The population of three systems, and of one that joins late: the webshop and the ERP are what they were without
// Exact Online, and whatever is read first, the records of one thing find each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "fixture.hpp"
#include "sim/exact_ids.hpp"
#include "sim/generator.hpp"

namespace entente::sim::test {
namespace {

constexpr std::int64_t n = 2000;
const SystemNames three{"CustomWebshop", "CustomERP", "ExactOnline"};

const Population& population() {
    static const Population p = generate(1, n);
    return p;
}

std::string bytes_of(const std::vector<GeneratedRecord>& records) {
    std::string out;
    for (const GeneratedRecord& r : records) {
        out += r.resource + " " + std::to_string(r.id) + " " + std::to_string(r.created.ms) + " " +
               std::to_string(r.modified.ms) + json::write(r.fields) + "\n";
    }
    return out;
}

using ById = std::map<std::string, const GeneratedRecord*>;

// By the id as the truth writes it.
ById by_id(const std::vector<GeneratedRecord>& records, const std::string& resource) {
    ById out;
    for (const GeneratedRecord& r : records) {
        if (r.resource != resource) continue;
        std::string id = std::to_string(r.id);
        if (resource.contains('/')) id = exact_guid(resource, r.id);
        out[id] = &r;
    }
    return out;
}

std::string text_at(const GeneratedRecord& r, std::string_view path) {
    const Value* value = r.fields.at_path(path);
    return value == nullptr || !value->is_text() ? "" : value->as_text();
}

const std::vector<Value>& exact_ids(const Thing& thing, std::string_view set) {
    static const std::vector<Value> none;
    const auto at = std::ranges::find(thing.exact_ids, set, [](const auto& p) { return p.first; });
    return at == thing.exact_ids.end() ? none : at->second;
}

// The match keys that the records of an organisation show, one pair for each record.
std::vector<std::pair<std::string, std::string>> keys_of(const Thing& thing) {
    static const ById shop = by_id(population().webshop, "customers");
    static const ById erp = by_id(population().erp, "customers");
    static const ById exact = by_id(population().exact, "crm/Accounts");
    std::vector<std::pair<std::string, std::string>> keys;
    const auto add = [&](const GeneratedRecord& r, const char* vat, const char* email) {
        keys.emplace_back(text::fold_vat(text_at(r, vat)), text::fold_email(text_at(r, email)));
    };
    for (const Value& id : thing.webshop_ids) {
        add(*shop.at(id.as_text().substr(2)), "vat_id", "email");
    }
    for (const Value& id : thing.erp_ids) add(*erp.at(json::write(id)), "vat_number", "email");
    for (const Value& id : exact_ids(thing, exact::accounts)) {
        add(*exact.at(id.as_text()), "VATNumber", "Email");
    }
    return keys;
}

TEST(ExactPopulation, leaves_the_webshop_and_the_erp_byte_for_byte_as_they_were) {
    const auto digest = [](const std::string& bytes) { return digest_of(bytes).hex(); };
    const Population p = generate(7, 1000);
    EXPECT_EQ(digest(bytes_of(p.webshop)), "bfdefd5da711da80f0233a3514ef4c9f");
    EXPECT_EQ(digest(bytes_of(p.erp)), "2a241049b94bcf5afed77cf78d350972");
    EXPECT_EQ(digest(json::write(truth_of(p, {}))), "9e86f98658b606ce5003107a4511a121");
}

TEST(ExactPopulation, shows_about_three_fifths_of_organisations_and_orders_and_most_products) {
    std::map<std::string, int> there;
    for (const Thing& thing : population().things) {
        const bool is_shared = !thing.webshop_ids.empty() || !thing.erp_ids.empty();
        there[thing.model] += is_shared && !thing.exact_ids.empty();
    }
    EXPECT_NEAR(there["organisation"], 480, 40);
    EXPECT_NEAR(there["product"], 340, 25);
    EXPECT_NEAR(there["order"], 440, 60);
}

TEST(ExactPopulation, has_orders_as_orders_as_quotations_and_as_both) {
    std::map<std::string, int> forms;
    for (const Thing& thing : population().things) {
        if (thing.model != "order" || thing.exact_ids.empty()) continue;
        const bool is_sold = !exact_ids(thing, exact::sales_orders).empty();
        const bool is_quoted = !exact_ids(thing, exact::quotations).empty();
        const char* form = is_sold && is_quoted ? " both" : is_sold ? " order" : " quotation";
        ++forms[(thing.kind == "exact" || thing.kind == "quotation" ? thing.kind : "shared") +
                form];
    }
    EXPECT_GT(forms["shared both"], 80);
    EXPECT_GT(forms["shared order"], 100);
    EXPECT_GT(forms["shared quotation"], 80);
    EXPECT_GT(forms["exact order"], 10);
    EXPECT_GT(forms["exact both"], 3);
    EXPECT_EQ(forms["exact quotation"], 0) << "it would never become an order elsewhere";
    EXPECT_EQ(forms["quotation quotation"], 17);
}

TEST(ExactPopulation, names_the_same_order_everywhere_and_no_order_in_a_lone_quotation) {
    const ById orders = by_id(population().exact, "salesorder/SalesOrders");
    const ById quotations = by_id(population().exact, "crm/Quotations");
    for (const Thing& thing : population().things) {
        if (thing.model != "order") continue;
        const std::string number = thing.identity.empty() ? "" : thing.identity[0].second[0];
        EXPECT_EQ(number.empty(), thing.kind == "quotation");
        for (const Value& id : exact_ids(thing, exact::sales_orders)) {
            EXPECT_EQ(text_at(*orders.at(id.as_text()), "YourRef"), number);
        }
        for (const Value& id : exact_ids(thing, exact::quotations)) {
            EXPECT_EQ(text_at(*quotations.at(id.as_text()), "YourRef"), number);
        }
    }
}

TEST(ExactPopulation, any_two_records_of_an_organisation_share_a_key) {
    int without_vat = 0, without_email = 0;
    for (const Thing& thing : population().things) {
        if (thing.model != "organisation" || thing.exact_ids.empty()) continue;
        const auto keys = keys_of(thing);
        without_vat += keys.back().first.empty();
        without_email += keys.back().second.empty();
        for (const auto& [vat, email] : keys) {
            for (const auto& [other_vat, other_email] : keys) {
                EXPECT_TRUE((!vat.empty() && vat == other_vat) ||
                            (!email.empty() && email == other_email));
            }
        }
    }
    EXPECT_GT(without_vat, 10);
    EXPECT_GT(without_email, 10);
}

TEST(ExactPopulation, any_two_records_of_a_product_share_a_key) {
    const ById shop = by_id(population().webshop, "products");
    const ById erp = by_id(population().erp, "products");
    const ById exact = by_id(population().exact, "logistics/Items");
    for (const Thing& thing : population().things) {
        if (thing.model != "product" || thing.exact_ids.empty()) continue;
        const auto& item = *exact.at(exact_ids(thing, exact::items)[0].as_text());
        const auto is_found = [&](const GeneratedRecord& r, const char* sku, const char* name) {
            return text::fold(text_at(r, sku)) == text::fold(text_at(item, "Code")) ||
                   text::fold(text_at(r, name)) == text::fold(text_at(item, "Description"));
        };
        for (const Value& id : thing.webshop_ids) {
            EXPECT_TRUE(is_found(*shop.at(id.as_text().substr(2)), "sku", "title"));
        }
        for (const Value& id : thing.erp_ids) {
            EXPECT_TRUE(is_found(*erp.at(json::write(id)), "item_code", "description"));
        }
    }
}

TEST(ExactPopulation, leaves_out_what_waits_and_has_a_few_doubles_of_its_own) {
    int doubles = 0;
    for (const Thing& thing : population().things) {
        const bool waits = thing.kind == "ambiguous" || thing.kind == "double" || thing.is_disputed;
        EXPECT_TRUE(!waits || thing.exact_ids.empty());
        if (!thing.is_double_in_exact) continue;
        ++doubles;
        EXPECT_EQ(exact_ids(thing, exact::accounts).size(), 2u);
        const auto keys = keys_of(thing);
        EXPECT_EQ(std::set(keys.begin(), keys.end()).size(), 1u) << "all keys in all records";
    }
    EXPECT_GT(doubles, 5);
    // No order refers to one.
    std::set<std::string> customers;
    for (const GeneratedRecord& r : population().exact) {
        customers.insert(text_at(r, "OrderedBy"));
        customers.insert(text_at(r, "OrderAccount"));
    }
    for (const Thing& thing : population().things) {
        if (!thing.is_double_in_exact) continue;
        for (const Value& id : exact_ids(thing, exact::accounts)) {
            EXPECT_FALSE(customers.contains(id.as_text()));
        }
    }
}

TEST(ExactPopulation, the_system_shows_what_the_truth_says) {
    SimOptions options = exact_options();
    options.records = n;
    Client client(options);
    client.call_takes = Duration{1};
    std::map<std::string, std::int64_t> told;
    for (const Thing& thing : population().things) {
        for (const auto& [set, ids] : thing.exact_ids) {
            told[set] += static_cast<std::int64_t>(ids.size());
            for (const Value& id : ids) {
                const std::string url = "/api/v1/1234567/" + set + "(guid'" + id.as_text() + "')";
                ASSERT_EQ(client.get(url).status, 200) << url;
            }
        }
    }
    const Value stats = client.stats();
    for (const auto& [set, count] : told) {
        EXPECT_EQ(*stats.find("records")->find(set), Value(count)) << set;
    }
    EXPECT_EQ(*stats.find("writes"), Value(0));
}

TEST(ExactPopulation, is_in_the_truth_only_where_it_is_named) {
    const auto things = [](const SystemNames& names) {
        return truth_of(population(), names).find("things")->as_list();
    };
    EXPECT_EQ(things({}).size(), 2000u);
    EXPECT_EQ(things(three).size(), 2000u + 40 + 20 + 40 + 17);
    int doubles = 0, told_twice = 0;
    for (const Value& thing : things({})) doubles += *thing.find("kind") == Value("double");
    for (const Value& thing : things(three)) told_twice += *thing.find("kind") == Value("double");
    EXPECT_GT(told_twice, doubles);
    for (const Value& thing : things({"", "", "Books"})) {
        EXPECT_TRUE(thing.find("records")->find("Books")->is_object());
        EXPECT_EQ(thing.find("records")->as_object().size(), 1u);
    }
}

TEST(ExactPopulation, has_riddles_only_where_all_that_they_need_takes_part) {
    const auto kinds = [](const SystemNames& names) {
        std::map<std::string, int> out;
        const Value truth = truth_of(population(), names);
        for (const Value& thing : truth.find("things")->as_list()) {
            ++out[thing.find("kind")->as_text()];
            out["disputed"] += thing.find("disputed") != nullptr;
        }
        return out;
    };
    auto all = kinds(three);
    EXPECT_EQ(all["ambiguous"], 17);
    EXPECT_EQ(all["disputed"], 17);
    auto without_erp = kinds({"CustomWebshop", "", "ExactOnline"});
    EXPECT_EQ(without_erp["ambiguous"], 0) << "the rival lives in the ERP";
    EXPECT_EQ(without_erp["disputed"], 0);
    EXPECT_LT(without_erp["double"], all["double"]) << "some are doubled in the ERP only";
    EXPECT_GT(without_erp["double"], 0);
    EXPECT_EQ(all["quotation"], 17);
    EXPECT_GT(without_erp["quotation"], 17) << "the order that it belongs to is in the ERP only";
}

TEST(AgainPopulation, shows_the_same_things_under_other_ids_with_all_their_keys) {
    std::set<std::string> vats, numbers;
    std::map<std::string, std::string> id_of_vat;
    for (const GeneratedRecord& r : population().erp) {
        if (r.resource == "customers") {
            id_of_vat[text::fold_vat(text_at(r, "vat_number"))] = std::to_string(r.id);
        }
    }
    for (const Thing& thing : population().things) {
        for (const auto& [name, values] : thing.identity) {
            for (const std::string& value : values) {
                (name == "vat_number" ? vats : numbers).insert(text::fold_vat(value));
            }
        }
    }
    int customers = 0, orders = 0, other_ids = 0;
    for (const GeneratedRecord& r : generate_again(1, n, "custom-erp")) {
        if (r.resource == "customers") {
            ++customers;
            const std::string vat = text::fold_vat(text_at(r, "vat_number"));
            EXPECT_TRUE(vats.contains(vat));
            EXPECT_FALSE(text_at(r, "email").empty());
            other_ids += id_of_vat.contains(vat) && id_of_vat[vat] != std::to_string(r.id);
        } else if (r.resource == "orders") {
            ++orders;
            EXPECT_TRUE(numbers.contains(text::fold_vat(text_at(r, "reference"))));
        }
    }
    EXPECT_GT(customers, 700);
    EXPECT_LT(customers, 800 - 17 - 17 - 11) << "the ambiguous, their rivals, the doubled";
    EXPECT_GT(orders, 750);
    EXPECT_LT(orders, 800) << "those that refer to what is in question";
    EXPECT_GT(other_ids, 500);
}

TEST(AgainPopulation, shows_nothing_of_which_only_a_person_can_know_what_it_is) {
    std::set<std::string> asked;
    for (const Thing& thing : population().things) {
        if (thing.question.empty()) continue;
        for (const Shown& shown : thing.asked) asked.insert(text::fold_vat(shown.mark));
    }
    EXPECT_GT(asked.size(), 80u);
    for (const GeneratedRecord& r : generate_again(1, n, "custom-webshop")) {
        const bool is_product = r.resource == "products";
        if (r.resource == "orders") continue;
        const std::string number = text::fold_vat(text_at(r, is_product ? "sku" : "vat_id"));
        EXPECT_FALSE(asked.contains(number)) << number;
    }
}

TEST(AgainPopulation, is_served_by_both_kinds_and_is_the_same_each_time) {
    for (const char* kind : {"custom-webshop", "custom-erp"}) {
        EXPECT_EQ(bytes_of(generate_again(1, 100, kind)), bytes_of(generate_again(1, 100, kind)));
        Client client({.kind = kind, .records = 100, .clock = 1'000'000, .again = true});
        Client first({.kind = kind, .records = 100, .clock = 1'000'000});
        const auto orders = client.stats().at_path("records.orders")->as_decimal().to_int();
        EXPECT_NEAR(static_cast<double>(orders.value_or(0)), 38, 2);
        EXPECT_NE(client.everything(), first.everything());
    }
}

}  // namespace
}  // namespace entente::sim::test
