// The shipped connectors, opened, for the targets that ask them: which system, which resource and
// which call an input is about. Inside fuzz only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "connect/rest_connector.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::fuzz {

inline constexpr std::string_view secret = "s3cr3t-of-the-system";

// custom-webshop, custom-erp and exact-online; one that answers 200 with errors inside and pages without sizes; and one each whose
// pages go by the header Link and by offset.
class Wire {
public:
    // Made once: opening costs far more than one input.
    static const Wire& shared();

    const model::Workspace& workspace() const { return workspace_; }
    const connect::RestConnector& connector(SystemIndex system) const {
        return connectors_[system.at()];
    }

private:
    Wire();

    model::Workspace workspace_;
    std::vector<connect::RestConnector> connectors_;
};

enum class CallKind { list, read, search, create, update, rights };

struct Choice {
    SystemIndex system;
    ResourceIndex resource;
    CallKind kind = CallKind::list;
};
// From the first three characters of `rest`.
Choice take_choice_of_call(const Wire& wire, std::string_view& rest);
// A list's cursor, a record's id, a search's value, a write's text, by kind.
sync::Call call_of(const Wire& wire, const Choice& choice, std::string_view text);

}  // namespace entente::fuzz
