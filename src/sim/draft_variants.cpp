// The population of the hard case, as shops and ERPs really hold it: several articles of one name, item numbers that differ in a
// sign only, VAT numbers that one system alone knows, customers who share the e-mail address of their accountant. Who is
// who follows from numbers, names and addresses but for a few, of which only a person can know.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

constexpr int tries_max = 1000;

// Percentages of organisations.
constexpr int vat_on_one_side = 40;
constexpr unsigned vat_nowhere = 10;
constexpr std::size_t shares_email = 20;
constexpr std::size_t shares_name = 5;
// Of so many one is a question of each kind.
constexpr std::size_t asked_every = 200;
constexpr std::size_t variants_per_name = 3;

// Where the three articles of a name live, and how many of a hundred names are like that.
struct Pattern {
    unsigned share;
    std::array<Home, variants_per_name> homes;
};
constexpr Pattern patterns[] = {
    {50, {Home::both, Home::both, Home::both}}, {12, {Home::both, Home::both, Home::webshop}},
    {12, {Home::both, Home::both, Home::erp}},  {9, {Home::both, Home::webshop, Home::erp}},
    {5, {Home::webshop, Home::erp, Home::erp}}, {6, {Home::webshop, Home::webshop, Home::webshop}},
    {6, {Home::erp, Home::erp, Home::erp}}};

const Pattern& some_pattern(Random& random) {
    auto number = static_cast<unsigned>(random.below(100));
    const Pattern* pattern = patterns;
    while (number >= pattern->share) number -= (pattern++)->share;
    return *pattern;
}

// "4711" -> "4711", "4-711", "47-11", "471.1", ...: numbers that only a sign tells apart.
std::vector<std::string> spellings_of(const std::string& digits) {
    std::vector<std::string> out{digits};
    for (const char sign : {'-', '.'}) {
        for (std::size_t at = 1; at < digits.size(); ++at) {
            out.push_back(digits.substr(0, at) + sign + digits.substr(at));
        }
    }
    return out;
}

class ProductDrafter {
public:
    explicit ProductDrafter(std::uint64_t seed)
        : random_(seed, "variant products"), slips_(seed, "variant questions") {}

    std::vector<Product> draft(std::size_t count) {
        while (products_.size() < count) {
            // A name of one article on each side, under other numbers.
            if (++names_ % asked_every == asked_every / 2) {
                asked();
            } else {
                variants(count);
            }
        }
        return std::move(products_);
    }

private:
    void asked() {
        Product p = product(title(), number());
        p.slot.quirk = Quirk::second_key;
        p.slot.is_asked = true;
        p.is_another = slips_.chance(50);
        p.misspelled_sku = p.is_another ? number() : slip_of(p.sku);
        products_.push_back(std::move(p));
    }

    std::string slip_of(const std::string& sku) {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            std::string slip = change_digit(sku, slips_);
            if (skus_.add(slip)) return slip;
        }
        CHECK(false, "there are slips enough");
        return {};
    }

    void variants(std::size_t count) {
        // The first is known to both systems, so that the smallest population has something to order.
        const Pattern& pattern = products_.empty() ? patterns[0] : some_pattern(random_);
        const std::string name = title();
        const bool has_signs = random_.chance(50);
        for (std::size_t i = 0; i < variants_per_name && products_.size() < count; ++i) {
            Product p = product(name, has_signs ? signed_number() : number());
            p.slot.home = pattern.homes[i];
            products_.push_back(std::move(p));
        }
    }

    Product product(std::string name, std::string sku) {
        Product p;
        p.slot.is_odd_in_shop = random_.chance(50);
        p.title = std::move(name);
        p.sku = std::move(sku);
        p.cents = random_.between(2, 400) * 50 - (random_.chance(60) ? 5 : 0);
        p.currency = "EUR";
        p.is_active = random_.chance(92);
        return p;
    }

    std::string title() {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            std::string name =
                fmt::format("{} {} {}", pick(words::materials(), random_),
                            pick(words::qualities(), random_), pick(words::goods(), random_));
            if (attempt > 3) name += fmt::format(", {}", pick(words::families(), random_));
            if (titles_.add(text::fold(name))) return name;
        }
        CHECK(false, "there are titles enough for every name");
        return {};
    }

    // Never two that differ in case only; a slip of one is no other.
    std::string number() {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            std::string sku = fill_pattern("@@-#####", random_);
            if (skus_.add(sku)) return sku;
        }
        CHECK(false, "there are numbers enough for every article");
        return {};
    }

    // Of digits that several articles share, of one name or of the next.
    std::string signed_number() {
        if (signed_.empty()) {
            std::string digits;
            do digits = fill_pattern("1#####", random_);
            while (!digits_.add(digits));
            signed_ = spellings_of(digits);
            shuffle(signed_, random_);
            signed_.resize(variants_per_name + 2);
        }
        std::string sku = std::move(signed_.back());
        signed_.pop_back();
        return sku;
    }

    Random random_, slips_;
    Unique titles_, skus_, digits_;
    std::vector<std::string> signed_;  // spellings that are still free
    std::vector<Product> products_;
    std::size_t names_ = 0;
};

