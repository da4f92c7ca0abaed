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

const std::string& name_of_kind(const SystemNames& names, std::string_view kind) {
    if (kind == "custom-webshop") return names.webshop;
    if (kind == "custom-erp") return names.erp;
    return kind == "exact-online" ? names.exact : names.central;
}

// One side of a question: records that are one thing beyond doubt.
struct Side {
    std::string mark;
    Identity identity;
    Value records = Value::object();
};

void add_record(Side& side, const Shown& shown, const std::string& system) {
    for (const auto& [name, values] : shown.identity)
        for (const std::string& value : values) add_identity(side.identity, name, value);
    Value* ids = side.records.find(system);
    if (ids == nullptr) {
        side.records.set(system, shown.set.empty() ? Value::list() : Value::object());
        ids = side.records.find(system);
    }
    if (!shown.set.empty()) {
        if (ids->find(shown.set) == nullptr) ids->set(shown.set, Value::list());
        ids = ids->find(shown.set);
    }
    ids->as_list().push_back(shown.id);
}

// The sides that the named systems show. What shows no mark may be of either.
std::vector<Side> sides_of(const Thing& thing, const SystemNames& names) {
    std::vector<Side> sides;
    for (const Shown& shown : thing.asked) {
        const std::string& system = name_of_kind(names, shown.kind);
        if (system.empty() || shown.mark.empty()) continue;
        auto at = std::ranges::find(sides, shown.mark, &Side::mark);
        if (at == sides.end()) at = sides.insert(at, Side{shown.mark, {}});
        add_record(*at, shown, system);
    }
    return sides;
}

Value identity_of(const Identity& all) {
    Value identity = Value::object();
    for (const auto& [name, values] : all) identity.set(name, texts(values));
    return identity;
}

Value question_of(const Thing& thing, const std::vector<Side>& sides) {
    Value list = Value::list();
    for (const Side& side : sides)
        list.as_list().push_back(Value(
            Value::Object{{"identity", identity_of(side.identity)}, {"records", side.records}}));
    return Value(Value::Object{{"why", thing.question},
                               {"answer", thing.is_one ? "one" : "two"},
                               {"sides", std::move(list)}});
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
    const auto sides = sides_of(thing, names);
    const bool is_asked = sides.size() > 1;
    // An ambiguous record and its rival need both systems to meet.
    const bool can_be_ambiguous = !names.webshop.empty() && !names.erp.empty();
    Value out(Value::Object{{"model", thing.model},
                            {"kind", is_asked ? std::string_view("question")
                                              : kind_in(thing, records, can_be_ambiguous)},
                            {"identity", identity_of(all)},
                            {"records", records}});
    if (is_asked) out.set("question", question_of(thing, sides));
    if (thing.webshop_ids.empty() && thing.erp_ids.empty()) out.set("own", true);
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
        const bool is_shown = slot.is_plain() && slot.home != Home::exact;
        slot = {.home = home};
        if (is_shown) places.push_back(i);
    }
    shuffle(places, random);
    for (const std::size_t place : places) {
        Slot& slot = drafts[place].slot;
        (home == Home::webshop ? slot.shop_ids : slot.erp_ids).push_back(first_id++);
    }
}

bool refers_to_what_waits(const Order& o, const World& world) {
    return world.organisations[o.customer].slot.is_asked ||
           std::ranges::any_of(o.lines, [&](const OrderLine& line) {
               return world.products[line.product].slot.is_asked;
           });
}

}  // namespace

std::span<const PopulationKind> kinds_of_populations() {
    static constexpr PopulationKind kinds[] = {{"usual", true}, {"variants", false}};
    return kinds;
}

bool shows_population(std::string_view kind_of_system, std::string_view population) {
    const auto kinds = kinds_of_populations();
    const auto at = std::ranges::find(kinds, population, &PopulationKind::name);
    return at != kinds.end() &&
           (at->is_of_all || kind_of_system == "custom-webshop" || kind_of_system == "custom-erp");
}

Population generate_named(std::string_view population, std::uint64_t seed, std::int64_t records) {
    if (population == "variants") return generate_variants(seed, records);
    CHECK(population == "usual", "a population has one of the names that there are");
    return generate(seed, records);
}

Population generate(std::uint64_t seed, std::int64_t records) {
    return render(seed, records, draft_world(seed, records));
}

Population generate_variants(std::uint64_t seed, std::int64_t records) {
    CHECK(records >= 0, "a population is counted");
    const World world = draft_variants(seed, records);
    Population out;
    out.seed = seed;
    out.records = records;
    Moments moments(seed);
    render_organisations(seed, world, moments, out);
    render_products(seed, world, moments, out);
    render_orders(seed, world, moments, out);
    return out;
}

std::vector<GeneratedRecord> generate_again(std::uint64_t seed, std::int64_t records,
                                            std::string_view kind) {
    CHECK(kind == "custom-webshop" || kind == "custom-erp", "two kinds can show things again");
    const bool is_shop = kind == "custom-webshop";
    const Home home = is_shop ? Home::webshop : Home::erp;
    World world = draft_world(seed, records);
    Random random(seed, is_shop ? "again in a webshop" : "again in an erp");
    std::erase_if(world.orders, [&](const Order& o) {
        return o.slot.home == Home::exact || refers_to_what_waits(o, world);
    });
    for (Order& o : world.orders) o = respelled(std::move(o), random);
    move_in(world.organisations, home, is_shop ? 101 : 4001, random);
    move_in(world.products, home, is_shop ? 101 : 501, random);
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
