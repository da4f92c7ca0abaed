// A small world for tests of the engine: systems made of values, people who edit them, calls that get lost. The engine, its
// store (SQLite in memory) and the loader are the real ones; only the wire is missing. One thread, time by hand.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/json.hpp"
#include "model/loader.hpp"
#include "store/folder.hpp"
#include "store/sqlite_store.hpp"
#include "sync/engine.hpp"

namespace entente::test {

using namespace entente::sync;

// What happens to the next writes of a system.
enum class Fate { fine, request_lost, reply_lost, refused, taken, not_executed, late };

struct FakeRecord {
    Value body;
    std::int64_t version = 1;
    Instant modified;
    std::int64_t row_version = 0;
    std::vector<FakeRecord>
        before;  // its last change: the one state that a lagging system still shows
};

struct FakeSystem {
    SystemIndex index;
    bool versions = false;            // ETag and precondition
    Duration version_granule{0};      // versions are modified times this coarse; zero: numbers
    bool lists_show_versions = true;  // else only single records bear theirs
    bool answers_nothing = false;     // updates answer without a body
    bool tells_version = false;       // such an answer tells the version that was made
    std::size_t longest = 1'000;      // bytes that it keeps of a text, untold
    Duration lag{0};                  // reads show the state before the last change for so long
    std::set<std::string> ignored;    // fields that an update leaves as they are, without a word
    std::set<std::string> key_only;   // resources whose creates show their key only
    // What was removed, by resource: its row version and id.
    std::map<std::string, std::vector<std::pair<std::int64_t, std::string>>> removed;
    std::set<std::string> unreadable;  // resources that seem empty: we have no right to them
    // Resources whose creates hold lines: the list in the body, the resource they become, and what points to the parent.
    struct Inside {
        std::string list, resource, parent_at;
    };
    std::map<std::string, Inside> inside;
    std::int64_t last_row_version = 0;
    std::string reused_id;     // of the next record that is created
    std::string answers_with;  // the record it has, instead of creating one
    bool down = false;
    std::map<std::string, std::map<std::string, FakeRecord>> tables;  // resource -> id -> record
    std::map<std::string, std::string> answered_keys;                 // idempotency key -> id
    std::deque<Fate> fates;                                           // of the next writes
    Instant held_until;                                               // when
    std::optional<Call> held_back;  // a request that will be executed late
    // Why it refuses what a write carries; empty: it does not.
    std::function<std::string(const Value&)> refuses;
    std::function<void()> before_write;  // a person is quicker than our write
    // What it answers instead of doing what it is asked; ok: it does it.
    std::function<Outcome(const Effect&)> fails;
    std::map<Purpose, int> asked;  // calls that reached it
    int writes = 0, creates = 0, reads = 0, searches = 0, refusals = 0;
    int next_id = 1;

    FakeRecord& keep(const std::string& resource, const std::string& id, Value body, Instant now);
    std::string version_of(const FakeRecord& record) const;
    // The record has changed; a lagging system goes on to show what it was.
    static void remember(FakeRecord& record, FakeRecord was);
    const FakeRecord& shown_at(const FakeRecord& record, Instant now) const;
    // What it answers; `answer.ended` is its clock. Writes answer with the record as it is, reads as it is shown.
    void show(const std::string& id, const FakeRecord& record, Answer& answer) const;
    void read(const std::string& resource, const std::string& id, Answer& answer);
    void list(const std::string& resource, const ListCall& call, Answer& answer);
    void search(const std::string& resource, const SearchCall& call, Answer& answer);
    void create(const std::string& resource, const CreateCall& call, Answer& answer);
    void update(const std::string& resource, const UpdateCall& call, Answer& answer);
};

// Lays a change over a body; elements of lists without an id get the next one.
void merge(Value& into, const Value& patch, int& next_id);

class World {
public:
    // `yaml` is entente.yaml; `catalog` the connector and model files it needs.
    // `on_disk`: the store outlives a change of the configuration.
    World(std::string yaml, std::vector<model::SourceFile> catalog, bool on_disk = false);

