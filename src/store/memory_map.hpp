// An ordered map of a memory store: changes are noted so that they can be taken back, and all rows are shared with the
// stores that were cloned from this one (or it from them) until one of them changes one. Rows are shared too: a table
// holds Shared<Row>, an index of keys alone holds std::monostate.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "store/memory_session.hpp"

namespace entente::store {

template <class Row>
using Shared = std::shared_ptr<const Row>;

template <class Row>
Shared<Row> shared(Row row) {
    return std::make_shared<const Row>(std::move(row));
}

template <class Key, class Value>
class MemoryMap final : public MemoryPart {
public:
    using Rows = std::map<Key, Value>;

    // Requires: the session outlives it.
    explicit MemoryMap(MemorySession& session) : session_(session) {
        session_.parts.push_back(this);
    }
    MemoryMap(const MemoryMap&) = delete;
    MemoryMap& operator=(const MemoryMap&) = delete;

    // Good until the next change. Empty when the transaction is poisoned.
    const Rows& rows() const {
        static const Rows none;
        return session_.error ? none : *rows_;
    }
    bool contains(const Key& key) const { return rows().contains(key); }
    // Null pointer: there is none.
    const Value* find(const Key& key) const {
        const auto found = rows().find(key);
        return found == rows().end() ? nullptr : &found->second;
    }
    // Inserts or replaces.
    void put(const Key& key, Value value) {
        if (session_.error) return;
        auto [at, is_new] = own().try_emplace(key);
        before_.emplace_back(key, is_new ? std::nullopt : std::optional(std::move(at->second)));
        at->second = std::move(value);
    }
    // Ensures: there is none of that key; false: there was none.
    bool erase(const Key& key) {
        if (!contains(key)) return false;
        auto row = own().extract(key);
        before_.emplace_back(key, std::move(row.mapped()));
        return true;
    }

    void keep() override { before_.clear(); }
    void roll_back() override {
        for (; !before_.empty(); before_.pop_back()) {
            auto& [key, value] = before_.back();
            if (value) {
                own().insert_or_assign(key, *std::move(value));
            } else {
                own().erase(key);
            }
        }
    }
    void share(const MemoryPart& other) override {
        rows_ = static_cast<const MemoryMap&>(other).rows_;
    }

private:
    Rows& own() {
        if (rows_.use_count() > 1) rows_ = std::make_shared<Rows>(*rows_);
        return *rows_;
    }

    MemorySession& session_;
    std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();
    // By change of the open transaction: the key, and what it had before.
    std::vector<std::pair<Key, std::optional<Value>>> before_;
};

template <class Key>
using MemoryIndex = MemoryMap<Key, std::monostate>;

// The second halves of an index's pairs that begin with `first`, after `after`, in order.
template <class First, class Second>
std::vector<Second> seconds_of(const MemoryIndex<std::pair<First, Second>>& index, First first,
                               Second after) {
    std::vector<Second> out;
    const auto& rows = index.rows();
    for (auto at = rows.upper_bound({first, after}); at != rows.end() && at->first.first == first;
         ++at) {
        out.push_back(at->first.second);
    }
    return out;
}

}  // namespace entente::store
