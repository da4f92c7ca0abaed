// The deterministic world (GUARANTEES section 4): the engine, the runner, the connectors and the store of production, between
// simulated systems, people and a bad network, on one thread in virtual time; an oracle that knows everything watches. Playing a
// script ends in a verdict; the same script gives the same trace to the byte.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connect/rest_connector.hpp"
#include "oracle/oracle.hpp"
#include "world/process.hpp"
#include "world/script.hpp"
#include "world/trace.hpp"
#include "world/waits.hpp"
#include "world/wire.hpp"

namespace entente::world {

// A record as it stands at the end.
struct Standing {
    int system = 0;
    std::string table, thing;  // which true thing it is: "T1", "T1/text of the line"
    Value fields;              // an owner by its code
};

struct Outcome {
    oracle::Verdict verdict;
    Counters counters;                // sometimes-counters, and faults by kind as "fault NAME"
    std::uint64_t digest = 0;         // of the trace
    Duration lasted{0};               // virtual time
    std::vector<std::string> last;    // the last lines of the trace
    std::vector<std::string> values;  // of the things at the end: system, code and name
    std::string history;              // what people did, as the oracle tells it
    std::int64_t commits = 0;         // before the calm
    std::vector<Standing> records;
    std::map<oracle::RecordKey, std::string> things;  // which true thing each record was
    oracle::EngineSight sight;                        // of the engine at rest
    std::vector<sim::TraitSystem::Counts> counts;     // by system
};

class World final : public sim::Witness {
public:
    explicit World(const Script& script);
    ~World() override;

    // Every line of the trace is told to `on_line` as it is made.
    Outcome play(std::function<void(const std::string&)> on_line = {});

    void changed(const sim::TraitSystem& system, const sim::Change& change) override;
    void shown(const sim::TraitSystem& system, const std::string& table, const std::string& id,
               const Value& body, Instant at) override;

private:
    struct Waiting {  // an event for the next moment of its kind
        Event event;
        Instant from;
    };
    // setting up
    void load(std::size_t systems);
    void refuse_half_a_configuration();
    void schedule();
    // what the script says
    void happen(const Event& event, const Flight* about);
    void act(const Act& act, const Flight* about);
    void say(const Say& said);
    sync::Act::Named named(int system, const Say& said, const std::string& code,
                           bool is_first) const;
    void act_on_record(const Act& act, sim::TraitSystem& system, const std::string& id);
    void act_on_line(const Act& act, sim::TraitSystem& system, const std::string& thing);
    void save_anew(const Act& act, sim::TraitSystem& system, const std::string& thing);
    void begin(const Spell& spell);
    void set(const ClockSet& set);
    void begin(const Lasting& lasting);
    void moment(const Flight& flight, Event::When when);
    // afterwards
    struct Timed {             // an edit or a new thing that is to arrive
        oracle::RecordKey at;  // without an id: of the thing of that code
        std::string code;
        Value name;
        Instant typed, due;
        bool is_there = false;
    };
    struct Answer {  // what a person says of something that waits
        sync::Act act;
        RecordId record;     // that waits; zero: a create
        RecordId candidate;  // that it was about; zero: none
    };
    void go_on();
    void approve_stops();
    void answer_what_waits();
    std::vector<Answer> answers_to(const sync::Parked& parked, sync::Transaction& store);
    void say_answer(const Answer& answer);
    void judge_answers(const std::vector<Answer>& answers, std::size_t heard_before);
    void edit_in_quiet();
    bool can_be_timed() const;
    void time_edit(const Act& act);
    void judge_timed(int guarantee);
    void plan_edit(Random& random, Instant at);
    void plan_new_thing(Random& random, Instant at);
    void note_arrival(int system, const sim::Change& change);
    // the process
    struct CallsSoFar {
        std::vector<std::int64_t> requests;  // by system
        Duration up{0};
        std::int64_t lives = 0;
    };
    CallsSoFar calls_so_far() const;
    void judge_calls_at_rest(const CallsSoFar& before);
    void judge_repeated(const std::string& difference);
    void starting();
    void died();
    // the wire's ends
    http::Response handle(const Flight& flight);
    void leaving(const Flight& flight);
    void answering(const Flight& flight, const http::Response& response, bool is_own);
    std::set<oracle::RecordKey> written_to();
    // the phases
    void expect_order();
    bool lives_on_polls() const;
    void end_faults();
    void calm();
    bool is_anything_offered();
    bool is_anything_asleep();
    bool wake_what_sleeps();
    void check_ailing();
    std::int64_t writes() const;  // of ours
    std::string thing_asked_for(const Flight& flight) const;
    void set_blind_aside();
    void check_rest(bool is_at_end);
    void check_silence();
    oracle::EngineSight look();
    void look_at_open(sync::Transaction& store, oracle::EngineSight& sight);
    void finish_counters();
    std::vector<std::string> final_values() const;
    std::vector<Standing> standing() const;

