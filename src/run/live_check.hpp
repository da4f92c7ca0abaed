// Tests every connector of a workspace against its running system: login, one page of each resource that a data type uses, the
// next one, one record, what changed, a search, and $metadata where there is one. It reads only; what the answers mean for the
// declarations is judged by report/live.hpp.
#pragma once

#include <optional>

#include "report/live.hpp"
#include "run/patient_caller.hpp"

namespace entente::run {

class LiveCheck {
public:
    // Requires: all of them outlive the check, and nobody else uses the transport.
    LiveCheck(const model::Workspace& workspace,
              const std::vector<connect::RestConnector>& connectors, connect::Transport& transport,
              Clock& clock)
        : workspace_(workspace),
          connectors_(connectors),
          caller_(workspace, connectors, transport, clock, Patience::when_asked) {}

    // One system after the other; a system that refuses the login is asked nothing more.
    report::LiveFindings check();

private:
    void check_system(SystemIndex system);
    void check_metadata(SystemIndex system, const std::vector<ResourceIndex>& resources);
    void check_resource(ResourceIndex resource);
    std::optional<sync::Answer> first_page(ResourceIndex resource);
    void check_rights(ResourceIndex resource);
    void check_next_page(ResourceIndex resource, const sync::Answer& first);
    void check_record(ResourceIndex resource, const sync::SeenRecord& shown);
    void check_changes(ResourceIndex resource, const sync::Answer& first);
    void check_removals(ResourceIndex resource);
    void check_search(ResourceIndex resource, const sync::Answer& first);

    // Asks; what went wrong is told, with the remedy, and gives nothing.
    std::optional<sync::Answer> asked(const sync::Call& call, std::string_view what,
                                      std::string_view right);
    std::string name_of(ResourceIndex resource) const;
    void tell(report::LiveFinding::Verdict verdict, std::string where, std::string_view what,
              std::string text, std::string_view right = {});

    const model::Workspace& workspace_;
    const std::vector<connect::RestConnector>& connectors_;
    PatientCaller caller_;
    report::LiveFindings found_;
    bool is_let_in_ = false;   // by the system that is looked at: it answered one call as it should
    bool is_refused_ = false;  // it refused one
};

}  // namespace entente::run
