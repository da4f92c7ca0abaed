// The population as Business Central shows it: customers, a contact here and there, items, employees, sales orders and
// their lines. What lives there is chosen with random streams of its own, so that the others are the same with and
// without it. What waits for a person elsewhere is left out, and every record has all its match keys: it does not matter
// in which order they are found.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "sim/business_central_sums.hpp"
#include "sim/business_central_types.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

// Percentages.
constexpr unsigned products_there =
    85;  // fewer would leave too few orders whose products are all there
constexpr std::size_t organisations_there = 60;
constexpr std::size_t orders_there = 60;
constexpr unsigned spelled_as_elsewhere = 50;
constexpr unsigned has_contact = 20;

constexpr std::int64_t first_id = 101;
constexpr std::int64_t sequence_step = 10'000;
constexpr std::size_t staff = 5;

using Ids = std::vector<std::optional<std::int64_t>>;

class Renderer {
public:
    Renderer(std::uint64_t seed, const World& world, Moments& moments, Population& out)
        : choice_(seed, "central choice"),
          spelling_(seed, "central spelling"),
          world_(world),
          moments_(moments),
          out_(out),
          organisations_(world.organisations.size()),
          products_(world.products.size()),
          orders_(world.orders.size()) {}

    void render() {
        choose();
        // The things stand in the order of the world.
        std::size_t thing = 0;
        for (std::size_t i = 0; i < organisations_.size(); ++i, ++thing) {
            if (organisations_[i]) customer(i, out_.things[thing]);
        }
        for (std::size_t i = 0; i < organisations_.size(); ++i) {
            if (organisations_[i] && choice_.chance(has_contact)) contact(i);
        }
        for (std::size_t i = 0; i < products_.size(); ++i, ++thing) {
            if (products_[i]) item(i, out_.things[thing]);
        }
        if (!world_.products.empty()) employees();
        for (std::size_t i = 0; i < orders_.size(); ++i, ++thing) {
            if (orders_[i]) order(i, out_.things[thing]);
        }
        // Lines refer to their orders: they come when all of those are there.
        for (const auto& [id, o] : shown_) lines(id, o);
    }

private:
    static bool may_live_there(const Slot& slot) {
        return slot.home != Home::exact && slot.is_clear() && slot.exact_ids.size() <= 1;
    }

