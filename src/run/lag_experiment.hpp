// Measures what a connector declares about time, on request: how soon a record that was created is found (`visible_after`), and how
// long an older state is shown after a change (`lag`). For that it creates one record per list, named as a test, which a person
// removes; unless it may write it only says what it would create.
#pragma once

#include "report/live.hpp"
#include "run/patient_caller.hpp"

namespace entente::run {

class LagExperiment {
public:
    // Requires: all of them outlive the experiment, and nobody else uses the transport.
    LagExperiment(const model::Workspace& workspace,
                  const std::vector<connect::RestConnector>& connectors,
                  connect::Transport& transport, Clock& clock)
        : workspace_(workspace),
          caller_(workspace, connectors, transport, clock, Patience::when_asked) {}

    // A list of lines, or one that needs a record of another list first, is left alone and told as open.
    report::LiveFindings run(bool may_write);

private:
    void try_data_type(const model::DataType& data_type, bool may_write);
    void measure(const model::DataType& data_type, const Value& body);
    void measure_visibility(const model::DataType& data_type, const std::string& id,
                            const Value& body);
    void measure_lag(const model::DataType& data_type, const sync::SeenRecord& made);
    void tell(report::LiveFinding::Verdict verdict, const model::DataType& data_type,
              std::string what, std::string text, std::string right = {});

    const model::Workspace& workspace_;
    PatientCaller caller_;
    report::LiveFindings found_;
};

}  // namespace entente::run
