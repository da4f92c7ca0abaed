// What the generator puts into the simulated Business Central, and what the truth tells of it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/text.hpp"
#include "central_fixture.hpp"
#include "sim/generator.hpp"

namespace entente::sim::test {
namespace {

constexpr std::int64_t n = 1000;

const Population& population() {
    static const Population made = generate(1, n);
    return made;
}

SystemNames with_central() {
    return {"CustomWebshop", "CustomERP", "ExactOnline", "Businesscentral"};
}

TEST(CentralPopulation, shows_about_three_fifths_of_organisations_and_orders_and_most_products) {
    std::map<std::string, int> there;
    for (const Thing& thing : population().things) {
        there[thing.model] += !thing.central_ids.empty();
    }
    EXPECT_NEAR(there["organisation"], 240, 20);
    EXPECT_NEAR(there["product"], 170, 15);
    EXPECT_NEAR(there["order"], 220, 40);
}

TEST(CentralPopulation, leaves_out_what_waits_for_a_person) {
    for (const Thing& thing : population().things) {
        const bool waits = thing.kind == "ambiguous" || thing.kind == "double" ||
                           thing.is_disputed || thing.is_double_in_exact;
        EXPECT_FALSE(waits && !thing.central_ids.empty());
    }
}

TEST(CentralPopulation, has_all_match_keys_of_every_customer) {
    for (const GeneratedRecord& record : population().central) {
        if (record.resource != "customers") continue;
        for (const char* key : {"displayName", "taxRegistrationNumber", "email"}) {
            EXPECT_FALSE(record.fields.find(key)->as_text().empty());
        }
    }
}

TEST(CentralPopulation, is_in_the_truth_only_where_it_is_named) {
    const auto told = [](const SystemNames& names) {
        std::size_t records = 0;
        const Value truth = truth_of(population(), names);
        for (const Value& thing : truth.find("things")->as_list()) {
            records += thing.find("records")->find("Businesscentral") != nullptr;
        }
        return records;
    };
    EXPECT_EQ(told({"CustomWebshop", "CustomERP", "ExactOnline", ""}), 0u);
    std::size_t shown = 0;
    for (const Thing& thing : population().things) shown += !thing.central_ids.empty();
    EXPECT_EQ(told(with_central()), shown);
    EXPECT_EQ(told(names_by_kind({{"business-central", "Businesscentral"}})), shown);
}

class CentralPopulated : public CentralTest {
protected:
    CentralPopulated()
        : CentralTest({.kind = "business-central", .records = n, .clock = 1'000'000}) {}
};

TEST_F(CentralPopulated, is_served_with_orders_that_add_up) {
    std::map<std::string, std::size_t> told;
    for (const Thing& thing : population().things) {
        for (const auto& [set, ids] : thing.central_ids) told[set] += ids.size();
    }
    for (const auto& [set, count] : told) EXPECT_EQ(rows(get(at(set))).size(), count) << set;
    EXPECT_GT(rows(get(at("contacts"))).size(), 20u);
    EXPECT_EQ(rows(get(at("employees"))).size(), 5u);
    std::size_t lines = 0;
    for (const Value& order : rows(get(at("salesOrders?$expand=salesOrderLines")))) {
        Decimal total;
        std::set<std::string> sequences;
        for (const Value& line : order.find("salesOrderLines")->as_list()) {
            total = total.plus(line.find("amountExcludingTax")->as_decimal());
            sequences.insert(json::write(*line.find("sequence")));
            ++lines;
        }
        EXPECT_EQ(order.find("totalAmountExcludingTax")->as_decimal(), total);
        EXPECT_EQ(sequences.size(), order.find("salesOrderLines")->as_list().size());
        EXPECT_FALSE(order.find("customerNumber")->as_text().empty());
    }
    EXPECT_GT(lines, 400u);
}

TEST_F(CentralPopulated, a_contact_person_belongs_to_a_customer_that_there_is) {
    for (const std::string& number : column(get(at("contacts")), "companyNumber")) {
        EXPECT_EQ(rows(get(filtered("customers", "number eq '" + number + "'"))).size(), 1u);
    }
}

}  // namespace
}  // namespace entente::sim::test
