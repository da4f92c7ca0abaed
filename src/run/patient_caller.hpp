// Asks systems one call at a time, within each one's budget, again and as late as it wants when it is busy. For reports and checks;
// the engine's calls go through the runner.
#pragma once

#include <vector>

#include "connect/budget.hpp"
#include "connect/rest_connector.hpp"
#include "connect/transport.hpp"
#include "run/clock.hpp"

namespace entente::run {

// When a read that came to nothing is tried again.
enum class Patience {
    always,
    when_asked,  // only after an answer that says when: every other failure is what is looked for
};

class PatientCaller {
public:
    // Requires: all of them outlive the caller, and nobody else has anything in flight.
    PatientCaller(const model::Workspace& workspace,
                  const std::vector<connect::RestConnector>& connectors,
                  connect::Transport& transport, Clock& clock,
                  Patience patience = Patience::always);

    // The last answer: a read that could not be made is tried a few times, a write is sent once. bad_input, corrupt: as
    // RestConnector::request.
    Result<sync::Answer> ask(const sync::Call& call);
    // The service's description of itself, sent once. Errors: as connect::fetch and RestConnector::metadata_request.
    Result<http::Response> ask_for_metadata(SystemIndex system);

    // Requests made so far.
    int requests() const { return requests_; }
    Instant now() const { return clock_.now(); }
    void wait_until(Instant time);

private:
    Result<http::Response> send(const http::Request& request,
                                const connect::TransportOptions& options);

    const model::Workspace& workspace_;
    const std::vector<connect::RestConnector>& connectors_;
    connect::Transport& transport_;
    Clock& clock_;
    Patience patience_;
    std::vector<connect::Budget> budgets_;  // by system
    int requests_ = 0;
};

}  // namespace entente::run