std::vector<Slot> plan_organisations(std::size_t count, Random& random) {
    std::vector<Slot> slots = plan(count, {.second_key = vat_on_one_side}, random);
    // Questions: a VAT number with a slip, and an e-mail address with another name.
    std::size_t asked = 0;
    for (Slot& slot : slots) {
        if (asked == 2 * (count / asked_every)) break;
        if (slot.home != Home::both || slot.quirk != Quirk::none) continue;
        if (++asked % 2 == 0) slot.quirk = Quirk::second_key;
        slot.is_asked = true;
    }
    return slots;
}

class OrganisationDrafter {
public:
    OrganisationDrafter(std::uint64_t seed, std::size_t count)
        : random_(seed, "variant organisations") {
        Random planning(seed, "variant organisation plan");
        std::vector<Slot> slots = plan_organisations(count, planning);
        // The last ones lend others their facts, and live nowhere themselves.
        slots.resize(count + count / asked_every);
        drafts_ = draft_organisations(seed, slots);
    }

    std::vector<Organisation> draft(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            Organisation& o = drafts_[i];
            if (o.slot.is_asked && o.slot.quirk == Quirk::none) give_other_facts(o);
            if (!o.slot.is_asked && random_.chance(vat_nowhere)) o.vat.clear();
        }
        CHECK(drafts_.size() == count, "whoever lends facts has lent them");
        share_emails();
        share_names();
        return std::move(drafts_);
    }

private:
    void give_other_facts(Organisation& o) {
        o.other = static_cast<const Facts&>(drafts_.back());
        if (random_.chance(50)) o.other->vat.clear();
        drafts_.pop_back();
    }

    // Two or three customers of one accountant; one at least is known to both systems, so that nobody has to ask who is who.
    void share_emails() {
        std::size_t wanted = drafts_.size() * shares_email / 100;
        std::vector<std::size_t> both, others;
        for (std::size_t i = 0; i < drafts_.size(); ++i) {
            if (drafts_[i].slot.is_asked) continue;
            (drafts_[i].slot.home == Home::both ? both : others).push_back(i);
        }
        shuffle(both, random_);
        shuffle(others, random_);
        while (wanted > 0 && both.size() > 1 && others.size() > 1) {
            std::vector<std::size_t> group{both.back()};
            both.pop_back();
            for (std::size_t more = 1 + random_.below(2); more > 0; --more) {
                auto& list = random_.chance(60) && !both.empty() ? both : others;
                if (list.empty()) continue;
                group.push_back(list.back());
                list.pop_back();
            }
            for (const std::size_t i : group) drafts_[i].email = drafts_[group[0]].email;
            wanted -= std::min(wanted, group.size());
        }
    }

    // The same name in another town is somebody else.
    void share_names() {
        std::size_t wanted = drafts_.size() * shares_name / 100;
        for (std::size_t i = 1; i < drafts_.size() && wanted > 0; ++i) {
            Organisation& o = drafts_[i];
            const Organisation& before = drafts_[i - 1];
            if (o.slot.is_asked || before.slot.is_asked || o.email == before.email ||
                o.postal_code == before.postal_code || before.name == o.name)
                continue;
            o.name = before.name;
            ++i;
            --wanted;
        }
    }

    Random random_;
    std::vector<Organisation> drafts_;
};

template <class Drafts>
void give_ids_to(Drafts& drafts, std::int64_t first_shop, std::int64_t first_erp, Random& random) {
    std::vector<Slot> slots;
    slots.reserve(drafts.size());
    for (const auto& draft : drafts) slots.push_back(draft.slot);
    give_ids(slots, first_shop, first_erp, random);
    for (std::size_t i = 0; i < drafts.size(); ++i) drafts[i].slot = slots[i];
}

}  // namespace

World draft_variants(std::uint64_t seed, std::int64_t records) {
    const auto count = static_cast<std::size_t>(records);
    Random planning(seed, "variant plan");
    World world;
    const std::size_t products = count * 2 / 5;
    world.products = ProductDrafter(seed).draft(products);
    const std::size_t orders = products == 0 ? 0 : count / 5;
    const std::size_t organisations = count - products - orders;
    world.organisations = OrganisationDrafter(seed, organisations).draft(organisations);
    give_ids_to(world.organisations, 101, 4001, planning);
    give_ids_to(world.products, 101, 501, planning);
    world.orders = draft_orders(seed, orders, world);
    return world;
}

}  // namespace entente::sim
