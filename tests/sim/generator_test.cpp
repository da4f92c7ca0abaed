// The population of docs/SIMULATED.md: its shares, its uniqueness, and a truth that the systems bear out.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "fixture.hpp"
#include "sim/generator.hpp"

namespace entente::sim::test {
namespace {

constexpr std::int64_t n = 2000;

const Population& population() {
    static const Population p = generate(1, n);
    return p;
}

std::map<std::string, std::map<std::string, int>> kinds_by_model() {
    std::map<std::string, std::map<std::string, int>> out;
    for (const Thing& thing : population().things) ++out[thing.model][thing.kind];
    return out;
}

std::map<std::string, const GeneratedRecord*> by_id(const std::vector<GeneratedRecord>& records,
                                                    const std::string& resource) {
    std::map<std::string, const GeneratedRecord*> out;
    for (const GeneratedRecord& r : records) {
        if (r.resource == resource) out[std::to_string(r.id)] = &r;
    }
    return out;
}

std::string shop_number(const Value& id) {
    return id.as_text().substr(2);
}
std::string text_of(const GeneratedRecord& r, std::string_view path) {
    const Value* value = r.fields.at_path(path);
    return value == nullptr || !value->is_text() ? "" : value->as_text();
}

TEST(Generator, the_same_seed_gives_the_same_bytes_and_another_seed_others) {
    const auto bytes = [](std::uint64_t seed) {
        std::string out = json::write(truth_of(generate(seed, 300), {}));
        for (const GeneratedRecord& r : generate(seed, 300).webshop) {
            out += json::write(r.fields) + std::to_string(r.modified.ms);
        }
        return out;
    };
    EXPECT_EQ(bytes(3), bytes(3));
    EXPECT_NE(bytes(3), bytes(4));
}

TEST(Generator, the_shares_are_exact) {
    auto kinds = kinds_by_model();
    // 800 organisations: 560 in both; 3 % and 2 % of those ambiguous and doubled.
    // A twentieth more in Exact Online alone.
    EXPECT_EQ(kinds["organisation"], (std::map<std::string, int>{{"both", 532},
                                                                 {"ambiguous", 17},
                                                                 {"double", 11},
                                                                 {"webshop", 120},
                                                                 {"erp", 120},
                                                                 {"exact", 40}}));
    EXPECT_EQ(kinds["product"], (std::map<std::string, int>{
                                    {"both", 280}, {"webshop", 60}, {"erp", 60}, {"exact", 20}}));
    EXPECT_EQ(
        kinds["order"],
        (std::map<std::string, int>{
            {"both", 560}, {"webshop", 120}, {"erp", 120}, {"exact", 40}, {"quotation", 17}}));
}

TEST(Generator, every_size_of_population_can_be_made) {
    for (std::int64_t size = 0; size <= 40; ++size) {
        const Population p = generate(9, size);
        const auto shared = std::ranges::count_if(p.things, [](const Thing& thing) {
            return !thing.webshop_ids.empty() || !thing.erp_ids.empty();
        });
        EXPECT_EQ(shared, size);
        for (const std::string& kind : system_kinds()) {
            EXPECT_TRUE(make_system({.kind = kind, .records = size, .seed = 9}).has_value());
            const bool can_show_again = kind == "custom-webshop" || kind == "custom-erp";
            EXPECT_EQ(
                make_system({.kind = kind, .records = size, .seed = 9, .again = true}).has_value(),
                can_show_again);
        }
    }
}

TEST(Generator, identities_of_different_things_never_meet_but_those_of_a_branch) {
    std::map<std::string, std::size_t> owner;
    for (std::size_t i = 0; i < population().things.size(); ++i) {
        const Thing& thing = population().things[i];
        if (thing.is_disputed) continue;
        for (const auto& [property, values] : thing.identity) {
            for (const std::string& value : values) {
                const std::string folded = thing.model == "organisation" && property == "name"
                                               ? text::fold_organisation(value)
                                               : text::fold(value);
                const auto [at, is_new] =
                    owner.emplace(thing.model + " " + property + " " + folded, i);
                EXPECT_TRUE(is_new || at->second == i) << property << " " << value;
            }
        }
    }
}

TEST(Generator, a_tenth_of_organisations_and_products_agrees_in_the_second_key_only) {
    const auto shop_customers = by_id(population().webshop, "customers");
    const auto erp_customers = by_id(population().erp, "customers");
    const auto shop_products = by_id(population().webshop, "products");
    const auto erp_products = by_id(population().erp, "products");
    int organisations = 0, missing = 0, products = 0, crossed = 0;
    for (const Thing& thing : population().things) {
        if (thing.kind != "both" || thing.model == "order") continue;
        if (thing.model == "organisation") {
            const auto& shop = *shop_customers.at(shop_number(thing.webshop_ids[0]));
            const auto& erp = *erp_customers.at(json::write(thing.erp_ids[0]));
            const bool has_one_email =
                text::fold_email(text_of(shop, "email")) == text::fold_email(text_of(erp, "email"));
            crossed += !has_one_email;
            const std::string a = text::fold_vat(text_of(shop, "vat_id"));
            const std::string b = text::fold_vat(text_of(erp, "vat_number"));
            EXPECT_TRUE(has_one_email || a == b);
            organisations += a != b;
            missing += a.empty() || b.empty();
            EXPECT_EQ(thing.question.empty(), a == b || a.empty() || b.empty());
        } else {
            const auto& shop = *shop_products.at(shop_number(thing.webshop_ids[0]));
            const auto& erp = *erp_products.at(json::write(thing.erp_ids[0]));
            const bool is_other = text::upper(text_of(shop, "sku")) != text_of(erp, "item_code");
            EXPECT_EQ(text::fold(text_of(shop, "title")), text::fold(text_of(erp, "description")));
            products += is_other;
            EXPECT_EQ(thing.question.empty(), !is_other);
        }
    }
    EXPECT_EQ(organisations, 56);
    EXPECT_GT(missing, 10);
    EXPECT_LT(missing, 46);
    EXPECT_EQ(products, 28);
    EXPECT_EQ(crossed, 11) << "whose shop record shows the e-mail address of somebody else";
}

// Goal: nothing tells the branch office from its parent but the VAT number, which the shop's record lacks.
TEST(Generator, an_ambiguous_record_agrees_with_two_others_in_all_it_shows) {
    const auto shop_customers = by_id(population().webshop, "customers");
    const auto erp_customers = by_id(population().erp, "customers");
    const auto keys_of = [](const GeneratedRecord& r, const char* name, const char* postal_code) {
        return text::fold_email(text_of(r, "email")) + " " +
               text::fold_organisation(text_of(r, name)) + " " + text_of(r, postal_code);
    };
    std::map<std::string, const Thing*> branch_of;
    for (const Thing& thing : population().things) {
        if (!thing.is_disputed) continue;
        const auto& erp = *erp_customers.at(json::write(thing.erp_ids[0]));
        EXPECT_FALSE(text_of(erp, "vat_number").empty());
        branch_of[keys_of(erp, "company_name", "postal_code")] = &thing;
    }
    std::set<const Thing*> rivals;
    for (const Thing& thing : population().things) {
        if (thing.kind != "ambiguous") continue;
        const auto& shop = *shop_customers.at(shop_number(thing.webshop_ids[0]));
        const auto& right = *erp_customers.at(json::write(thing.erp_ids[0]));
        const std::string keys = keys_of(shop, "name", "address.zip");
        EXPECT_EQ(text_of(shop, "vat_id"), "");
        EXPECT_EQ(keys, keys_of(right, "company_name", "postal_code"));
        const auto rival = branch_of.find(keys);
        ASSERT_NE(rival, branch_of.end());
        EXPECT_TRUE(rivals.insert(rival->second).second);
    }
    EXPECT_EQ(rivals.size(), 17u);
}

TEST(Generator, a_doubled_one_has_two_records_with_the_same_keys_in_one_system) {
    const auto shop_customers = by_id(population().webshop, "customers");
    const auto erp_customers = by_id(population().erp, "customers");
    for (const Thing& thing : population().things) {
        if (thing.kind != "double") continue;
        EXPECT_EQ(thing.webshop_ids.size() + thing.erp_ids.size(), 3u);
        std::set<std::string> vats, emails;
        for (const Value& id : thing.webshop_ids) {
            const auto& r = *shop_customers.at(shop_number(id));
            vats.insert(text::fold_vat(text_of(r, "vat_id")));
            emails.insert(text::fold_email(text_of(r, "email")));
        }
        for (const Value& id : thing.erp_ids) {
            const auto& r = *erp_customers.at(json::write(id));
            vats.insert(text::fold_vat(text_of(r, "vat_number")));
            emails.insert(text::fold_email(text_of(r, "email")));
        }
        EXPECT_EQ(vats.size(), 1u);
        EXPECT_EQ(emails.size(), 1u);
    }
}

TEST(Generator, orders_refer_to_nothing_doubtful_or_elsewhere_but_a_few_to_what_is_in_question) {
    int asked = 0;
    std::map<std::string, const Thing*> shop_customer, erp_customer, shop_product, erp_product;
    for (const Thing& thing : population().things) {
        const bool is_customer = thing.model == "organisation";
        if (thing.model == "order") continue;
        for (const Value& id : thing.webshop_ids)
            (is_customer ? shop_customer : shop_product)[id.as_text()] = &thing;
        for (const Value& id : thing.erp_ids)
            (is_customer ? erp_customer : erp_product)[json::write(id)] = &thing;
    }
    const auto shop_orders = by_id(population().webshop, "orders");
    const auto erp_orders = by_id(population().erp, "orders");
    for (const Thing& thing : population().things) {
        if (thing.model != "order" || (thing.webshop_ids.empty() && thing.erp_ids.empty()))
            continue;
        std::set<const Thing*> customers;
        for (const Value& id : thing.webshop_ids) {
            const auto& order = *shop_orders.at(shop_number(id));
            customers.insert(shop_customer.at(text_of(order, "customer_id")));
            const std::size_t lines = order.fields.find("lines")->as_list().size();
            EXPECT_TRUE(lines >= 1 && lines <= 6);
        }
        for (const Value& id : thing.erp_ids) {
            const auto& order = *erp_orders.at(json::write(id));
            customers.insert(erp_customer.at(json::write(*order.fields.find("customer"))));
        }
        ASSERT_EQ(customers.size(), 1u);
        const std::string& kind = (*customers.begin())->kind;
        EXPECT_TRUE(kind == "both" || kind == thing.kind) << kind;
        EXPECT_FALSE((*customers.begin())->is_disputed);
        asked += !(*customers.begin())->question.empty();
    }
    EXPECT_GT(asked, 10);
    EXPECT_LT(asked, 50);
}

TEST(Generator, modified_times_lie_in_their_year_and_never_meet) {
    std::set<std::int64_t> seen;
    const Instant begin = parse_instant("2025-11-01T00:00:00Z").value();
    const Instant end = parse_instant("2026-11-01T00:00:00Z").value();
    for (const auto* records : {&population().webshop, &population().erp}) {
        for (const GeneratedRecord& r : *records) {
            EXPECT_TRUE(r.modified >= begin && r.modified < end);
            EXPECT_LE(r.created, r.modified);
            EXPECT_TRUE(seen.insert(r.modified.ms).second);
        }
    }
}

TEST(Generator, the_systems_show_what_the_truth_says) {
    for (const bool is_shop : {true, false}) {
        SimOptions options = is_shop ? shop_options() : erp_options();
        options.records = n;
        Client client(options);
        std::size_t records = 0;
        for (const Thing& thing : population().things) {
            for (const Value& id : is_shop ? thing.webshop_ids : thing.erp_ids) {
                ++records;
                client.now = client.now + Duration{1};  // the quota refills
                const std::string resource = thing.model == "organisation" ? "customers"
                                             : thing.model == "product"    ? "products"
                                                                           : "orders";
                const Answer answer =
                    client.get(is_shop ? "/api/" + resource + "/" + id.as_text()
                                       : "/v1/" + resource + "/" + json::write(id));
                ASSERT_EQ(answer.status, 200);
                if (thing.model != "order") continue;
                EXPECT_EQ(answer.at(is_shop ? "number" : "reference"), thing.identity[0].second[0]);
            }
        }
        const Value stats = client.stats();
        std::int64_t shown = 0;
        for (const auto& [resource, count] : stats.find("records")->as_object()) {
            if (resource != "order-lines") shown += count.as_decimal().to_int().value();
        }
        EXPECT_EQ(shown, static_cast<std::int64_t>(records));
        EXPECT_EQ(*stats.find("writes"), Value(0));
    }
}

TEST(Generator, some_values_really_differ_between_the_systems) {
    const auto shop = by_id(population().webshop, "products");
    const auto erp = by_id(population().erp, "products");
    int differ = 0, both = 0;
    for (const Thing& thing : population().things) {
        if (thing.model != "product" || thing.kind != "both") continue;
        ++both;
        differ += !(*shop.at(shop_number(thing.webshop_ids[0]))->fields.find("price") ==
                    *erp.at(json::write(thing.erp_ids[0]))->fields.find("sales_price"));
    }
    EXPECT_GT(differ * 100, both * 4);
    EXPECT_LT(differ * 100, both * 13);
}

}  // namespace
}  // namespace entente::sim::test
