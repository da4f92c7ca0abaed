// What the checker knows of things: from the truth, from the ledger, and from what records show.
#include <fmt/core.h>

#include <algorithm>

#include "sim/checker_fold.hpp"
#include "sim/checker_parts.hpp"

namespace entente::checker {
namespace {

std::string identity_entry(std::string_view model, std::string_view property,
                           const std::string& key) {
    return fmt::format("{} {} {}", model, property, key);
}

std::string text_at(const Value& json, std::string_view name) {
    const Value* value = json.find(name);
    return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::string side_entry(std::string_view property, const std::string& folded) {
    return fmt::format("{} {}", property, identity_key(property, folded));
}

// The records of a system stand in a list, or by resource where it has several for the model.
Result<std::vector<std::string>> ids_in(const Value& records, const Shelf& shelf) {
    std::vector<std::string> out;
    const Value* ids = records.find(shelf.system->name);
    if (ids != nullptr && ids->is_object()) ids = ids->find(shelf.sheet->resource);
    if (ids == nullptr) return out;
    if (!ids->is_list()) return fail(ErrorKind::bad_input, "the truth's records are no list");
    for (const Value& id : ids->as_list()) out.push_back(id_text(id));
    return out;
}

// Whether an edit of the ledger typed a price where the API could have written one.
bool is_price_edit(const Value& edit, const std::vector<Shelf>& shelves) {
    return std::ranges::any_of(shelves, [&](const Shelf& shelf) {
        return shelf.system->name == text_at(edit, "system") &&
               shelf.sheet->resource == text_at(edit, "resource") &&
               std::ranges::any_of(shelf.sheet->columns, [&](const Column& column) {
                   return column.property == "price" && !column.only_flows_out &&
                          column.path == text_at(edit, "property");
               });
    });
}

}  // namespace

Result<void> Known::read_truth(const Value& truth, const std::vector<Shelf>& shelves) {
    const Value* entries = truth.find("things");
    if (entries == nullptr || !entries->is_list()) {
        return fail(ErrorKind::bad_input, "the truth has no list of things");
    }
    for (const Value& entry : entries->as_list()) TRY_VOID(read_thing(entry, shelves));
    return {};
}

Result<void> Known::read_thing(const Value& entry, const std::vector<Shelf>& shelves) {
    const Value* identity = entry.find("identity");
    const Value* shown = entry.find("records");
    Thing thing;
    thing.model = text_at(entry, "model");
    thing.kind = text_at(entry, "kind");
    thing.is_disputed = entry.find("disputed") != nullptr;
    if (thing.model.empty() || thing.kind.empty() || identity == nullptr || shown == nullptr) {
        return fail(ErrorKind::bad_input, "a thing of the truth lacks a part");
    }
    thing.is_own = entry.find("own") != nullptr;
    TRY_VOID(place(thing, *shown, shelves));
    if (const Value* question = entry.find("question")) {
        TRY_VOID(read_sides(thing, *question, shelves));
    }
    for (const Column& column : identity_columns(thing.model)) {
        const Value* values = identity->find(column.property);
        if (!column.is_identity || values == nullptr) continue;
        for (const Value& value : values->as_list()) {
            identify(thing.model, column.property, fold(column, value), things.size());
        }
    }
    things.push_back(std::move(thing));
    return {};
}

Result<void> Known::place(Thing& thing, const Value& shown, const std::vector<Shelf>& shelves) {
    for (std::size_t shelf = 0; shelf < shelves.size(); ++shelf) {
        if (shelves[shelf].sheet->model != thing.model) continue;
        TRY(const std::vector<std::string> ids, ids_in(shown, shelves[shelf]));
        for (const std::string& id : ids) {
            thing_of[thing.model][{shelves[shelf].system->name, id}] = things.size();
            ++thing.truth_count[shelf];
            ++records;
        }
    }
    return {};
}

Result<void> Known::read_sides(Thing& thing, const Value& question,
                               const std::vector<Shelf>& shelves) {
    const Value* sides = question.find("sides");
    thing.why = text_at(question, "why");
    if (thing.why.empty() || sides == nullptr || !sides->is_list() || sides->as_list().size() < 2) {
        return fail(ErrorKind::bad_input, "a question of the truth lacks a part");
    }
    for (const Value& entry : sides->as_list()) {
        const Value* identity = entry.find("identity");
        const Value* shown = entry.find("records");
        if (identity == nullptr || shown == nullptr) {
            return fail(ErrorKind::bad_input, "a side of a question of the truth lacks a part");
        }
        Side side;
        for (const Column& column : identity_columns(thing.model)) {
            const Value* values = identity->find(column.property);
            if (!column.is_identity || values == nullptr) continue;
            for (const Value& value : values->as_list()) {
                side.identity.insert(side_entry(column.property, fold(column, value)));
            }
        }
        for (std::size_t shelf = 0; shelf < shelves.size(); ++shelf) {
            if (shelves[shelf].sheet->model != thing.model) continue;
            TRY(const std::vector<std::string> ids, ids_in(*shown, shelves[shelf]));
            side.ids[shelf].insert(ids.begin(), ids.end());
        }
        thing.sides.push_back(std::move(side));
    }
    return {};
}

std::size_t Known::side_shown(const Thing& thing, const Values& values, std::size_t own) const {
    std::size_t best = own;
    std::int64_t most = -1;
    for (std::size_t i = 0; i < thing.sides.size(); ++i) {
        const std::int64_t agree =
            std::ranges::count_if(identity_columns(thing.model), [&](const Column& column) {
                if (!column.is_identity) return false;
                const std::string property(column.property);
                return thing.sides[i].identity.contains(side_entry(property, values.at(property)));
            });
        if (agree > most || (agree == most && i == own)) {
            best = i;
            most = agree;
        }
    }
    return best;
}

void Known::read_ledger(const Value& ledger, const std::vector<Shelf>& shelves) {
    if (!ledger.is_list()) return;
    for (const Value& edit : ledger.as_list()) {
        const Value* id = edit.find("id");
        if (id == nullptr || id->is_null()) continue;
        const Key key{text_at(edit, "system"), id_text(*id)};
        if (text_at(edit, "act") == "create") made_by_people.insert(key);
        if (is_price_edit(edit, shelves)) priced_by_people.insert(key);
    }
}

void Known::identify(const std::string& model, std::string_view property, const std::string& folded,
                     std::size_t thing) {
    const std::string key = identity_key(property, folded);
    if (!key.empty()) identity_[identity_entry(model, property, key)].insert(thing);
}

std::map<std::size_t, int> Known::votes(const std::string& model, const Values& values) const {
    std::map<std::size_t, int> out;
    for (const Column& column : identity_columns(model)) {
        if (!column.is_identity) continue;
        const std::string key =
            identity_key(column.property, values.at(std::string(column.property)));
        const auto at = identity_.find(identity_entry(model, column.property, key));
        if (at == identity_.end()) continue;
        for (const std::size_t thing : at->second) ++out[thing];
    }
    return out;
}

std::size_t Known::add_new(const std::string& model, const Values& values) {
    for (const Column& column : identity_columns(model)) {
        if (!column.is_identity) continue;
        identify(model, column.property, values.at(std::string(column.property)), things.size());
    }
    Thing thing;
    thing.model = model;
    thing.kind = "new";
    thing.is_new = true;
    things.push_back(std::move(thing));
    return things.size() - 1;
}

}  // namespace entente::checker
