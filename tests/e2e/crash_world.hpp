// A demo under attack: its systems serve, people work in them, the engine is killed at some moment, the wire may be
// bad; then calm, and what is wrong is told. Used by the kill tests. A moment is a number of requests that the systems
// have answered.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "run/clock.hpp"
#include "sim/people.hpp"
#include "world.hpp"

namespace entente::e2e {

// What the last engine promised and did not live to see.
struct OpenIntents {
    int creates = 0;
    int creates_in_exact = 0;
    int changes = 0;
};

class CrashWorld {
public:
    explicit CrashWorld(std::uint64_t seed) : seed_(seed) {}

    // Makes a demo of these systems ("all") that agree, and starts them. Empty, or why it could not be done.
    std::string begin(const std::string& systems);

    // People do so many things; what they did is written down. A system that is away stops nobody.
    void people_work(int acts);
    void people_do(sim::Act act);
    std::size_t edits() const;

    // Sums over the systems.
    std::int64_t requests() { return counted("requests"); }
    std::int64_t writes() { return counted("writes"); }
    std::int64_t creates() { return counted("creates"); }
    std::int64_t created_in(const std::string& system);
    OpenIntents open_intents() const;

    // Waits until the systems have executed so many more requests than now, or none come any more.
    void let_pass(std::int64_t more);
    // Waits for so many microseconds.
    void let_pass_us(std::int64_t time);
    // Waits until one system has made more records than that; or none is made, because what people typed needs none.
    void wait_until_made_more_than(std::int64_t made, const std::string& system);

    // From now on every system is behind a bad wire of its own, drawn from the seed.
    void spoil_wire(std::uint64_t seed);
    // Ends the faults and adds up what there were.
    void calm();
    const std::map<std::string, std::int64_t>& faults() const { return faults_; }

    // The engine runs until it is idle: whatever is not in agreement then, doubled or lost.
    std::vector<std::string> violations();
    // And afterwards: another run changes nothing, nor does one that has forgotten how far it had read.
    std::vector<std::string> violations_at_rest();

    const std::string& dir() const { return dir_; }
    std::string ledger() const { return dir_ + "/ledger.jsonl"; }
    Systems& systems() { return *systems_; }

private:
    Value statistics(const DemoSystem& system) const;
    std::int64_t counted(const std::string& what) const;
    std::vector<std::string> run_quietly(const std::string& what);

    const std::uint64_t seed_;
    const Folder folder_;
    const std::string dir_ = folder_.path("d");
    run::SystemClock clock_;
    Client client_;
    std::unique_ptr<Systems> systems_;
    std::unique_ptr<sim::People> people_;
    std::map<std::string, std::int64_t> faults_;
};

}  // namespace entente::e2e
