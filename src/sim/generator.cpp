#include "sim/generator.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "sim/draft.hpp"
#include "sim/exact_ids.hpp"

namespace entente::sim {
namespace {

// Fewer things could not hold an order with its customer and product.
constexpr std::int64_t records_with_orders_min = 5;
// Exact Online has one thing of its own to so many others.
constexpr std::int64_t exact_only_every = 20;

Value texts(const std::vector<std::string>& list) {
    Value out = Value::list();
    for (const std::string& text : list) out.as_list().emplace_back(text);
    return out;
}

// Which records show the thing in which system; empty when none of the named systems does.
Value records_of(const Thing& thing, const SystemNames& names) {
    Value records = Value::object();
    const auto add = [&](const std::string& system, const std::vector<Value>& ids) {
        if (!system.empty() && !ids.empty()) records.set(system, Value(ids));
    };
    add(names.webshop, thing.webshop_ids);
    add(names.erp, thing.erp_ids);
    const auto add_sets = [&](const std::string& system, const auto& shown) {
        if (system.empty() || shown.empty()) return;
        Value sets = Value::object();
        for (const auto& [set, ids] : shown) sets.set(set, Value(ids));
        records.set(system, sets);
    };
    add_sets(names.exact, thing.exact_ids);
    add_sets(names.central, thing.central_ids);
    return records;
}

bool is_shown_twice(const Value& records) {
    return std::ranges::any_of(records.as_object(), [](const auto& shown) {
        const Value& ids = shown.second;
        if (ids.is_list()) return ids.as_list().size() > 1;
        return std::ranges::any_of(ids.as_object(),
                                   [](const auto& set) { return set.second.as_list().size() > 1; });
    });
}

bool is_only_quoted(const Value& records) {
    const auto& systems = records.as_object();
    if (systems.size() != 1 || !systems[0].second.is_object()) return false;
    const auto& sets = systems[0].second.as_object();
    return sets.size() == 1 && sets[0].first == exact::quotations;
}

// What is odd about a thing, seen from the named systems only.
std::string_view kind_in(const Thing& thing, const Value& records, bool can_be_ambiguous) {
    if (is_shown_twice(records)) return "double";
    if (is_only_quoted(records)) return "quotation";
    if (thing.kind == "double") return "both";
    if (thing.kind == "ambiguous" && !can_be_ambiguous) return "both";
    return thing.kind;
}

Value truth_of(const Thing& thing, const SystemNames& names, const Value& records) {
    Identity all = thing.identity;
    const auto add_all = [&](const Identity& more) {
        for (const auto& [name, values] : more) {
            for (const std::string& value : values) add_identity(all, name, value);
        }
    };
    if (!names.exact.empty()) add_all(thing.exact_identity);
    if (!names.central.empty()) add_all(thing.central_identity);
    Value identity = Value::object();
    for (const auto& [name, values] : all) identity.set(name, texts(values));
    // An ambiguous record and its rival need both systems to meet.
    const bool can_be_ambiguous = !names.webshop.empty() && !names.erp.empty();
    Value out(Value::Object{{"model", thing.model},
                            {"kind", kind_in(thing, records, can_be_ambiguous)},
                            {"identity", identity},
                            {"records", records}});
    if (thing.is_disputed && can_be_ambiguous) out.set("disputed", true);
    return out;
}

// How many things there are of each model.
struct Amounts {
    Amount organisations, products, orders;
};

Amounts amounts_of(std::int64_t records) {
    std::int64_t organisations = records * 2 / 5;
    std::int64_t products = records / 5;
    if (records < records_with_orders_min) {
        organisations = records;
        products = 0;
    }
    const auto amount = [&](std::int64_t shared) {
        const std::int64_t exact_only = records < records_with_orders_min
                                            ? 0
                                            : (shared + exact_only_every - 1) / exact_only_every;
        return Amount{static_cast<std::size_t>(shared), static_cast<std::size_t>(exact_only)};
    };
    return {amount(organisations), amount(products), amount(records - organisations - products)};
}

World draft_world(std::uint64_t seed, std::int64_t records) {
    CHECK(records >= 0, "a population is counted");
    const Amounts amounts = amounts_of(records);
    World world;
    world.organisations = draft_organisations(seed, amounts.organisations);
    world.products = draft_products(seed, amounts.products);
    world.orders = draft_orders(seed, amounts.orders.shared, world);
    plan_exact(seed, amounts.orders, world);
    return world;
}

Population render(std::uint64_t seed, std::int64_t records, const World& world) {
    Population out;
    out.seed = seed;
    out.records = records;
    Moments moments(seed);
    render_organisations(seed, world, moments, out);
    render_products(seed, world, moments, out);
    render_orders(seed, world, moments, out);
    render_exact(seed, world, moments, out);
    render_business_central(seed, world, moments, out);
    return out;
}

// The things of one model as a newcomer of that home shows them: all that wait for nobody, under new ids.
template <class Drafts>
void move_in(Drafts& drafts, Home home, std::int64_t first_id, Random& random) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        Slot& slot = drafts[i].slot;
        const bool is_shown = slot.is_plain() && !slot.is_disputed && slot.home != Home::exact;
        // A slip of the pen stays where it was made.
        slot = {.home = home, .is_odd_in_shop = home != Home::webshop};
        if (is_shown) places.push_back(i);
    }
    shuffle(places, random);
    for (const std::size_t place : places) {
        Slot& slot = drafts[place].slot;
        (home == Home::webshop ? slot.shop_ids : slot.erp_ids).push_back(first_id++);
    }
}

}  // namespace

