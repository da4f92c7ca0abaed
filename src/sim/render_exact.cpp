// The population as Exact Online shows it: accounts, items, sales orders and quotations with their lines.
#include "base/text.hpp"
#include "sim/draft.hpp"
#include "sim/exact_ids.hpp"

namespace entente::sim {
namespace {

// Percentages.
constexpr unsigned spelled_as_elsewhere = 50;
constexpr unsigned key_left_out = 6;

constexpr std::size_t name_length_max = 50;

Value account_fields(const OrganisationTexts& t) {
    return Value(Value::Object{{"Name", t.name},
                               {"Status", "C"},
                               {"VATNumber", t.vat},
                               {"Email", t.email},
                               {"Phone", t.phone},
                               {"AddressLine1", t.street},
                               {"Postcode", t.postal_code},
                               {"City", t.city},
                               {"Country", t.country}});
}

Value item_fields(const ProductTexts& t) {
    return Value(Value::Object{{"Code", t.sku},
                               {"Description", t.title},
                               {"IsSalesItem", t.is_active},
                               {"StandardSalesPrice", money(t.cents)}});
}

// A kind of document: its sets, and what their fields are called.
struct Paper {
    std::string_view set, lines, customer, date, parent;
};
constexpr Paper sales_order{exact::sales_orders, exact::sales_order_lines, "OrderedBy", "OrderDate",
                            "OrderID"};
constexpr Paper quotation{exact::quotations, exact::quotation_lines, "OrderAccount",
                          "QuotationDate", "QuotationID"};

class Renderer {
public:
    Renderer(std::uint64_t seed, const World& world, Moments& moments, Population& out)
        : spelling_(seed, "exact spelling"), world_(world), moments_(moments), out_(out) {}

    void render() {
        // The things stand in the order of the world.
        std::size_t thing = 0;
        for (const Organisation& o : world_.organisations) account(o, out_.things[thing++]);
        for (const Product& p : world_.products) item(p, out_.things[thing++]);
        for (const Order& o : world_.orders) note_order(o, out_.things[thing++]);
        papers(sales_order, &Slot::exact_ids);
        papers(quotation, &Slot::quotation_ids);
    }

private:
    void account(const Organisation& o, Thing& thing) {
        for (const std::int64_t id : o.slot.exact_ids) {
            OrganisationTexts t = spelling_.chance(spelled_as_elsewhere) ? plain_texts(o, spelling_)
                                                                         : respelled(o, spelling_);
            if (text::length(t.name) > name_length_max) t.name = o.name;
            if (o.slot.exact_ids.size() == 1) leave_out_keys(o, t);
            Identity identity;
            add_identity(identity, "vat_number", t.vat);
            add_identity(identity, "email", t.email);
            add_identity(identity, "name", t.name);
            note(thing, o.slot, exact::accounts, id, t.vat, identity);
            put(exact::accounts, id, account_fields(t));
        }
        note_ids(thing, exact::accounts, o.slot.exact_ids);
        thing.is_double_in_exact = o.slot.exact_ids.size() > 1;
    }

    // Each of the others must still share a key with it: of a thing whose VAT number is odd somewhere the address stays.
    void leave_out_keys(const Organisation& o, OrganisationTexts& t) {
        leave_out_some(t, spelling_);
        const bool has_no_vat = spelling_.chance(key_left_out);
        const bool has_no_email = spelling_.chance(key_left_out);
        if (has_no_vat) {
            t.vat.clear();
        } else if (has_no_email && o.slot.quirk == Quirk::none) {
            t.email.clear();
        }
    }

    void item(const Product& p, Thing& thing) {
        for (const std::int64_t id : p.slot.exact_ids) {
            ProductTexts t = spelling_.chance(spelled_as_elsewhere) ? plain_texts(p)
                                                                    : respelled(p, true, spelling_);
            if (!p.misspelled_sku.empty()) t.title = p.title;
            Identity identity;
            add_identity(identity, "sku", t.sku);
            add_identity(identity, "name", t.title);
            note(thing, p.slot, exact::items, id, t.sku, identity);
            put(exact::items, id, item_fields(t));
        }
        note_ids(thing, exact::items, p.slot.exact_ids);
    }

    static void note(Thing& thing, const Slot& slot, std::string_view set, std::int64_t id,
                     const std::string& mark, const Identity& identity) {
        for (const auto& [name, values] : identity)
            for (const std::string& value : values) add_identity(thing.exact_identity, name, value);
        note_asked(thing, slot,
                   {"exact-online", std::string(set), Value(exact_guid(set, id)), mark, identity});
    }

    static void note_order(const Order& o, Thing& thing) {
        note_ids(thing, exact::sales_orders, o.slot.exact_ids);
        note_ids(thing, exact::quotations, o.slot.quotation_ids);
    }

    static void note_ids(Thing& thing, std::string_view set, const std::vector<std::int64_t>& ids) {
        if (ids.empty()) return;
        std::vector<Value> keys;
        for (const std::int64_t id : ids) keys.emplace_back(exact_guid(set, id));
        thing.exact_ids.emplace_back(set, std::move(keys));
    }

    void papers(const Paper& paper, std::vector<std::int64_t> Slot::* ids) {
        std::vector<std::pair<std::int64_t, Order>> shown;
        for (const Order& o : world_.orders) {
            for (const std::int64_t id : o.slot.*ids) {
                const bool is_plain = spelling_.chance(spelled_as_elsewhere);
                shown.emplace_back(id, is_plain ? o : respelled(o, spelling_));
                header(paper, id, shown.back().second);
            }
        }
        // Lines refer to their documents: they come when all of those are there.
        std::int64_t next_line = 1;
        for (const auto& [id, o] : shown) {
            for (const OrderLine& line : o.lines) {
                const Slot& product = world_.products[line.product].slot;
                put(paper.lines, next_line++,
                    Value(Value::Object{{std::string(paper.parent), exact_guid(paper.set, id)},
                                        {"Item", exact_guid(exact::items, product.exact_ids[0])},
                                        {"Description", line.text},
                                        {"Quantity", quantity_of(line)},
                                        {"UnitPrice", money(line.cents)}}));
            }
        }
    }

    void header(const Paper& paper, std::int64_t id, const Order& o) {
        const Slot& customer = world_.organisations[o.customer].slot;
        put(paper.set, id,
            Value(Value::Object{
                {std::string(paper.customer), exact_guid(exact::accounts, customer.exact_ids[0])},
                {std::string(paper.date), o.date},
                {"Currency", o.currency},
                {"YourRef", o.number},
                {"Remarks", o.comment}}));
    }

    void put(std::string_view set, std::int64_t id, Value fields) {
        const Instant modified = moments_.next();
        out_.exact.push_back(
            {std::string(set), id, moments_.created_before(modified), modified, std::move(fields)});
    }

    Random spelling_;
    const World& world_;
    Moments& moments_;
    Population& out_;
};

}  // namespace

void render_exact(std::uint64_t seed, const World& world, Moments& moments, Population& out) {
    Renderer(seed, world, moments, out).render();
}

}  // namespace entente::sim
