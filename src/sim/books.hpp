// All that a simulated system must not forget: its tables, its counters, the answers it gave to idempotency keys, and
// the journal that brings them back. A change reaches the journal first and the tables only when it is there; a change
// of several records is one line, so a crash leaves all of it or none. Called by RecordSystem.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "sim/journal.hpp"
#include "sim/table.hpp"

namespace entente::sim {

// What a table is called and which fields it is searched by.
struct TableShape {
    std::string name;
    std::vector<std::string> searched;  // record paths
    std::int64_t first_id = 1;
};

struct Counters {
    std::int64_t requests = 0;
    std::int64_t writes = 0;
    std::int64_t creates = 0;
    std::int64_t rejected_429 = 0;
    std::int64_t last_line_id = 0;
    std::int64_t last_version = 0;
    std::vector<std::int64_t> next_ids;  // by table
    friend bool operator==(const Counters&, const Counters&) = default;
};

struct Change {
    std::size_t table = 0;
    std::int64_t id = 0;
    std::optional<Row> row;  // none: removed
};

class Books {
public:
    // `fold` makes the search key of a value of that path; both systems have their own idea of equality.
    using Fold = std::string (*)(std::string_view path, const Value& value);
    Books(std::string kind, std::vector<TableShape> shapes, Fold fold);

    // Takes up the journal of a directory. True when it holds a whole population; what an unfinished
    // load left behind is forgotten. bad_input: the directory belongs to another kind.
    Result<bool> open(const std::string& directory);

    // The loading of the generator's records: changes without counters, then the mark that ends them.
    Result<void> load(const std::vector<Change>& changes);
    Result<void> finish_load(std::int64_t seed, std::int64_t records);

    // One change of the outside world, with `counters()` as they are now. A key remembers the first row's body.
    Result<void> commit(std::vector<Change> changes, const std::string& idempotency_key);
    // Writes the counters down, where a call changed nothing else.
    Result<void> note();

    Row row_of(std::size_t table, std::int64_t id, Instant modified, const Value& record) const;

    const Table& table(std::size_t i) const { return tables_[i]; }
    const TableShape& shape(std::size_t i) const { return shapes_[i]; }
    std::size_t size() const { return tables_.size(); }
    Counters& counters() { return counters_; }
    const Counters& counters() const { return counters_; }
    // What the first create with this key was answered, or null pointer.
    const std::string* answer_to(const std::string& idempotency_key) const;

private:
    Result<void> take_line(std::string_view line);
    Result<void> take_change(const Value& entry, bool is_put, const std::string& key);
    Result<void> write(const std::vector<Change>& changes, const std::string& key,
                       bool has_counters);
    void apply(std::vector<Change> changes, const std::string& key);
    void forget();
    void append_counters(std::string& out) const;

    std::string kind_;
    std::vector<TableShape> shapes_;
    Fold fold_;
    std::vector<Table> tables_;
    Counters counters_;
    std::unordered_map<std::string, std::string> answers_;  // looked up only, never walked
    std::unique_ptr<Journal> journal_;
    bool is_loaded_ = false;
};

}  // namespace entente::sim
