#include "store/faulty_store.hpp"

#include <utility>

#include <fmt/core.h>

#include "store/forwarding_transaction.hpp"

namespace entente::store {

class FaultyStore::FaultyTransaction final : public ForwardingTransaction {
public:
    FaultyTransaction(FaultyStore& store, std::unique_ptr<sync::Transaction> inner)
        : ForwardingTransaction(std::move(inner)), store_(store) {}
    Result<void> commit() override { return store_.commit(*inner_); }

private:
    FaultyStore& store_;
};

FaultyStore::FaultyStore(sync::Store& inner, StoreFaults faults)
    : inner_(inner), faults_(std::move(faults)) {}

Result<std::unique_ptr<sync::Transaction>> FaultyStore::begin() {
    ++begins_;
    if (faults_.refuses_begin && faults_.refuses_begin(begins_))
        return fail(ErrorKind::store, fmt::format("begin {} was told to fail", begins_));
    TRY(auto transaction, inner_.begin());
    return std::make_unique<FaultyTransaction>(*this, std::move(transaction));
}

// One text for both ways to fail: the caller cannot know which it was.
Result<void> FaultyStore::commit(sync::Transaction& inner) {
    const std::int64_t number = ++commits_;
    const CommitFate fate = faults_.fate ? faults_.fate(number) : CommitFate::commits;
    const auto told = fail(ErrorKind::store, fmt::format("commit {} was told to fail", number));
    if (fate == CommitFate::fails) return told;
    TRY_VOID(inner.commit());
    if (faults_.became_durable) faults_.became_durable(number);
    if (fate == CommitFate::lost_answer) return told;
    return {};
}

}  // namespace entente::store
