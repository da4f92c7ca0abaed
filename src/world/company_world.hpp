// The deterministic world of the catalogue's own systems: their shipped YAML, the connectors made of it and the engine of production,
// in process and in virtual time, with people at work, a bad wire, crashes and either store (GUARANTEES section 4). It shares
// wire, process and time with the world of systems of any abilities (world.hpp); company_judge.hpp judges it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "world/company_judge.hpp"
#include "world/process.hpp"
#include "world/trace.hpp"
#include "world/waits.hpp"
#include "world/world.hpp"

namespace entente::world {

class CompanyWorld final {
public:
    // Requires: a script with a company.
    explicit CompanyWorld(const Script& script);

    Outcome play(std::function<void(const std::string&)> on_line = {});

private:
    void load();
    void happen(const Event& event, const Flight* about);
    void work(const Deed& deed, const Flight* about);
    void begin(const Spell& spell);
    http::Response handle(const Flight& flight);
    bool is_outdated(const Flight& flight);
    void leaving(const Flight& flight);
    void answering(const Flight& flight, const http::Response& response);
    void spoiled(const Flight& flight, sim::Fault fault);
    void moment(const Flight& flight, Event::When when);
    Duration late_max(std::size_t system) const;
    http::Response look_at(const Flight& flight);
    void end_faults();
    void rest();
    void check_silence();
    Instant let_pass(Duration duration);
    void note(const std::string& line);

    const Script script_;
    Timeline timeline_;
    const Instant begins_;
    Company company_;
    std::vector<Instant> unreachable_until_;
    Wire wire_;
    Counters counters_;
    Process process_;
    model::Workspace workspace_;
    std::vector<connect::RestConnector> connectors_;
    CompanyJudge judge_;
    Waits waits_;
    Trace trace_;
    std::vector<Event> waiting_;  // for the next moment of their kind
    // By flight: what its record showed when a change without a condition arrived that will be executed late.
    std::map<std::uint64_t, http::Response> seen_;
    bool is_calm_ = false;
    std::int64_t commits_until_calm_ = 0;
};

}  // namespace entente::world