Population generate(std::uint64_t seed, std::int64_t records) {
    return render(seed, records, draft_world(seed, records));
}

std::vector<GeneratedRecord> generate_again(std::uint64_t seed, std::int64_t records,
                                            std::string_view kind) {
    CHECK(kind == "custom-webshop" || kind == "custom-erp", "two kinds can show things again");
    const bool is_shop = kind == "custom-webshop";
    const Home home = is_shop ? Home::webshop : Home::erp;
    World world = draft_world(seed, records);
    Random random(seed, is_shop ? "again in a webshop" : "again in an erp");
    move_in(world.organisations, home, is_shop ? 101 : 4001, random);
    move_in(world.products, home, is_shop ? 101 : 501, random);
    std::erase_if(world.orders, [](const Order& o) { return o.slot.home == Home::exact; });
    for (Order& o : world.orders) o = respelled(std::move(o), random);
    move_in(world.orders, home, is_shop ? 101 : 10001, random);
    Population out = render(random.next(), records, world);
    return std::move(is_shop ? out.webshop : out.erp);
}

std::vector<GeneratedRecord> records_of(Population population, std::string_view kind) {
    if (kind == "custom-webshop") return std::move(population.webshop);
    if (kind == "custom-erp") return std::move(population.erp);
    if (kind == "exact-online") return std::move(population.exact);
    CHECK(kind == "business-central", "there are four kinds of systems");
    return std::move(population.central);
}

SystemNames names_by_kind(const std::vector<std::pair<std::string, std::string>>& systems) {
    SystemNames names{"", "", "", ""};
    for (const auto& [kind, name] : systems) {
        if (kind == "custom-webshop") names.webshop = name;
        if (kind == "custom-erp") names.erp = name;
        if (kind == "exact-online") names.exact = name;
        if (kind == "business-central") names.central = name;
    }
    return names;
}

Value truth_of(const Population& population, const SystemNames& names) {
    Value things = Value::list();
    things.as_list().reserve(population.things.size());
    for (const Thing& thing : population.things) {
        const Value records = records_of(thing, names);
        if (records.as_object().empty()) continue;
        things.as_list().push_back(truth_of(thing, names, records));
    }
    return Value(Value::Object{{"seed", static_cast<std::int64_t>(population.seed)},
                               {"records", population.records},
                               {"things", things}});
}

}  // namespace entente::sim
