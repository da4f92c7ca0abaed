#include "sim/checker.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/json.hpp"
#include "sim/checker_fold.hpp"
#include "sim/checker_tables.hpp"

namespace entente::checker {
namespace {

constexpr std::size_t explanations_max = 20;
constexpr std::size_t pages_max = 1'000'000;

using Key = std::pair<std::string, std::string>;  // system, id

struct Record {
    std::size_t system = 0;
    std::string id;
    std::map<std::string, std::string> values;              // property -> folded value, "" for none
    std::vector<std::map<std::string, std::string>> lines;  // likewise
    std::map<std::string, std::string> shown;               // identity as it is shown
};

struct Thing {
    std::string model, kind;
    bool is_disputed = false;
    bool is_new = false;                              // made by people after the truth was written
    std::map<std::size_t, std::int64_t> truth_count;  // by system
    std::vector<std::size_t> members;                 // records
    bool waits() const { return kind == "ambiguous"; }
};

const Book* book_of(std::string_view kind) {
    const auto* at = std::ranges::find(books, kind, &Book::kind);
    return at == std::end(books) ? nullptr : at;
}

class Checker {
public:
    explicit Checker(const Input& input) : input_(input) {}

    Result<Verdict> run() {
        TRY_VOID(read_truth());
        for (std::size_t system = 0; system < input_.systems.size(); ++system) {
            if (book_of(input_.systems[system].kind) == nullptr) {
                return fail(ErrorKind::bad_input, "unknown kind of system",
                            input_.systems[system].name);
            }
        }
        // Things that are referred to come first: a reference is compared as the thing it leads to.
        for (const std::string_view model : {"organisation", "product", "order"}) {
            const std::size_t first = records_.size();
            for (std::size_t system = 0; system < input_.systems.size(); ++system) {
                TRY_VOID(read_model(system, model));
            }
            assign(first, std::string(model));
        }
        for (const Thing& thing : things_) judge(thing);
        verdict_.systems = static_cast<std::int64_t>(input_.systems.size());
        return verdict_;
    }

private:
    const Sheet& sheet(std::size_t system, std::string_view model) const {
        const auto& sheets = book_of(input_.systems[system].kind)->sheets;
        return *std::ranges::find(sheets, model, &Sheet::model);
    }

    Result<void> read_truth() {
        const Value* things = input_.truth.find("things");
        if (things == nullptr || !things->is_list()) {
            return fail(ErrorKind::bad_input, "the truth has no list of things");
        }
        for (const Value& entry : things->as_list()) TRY_VOID(read_thing(entry));
        verdict_.truth_things = static_cast<std::int64_t>(things_.size());
        if (!input_.ledger.is_list()) return {};
        for (const Value& edit : input_.ledger.as_list()) {
            const Value* act = edit.find("act");
            const Value* system = edit.find("system");
            const Value* id = edit.find("id");
            if (act == nullptr || system == nullptr || id == nullptr) continue;
            if (*act == Value("create")) made_by_people_.emplace(system->as_text(), id_text(*id));
        }
        return {};
    }

    Result<void> read_thing(const Value& entry) {
        const Value* model = entry.find("model");
        const Value* kind = entry.find("kind");
        const Value* identity = entry.find("identity");
        const Value* records = entry.find("records");
        if (model == nullptr || kind == nullptr || identity == nullptr || records == nullptr) {
            return fail(ErrorKind::bad_input, "a thing of the truth lacks a part");
        }
        Thing thing{
            model->as_text(), kind->as_text(), entry.find("disputed") != nullptr, false, {}, {}};
        const std::size_t index = things_.size();
        for (std::size_t system = 0; system < input_.systems.size(); ++system) {
            const Value* ids = records->find(input_.systems[system].name);
            if (ids == nullptr) continue;
            for (const Value& id : ids->as_list()) {
                thing_of_[thing.model][{input_.systems[system].name, id_text(id)}] = index;
                ++thing.truth_count[system];
                ++verdict_.truth_records;
            }
        }
        for (const Column& column : sheet_columns(thing.model)) {
            const Value* values = identity->find(column.property);
            if (!column.is_identity || values == nullptr) continue;
            for (const Value& value : values->as_list()) {
                identify(thing.model, column.property, fold(column, value), index);
            }
        }
        if (thing.kind == "ambiguous") ++verdict_.ambiguous;
        if (thing.kind == "double") ++verdict_.doubled;
        things_.push_back(std::move(thing));
        return {};
    }

