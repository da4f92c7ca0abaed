// The facts of orders and their lines, and their records: nested lines in the shop, records of their own in the ERP.
#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

constexpr int tries_max = 1000;
constexpr std::int64_t first_erp_line = 20001;
constexpr std::int64_t order_days_begin = 20'240;  // 2025-06-01, in days since 1970
constexpr std::int64_t order_days_end = 20'392;    // 2025-10-31
constexpr std::int64_t day_ms = 86'400'000;

// Which things records of a home may refer to.
template <class Drafts>
std::vector<std::size_t> eligible(const Drafts& drafts, Home home) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        const Slot& slot = drafts[i].slot;
        const bool lives_there = slot.home == Home::both || slot.home == home;
        if (lives_there && slot.is_plain() && !slot.is_disputed) out.push_back(i);
    }
    return out;
}

struct Choice {
    std::vector<std::size_t> customers, products;
};

class Draughtsman {
public:
    Draughtsman(std::uint64_t seed, const World& world)
        : random_(seed, "order facts"), world_(world) {
        for (const Home home : {Home::both, Home::webshop, Home::erp}) {
            choices_.push_back(
                {eligible(world.organisations, home), eligible(world.products, home)});
        }
    }

    Order draft(const Slot& slot) {
        const Choice& choice = choices_[static_cast<std::size_t>(slot.home)];
        CHECK(!choice.customers.empty() && !choice.products.empty(),
              "orders have somebody to go to");
        Order o;
        o.slot = slot;
        o.customer = pick(choice.customers, random_);
        o.number = number_for(slot.home);
        o.date = date_of({random_.between(order_days_begin, order_days_end) * day_ms});
        o.currency = world_.organisations[o.customer].country->currency;
        if (random_.chance(60)) o.comment = pick(words::comments(), random_);
        const std::size_t lines = 1 + random_.below(6);
        for (std::size_t i = 0; i < lines; ++i) add_line(o, choice.products);
        // The same thing ordered twice, by two equal lines, is no mistake.
        if (random_.chance(1) && o.lines.size() < 6) o.lines.push_back(o.lines.front());
        return o;
    }

private:
    std::string number_for(Home home) {
        const std::string_view pattern = home == Home::erp ? "E26-########" : "W26-########";
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            std::string number = fill_pattern(pattern, random_);
            if (numbers_.add(number)) return number;
        }
        CHECK(false, "there are numbers enough for every order");
        return {};
    }

    // A product occurs once in an order: a line that differs between the systems is still known by it.
    void add_line(Order& o, const std::vector<std::size_t>& products) {
        const std::size_t product = pick(products, random_);
        if (std::ranges::find(o.lines, product, &OrderLine::product) != o.lines.end()) return;
        const Product& p = world_.products[product];
        std::string quantity = std::to_string(1 + random_.below(12));
        if (random_.chance(5)) quantity += ".5";
        const std::int64_t discount = random_.chance(20) ? p.cents / 10 : 0;
        o.lines.push_back({product, p.title, std::move(quantity), p.cents - discount});
    }

    Random random_;
    const World& world_;
    std::vector<Choice> choices_;
    Unique numbers_;
};

bool has_equal_lines(const Order& o) {
    return o.lines.size() > 1 && o.lines.front().product == o.lines.back().product;
}

// The order as the other side has it.
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

Value number(const std::string& text) {
    const auto parsed = Decimal::parse(text);
    CHECK(parsed.has_value(), "a quantity is a number");
    return Value(*parsed);
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
                                    {"quantity", number(line.quantity)},
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
                                    {"qty", number(line.quantity)},
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

std::vector<Order> draft_orders(std::uint64_t seed, std::size_t count, const World& world) {
    Random planning(seed, "order plan");
    std::vector<Slot> slots = plan(count, {}, planning);
    give_ids(slots, 101, 10001, planning);
    std::vector<Order> orders;
    orders.reserve(count);
    if (count == 0) return orders;
    Draughtsman draughtsman(seed, world);
    for (const Slot& slot : slots) orders.push_back(draughtsman.draft(slot));
    return orders;
}

void render_orders(std::uint64_t seed, const World& world, Moments& moments, Population& out) {
    Random spelling(seed, "order spelling");
    Renderer renderer(world, moments, out);
    std::vector<std::pair<const Order*, Order>> in_erp;
    for (const Order& o : world.orders) {
        Thing thing = thing_of("order", o.slot, "o-");
        add_identity(thing, "number", o.number);
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
