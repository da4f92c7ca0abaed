#include "sim/checker.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "sim/checker_fold.hpp"
#include "sim/checker_parts.hpp"

namespace entente::checker {
namespace {

constexpr std::size_t explanations_max = 20;

using ByShelf = std::map<std::size_t, std::vector<std::size_t>>;  // records

class Checker {
public:
    explicit Checker(const Input& input) : input_(input) {}

    Result<Verdict> run() {
        for (const System& system : input_.systems) {
            if (book_of(system.kind) == nullptr) {
                return fail(ErrorKind::bad_input, "unknown kind of system", system.name);
            }
        }
        shelves_ = shelves_of(input_.systems);
        TRY_VOID(known_.read_truth(input_.truth, shelves_));
        known_.read_ledger(input_.ledger, shelves_);
        verdict_.systems = static_cast<std::int64_t>(input_.systems.size());
        verdict_.truth_things = static_cast<std::int64_t>(known_.things.size());
        verdict_.truth_records = known_.records;
        for (const Thing& thing : known_.things) {
            verdict_.ambiguous += thing.kind == "ambiguous";
            verdict_.doubled += thing.kind == "double";
            ++(thing.is_own ? verdict_.truth_own : verdict_.truth_shared);
        }
        for (std::size_t shelf = 0; shelf < shelves_.size(); ++shelf) {
            const bool is_next_model =
                shelf != 0 && shelves_[shelf].sheet->model != shelves_[shelf - 1].sheet->model;
            if (is_next_model) assign();
            TRY_VOID(read_shelf(shelf));
        }
        assign();
        for (const Thing& thing : known_.things) judge(thing);
        return verdict_;
    }

private:
    Result<void> read_shelf(std::size_t shelf) {
        const auto& [system, sheet] = shelves_[shelf];
        TRY(const std::vector<Value> rows, read_rows(*system, sheet->path, input_.fetch));
        std::map<std::string, std::vector<Value>> lines;
        if (!sheet->lines_path.empty()) {
            TRY(const std::vector<Value> all, read_rows(*system, sheet->lines_path, input_.fetch));
            for (const Value& line : all) {
                lines[id_text(*line.find(sheet->lines_parent))].push_back(line);
            }
        }
        for (const Value& row : rows) {
            const Value* id = row.find(sheet->id);
            if (id == nullptr) {
                return fail(ErrorKind::drift, "a record has no id", std::string(sheet->path));
            }
            Record record{shelf, id_text(*id), values_of(*system, sheet->columns, row), {}};
            const Value* nested = row.at_path(sheet->lines_at);
            if (nested != nullptr && nested->is_list()) lines[record.id] = nested->as_list();
            for (const Value& line : lines[record.id]) {
                record.lines.push_back(values_of(*system, sheet->lines, line));
            }
            records_.push_back(std::move(record));
        }
        return {};
    }

    Values values_of(const System& system, std::span<const Column> columns, const Value& row) {
        Values values;
        for (const Column& column : columns) {
            const Value* value = row.at_path(column.path);
            std::string folded = value == nullptr ? "" : fold(column, *value);
            if (column.fold == Fold::reference && !folded.empty()) {
                const auto& known = known_.thing_of[std::string(column.to)];
                const auto at = known.find({system.name, folded});
                folded = at == known.end() ? "nothing" : fmt::format("thing {}", at->second);
            }
            values.emplace(column.property, std::move(folded));
        }
        return values;
    }

    // Finds the thing of each record that was read since the last time.
    void assign() {
        std::set<std::size_t> questioned;
        for (; assigned_ < records_.size(); ++assigned_) {
            const Record& record = records_[assigned_];
            const std::string model(shelves_[record.shelf].sheet->model);
            auto& known = known_.thing_of[model];
            const auto tally = known_.votes(model, record.values);
            const auto best =
                std::ranges::max_element(tally, {}, [](const auto& v) { return v.second; });
            const Key key{shelves_[record.shelf].system->name, record.id};
            if (const auto at = known.find(key); at != known.end()) {
                const auto own = tally.find(at->second);
                const int own_votes = own == tally.end() ? 0 : own->second;
                if (best != tally.end() && best->second > own_votes) {
                    ++verdict_.wrong_links;
                    explain(
                        fmt::format("{} shows the identity of another {}", place(record), model));
                }
            } else {
                known[key] =
                    best != tally.end() ? best->first : known_.add_new(model, record.values);
            }
            known_.things[known[key]].members.push_back(assigned_);
            if (known_.things[known[key]].sides.empty()) continue;
            find_side(known_.things[known[key]], records_[assigned_]);
            questioned.insert(known[key]);
        }
        for (const std::size_t thing : questioned) find_what_waits(thing);
    }

