#include "store/memory_store.hpp"

#include <algorithm>
#include <utility>

#include "store/memory_digest.hpp"
#include "store/memory_tables.hpp"
#include "store/port.hpp"

namespace entente::store {
namespace {

template <class T>
bool begins_with(const std::vector<T>& list, const std::vector<T>& beginning) {
    return list.size() >= beginning.size() &&
           std::ranges::equal(beginning, std::span(list).first(beginning.size()));
}

bool is_grown_from(const Names& grown, const Names& names) {
    return begins_with(grown.systems, names.systems) &&
           begins_with(grown.resources, names.resources) &&
           begins_with(grown.data_types, names.data_types) &&
           begins_with(grown.models, names.models) &&
           begins_with(grown.properties, names.properties) &&
           begins_with(grown.data_type_models, names.data_type_models) &&
           begins_with(grown.data_type_resources, names.data_type_resources);
}

}  // namespace

class MemoryTransaction final : public WriterOf<MemoryTables> {
public:
    explicit MemoryTransaction(MemoryStore& store)
        : WriterOf<MemoryTables>(*store.tables_), store_(store) {
        store_.in_transaction_ = true;
    }
    ~MemoryTransaction() override {
        if (!is_over_) roll_back();
        store_.in_transaction_ = false;
    }
    MemoryTransaction(const MemoryTransaction&) = delete;
    MemoryTransaction& operator=(const MemoryTransaction&) = delete;

    // Not rolled back: an id that was given out once may have been seen.
    RecordId new_record_id() override { return {++store_.counters_.record}; }
    EntityId new_entity_id() override { return {++store_.counters_.entity}; }
    LinkId new_link_id() override { return {++store_.counters_.link}; }
    IntentId new_intent_id() override { return {++store_.counters_.intent}; }

    Result<void> commit() override {
        CHECK(!is_over_, "a transaction commits once");
        if (std::optional<Error> error = session().error) {
            roll_back();
            return std::unexpected(*std::move(error));
        }
        for (MemoryPart* part : session().parts) part->keep();
        is_over_ = true;
        return {};
    }

private:
    MemorySession& session() { return *store_.session_; }
    void roll_back() {
        for (MemoryPart* part : session().parts) part->roll_back();
        session().error.reset();
        is_over_ = true;
    }

    MemoryStore& store_;
    bool is_over_ = false;
};

MemoryStore::MemoryStore(Names names)
    : session_(std::make_unique<MemorySession>()),
      tables_(std::make_unique<MemoryTables>(*session_)) {
    session_->names = std::move(names);
}

MemoryStore::~MemoryStore() {
    CHECK(!in_transaction_, "a transaction ends before its store");
}

Result<std::unique_ptr<sync::Transaction>> MemoryStore::begin() {
    CHECK(!in_transaction_, "one transaction at a time");
    return std::make_unique<MemoryTransaction>(*this);
}

void MemoryStore::grow(Names names) {
    CHECK(!in_transaction_, "a configuration grows between transactions");
    CHECK(is_grown_from(names, session_->names), "a memory store's configuration only grows");
    session_->names = std::move(names);
}

std::unique_ptr<MemoryStore> MemoryStore::clone() const {
    CHECK(!in_transaction_, "a store is cloned between transactions");
    auto copy = std::make_unique<MemoryStore>(session_->names);
    for (std::size_t i = 0; i < session_->parts.size(); ++i)
        copy->session_->parts[i]->share(*session_->parts[i]);
    copy->counters_ = counters_;
    return copy;
}

Digest MemoryStore::digest() const {
    CHECK(!in_transaction_, "a store is digested between transactions");
    return digest_of(*tables_);
}

}  // namespace entente::store
