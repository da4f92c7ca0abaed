// How the generator works, shared by its parts: things are first planned (where they live, what is odd about them), then
// drafted (facts), then given their ids in each system, then rendered as records. Internal to the generator.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/random.hpp"
#include "sim/generator.hpp"
#include "sim/words.hpp"

namespace entente::sim {

enum class Home { both, webshop, erp };
enum class Quirk { none, second_key, ambiguous, doubled };

// A planned thing: where it lives and what is odd. `is_odd_in_shop` names the side of a slip or a double.
struct Slot {
    Home home = Home::both;
    Quirk quirk = Quirk::none;
    bool is_odd_in_shop = false;
    bool is_disputed = false;
    std::vector<std::int64_t> shop_ids, erp_ids;

    bool lives_in_shop() const { return home != Home::erp; }
    bool lives_in_erp() const { return home != Home::webshop; }
    // May be referred to by records of both systems without doubt.
    bool is_plain() const { return quirk == Quirk::none || quirk == Quirk::second_key; }
};

struct Shares {
    int second_key = 0;  // percent of those in both systems
    int ambiguous = 0;
    int doubled = 0;
};

// `count` slots in random order: 70 % in both systems, the rest half each; quirks in exact shares of those in both.
std::vector<Slot> plan(std::size_t count, Shares shares, Random& random);

// Ids from first on, in another random order for each system; a doubled thing gets two on its odd side.
void give_ids(std::vector<Slot>& slots, std::int64_t first_shop, std::int64_t first_erp,
              Random& random);

// Moments of the year before 2026-11-01, never the same twice, so that `latest` has one answer.
class Moments {
public:
    explicit Moments(std::uint64_t seed) : random_(seed, "moments") {}
    Instant next();
    // Some time before `modified`.
    Instant created_before(Instant modified);

private:
    Random random_;
    std::unordered_set<std::int64_t> used_;  // asked only, never walked
};

// Texts that no two things share.
class Unique {
public:
    bool add(const std::string& text) { return used_.insert(text).second; }

private:
    std::unordered_set<std::string> used_;  // asked only, never walked
};

struct Organisation {
    Slot slot;
    const words::Country* country = nullptr;
    std::string name, vat, email, street, postal_code, city;
    std::string phone;           // digits behind the country code
    std::string misspelled_vat;  // second_key: empty when it lacks
    std::string other_email;     // ambiguous: of the rival
};

struct Product {
    Slot slot;
    std::string sku, misspelled_sku, title, currency;
    std::int64_t cents = 0;
    bool is_active = true;
};

struct OrderLine {
    std::size_t product = 0;
    std::string text;
    std::string quantity;
    std::int64_t cents = 0;
};

struct Order {
    Slot slot;
    std::size_t customer = 0;
    std::string number, date, currency, comment;
    std::vector<OrderLine> lines;
};

struct World {
    std::vector<Organisation> organisations;
    std::vector<Product> products;
    std::vector<Order> orders;
};

std::vector<Organisation> draft_organisations(std::uint64_t seed, std::size_t count);
std::vector<Product> draft_products(std::uint64_t seed, std::size_t count);
std::vector<Order> draft_orders(std::uint64_t seed, std::size_t count, const World& world);

// Each appends the records of both systems and the things.
void render_organisations(std::uint64_t seed, const World& world, Moments& moments,
                          Population& out);
void render_products(std::uint64_t seed, const World& world, Moments& moments, Population& out);
void render_orders(std::uint64_t seed, const World& world, Moments& moments, Population& out);

// Small tools.
template <class List>
const auto& pick(const List& list, Random& random) {
    return list[random.below(list.size())];
}
template <class T>
void shuffle(std::vector<T>& list, Random& random) {
    for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
}
// '#' becomes a digit, '@' a capital letter.
std::string fill_pattern(std::string_view pattern, Random& random);
// One digit becomes another one.
std::string change_digit(std::string text, Random& random);
Value money(std::int64_t cents);
Value shop_id(std::string_view letters, std::int64_t id);
std::string_view kind_of(const Slot& slot);
Thing thing_of(std::string_view model, const Slot& slot, std::string_view shop_letters);
void add_identity(Thing& thing, std::string_view name, const std::string& value);

}  // namespace entente::sim