    // What was written over a record whose thing is in question made one of what only a person can know to be one.
    void find_side(const Thing& thing, Record& record) {
        const auto own = std::ranges::find_if(thing.sides, [&](const Side& side) {
            const auto ids = side.ids.find(record.shelf);
            return ids != side.ids.end() && ids->second.contains(record.id);
        });
        if (own == thing.sides.end()) {
            record.side = known_.side_shown(thing, record.values, 0);
            return;
        }
        record.side = static_cast<std::size_t>(own - thing.sides.begin());
        if (known_.side_shown(thing, record.values, record.side) == record.side) return;
        ++verdict_.wrong_links;
        explain(
            fmt::format("{} shows what another {} shows, and nobody has said that they are one "
                        "({})",
                        place(record), thing.model, thing.why));
    }

    // Whichever side stands for the thing where both have as many records: each of them could be the one that waits.
    void find_what_waits(std::size_t number) {
        const Thing& thing = known_.things[number];
        std::vector<std::size_t> counts(thing.sides.size());
        for (const std::size_t r : thing.members) ++counts[records_[r].side];
        const auto standing =
            static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
        const bool is_either = std::ranges::count(counts, counts[standing]) > 1;
        Question either{thing.model, thing.why, {}};
        for (const std::size_t r : thing.members) {
            Record& record = records_[r];
            if (is_either) either.records.push_back(key_of(r));
            if (record.side == standing) continue;
            record.is_asked = true;
            asked_[shelves_[record.shelf].system].insert(fmt::format("thing {}", number));
            if (!is_either) verdict_.questions.push_back({thing.model, thing.why, {key_of(r)}});
        }
        if (is_either) verdict_.questions.push_back(std::move(either));
    }

    void judge(const Thing& thing) {
        ByShelf by_shelf;
        for (const std::size_t r : thing.members) by_shelf[records_[r].shelf].push_back(r);
        for (const auto& [shelf, members] : by_shelf) {
            const auto truth = thing.truth_count.find(shelf);
            const std::int64_t allowed = truth == thing.truth_count.end() ? 1 : truth->second;
            const std::int64_t surplus = static_cast<std::int64_t>(members.size()) - allowed;
            if (surplus <= 0) continue;
            verdict_.duplicates += surplus;
            explain(fmt::format("{} is one of {} records of one {}",
                                place(records_[members.back()]), members.size(), thing.model));
        }
        if (thing.is_new && by_shelf.size() == 1 && !is_made_by_people(thing)) {
            ++verdict_.wrong_links;
            explain(fmt::format("{} was made by nobody", place(records_[thing.members[0]])));
            return;
        }
        if (!thing.waits() && !thing.is_disputed) judge_presence(thing, by_shelf);
        // What waits agrees with nothing yet.
        for (auto& [shelf, members] : by_shelf) {
            std::erase_if(members, [&](std::size_t r) { return records_[r].is_asked; });
        }
        std::erase_if(by_shelf, [](const auto& shelf) { return shelf.second.empty(); });
        if (!thing.waits() && by_shelf.size() > 1) judge_values(thing, by_shelf);
    }

    // Whether no record of the thing can be made there yet: what it refers to has a record that waits for a person, there or
    // wherever the thing stands.
    bool must_wait(const Thing& thing, const System* there) const {
        std::map<std::string, bool> can_be_told;
        for (const std::size_t r : thing.members) {
            const auto& asked = asked_in(shelves_[records_[r].shelf].system);
            for (const std::string& named : named_by(records_[r]))
                can_be_told[named] |= !asked.contains(named);
        }
        return std::ranges::any_of(can_be_told, [&](const auto& named) {
            return !named.second || asked_in(there).contains(named.first);
        });
    }

    std::set<std::string> named_by(const Record& record) const {
        std::set<std::string> out;
        const auto add = [&](std::span<const Column> columns, const Values& values) {
            for (const Column& column : columns) {
                if (column.fold == Fold::reference)
                    out.insert(values.at(std::string(column.property)));
            }
        };
        const Sheet& sheet = *shelves_[record.shelf].sheet;
        add(sheet.columns, record.values);
        for (const Values& line : record.lines) add(sheet.lines, line);
        return out;
    }

    const std::set<std::string>& asked_in(const System* system) const {
        static const std::set<std::string> none;
        const auto at = asked_.find(system);
        return at == asked_.end() ? none : at->second;
    }

    Key key_of(std::size_t record) const {
        return {shelves_[records_[record].shelf].system->name, records_[record].id};
    }

    bool is_made_by_people(const Thing& thing) const {
        return std::ranges::any_of(thing.members, [&](std::size_t r) {
            return known_.made_by_people.contains(key_of(r));
        });
    }

