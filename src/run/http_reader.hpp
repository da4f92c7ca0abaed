// Reads whole resources over HTTP for reports, one request at a time and within each system's
// budget. It shares nothing with a running engine: both may read at once.
#pragma once

#include <vector>

#include "report/reader.hpp"
#include "run/patient_caller.hpp"

namespace entente::run {

class HttpReader final : public report::Reader {
public:
    // Requires: all of them outlive the reader.
    HttpReader(const model::Workspace& workspace,
               const std::vector<connect::RestConnector>& connectors, connect::Transport& transport,
               Clock& clock);

    Result<int> read_all(ResourceIndex resource,
                         const std::function<void(const sync::SeenRecord&)>& take) override;

private:
    Result<sync::Answer> page(const sync::ListCall& call);

    const model::Workspace& workspace_;
    PatientCaller caller_;
};

}  // namespace entente::run