    static std::span<const Column> sheet_columns(std::string_view model) {
        return std::ranges::find(books[0].sheets, model, &Sheet::model)->columns;
    }

    static std::string id_text(const Value& id) {
        return id.is_text() ? id.as_text() : json::write(id);
    }

    void identify(const std::string& model, std::string_view property, const std::string& folded,
                  std::size_t thing) {
        const std::string key = identity_key(property, folded);
        if (!key.empty()) identity_[fmt::format("{} {} {}", model, property, key)].insert(thing);
    }

    Result<std::vector<Value>> read_all(std::size_t system, std::string_view path) {
        const System& s = input_.systems[system];
        const Book& book = *book_of(s.kind);
        std::vector<Value> rows;
        std::string query(book.first_page);
        for (std::size_t page = 1; page <= pages_max; ++page) {
            http::Request request{"GET", fmt::format("{}{}?{}", s.url, path, query), {}, {}};
            request.headers.emplace_back(book.auth_header,
                                         std::string(book.auth_prefix) + s.credential);
            TRY(const http::Response response, input_.fetch(request));
            if (response.status != 200) {
                return fail(response.status == 429 ? ErrorKind::retry_later : ErrorKind::drift,
                            fmt::format("answered {}", response.status), request.url);
            }
            TRY(Value body, json::read(response.body));
            Value* list = body.find(book.rows);
            if (list == nullptr || !list->is_list()) {
                return fail(ErrorKind::drift, "the page has no rows", request.url);
            }
            const std::size_t count = list->as_list().size();
            for (Value& row : list->as_list()) rows.push_back(std::move(row));
            const Value* next = body.find("next");
            const Value* size = body.find("page_size");
            if (next != nullptr && next->is_text()) {
                query = fmt::format("{}&cursor={}", book.first_page, next->as_text());
            } else if (size != nullptr && Value(count) == *size) {
                query = fmt::format("page_size={}&page={}", count, page + 1);
            } else {
                return rows;
            }
        }
        return fail(ErrorKind::drift, "the list does not end", std::string(path));
    }

    Result<void> read_model(std::size_t system, std::string_view model) {
        const Sheet& s = sheet(system, model);
        TRY(const std::vector<Value> rows, read_all(system, s.path));
        std::map<std::string, std::vector<Value>> lines;
        if (!s.lines_path.empty()) {
            TRY(const std::vector<Value> all, read_all(system, s.lines_path));
            for (const Value& line : all) {
                lines[id_text(*line.find(s.lines_parent))].push_back(line);
            }
        }
        for (const Value& row : rows) {
            const Value* id = row.find("id");
            if (id == nullptr)
                return fail(ErrorKind::drift, "a record has no id", std::string(s.path));
            Record record{system, id_text(*id), values_of(system, s.columns, row), {}, {}};
            if (const Value* nested = row.at_path(s.lines_at);
                nested != nullptr && nested->is_list()) {
                lines[record.id] = nested->as_list();
            }
            for (const Value& line : lines[record.id]) {
                record.lines.push_back(values_of(system, s.lines, line));
            }
            records_.push_back(std::move(record));
        }
        return {};
    }

    std::map<std::string, std::string> values_of(std::size_t system,
                                                 std::span<const Column> columns,
                                                 const Value& row) {
        std::map<std::string, std::string> values;
        for (const Column& column : columns) {
            const Value* value = row.at_path(column.path);
            std::string folded = value == nullptr ? "" : fold(column, *value);
            if (column.fold == Fold::reference && !folded.empty()) {
                const auto& known = thing_of_[std::string(column.to)];
                const auto at = known.find({input_.systems[system].name, folded});
                folded = at == known.end() ? "nothing" : fmt::format("thing {}", at->second);
            }
            values.emplace(column.property, std::move(folded));
        }
        return values;
    }

