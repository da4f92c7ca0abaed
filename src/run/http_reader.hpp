// Reads whole resources over HTTP for reports, one request at a time and within each system's
// budget. It shares nothing with a running engine: both may read at once.
#pragma once

#include <vector>

#include "connect/budget.hpp"
#include "connect/rest_connector.hpp"
#include "connect/transport.hpp"
#include "report/reader.hpp"
#include "run/clock.hpp"

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
    Result<sync::Answer> page(const sync::ListCall& call, int& gets);
    void wait_until(Instant time);

    const model::Workspace& workspace_;
    const std::vector<connect::RestConnector>& connectors_;
    connect::Transport& transport_;
    Clock& clock_;
    std::vector<connect::Budget> budgets_;  // by system
};

}  // namespace entente::run
