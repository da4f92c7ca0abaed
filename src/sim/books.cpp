#include "sim/books.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.hpp"

namespace entente::sim {
namespace {

constexpr std::size_t fixed_counters = 6;

std::int64_t whole(const Value* value) {
    if (value == nullptr || !value->is_decimal()) return -1;
    const Result<std::int64_t> number = value->as_decimal().to_int();
    return number ? *number : -1;
}

void append_change(std::string& out, const std::string& table, const Change& change) {
    fmt::format_to(std::back_inserter(out), R"({{"in":"{}","id":{})", table, change.id);
    if (change.row) {
        fmt::format_to(std::back_inserter(out), R"(,"at":{},"record":{})", change.row->modified.ms,
                       change.row->body);
    }
    out += '}';
}

Value header_of(const std::string& kind) {
    return Value(Value::Object{{"system", Value(kind)}, {"format", Value(1)}});
}

}  // namespace

Books::Books(std::string kind, std::vector<TableShape> shapes, Fold fold)
    : kind_(std::move(kind)), shapes_(std::move(shapes)), fold_(fold) {
    forget();
}

void Books::forget() {
    tables_.clear();
    counters_ = {};
    answers_.clear();
    is_loaded_ = false;
    for (const TableShape& shape : shapes_) {
        tables_.emplace_back(shape.searched.size());
        counters_.next_ids.push_back(shape.first_id);
    }
}

Result<bool> Books::open(const std::string& directory) {
    TRY(journal_, Journal::open(directory));
    TRY_VOID(journal_->replay([&](std::string_view line) { return take_line(line); }));
    if (is_loaded_) return true;
    TRY_VOID(journal_->start_over());
    forget();
    TRY_VOID(journal_->append(json::write(header_of(kind_)) + "\n"));
    return false;
}

Result<void> Books::take_line(std::string_view line) {
    TRY(const Value entry, json::read(line));
    if (const Value* system = entry.find("system"); system != nullptr) {
        if (entry == header_of(kind_)) return {};
        return fail(ErrorKind::bad_input, "the directory belongs to another kind of system");
    }
    if (entry.find("generated") != nullptr) is_loaded_ = true;
    const Value* key = entry.find("key");
    const std::string key_text = key != nullptr && key->is_text() ? key->as_text() : "";
    for (const bool is_put : {true, false}) {
        const Value* changes = entry.find(is_put ? "put" : "drop");
        if (changes == nullptr || !changes->is_list()) continue;
        bool is_first = true;
        for (const Value& change : changes->as_list()) {
            TRY_VOID(take_change(change, is_put, is_first && is_put ? key_text : ""));
            is_first = false;
        }
    }
    const Value* numbers = entry.find("counters");
    if (numbers == nullptr) return {};
    const std::size_t expected = fixed_counters + shapes_.size();
    if (!numbers->is_list() || numbers->as_list().size() != expected) {
        return fail(ErrorKind::corrupt, "the counters are not as they are written");
    }
    std::vector<std::int64_t> values;
    for (const Value& number : numbers->as_list()) values.push_back(whole(&number));
    counters_ = {values[0], values[1], values[2], values[3], values[4], values[5], {}};
    counters_.next_ids.assign(values.begin() + fixed_counters, values.end());
    return {};
}

Result<void> Books::take_change(const Value& entry, bool is_put, const std::string& key) {
    const Value* in = entry.find("in");
    const auto shape = std::ranges::find_if(shapes_, [&](const TableShape& s) {
        return in != nullptr && in->is_text() && in->as_text() == s.name;
    });
    const std::int64_t id = whole(entry.find("id"));
    const Value* record = entry.find("record");
    if (shape == shapes_.end() || id < 0 || (is_put && record == nullptr)) {
        return fail(ErrorKind::corrupt, "a change is not as it is written");
    }
    Change change{static_cast<std::size_t>(shape - shapes_.begin()), id, std::nullopt};
    if (is_put) change.row = row_of(change.table, id, {whole(entry.find("at"))}, *record);
    std::vector<Change> changes;
    changes.push_back(std::move(change));
    apply(std::move(changes), key);
    return {};
}

Result<void> Books::load(const std::vector<Change>& changes) {
    TRY_VOID(write(changes, "", false));
    apply(changes, "");
    return {};
}

Result<void> Books::finish_load(std::int64_t seed, std::int64_t records) {
    is_loaded_ = true;
    if (!journal_) return {};
    std::string line = fmt::format(R"({{"generated":{{"seed":{},"records":{}}})", seed, records);
    append_counters(line);
    return journal_->append(line + "}\n");
}

Result<void> Books::commit(std::vector<Change> changes, const std::string& idempotency_key) {
    TRY_VOID(write(changes, idempotency_key, true));
    apply(std::move(changes), idempotency_key);
    return {};
}

Result<void> Books::note() {
    return write({}, "", true);
}

Result<void> Books::write(const std::vector<Change>& changes, const std::string& key,
                          bool has_counters) {
    if (!journal_) return {};
    std::string line = "{";
    for (const bool is_put : {true, false}) {
        line += is_put ? R"("put":[)" : R"(],"drop":[)";
        const char* comma = "";
        for (const Change& change : changes) {
            if (change.row.has_value() != is_put) continue;
            line += comma;
            append_change(line, shapes_[change.table].name, change);
            comma = ",";
        }
    }
    line += ']';
    if (!key.empty()) {
        line += R"(,"key":)";
        json::write_to(line, Value(key));
    }
    if (has_counters) append_counters(line);
    return journal_->append(line + "}\n");
}

void Books::append_counters(std::string& out) const {
    const Counters& c = counters_;
    fmt::format_to(std::back_inserter(out), R"(,"counters":[{},{},{},{},{},{})", c.requests,
                   c.writes, c.creates, c.rejected_429, c.last_line_id, c.last_version);
    for (const std::int64_t id : c.next_ids) fmt::format_to(std::back_inserter(out), ",{}", id);
    out += ']';
}

void Books::apply(std::vector<Change> changes, const std::string& key) {
    if (!key.empty()) {
        CHECK(!changes.empty() && changes[0].row, "a key remembers what was created with it");
        answers_.emplace(key, changes[0].row->body);
    }
    for (Change& change : changes) {
        Table& table = tables_[change.table];
        if (change.row) {
            table.put(*std::move(change.row));
        } else {
            table.erase(change.id);
        }
    }
}

Row Books::row_of(std::size_t table, std::int64_t id, Instant modified, const Value& record) const {
    Row row{id, modified, json::write(record), {}};
    for (const std::string& path : shapes_[table].searched) {
        const Value* value = record.at_path(path);
        row.keys.push_back(value == nullptr || value->is_null() ? "" : fold_(path, *value));
    }
    return row;
}

const std::string* Books::answer_to(const std::string& idempotency_key) const {
    const auto at = answers_.find(idempotency_key);
    return at == answers_.end() ? nullptr : &at->second;
}

}  // namespace entente::sim
