// How the generator works, shared by its parts: things are first planned (where they live, what is odd about them), then
// drafted (facts), then given their ids in each system, then rendered as records. Internal to the generator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/random.hpp"
#include "sim/generator.hpp"
#include "sim/words.hpp"

namespace entente::sim {

// Things of `exact` live in Exact Online alone.
enum class Home { both, webshop, erp, exact };
enum class Quirk { none, second_key, ambiguous, crossed, doubled };

// A planned thing: where it lives and what is odd. `is_odd_in_shop` names the side of a slip or a double.
struct Slot {
    Home home = Home::both;
    Quirk quirk = Quirk::none;
    bool is_odd_in_shop = false;
    bool is_disputed = false;
    bool is_crossed = false;  // another thing's record shows its e-mail address
    // Its records show two identifying values: whether they are one thing only a person can know.
    bool is_asked = false;
    std::vector<std::int64_t> shop_ids, erp_ids;
    // In Exact Online: as an account, an item or a sales order; an order may be a quotation too, or only that.
    std::vector<std::int64_t> exact_ids, quotation_ids;

    bool lives_in_shop() const { return home == Home::both || home == Home::webshop; }
    bool lives_in_erp() const { return home == Home::both || home == Home::erp; }
    bool lives_in_exact() const { return !exact_ids.empty() || !quotation_ids.empty(); }
    // Nobody else's records show anything of it, nor its own anything of others.
    bool is_clear() const {
        return (quirk == Quirk::none || quirk == Quirk::second_key) && !is_disputed && !is_crossed;
    }
    // May be referred to by records of both systems without doubt.
    bool is_plain() const { return is_clear() && !is_asked; }
};

struct Shares {
    int second_key = 0;  // percent of those in both systems
    int ambiguous = 0;
    int crossed = 0;
    int doubled = 0;
};

// Why only a person can know, as the truth says it.
inline constexpr std::string_view question_of_numbers = "one name, two item numbers";
inline constexpr std::string_view question_of_vat = "one e-mail address, two VAT numbers";
inline constexpr std::string_view question_of_mail = "one e-mail address, two names and addresses";

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

struct Facts {
    const words::Country* country = nullptr;
    std::string name, vat, street, postal_code, city;
    std::string phone;  // digits behind the country code
};

struct Organisation : Facts {
    Slot slot;
    std::string email;
    std::string misspelled_vat;  // second_key: empty when it lacks
    std::string other_email;     // crossed: of the rival
    // What the odd side shows instead: only the e-mail address is the same.
    std::optional<Facts> other;
};

struct Product {
    Slot slot;
    std::string sku, misspelled_sku, title, currency;
    bool is_another = false;  // the other number is no slip: it is another article of that name
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

// How many there are; those of Exact Online alone come last, and from random streams of their own, so that the
// webshop and the ERP are the same with and without them.
struct Amount {
    std::size_t shared = 0;
    std::size_t exact_only = 0;
};
std::vector<Organisation> draft_organisations(std::uint64_t seed, Amount amount);
std::vector<Product> draft_products(std::uint64_t seed, Amount amount);
// The same facts of any slots, as the hard population plans them: no two things share a value yet.
std::vector<Organisation> draft_organisations(std::uint64_t seed, const std::vector<Slot>& slots);
std::vector<Order> draft_orders(std::uint64_t seed, std::size_t count, const World& world);
// Whom an order may go to, and what it may hold.
struct OrderChoice {
    std::vector<std::size_t> customers, products;
    // Of which a few orders have one: things that wait for a person, so that the order waits too.
    std::vector<std::size_t> asked_customers, asked_products;
};
// Facts without a slot. `pattern` of its number: "W26-########".
Order draft_order(const World& world, const OrderChoice& choice, std::string_view pattern,
                  Unique& numbers, Random& random);

// The hard case, of webshop and ERP alone.
World draft_variants(std::uint64_t seed, std::int64_t records);

// Decides what lives in Exact Online too, drafts what lives there alone, and gives all of it its ids.
void plan_exact(std::uint64_t seed, Amount orders, World& world);

// Each appends the records of both systems and the things.
void render_organisations(std::uint64_t seed, const World& world, Moments& moments,
                          Population& out);
void render_products(std::uint64_t seed, const World& world, Moments& moments, Population& out);
void render_orders(std::uint64_t seed, const World& world, Moments& moments, Population& out);
// The records of Exact Online, and what the things' identities gain by them. Requires: the things are there.
void render_exact(std::uint64_t seed, const World& world, Moments& moments, Population& out);

// The same for Business Central, which decides itself what lives there.
void render_business_central(std::uint64_t seed, const World& world, Moments& moments,
                             Population& out);

// How a thing is written in one system: the same facts, spelled by different people on different days.
struct OrganisationTexts {
    std::string name, vat, email, phone, street, postal_code, city, country;
};
OrganisationTexts plain_texts(const Organisation& o, Random& random);
// Another spelling, and here and there another fact.
OrganisationTexts respelled(const Organisation& o, Random& random);
void leave_out_some(OrganisationTexts& texts, Random& random);

struct ProductTexts {
    std::string sku, title;
    std::int64_t cents = 0;
    bool is_active = true;
};
ProductTexts plain_texts(const Product& p);
// A system that stores codes upper-case itself shows no other case.
ProductTexts respelled(const Product& p, bool keeps_case, Random& random);
Order respelled(Order o, Random& random);

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
Value quantity_of(const OrderLine& line);
Value shop_id(std::string_view letters, std::int64_t id);
std::string_view kind_of(const Slot& slot);
Thing thing_of(std::string_view model, const Slot& slot, std::string_view shop_letters);
void add_identity(Identity& identity, std::string_view name, const std::string& value);
// Notes what a record of a thing in question shows. Records with the same mark are one thing beyond doubt; without one
// it says nothing.
void note_asked(Thing& thing, const Slot& slot, Shown shown);

}  // namespace entente::sim
