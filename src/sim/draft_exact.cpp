// What of the population lives in Exact Online: chosen with random streams of its own, so that the webshop and the ERP
// are the same with and without it. What waits for a person elsewhere is left out: its truth would depend on who is
// read first. Any two records of one thing share a match key, so that it does not matter in which order they are found.
#include <algorithm>

#include "sim/draft.hpp"

namespace entente::sim {
namespace {

// Percentages.
constexpr unsigned products_there =
    85;  // fewer would leave too few orders whose products are all there
constexpr std::size_t organisations_there = 60;
constexpr std::size_t orders_there = 60;
constexpr unsigned only_quotation = 30;
constexpr unsigned quotation_too = 30;

constexpr std::int64_t first_id = 101;
constexpr std::size_t doubled_every = 50;
constexpr std::size_t lone_quotation_every = 50;

enum class Form { sales_order, quotation, both };

class Planner {
public:
    Planner(std::uint64_t seed, World& world)
        : random_(seed, "exact plan"),
          facts_(seed, "exact order facts"),
          world_(world),
          has_organisation_(world.organisations.size()),
          has_product_(world.products.size()),
          is_customer_(world.organisations.size()),
          is_doubled_(world.organisations.size()) {}

    void plan(Amount orders) {
        choose_products();
        choose_orders();
        choose_organisations();
        choose_doubles();
        draft_own_orders(orders);
        give_ids();
    }

private:
    static bool may_live_there(const Slot& slot) { return slot.is_clear(); }

    template <class List>
    std::vector<std::size_t> in_any_order(const List& list) {
        std::vector<std::size_t> places(list.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
        shuffle(places, random_);
        return places;
    }

    void choose_products() {
        for (std::size_t i = 0; i < world_.products.size(); ++i) {
            const Slot& slot = world_.products[i].slot;
            has_product_[i] = slot.home == Home::exact ||
                              (may_live_there(slot) && random_.chance(products_there));
        }
    }

    // Whatever an order there refers to must be there.
    void choose_orders() {
        const std::size_t wanted = world_.orders.size() * orders_there / 100;
        std::size_t chosen = 0;
        for (const Order& o : world_.orders) is_customer_[o.customer] = true;
        for (const std::size_t i : in_any_order(world_.orders)) {
            if (chosen == wanted) break;
            const Order& o = world_.orders[i];
            const bool has_all = std::ranges::all_of(
                o.lines, [&](const OrderLine& line) { return has_product_[line.product]; });
            if (!has_all) continue;
            has_organisation_[o.customer] = true;
            forms_.emplace_back(i, some_form());
            ++chosen;
        }
    }

    Form some_form() {
        const auto number = random_.below(100);
        if (number < only_quotation) return Form::quotation;
        return number < only_quotation + quotation_too ? Form::both : Form::sales_order;
    }

    void choose_organisations() {
        std::size_t missing = world_.organisations.size() * organisations_there / 100;
        for (const bool is_there : has_organisation_) missing -= is_there && missing > 0;
        for (const std::size_t i : in_any_order(world_.organisations)) {
            const Slot& slot = world_.organisations[i].slot;
            const bool is_own = slot.home == Home::exact;
            if (has_organisation_[i] || !may_live_there(slot) || (missing == 0 && !is_own))
                continue;
            has_organisation_[i] = true;
            if (!is_own) --missing;
        }
    }

    // Like the doubles of the others: nothing refers to them, and all their records share all keys.
    void choose_doubles() {
        const auto there = static_cast<std::size_t>(std::ranges::count(has_organisation_, true));
        std::size_t missing = there / doubled_every;
        for (const std::size_t i : in_any_order(world_.organisations)) {
            const Slot& slot = world_.organisations[i].slot;
            const bool may_be = has_organisation_[i] && slot.home == Home::both &&
                                slot.quirk == Quirk::none && !is_customer_[i];
            if (!may_be || missing == 0) continue;
            is_doubled_[i] = true;
            --missing;
        }
    }

    void draft_own_orders(Amount orders) {
        if (orders.exact_only == 0) return;
        OrderChoice choice;
        for (std::size_t i = 0; i < has_organisation_.size(); ++i) {
            if (!has_organisation_[i] || is_doubled_[i]) continue;
            const bool is_asked = world_.organisations[i].slot.is_asked;
            (is_asked ? choice.asked_customers : choice.customers).push_back(i);
        }
        for (std::size_t i = 0; i < has_product_.size(); ++i) {
            if (has_product_[i] && !world_.products[i].slot.is_asked) choice.products.push_back(i);
        }
        Unique numbers;
        const std::size_t lone = orders.shared / lone_quotation_every + 1;
        for (std::size_t i = 0; i < orders.exact_only + lone; ++i) {
            const bool is_lone = i >= orders.exact_only;
            Order o = draft_order(world_, choice, "X26-########", numbers, facts_);
            o.slot.home = Home::exact;
            // Nothing is made of a quotation that names no order.
            if (is_lone) o.number.clear();
            Form form = Form::quotation;
            if (!is_lone) form = random_.chance(quotation_too) ? Form::both : Form::sales_order;
            forms_.emplace_back(world_.orders.size(), form);
            world_.orders.push_back(std::move(o));
        }
    }

    void give_ids() {
        std::int64_t next = first_id;
        for (const std::size_t i : in_any_order(has_organisation_)) {
            if (!has_organisation_[i]) continue;
            auto& ids = world_.organisations[i].slot.exact_ids;
            ids.push_back(next++);
            if (is_doubled_[i]) ids.push_back(next++);
        }
        next = first_id;
        for (const std::size_t i : in_any_order(has_product_)) {
            if (has_product_[i]) world_.products[i].slot.exact_ids.push_back(next++);
        }
        std::int64_t next_order = first_id, next_quotation = first_id;
        for (const std::size_t i : in_any_order(forms_)) {
            const auto& [order, form] = forms_[i];
            Slot& slot = world_.orders[order].slot;
            if (form != Form::quotation) slot.exact_ids.push_back(next_order++);
            if (form != Form::sales_order) slot.quotation_ids.push_back(next_quotation++);
        }
    }

    Random random_, facts_;
    World& world_;
    std::vector<bool> has_organisation_, has_product_, is_customer_, is_doubled_;
    std::vector<std::pair<std::size_t, Form>> forms_;
};

}  // namespace

void plan_exact(std::uint64_t seed, Amount orders, World& world) {
    Planner(seed, world).plan(orders);
}

}  // namespace entente::sim
