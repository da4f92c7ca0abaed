// The facts of orders and their lines, and their records: nested lines in the shop, records of their own in the ERP.
#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

constexpr int tries_max = 1000;
constexpr std::size_t lines_max = 6;
constexpr std::int64_t first_erp_line = 20001;
constexpr std::int64_t order_days_begin = 20'240;  // 2025-06-01, in days since 1970
constexpr std::int64_t order_days_end = 20'392;    // 2025-10-31
constexpr std::int64_t day_ms = 86'400'000;

// Percentages of orders.
constexpr unsigned has_asked_customer = 3;
constexpr unsigned has_asked_product = 4;

// Which things records of a home may refer to: those without doubt, or those that are asked about.
template <class Drafts>
std::vector<std::size_t> eligible(const Drafts& drafts, Home home, bool is_asked) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const Slot& slot = drafts[i].slot;
        const bool lives_there = slot.home == Home::both || slot.home == home;
        if (lives_there && slot.is_clear() && slot.is_asked == is_asked) out.push_back(i);
    }
    return out;
}

std::string unique_number(std::string_view pattern, Unique& numbers, Random& random) {
    for (int attempt = 0; attempt < tries_max; ++attempt) {
        std::string number = fill_pattern(pattern, random);
        if (numbers.add(number)) return number;
    }
    CHECK(false, "there are numbers enough for every order");
    return {};
}

// A product occurs once in an order: a line that differs between the systems is still known by it.
void add_line(Order& o, const World& world, const std::vector<std::size_t>& products,
              Random& random) {
    const std::size_t product = pick(products, random);
    if (std::ranges::find(o.lines, product, &OrderLine::product) != o.lines.end()) return;
    const Product& p = world.products[product];
    std::string quantity = std::to_string(1 + random.below(12));
    if (random.chance(5)) quantity += ".5";
    const std::int64_t discount = random.chance(20) ? p.cents / 10 : 0;
    o.lines.push_back({product, p.title, std::move(quantity), p.cents - discount});
}

bool has_equal_lines(const Order& o) {
    return o.lines.size() > 1 && o.lines.front().product == o.lines.back().product;
}

class Renderer {
public:
    Renderer(const World& world, Moments& moments, Population& out)
        : world_(world), moments_(moments), out_(out) {}

    void shop_order(const Order& o, std::int64_t id) {
        Value lines = Value::list();
        for (const OrderLine& line : o.lines) {
            const Slot& product = world_.products[line.product].slot;
            lines.as_list().push_back(
                Value(Value::Object{{"product_id", shop_id("p-", product.shop_ids[0])},
                                    {"title", line.text},
                                    {"quantity", quantity_of(line)},
                                    {"unit_price", money(line.cents)}}));
        }
        const Slot& customer = world_.organisations[o.customer].slot;
        put(out_.webshop, "orders", id,
            Value(Value::Object{{"number", o.number},
                                {"customer_id", shop_id("c-", customer.shop_ids[0])},
                                {"ordered_on", o.date},
                                {"currency", o.currency},
                                {"comment", o.comment},
                                {"lines", lines}}));
    }

    void erp_order(const Order& o, std::int64_t id) {
        const Slot& customer = world_.organisations[o.customer].slot;
        put(out_.erp, "orders", id,
            Value(Value::Object{{"reference", o.number},
                                {"customer", customer.erp_ids[0]},
                                {"order_date", o.date},
                                {"currency_code", o.currency},
                                {"remarks", o.comment}}));
    }

    void erp_lines(const Order& o, std::int64_t order_id) {
        for (const OrderLine& line : o.lines) {
            const Slot& product = world_.products[line.product].slot;
            put(out_.erp, "order-lines", next_line_++,
                Value(Value::Object{{"order", order_id},
                                    {"product", product.erp_ids[0]},
                                    {"description", line.text},
                                    {"qty", quantity_of(line)},
                                    {"price", money(line.cents)}}));
        }
    }

private:
    void put(std::vector<GeneratedRecord>& records, std::string resource, std::int64_t id,
             Value fields) {
        const Instant modified = moments_.next();
        const Instant created = moments_.created_before(modified);
        records.push_back({std::move(resource), id, created, modified, std::move(fields)});
    }