    FakeSystem& operator[](const std::string& system) { return systems_.at(system); }
    const auto& tables_of(const std::string& system) { return systems_[system].tables; }
    const model::Workspace& workspace() const { return workspace_; }
    // The configuration becomes another one; what the systems and the store hold stays. Requires: the store is on disk.
    void configure(std::string yaml);
    std::vector<model::SourceFile>& catalog() { return catalog_; }

    // What people do.
    std::string add(const std::string& system, const std::string& resource,
                    const std::string& json);
    void edit(const std::string& system, const std::string& resource, const std::string& id,
              const std::string& path, Value value);
    void remove(const std::string& system, const std::string& resource, const std::string& id);
    Value value(const std::string& system, const std::string& resource, const std::string& id,
                const std::string& path);
    std::size_t count(const std::string& system, const std::string& resource) {
        return systems_.at(system).tables[resource].size();
    }

    // What a person says, and what came of it; nothing is driven.
    ActResult say(Act act);

    // Drives the engine until nothing is left to do; every resource is polled (or swept) first. Ensures: at rest, or the test fails.
    void poll() { look(false); }
    void sweep() { look(true); }
    void look(bool sweep);
    void ask(bool sweep);  // the looks begin; nothing is driven
    void settle();         // without a new look
    // The process dies: calls in flight are lost, what was committed stays. At the next start a person approves.
    void crash(bool approves = true);
    void crash_after(int steps) { steps_left_ = steps; }
    void pass(std::int64_t ms) { now_.ms += ms; }
    Instant now() const { return now_; }
    // This system is that one, under another address.
    void make_one(const std::string& system, const std::string& with) { one_with_[system] = with; }

    std::unique_ptr<Transaction> store() { return std::move(*store_->begin()); }
    // Called between any two steps while the engine is driven; may edit, crash, set fates.
    std::function<void()> meanwhile;
    // What the wire or the system makes of an answer.
    std::function<void(const Effect&, Answer&)> tamper;
    // Whether the answer comes once more, one step later.
    std::function<bool(const Effect&)> repeats;
    // Whether such a call is to be made and not yet answered.
    bool is_planned(const std::string& system, Purpose purpose) const;
    // Which of the calls that could be answered next is answered: the first, unless set.
    std::function<std::size_t(std::size_t)> choose;
    int total_writes() const;
    // Whether an unconditional write to the record is decided but not executed yet, or executed and not yet read back: the
    // windows that nobody can close.
    bool in_window(const std::string& system, const std::string& id) const;
    std::map<Notice::Kind, int> notices;
    std::vector<std::string> texts;  // of held, parked, stopped

private:
    Answer failure(Outcome outcome, std::string message) const;
    Answer call(const Effect& effect);
    Answer execute(FakeSystem& system, const Call& call);
    void step(std::vector<Event> events);
    void open(bool approves = true);

    std::vector<model::SourceFile> catalog_;
    std::optional<store::Folder> folder_;
    model::Workspace workspace_;
    std::unique_ptr<store::SqliteStore> store_;
    std::unique_ptr<Engine> engine_;
    std::map<std::string, FakeSystem> systems_;
    std::map<std::string, std::string> one_with_;
    std::vector<Effect> effects_;
    std::vector<Event> repeated_;  // answers that come once more
    std::vector<ActResult> acts_;  // of the last step
    Instant now_{1'700'000'000'000};
    int steps_left_ = -1;
};

// A and B, two systems with one resource each mapped to one model: A without versions, B with. `systems` names more: "books" is
// C, where one thing is both a Quote and an Order; "silent" is D, which never says what changed; "again" is E, like B.
std::vector<model::SourceFile> small_catalog();
// The same with `from` replaced by `to` in one of its files. Requires: the file holds it.
std::vector<model::SourceFile> small_catalog_where(const std::string& path, const std::string& from,
                                                   const std::string& to);
std::string small_workspace(const std::string& more = "", const std::string& systems = "");

}  // namespace entente::test