    std::string find(const sim::TraitSystem& system, const std::string& table,
                     const std::string& code) const;
    std::string thing_of(int system, const std::string& table, const Value& body) const;
    void check_drift(const sim::TraitSystem& system, const sim::Change& change);
    void tell_lines(int system, const sim::Change& change, const std::string& thing,
                    Instant compared_at);
    oracle::RecordKey key_of(const sync::RecordHead& record) const;
    std::string name_of_entity(sync::Transaction& store, EntityId id) const;
    oracle::HeldSight tell_hold(sync::Transaction& store, const sync::Link& link,
                                const sync::Held& held) const;
    std::pair<int, std::string> table_of(DataTypeIndex d) const;
    void tell_history(sync::Transaction& store, const sync::HistoryEvent& event,
                      const oracle::RecordKey& key, oracle::EngineSight& sight);
    void note(std::string line);
    int number_of(const sim::TraitSystem& system) const;

    const Script script_;
    Timeline timeline_;
    const Instant begins_;
    std::vector<std::unique_ptr<sim::TraitSystem>> systems_;
    std::vector<Instant> unreachable_until_;
    std::vector<Instant> clock_set_at_;  // by system
    std::vector<std::shared_ptr<const void>> backups_;
    Wire wire_;
    Counters counters_;
    Process process_;
    model::Workspace workspace_;
    std::size_t joined_ = 0;  // systems that take part
    bool joins_ = false;      // the others join with the next process
    std::vector<connect::RestConnector> connectors_;
    std::vector<Waiting> waiting_;
    std::map<std::pair<int, std::string>, std::string>
        codes_;  // of things by system and id, gone ones too
    std::vector<std::pair<std::pair<std::size_t, std::string>, std::string>>
        removed_;  // system and code, id
    std::map<oracle::RecordKey, std::string> things_;
    oracle::EngineSight sight_;
    std::vector<Timed> timed_;
    int typed_in_quiet_ = 0;
    oracle::Oracle oracle_;
    Waits waits_;
    std::set<std::pair<std::size_t, std::string>> skipped_;  // records that no poll shows
    struct Shown {
        oracle::RecordKey key;
        Value fields;
    };
    // Of which we were shown, then first, what does not look as declared.
    std::map<oracle::RecordKey, Instant> drifted_;
    bool is_restoring_ = false;
    std::vector<Shown> showing_;                         // by the answer that is being made
    std::map<std::uint64_t, std::vector<Shown>> shown_;  // by answers on their way
    std::map<oracle::RecordKey, std::vector<Instant>>
        compared_;  // read for themselves since we last wrote to them
    std::map<std::uint64_t, std::string>
        blind_;  // creates whose outcome only their answer can tell
    Instant asked_at_;
    bool is_calm_ = false;
    std::vector<std::int64_t>
        ailing_;  // calls that met with what lasts, by system, when the calm began
    Trace trace_;
    std::int64_t commits_until_calm_ = 0;
};

}  // namespace entente::world
