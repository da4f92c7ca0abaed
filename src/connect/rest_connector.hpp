// A REST system as its connector.yaml declares it: calls become HTTP requests, responses become
// answers. Pure functions; no socket, clock or state. Serves the safety of the wire: a credential
// is put only on requests to the system's own origin below its base URL, over TLS unless that is
// loopback, and never appears in a message.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/http.hpp"
#include "connect/transport.hpp"
#include "connect/url.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::connect {

class RestConnector {
public:
    // `secrets`: the values of System::secrets, by name. Requires: `workspace` outlives the
    // connector. bad_input: a base URL that is no place for credentials, a secret that is missing
    // or cannot stand in a header.
    static Result<RestConnector> open(const model::Workspace& workspace, SystemIndex system,
                                      const std::map<std::string, std::string>& secrets);

    // bad_input: a call that this resource cannot carry (an id that is no path segment, a search by
    // a path without a parameter); corrupt: a next link that leads away from the system.
    Result<http::Request> request(const sync::Call& call) const;
    // The times and the skew of the answer are left for the runner to fill in.
    sync::Answer answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer failure(const sync::Call& call, const TransportFailure& failure) const;

private:
    RestConnector(const model::Workspace& workspace, const model::System& system)
        : workspace_(&workspace), system_(&system) {}

    const model::RestProtocol& protocol() const { return system_->rest; }
    const model::Resource& resource(const sync::Call& call) const;
    Result<void> set_base();
    Result<void> set_login(const std::map<std::string, std::string>& secrets);
    Result<std::string> collection_url(const model::Resource& resource,
                                       const http::Query& query) const;
    Result<std::string> record_url(const model::Resource& resource, const std::string& id) const;
    Result<std::string> list_url(const sync::ListCall& call) const;
    Result<std::string> search_url(const sync::SearchCall& call) const;
    bool is_link(const std::string& cursor) const;
    Result<std::string> link_url(const std::string& link) const;
    Result<void> check_own(const std::string& url) const;
    http::Query first_page() const;
    sync::Answer read_answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer list_answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer record_answer(const sync::Call& call, const http::Response& response) const;

    const model::Workspace* workspace_;
    const model::System* system_;
    std::string base_;  // without a slash at its end
    Url base_url_;
    http::Headers login_;
    std::vector<std::string> secrets_;  // to be kept out of messages
};

}  // namespace entente::connect