    template <class List>
    std::vector<std::size_t> in_any_order(const List& list) {
        std::vector<std::size_t> places(list.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
        shuffle(places, choice_);
        return places;
    }

    // Whatever an order there refers to must be there.
    void choose() {
        std::int64_t next = first_id;
        for (const std::size_t i : in_any_order(products_)) {
            const bool is_there =
                may_live_there(world_.products[i].slot) && choice_.chance(products_there);
            if (is_there) products_[i] = next++;
        }
        std::size_t wanted = orders_.size() * orders_there / 100;
        next = first_id;
        std::int64_t next_customer = first_id;
        for (const std::size_t i : in_any_order(orders_)) {
            const Order& o = world_.orders[i];
            const bool has_all = std::ranges::all_of(o.lines, [&](const OrderLine& line) {
                return products_[line.product].has_value();
            });
            if (wanted == 0 || !has_all || !may_live_there(o.slot)) continue;
            orders_[i] = next++;
            --wanted;
            auto& customer_id = organisations_[o.customer];
            if (!customer_id) customer_id = next_customer++;
        }
        const auto there =
            static_cast<std::int64_t>(organisations_.size() * organisations_there / 100);
        for (const std::size_t i : in_any_order(organisations_)) {
            if (next_customer - first_id >= there) break;
            if (!organisations_[i] && may_live_there(world_.organisations[i].slot)) {
                organisations_[i] = next_customer++;
            }
        }
    }

    void customer(std::size_t i, Thing& thing) {
        const Organisation& o = world_.organisations[i];
        const OrganisationTexts t = spelling_.chance(spelled_as_elsewhere)
                                        ? plain_texts(o, spelling_)
                                        : respelled(o, spelling_);
        Identity identity;
        add_identity(identity, "vat_number", t.vat);
        add_identity(identity, "email", t.email);
        add_identity(identity, "name", t.name);
        note(thing, o.slot, central::customers, *organisations_[i], t.vat, identity);
        put(central::customers, *organisations_[i], thing,
            Value(Value::Object{{"displayName", t.name},
                                {"type", "Company"},
                                {"taxRegistrationNumber", t.vat},
                                {"email", t.email},
                                {"phoneNumber", t.phone},
                                {"addressLine1", t.street},
                                {"postalCode", t.postal_code},
                                {"city", t.city},
                                {"country", t.country}}));
    }

    // Somebody who works there; no other system shows persons.
    void contact(std::size_t i) {
        const Organisation& o = world_.organisations[i];
        const std::string name(pick(words::people(), spelling_));
        put(central::contacts, next_contact_++,
            Value(Value::Object{
                {"type", "Person"},
                {"displayName", fmt::format("{} {}", name, pick(words::families(), spelling_))},
                {"companyNumber", fmt::format("C{:05}", *organisations_[i])},
                {"companyName", o.name},
                {"email", fmt::format("{}.{}", text::fold(name), o.email)},
                {"city", o.city},
                {"country", o.country->code}}));
    }

    void item(std::size_t i, Thing& thing) {
        const Product& p = world_.products[i];
        ProductTexts t = spelling_.chance(spelled_as_elsewhere) ? plain_texts(p)
                                                                : respelled(p, false, spelling_);
        // Where the code is misspelled elsewhere the name is the same to the letter.
        if (!p.misspelled_sku.empty()) t.title = p.title;
        Identity identity;
        add_identity(identity, "sku", t.sku);
        add_identity(identity, "name", t.title);
        note(thing, p.slot, central::items, *products_[i], t.sku, identity);
        put(central::items, *products_[i], thing,
            Value(Value::Object{{"number", t.sku},
                                {"displayName", t.title},
                                {"unitPrice", money(t.cents)},
                                {"blocked", !t.is_active}}));
    }

    static void note(Thing& thing, const Slot& slot, std::size_t set, std::int64_t id,
                     const std::string& mark, const Identity& identity) {
        for (const auto& [name, values] : identity)
            for (const std::string& value : values)
                add_identity(thing.central_identity, name, value);
        note_asked(thing, slot,
                   {"business-central", std::string(central::entity_of(set).set),
                    Value(central::guid_of(set, id)), mark, identity});
    }

    void employees() {
        std::set<std::string> emails;
        while (emails.size() < staff) {
            const std::string given(pick(words::people(), spelling_));
            const std::string family(pick(words::families(), spelling_));
            const std::string email =
                fmt::format("{}.{}@simulated.example", text::fold(given), text::fold(family));
            // Two with one address would be one person twice.
            if (!emails.insert(email).second) continue;
            put(central::employees, first_id + static_cast<std::int64_t>(emails.size() - 1),
                Value(Value::Object{{"givenName", given},
                                    {"surname", family},
                                    {"email", email},
                                    {"employmentDate", "2024-01-01"}}));
        }
    }

    void order(std::size_t i, Thing& thing) {
        const Order& drafted = world_.orders[i];
        const Order o =
            spelling_.chance(spelled_as_elsewhere) ? drafted : respelled(drafted, spelling_);
        shown_.emplace_back(*orders_[i], o);
        std::vector<Value> sums;
        for (const OrderLine& line : o.lines) {
            const Decimal net =
                quantity_of(line).as_decimal().times(money(line.cents).as_decimal());
            sums.emplace_back(Value::Object{
                {"amountExcludingTax", Value(net.rounded(central::amount_decimals))}});
        }
        Value header(Value::Object{
            {"customerId", central::guid_of(central::customers, *organisations_[o.customer])},
            {"externalDocumentNumber", o.number},
            {"orderDate", o.date},
            {"currencyCode", o.currency}});
        central::add_up_header(header, sums, Decimal(0));
        put(central::sales_orders, *orders_[i], thing, std::move(header));
    }

    void lines(std::int64_t order_id, const Order& o) {
        std::int64_t sequence = 0;
        for (const OrderLine& line : o.lines) {
            put(central::sales_order_lines, next_line_++,
                Value(Value::Object{
                    {"documentId", central::guid_of(central::sales_orders, order_id)},
                    {"sequence", sequence += sequence_step},
                    {"itemId", central::guid_of(central::items, *products_[line.product])},
                    {"description", line.text},
                    {"quantity", quantity_of(line)},
                    {"unitPrice", money(line.cents)}}));
        }
    }

    void put(std::size_t set, std::int64_t id, Thing& thing, Value fields) {
        thing.central_ids.emplace_back(central::entity_of(set).set,
                                       std::vector<Value>{Value(central::guid_of(set, id))});
        put(set, id, std::move(fields));
    }

    void put(std::size_t set, std::int64_t id, Value fields) {
        const Instant modified = moments_.next();
        out_.central.push_back({std::string(central::entity_of(set).set), id,
                                moments_.created_before(modified), modified, std::move(fields)});
    }

    Random choice_, spelling_;
    const World& world_;
    Moments& moments_;
    Population& out_;
    Ids organisations_, products_, orders_;
    std::vector<std::pair<std::int64_t, Order>> shown_;
    std::int64_t next_contact_ = first_id, next_line_ = 1;
};

}  // namespace

void render_business_central(std::uint64_t seed, const World& world, Moments& moments,
                             Population& out) {
    Renderer(seed, world, moments, out).render();
}

}  // namespace entente::sim
