// The judge of a company at work: what the catalogue's systems are asked for is told to it as it happens, and when the engine rests it
// compares what people typed with what stands in the systems and in the history. Agreement, doubles and wrong links are the
// checker's business (sim/checker.hpp); lost edits, silence and secrecy are its own.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "model/workspace.hpp"
#include "oracle/guarantee.hpp"
#include "sync/store.hpp"
#include "world/company.hpp"
#include "world/watched_engine.hpp"
#include "world/wire.hpp"

namespace entente::world {

// What the store tells people, by the record it is about.
struct Told {
    // System, path of the resource ("/lines" behind it: lines inside), id.
    using Record = std::tuple<std::string, std::string, std::string>;
    std::map<Record, std::set<std::string>>
        values;  // JSON: those that the history of its entity holds
    struct Held {
        Record record;
        std::string reason;
    };
    std::vector<Held> held;
    // When a record became known for what it is: it was matched, or a create or write of unknown outcome was cleared up.
    std::map<Record, Instant> known_from;
    // What waits for a person: how much for each reason, and the records that are in question.
    std::map<sync::ParkReason, std::int64_t> parked;
    std::set<Record> asked;
    std::vector<std::string> texts;
    std::vector<std::string>
        lines;                // the history, and what is held or parked, for readers of a trace
    bool is_stopped = false;  // by the guard
};
// Counts conflicts, first joins, parked records and held properties. Requires: the store is sound.
Told told_by(sync::Store& store, const model::Workspace& workspace, Counters& counters);

class CompanyJudge {
public:
    // Requires: the company outlives it.
    explicit CompanyJudge(Company& company);

    // This system's login stands on requests for a token only, never on calls.
    void logs_in_by_token(std::size_t system) { by_token_.insert(system); }
    // A request of ours leaves, alone or as a batch of these parts. Whatever is a write after `expect_silence` violates.
    void leaving(const Flight& flight, std::span<const Flight> parts);
    // A system has executed a part.
    void executed(const Flight& part, const http::Response& response, Instant now);
    // From now on nothing is left to do; a write violates this guarantee.
    void expect_silence(int guarantee, std::string when);
    // The engine rests.
    void judge(const Told& told, const Company::LetPass& let_pass);

    oracle::Verdict& verdict() { return verdict_; }
    const oracle::Verdict& verdict() const { return verdict_; }
    std::int64_t writes() const { return writes_; }    // that left
    std::int64_t creates() const { return creates_; }  // that were executed
    std::int64_t requests() const { return requests_; }
    std::int64_t windows() const { return windows_; }  // edits overwritten where nobody can help it

private:
    // A look at a record for itself, or a change of it without a condition.
    struct Executed {
        std::size_t system = 0;
        bool is_write = false;
        std::string url;  // decoded
        Instant left, at;
    };
    void judge_secrecy(const Flight& flight);
    void judge_agreement(const Told& told, std::int64_t held, const Company::LetPass& let_pass);
    void judge_questions(const Told& told, const checker::Verdict& found);
    std::int64_t judge_held(const Told& told);
    void judge_edits(const Told& told, const Company::LetPass& let_pass);
    bool is_kept(const sim::Edit& edit, const Told& told, const Company::LetPass& let_pass);
    bool was_in_a_window(const sim::Edit& edit) const;
    static bool was_filled(const sim::Edit& edit, const Told& told);

    // Whose it is, and what must be seen by nobody else.
    struct Secret {
        std::size_t system = 0;
        std::string text;
        bool is_token = false;
    };

    Company& company_;
    std::set<std::size_t> by_token_;
    std::vector<Secret> secrets_;
    oracle::Verdict verdict_;
    std::vector<Executed> executed_;
    std::int64_t writes_ = 0, creates_ = 0, requests_ = 0, windows_ = 0;
    int silence_ = 0;
    std::string silent_when_;
};

}  // namespace entente::world