    // How many identity values of the record are those of each thing.
    std::map<std::size_t, int> votes(const Record& record, const std::string& model) const {
        std::map<std::size_t, int> out;
        for (const Column& column : sheet_columns(model)) {
            if (!column.is_identity) continue;
            const std::string key =
                identity_key(column.property, record.values.at(std::string(column.property)));
            const auto at = identity_.find(fmt::format("{} {} {}", model, column.property, key));
            if (at == identity_.end()) continue;
            for (const std::size_t thing : at->second) ++out[thing];
        }
        return out;
    }

    void assign(std::size_t first, const std::string& model) {
        auto& known = thing_of_[model];
        for (std::size_t r = first; r < records_.size(); ++r) {
            const Record& record = records_[r];
            const auto tally = votes(record, model);
            const auto best =
                std::ranges::max_element(tally, {}, [](const auto& v) { return v.second; });
            const Key key{input_.systems[record.system].name, record.id};
            if (const auto at = known.find(key); at != known.end()) {
                const auto own = tally.find(at->second);
                const int own_votes = own == tally.end() ? 0 : own->second;
                if (best != tally.end() && best->second > own_votes) {
                    ++verdict_.wrong_links;
                    explain(
                        fmt::format("{} shows the identity of another {}", place(record), model));
                }
            } else if (best != tally.end()) {
                known[key] = best->first;
            } else {
                known[key] = things_.size();
                add_new_thing(record, model);
            }
            things_[known[key]].members.push_back(r);
        }
    }

    void add_new_thing(const Record& record, const std::string& model) {
        for (const Column& column : sheet_columns(model)) {
            if (!column.is_identity) continue;
            identify(model, column.property, record.values.at(std::string(column.property)),
                     things_.size());
        }
        things_.push_back({model, "new", false, true, {}, {}});
    }

    void judge(const Thing& thing) {
        std::map<std::size_t, std::vector<std::size_t>> by_system;
        for (const std::size_t r : thing.members) by_system[records_[r].system].push_back(r);
        for (const auto& [system, members] : by_system) {
            const auto truth = thing.truth_count.find(system);
            const std::int64_t allowed = truth == thing.truth_count.end() ? 1 : truth->second;
            const std::int64_t surplus = static_cast<std::int64_t>(members.size()) - allowed;
            if (surplus <= 0) continue;
            verdict_.duplicates += surplus;
            explain(fmt::format("{} is one of {} records of one {}",
                                place(records_[members.back()]), members.size(), thing.model));
        }
        if (thing.is_new && by_system.size() == 1 && !is_made_by_people(thing)) {
            ++verdict_.wrong_links;
            explain(fmt::format("{} was made by nobody", place(records_[thing.members[0]])));
            return;
        }
        if (!thing.waits() && !thing.is_disputed) judge_presence(thing, by_system);
        if (!thing.waits() && by_system.size() > 1) judge_values(thing, by_system);
    }

    bool is_made_by_people(const Thing& thing) const {
        return std::ranges::any_of(thing.members, [&](std::size_t r) {
            return made_by_people_.contains(
                {input_.systems[records_[r].system].name, records_[r].id});
        });
    }

    void judge_presence(const Thing& thing,
                        const std::map<std::size_t, std::vector<std::size_t>>& by_system) {
        for (std::size_t system = 0; system < input_.systems.size(); ++system) {
            if (by_system.contains(system)) continue;
            ++verdict_.missing;
            const std::string known =
                thing.members.empty() ? "nothing" : place(records_[thing.members[0]]);
            explain(fmt::format("{} lacks the {} that is {}", input_.systems[system].name,
                                thing.model, known));
        }
    }