    // What the API of a system cannot write agrees only where the others have it from there, and have kept it.
    bool compares_price(const Thing& thing) const {
        bool is_from_there = thing.kind == "exact";
        for (const std::size_t r : thing.members) {
            const bool only_flows_out = std::ranges::any_of(
                shelves_[records_[r].shelf].sheet->columns, &Column::only_flows_out);
            is_from_there |= only_flows_out && known_.made_by_people.contains(key_of(r));
            if (known_.priced_by_people.contains(key_of(r))) return false;
        }
        return is_from_there;
    }

    void judge_presence(const Thing& thing, const ByShelf& by_shelf) {
        for (std::size_t shelf = 0; shelf < shelves_.size(); ++shelf) {
            const auto& [system, sheet] = shelves_[shelf];
            const bool is_wanted = sheet->model == thing.model &&
                                   (!thing.stays_alone() || thing.truth_count.contains(shelf));
            if (!is_wanted || by_shelf.contains(shelf)) continue;
            if (must_wait(thing, system)) {
                ++verdict_.waiting;
                continue;
            }
            ++verdict_.missing;
            const std::string known =
                thing.members.empty() ? "nothing" : place(records_[thing.members[0]]);
            const bool has_several =
                std::ranges::count(book_of(system->kind)->sheets, sheet->model, &Sheet::model) > 1;
            explain(fmt::format("{} lacks the {} that is {}{}", system->name, thing.model, known,
                                has_several ? fmt::format(" in {}", sheet->resource) : ""));
        }
    }

    // A value that differs in one system differs from those in all others: it is one value all the same.
    using Counts = std::map<std::string, std::int64_t>;

    void judge_values(const Thing& thing, const ByShelf& by_shelf) {
        std::set<std::size_t> linked;
        Counts differing;
        for (auto left = by_shelf.begin(); left != by_shelf.end(); ++left) {
            for (auto right = std::next(left); right != by_shelf.end(); ++right) {
                judge_shelves(thing, left->second, right->second, linked, differing);
            }
        }
        verdict_.linked += static_cast<std::int64_t>(linked.size());
        for (const auto& [property, count] : differing) verdict_.differ += count;
    }

    // A surplus record waits for a person: the pair that agrees best is the one that counts.
    void judge_shelves(const Thing& thing, const std::vector<std::size_t>& left,
                       const std::vector<std::size_t>& right, std::set<std::size_t>& linked,
                       Counts& differing) {
        std::optional<std::vector<Difference>> fewest;
        std::pair<std::size_t, std::size_t> best;
        for (const std::size_t a : left) {
            for (const std::size_t b : right) {
                auto found = differences(pair_of(thing, a, b));
                if (fewest && fewest->size() <= found.size()) continue;
                fewest = std::move(found);
                best = {a, b};
            }
        }
        Counts here;
        for (const Difference& difference : *fewest) {
            ++here[difference.property];
            explain(difference.text);
        }
        for (const auto& [property, count] : here)
            differing[property] = std::max(differing[property], count);
        if (agree_in_identity(pair_of(thing, best.first, best.second))) {
            linked.insert({best.first, best.second});
        }
    }

    Pair pair_of(const Thing& thing, std::size_t a, std::size_t b) const {
        const Shelf& left = shelves_[records_[a].shelf];
        const Shelf& right = shelves_[records_[b].shelf];
        return {records_[a],           records_[b],           left, right, compares_price(thing),
                asked_in(left.system), asked_in(right.system)};
    }

    std::string place(const Record& record) const {
        return place_of(record, shelves_[record.shelf]);
    }

    void explain(std::string text) {
        if (verdict_.explanations.size() < explanations_max) {
            verdict_.explanations.push_back(std::move(text));
        }
    }

    const Input& input_;
    Verdict verdict_;
    std::vector<Shelf> shelves_;
    Known known_;
    std::vector<Record> records_;
    std::size_t assigned_ = 0;
    // By system: the things of which its record waits, as references to them are folded.
    std::map<const System*, std::set<std::string>> asked_;
};

}  // namespace

Value Verdict::to_json() const {
    Value texts = Value::list();
    for (const std::string& text : explanations) texts.as_list().emplace_back(text);
    return Value(Value::Object{
        {"systems", systems},
        {"truth", Value(Value::Object{{"things", truth_things},
                                      {"shared", truth_shared},
                                      {"own", truth_own},
                                      {"records", truth_records}})},
        {"linked", linked},
        {"wrong_links", wrong_links},
        {"duplicates", duplicates},
        {"differ", differ},
        {"missing", missing},
        {"questions", questions.size()},
        {"waiting", waiting},
        {"parked", Value(Value::Object{{"ambiguous", ambiguous}, {"duplicate", doubled}})},
        {"explanations", texts}});
}

Result<Verdict> check(const Input& input) {
    return Checker(input).run();
}

}  // namespace entente::checker
