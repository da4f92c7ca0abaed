// A store whose commits can be told to fail, one by one: every durable step of an engine has a number, so that a test can
// count them in a clean run and then cut at each. A commit that did not return ok is the engine's end: throw it away and
// make a new one on the same store, which is the crash. A decorator and not a hook inside the stores, because so their
// commit stays what it is in production, and any store can be made faulty.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "sync/store.hpp"

namespace entente::store {

enum class CommitFate {
    commits,
    fails,        // nothing of it is durable, and commit says ErrorKind::store
    lost_answer,  // all of it is durable, and commit says the same
};

// What to do, asked by number, from 1. An empty function: nothing goes wrong, nobody is told.
struct StoreFaults {
    std::function<CommitFate(std::int64_t commit)> fate;
    std::function<bool(std::int64_t begin)> refuses_begin;  // as a full disk does: ErrorKind::store
    std::function<void(std::int64_t commit)> became_durable;
};

class FaultyStore final : public sync::Store {
public:
    // Requires: the inner store outlives this one.
    FaultyStore(sync::Store& inner, StoreFaults faults);

    // Errors: those of the inner store, and ErrorKind::store when refused. Requires: this store outlives the transaction.
    Result<std::unique_ptr<sync::Transaction>> begin() override;

    // How many were asked for so far, whatever became of them.
    std::int64_t begins() const { return begins_; }
    std::int64_t commits() const { return commits_; }

private:
    class FaultyTransaction;
    Result<void> commit(sync::Transaction& inner);

    sync::Store& inner_;
    const StoreFaults faults_;
    std::int64_t begins_ = 0;
    std::int64_t commits_ = 0;
};

}  // namespace entente::store
