#include "report/import_models.hpp"

#include <array>
#include <string_view>

#include "base/text.hpp"
#include "report/import_names.hpp"

namespace entente::report {
namespace {

// Parts of names that business systems give to the things of a model. The first that fits counts.
struct Hint {
    std::string_view part, model;
};
constexpr std::array hints{
    Hint{"order", "order"},           Hint{"quot", "order"},
    Hint{"opportunit", "order"},      Hint{"deal", "order"},
    Hint{"customer", "organisation"}, Hint{"account", "organisation"},
    Hint{"organi", "organisation"},   Hint{"compan", "organisation"},
    Hint{"debtor", "organisation"},   Hint{"supplier", "organisation"},
    Hint{"vendor", "organisation"},   Hint{"client", "organisation"},
    Hint{"product", "product"},       Hint{"item", "product"},
    Hint{"article", "product"},       Hint{"inventor", "product"},
    Hint{"stock", "product"},
};

PlannedDataType& data_type(ImportPlan& plan, const Side& side) {
    return plan.systems[side.system].data_types[side.data_type];
}

// Gives one side the model of the other. Whether it did.
bool hand_over(ImportPlan& plan, const Side& from, const Side& to) {
    const PlannedDataType& giver = plan.data_type(from);
    PlannedDataType& taker = data_type(plan, to);
    if (!giver.model || taker.model) return false;
    taker.model = giver.model;
    taker.guessed_from = "what it flows with: " + plan.full_name(from);
    return true;
}

void spread(ImportPlan& plan) {
    for (bool moved = true; moved;) {
        moved = false;
        for (const PlannedSection& section : plan.sections) {
            moved = hand_over(plan, section.from, section.to) || moved;
            moved = hand_over(plan, section.to, section.from) || moved;
        }
    }
}

void guess_by_name(const model::Catalog& catalog, PlannedDataType& data_type) {
    data_type.guessed_from = "its name";
    data_type.model = catalog.find_model(model_by_name(data_type.name));
}

}  // namespace

std::string model_by_name(std::string_view name) {
    if (names_lines(name)) return "order_line";
    const std::string key = name_key(name);
    for (const Hint& hint : hints) {
        if (key.contains(hint.part)) return std::string(hint.model);
    }
    return {};
}

void guess_models(ImportPlan& plan) {
    spread(plan);
    for (PlannedSystem& system : plan.systems) {
        for (PlannedDataType& made : system.data_types) {
            if (!made.model) guess_by_name(plan.catalog, made);
        }
    }
    spread(plan);
}

}  // namespace entente::report
