#include "sim/generator.hpp"

#include "base/error.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

// Fewer things could not hold an order with its customer and product.
constexpr std::int64_t records_with_orders_min = 5;

Value texts(const std::vector<std::string>& list) {
    Value out = Value::list();
    for (const std::string& text : list) out.as_list().emplace_back(text);
    return out;
}

Value truth_of(const Thing& thing, const SystemNames& names) {
    Value identity = Value::object();
    for (const auto& [name, values] : thing.identity) identity.set(name, texts(values));
    Value records = Value::object();
    if (!thing.webshop_ids.empty()) records.set(names.webshop, Value(thing.webshop_ids));
    if (!thing.erp_ids.empty()) records.set(names.erp, Value(thing.erp_ids));
    Value out(Value::Object{{"model", thing.model},
                            {"kind", thing.kind},
                            {"identity", identity},
                            {"records", records}});
    if (thing.is_disputed) out.set("disputed", true);
    return out;
}

}  // namespace

Population generate(std::uint64_t seed, std::int64_t records) {
    CHECK(records >= 0, "a population is counted");
    std::int64_t organisations = records * 2 / 5;
    std::int64_t products = records / 5;
    if (records < records_with_orders_min) {
        organisations = records;
        products = 0;
    }
    const std::int64_t orders = records - organisations - products;
    World world;
    world.organisations = draft_organisations(seed, static_cast<std::size_t>(organisations));
    world.products = draft_products(seed, static_cast<std::size_t>(products));
    world.orders = draft_orders(seed, static_cast<std::size_t>(orders), world);
    Population out{seed, records, {}, {}, {}};
    Moments moments(seed);
    render_organisations(seed, world, moments, out);
    render_products(seed, world, moments, out);
    render_orders(seed, world, moments, out);
    return out;
}

std::vector<GeneratedRecord> records_of(Population population, std::string_view kind) {
    if (kind == "custom-webshop") return std::move(population.webshop);
    CHECK(kind == "custom-erp", "there are two kinds of systems");
    return std::move(population.erp);
}

Value truth_of(const Population& population, const SystemNames& names) {
    Value things = Value::list();
    things.as_list().reserve(population.things.size());
    for (const Thing& thing : population.things) things.as_list().push_back(truth_of(thing, names));
    return Value(Value::Object{{"seed", static_cast<std::int64_t>(population.seed)},
                               {"records", population.records},
                               {"things", things}});
}

}  // namespace entente::sim
