// The population of the hard case: what makes it hard is there, and so is the truth about it.
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
    static const Population p = generate_variants(1, n);
    return p;
}

std::string text_of(const GeneratedRecord& r, std::string_view path) {
    const Value* value = r.fields.at_path(path);
    return value == nullptr || !value->is_text() ? "" : value->as_text();
}

// How many records of the resource show each value.
std::map<std::string, int> counted(const std::vector<GeneratedRecord>& records,
                                   const std::string& resource, std::string_view path) {
    std::map<std::string, int> out;
    for (const GeneratedRecord& r : records)
        if (r.resource == resource) ++out[text::fold(text_of(r, path))];
    return out;
}

TEST(VariantPopulation, has_as_many_things_as_asked_for_at_every_size) {
    for (std::int64_t size = 0; size <= 40; ++size)
        EXPECT_EQ(std::ssize(generate_variants(9, size).things), size);
    EXPECT_EQ(std::ssize(population().things), n);
    EXPECT_TRUE(population().exact.empty() && population().central.empty());
}

TEST(VariantPopulation, has_articles_of_one_name_and_numbers_that_differ_in_a_sign_only) {
    for (const auto& [records, name, number] :
         {std::tuple(&population().webshop, "title", "sku"),
          std::tuple(&population().erp, "description", "item_code")}) {
        std::map<int, int> names_by_size;
        for (const auto& [value, count] : counted(*records, "products", name))
            ++names_by_size[count];
        EXPECT_GT(names_by_size[3], 100);
        EXPECT_EQ(names_by_size.rbegin()->first, 3);
        const auto numbers = counted(*records, "products", number);
        EXPECT_GT(std::ranges::count_if(numbers, [](const auto& one) { return one.second > 1; }),
                  60)
            << "one number once signs are left out";
    }
}

TEST(VariantPopulation, has_vat_numbers_on_one_side_and_customers_who_share_an_address) {
    std::map<std::string, std::string> shop_vat, erp_vat;
    for (const GeneratedRecord& r : population().webshop)
        shop_vat["c-" + std::to_string(r.id)] = r.resource == "customers"
                                                    ? text_of(r, "vat_id")
                                                    : shop_vat["c-" + std::to_string(r.id)];
    for (const GeneratedRecord& r : population().erp)
        if (r.resource == "customers") erp_vat[std::to_string(r.id)] = text_of(r, "vat_number");
    int one_sided = 0, nowhere = 0;
    for (const Thing& thing : population().things) {
        if (thing.model != "organisation" || thing.kind != "both") continue;
        const bool is_in_shop = !shop_vat[thing.webshop_ids[0].as_text()].empty();
        const bool is_in_erp = !erp_vat[json::write(thing.erp_ids[0])].empty();
        one_sided += is_in_shop != is_in_erp;
        nowhere += !is_in_shop && !is_in_erp;
    }
    EXPECT_GT(one_sided, 150);
    EXPECT_GT(nowhere, 30);
    int shared = 0;
    for (const auto& [email, count] : counted(population().erp, "customers", "email"))
        shared += count > 1 ? count : 0;
    EXPECT_GT(shared, 80);
}

TEST(VariantPopulation, asks_a_few_real_questions_and_says_what_a_person_would_answer) {
    std::map<std::string, int> why;
    std::set<bool> answers;
    for (const Thing& thing : population().things) {
        if (thing.question.empty()) continue;
        ++why[thing.question];
        answers.insert(thing.is_one);
        EXPECT_EQ(thing.asked.size(), 2u);
        EXPECT_NE(thing.asked[0].mark, thing.asked[1].mark);
    }
    EXPECT_EQ(why,
              (std::map<std::string, int>{{"one name, two item numbers", 1},
                                          {"one e-mail address, two VAT numbers", 4},
                                          {"one e-mail address, two names and addresses", 4}}));
    EXPECT_EQ(answers.size(), 2u);
}

TEST(VariantPopulation, is_shown_by_the_webshop_and_the_erp_only_and_only_once) {
    SimOptions options{.kind = "custom-erp", .records = 20, .population = "variants"};
    EXPECT_TRUE(make_system(options).has_value());
    options.again = true;
    EXPECT_EQ(make_system(options).error().kind, ErrorKind::bad_input);
    for (const char* kind : {"exact-online", "business-central"}) {
        const auto made = make_system({.kind = kind, .records = 20, .population = "variants"});
        EXPECT_EQ(made.error().kind, ErrorKind::bad_input) << kind;
    }
    EXPECT_FALSE(make_system({.kind = "custom-erp", .population = "odd"}).has_value());
}

TEST(VariantPopulation, the_same_seed_gives_the_same_truth) {
    const auto truth = [](std::uint64_t seed) {
        return json::write(truth_of(generate_variants(seed, 300), {}));
    };
    EXPECT_EQ(truth(3), truth(3));
    EXPECT_NE(truth(3), truth(4));
}

}  // namespace
}  // namespace entente::sim::test