    const World& world_;
    Moments& moments_;
    Population& out_;
    std::int64_t next_line_ = first_erp_line;
};

}  // namespace

Order respelled(Order o, Random& random) {
    if (random.chance(8)) o.comment = pick(words::comments(), random);
    if (random.chance(5)) o.comment.clear();
    if (has_equal_lines(o)) return o;
    for (OrderLine& line : o.lines) {
        if (random.chance(4)) line.cents += 50;
        if (random.chance(4)) line.text = text::upper(line.text);
        if (random.chance(2)) line.quantity = std::to_string(13 + random.below(12));
    }
    if (o.lines.size() > 1 && random.chance(3)) o.lines.pop_back();
    return o;
}

Order draft_order(const World& world, const OrderChoice& choice, std::string_view pattern,
                  Unique& numbers, Random& random) {
    CHECK(!choice.customers.empty() && !choice.products.empty(), "orders have somebody to go to");
    Order o;
    const bool is_customer_asked =
        !choice.asked_customers.empty() && random.chance(has_asked_customer);
    o.customer = pick(is_customer_asked ? choice.asked_customers : choice.customers, random);
    o.number = unique_number(pattern, numbers, random);
    o.date = date_of({random.between(order_days_begin, order_days_end) * day_ms});
    o.currency = world.organisations[o.customer].country->currency;
    if (random.chance(60)) o.comment = pick(words::comments(), random);
    const std::size_t lines = 1 + random.below(lines_max);
    for (std::size_t i = 0; i < lines; ++i) add_line(o, world, choice.products, random);
    if (!choice.asked_products.empty() && o.lines.size() < lines_max &&
        random.chance(has_asked_product)) {
        add_line(o, world, choice.asked_products, random);
    }
    // The same thing ordered twice, by two equal lines, is no mistake.
    if (random.chance(1) && o.lines.size() < lines_max) o.lines.push_back(o.lines.front());
    return o;
}

std::vector<Order> draft_orders(std::uint64_t seed, std::size_t count, const World& world) {
    Random planning(seed, "order plan");
    std::vector<Slot> slots = plan(count, {}, planning);
    give_ids(slots, 101, 10001, planning);
    std::vector<Order> orders;
    orders.reserve(count);
    if (count == 0) return orders;
    std::vector<OrderChoice> choices;
    for (const Home home : {Home::both, Home::webshop, Home::erp}) {
        choices.push_back({eligible(world.organisations, home, false),
                           eligible(world.products, home, false),
                           eligible(world.organisations, home, true),
                           {}});
        // An order of one system alone would be made without the line that waits.
        if (home == Home::both)
            choices.back().asked_products = eligible(world.products, home, true);
    }
    Random random(seed, "order facts");
    Unique numbers;
    for (const Slot& slot : slots) {
        const std::string_view pattern = slot.home == Home::erp ? "E26-########" : "W26-########";
        orders.push_back(draft_order(world, choices[static_cast<std::size_t>(slot.home)], pattern,
                                     numbers, random));
        orders.back().slot = slot;
    }
    return orders;
}

void render_orders(std::uint64_t seed, const World& world, Moments& moments, Population& out) {
    Random spelling(seed, "order spelling");
    Renderer renderer(world, moments, out);
    std::vector<std::pair<const Order*, Order>> in_erp;
    for (const Order& o : world.orders) {
        Thing thing = thing_of("order", o.slot, "o-");
        add_identity(thing.identity, "number", o.number);
        out.things.push_back(std::move(thing));
        const bool is_shop_plain = o.slot.home != Home::both || spelling.chance(50);
        const Order other = is_shop_plain && o.slot.home != Home::both ? o : respelled(o, spelling);
        if (o.slot.lives_in_shop()) {
            renderer.shop_order(is_shop_plain ? o : other, o.slot.shop_ids[0]);
        }
        if (!o.slot.lives_in_erp()) continue;
        in_erp.emplace_back(&o, is_shop_plain ? other : o);
        renderer.erp_order(in_erp.back().second, o.slot.erp_ids[0]);
    }
    // Lines refer to orders: they come when all of those are there.
    for (const auto& [o, shown] : in_erp) renderer.erp_lines(shown, o->slot.erp_ids[0]);
}

}  // namespace entente::sim
