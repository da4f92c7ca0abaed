// The facts of products, and their records.
#include <fmt/core.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

constexpr int tries_max = 1000;
constexpr unsigned spelled_otherwise = 15;
constexpr unsigned really_different = 8;

class Draughtsman {
public:
    explicit Draughtsman(std::uint64_t seed) : random_(seed, "product facts") {}

    void go_on_with(Random random) { random_ = random; }

    Product draft(const Slot& slot) {
        Product p;
        p.slot = slot;
        title(p);
        p.sku = unique_sku(text::upper(p.title.substr(0, 2)) + "@-#####");
        if (slot.quirk == Quirk::second_key) {
            for (int attempt = 0; attempt < tries_max && p.misspelled_sku.empty(); ++attempt) {
                std::string slip = change_digit(p.sku, random_);
                if (skus_.add(slip)) p.misspelled_sku = std::move(slip);
            }
            CHECK(!p.misspelled_sku.empty(), "there are slips enough");
            p.slot.is_asked = true;
        }
        p.cents = random_.between(2, 400) * 50 - (random_.chance(60) ? 5 : 0);
        p.currency = random_.chance(85) ? "EUR" : "NOK";
        p.is_active = random_.chance(92);
        return p;
    }

private:
    void title(Product& p) {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            p.title = fmt::format("{} {} {}", pick(words::materials(), random_),
                                  pick(words::qualities(), random_), pick(words::goods(), random_));
            // Every tenth has no variant; more words where the short ones are taken.
            if (attempt > 0 || !random_.chance(10)) {
                p.title += fmt::format(", {}", pick(words::variants(), random_));
            }
            if (attempt > 3) p.title += fmt::format(", {}", pick(words::families(), random_));
            if (titles_.add(text::fold(p.title))) return;
        }
        CHECK(false, "there are titles enough for every product");
    }

    std::string unique_sku(const std::string& pattern) {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            std::string sku = fill_pattern(pattern, random_);
            if (skus_.add(sku)) return sku;
        }
        CHECK(false, "there are codes enough for every product");
        return {};
    }

    Random random_;
    Unique titles_, skus_;
};

Value product_of_shop(const ProductTexts& t, const Product& p, std::int64_t id) {
    return Value(Value::Object{{"sku", t.sku},
                               {"title", t.title},
                               {"price", money(t.cents)},
                               {"currency", p.currency},
                               {"active", t.is_active},
                               {"image_url", Value(fmt::format("/images/p-{}.jpg", id))}});
}

Value product_of_erp(const ProductTexts& t, const Product& p, Random& random) {
    return Value(Value::Object{{"item_code", t.sku},
                               {"description", t.title},
                               {"sales_price", money(t.cents)},
                               {"currency_code", p.currency},
                               {"blocked", !t.is_active},
                               {"stock", Value(random.between(0, 900))}});
}

}  // namespace

ProductTexts plain_texts(const Product& p) {
    return {p.sku, p.title, p.cents, p.is_active};
}

ProductTexts respelled(const Product& p, bool keeps_case, Random& random) {
    ProductTexts t = plain_texts(p);
    if (keeps_case && random.chance(spelled_otherwise)) t.sku = text::lower(t.sku);
    if (random.chance(spelled_otherwise)) t.title = text::upper(t.title);
    if (random.chance(really_different)) t.cents += 100;
    if (random.chance(2)) t.is_active = !t.is_active;
    return t;
}

std::vector<Product> draft_products(std::uint64_t seed, Amount amount) {
    Random planning(seed, "product plan");
    std::vector<Slot> slots = plan(amount.shared, {.second_key = 10}, planning);
    give_ids(slots, 101, 501, planning);
    Draughtsman draughtsman(seed);
    std::vector<Product> products;
    products.reserve(amount.shared + amount.exact_only);
    for (const Slot& slot : slots) products.push_back(draughtsman.draft(slot));
    draughtsman.go_on_with(Random(seed, "exact product facts"));
    for (std::size_t i = 0; i < amount.exact_only; ++i) {
        products.push_back(draughtsman.draft({.home = Home::exact}));
    }
    return products;
}

void render_products(std::uint64_t seed, const World& world, Moments& moments, Population& out) {
    Random spelling(seed, "product spelling");
    for (const Product& p : world.products) {
        Thing thing = thing_of("product", p.slot, "p-");
        if (p.slot.is_asked) thing.question = question_of_numbers;
        thing.is_one = !p.is_another;
        const bool is_shop_plain = spelling.chance(50);
        for (const bool is_shop : {true, false}) {
            const auto& ids = is_shop ? p.slot.shop_ids : p.slot.erp_ids;
            if (ids.empty()) continue;
            ProductTexts t =
                is_shop == is_shop_plain ? plain_texts(p) : respelled(p, is_shop, spelling);
            if (!p.misspelled_sku.empty()) {
                // Nothing but the name tells that it could be one: it is the same to the letter.
                t.title = p.title;
                if (p.slot.is_odd_in_shop == is_shop) t.sku = p.misspelled_sku;
            }
            Identity identity;
            add_identity(identity, "sku", t.sku);
            add_identity(identity, "name", t.title);
            add_identity(thing.identity, "sku", t.sku);
            add_identity(thing.identity, "name", t.title);
            note_asked(thing, p.slot,
                       {is_shop ? "custom-webshop" : "custom-erp", "",
                        is_shop ? thing.webshop_ids[0] : thing.erp_ids[0], t.sku, identity});
            const Instant modified = moments.next();
            const Instant created = moments.created_before(modified);
            Value fields = is_shop ? product_of_shop(t, p, ids[0]) : product_of_erp(t, p, spelling);
            auto& records = is_shop ? out.webshop : out.erp;
            records.push_back({"products", ids[0], created, modified, std::move(fields)});
        }
        out.things.push_back(std::move(thing));
    }
}

}  // namespace entente::sim