    void judge_values(const Thing& thing,
                      const std::map<std::size_t, std::vector<std::size_t>>& by_system) {
        std::set<std::size_t> linked;
        for (auto left = by_system.begin(); left != by_system.end(); ++left) {
            for (auto right = std::next(left); right != by_system.end(); ++right) {
                // A surplus record waits for a person: the pair that agrees best is the one that counts.
                std::optional<std::vector<std::string>> fewest;
                std::pair<std::size_t, std::size_t> best;
                for (const std::size_t a : left->second) {
                    for (const std::size_t b : right->second) {
                        auto found = differences(thing, records_[a], records_[b]);
                        if (fewest && fewest->size() <= found.size()) continue;
                        fewest = std::move(found);
                        best = {a, b};
                    }
                }
                verdict_.differ += static_cast<std::int64_t>(fewest->size());
                for (const std::string& difference : *fewest) explain(difference);
                if (!agree_in_identity(thing, records_[best.first], records_[best.second]))
                    continue;
                linked.insert({best.first, best.second});
            }
        }
        verdict_.linked += static_cast<std::int64_t>(linked.size());
    }

    static bool agree_in_identity(const Thing& thing, const Record& a, const Record& b) {
        return std::ranges::all_of(sheet_columns(thing.model), [&](const Column& column) {
            const std::string property(column.property);
            return !column.is_identity || identity_key(property, a.values.at(property)) ==
                                              identity_key(property, b.values.at(property));
        });
    }

    std::vector<std::string> differences(const Thing& thing, const Record& a,
                                         const Record& b) const {
        std::vector<std::string> out;
        const Sheet& s = sheet(a.system, thing.model);
        compare(s.columns, a.values, b.values, a, b, "", out);
        // Equal lines first; then those of one product; what is left has no partner.
        auto left = a.lines;
        auto right = b.lines;
        std::erase_if(left, [&](const auto& line) {
            const auto at = std::ranges::find(right, line);
            if (at == right.end()) return false;
            right.erase(at);
            return true;
        });
        for (const auto& line : left) {
            const auto at = std::ranges::find_if(right, [&](const auto& other) {
                return other.at("product") == line.at("product");
            });
            if (at == right.end()) {
                out.push_back(fmt::format("{} has a line that {} lacks", place(a), place(b)));
                continue;
            }
            compare(s.lines, line, *at, a, b, "lines.", out);
            right.erase(at);
        }
        for (std::size_t i = 0; i < right.size(); ++i) {
            out.push_back(fmt::format("{} has a line that {} lacks", place(b), place(a)));
        }
        return out;
    }

    void compare(std::span<const Column> columns, const std::map<std::string, std::string>& left,
                 const std::map<std::string, std::string>& right, const Record& a, const Record& b,
                 std::string_view prefix, std::vector<std::string>& out) const {
        for (const Column& column : columns) {
            const std::string& x = left.at(std::string(column.property));
            const std::string& y = right.at(std::string(column.property));
            if (same(column, x, y)) continue;
            out.push_back(fmt::format("{}{}: '{}' in {}, '{}' in {}", prefix, column.property, x,
                                      place(a), y, place(b)));
        }
    }

    std::string place(const Record& record) const {
        return fmt::format("{} {}", input_.systems[record.system].name, record.id);
    }

    void explain(std::string text) {
        if (verdict_.explanations.size() < explanations_max) {
            verdict_.explanations.push_back(std::move(text));
        }
    }

    const Input& input_;
    Verdict verdict_;
    std::vector<Thing> things_;
    std::vector<Record> records_;
    std::map<std::string, std::map<Key, std::size_t>> thing_of_;  // by model
    std::map<std::string, std::set<std::size_t>> identity_;  // "model property value" -> things
    std::set<Key> made_by_people_;
};

}  // namespace

Value Verdict::to_json() const {
    Value texts = Value::list();
    for (const std::string& text : explanations) texts.as_list().emplace_back(text);
    return Value(Value::Object{
        {"systems", systems},
        {"truth", Value(Value::Object{{"things", truth_things}, {"records", truth_records}})},
        {"linked", linked},
        {"wrong_links", wrong_links},
        {"duplicates", duplicates},
        {"differ", differ},
        {"missing", missing},
        {"parked", Value(Value::Object{{"ambiguous", ambiguous}, {"duplicate", doubled}})},
        {"explanations", texts}});
}

Result<Verdict> check(const Input& input) {
    return Checker(input).run();
}

}  // namespace entente::checker
