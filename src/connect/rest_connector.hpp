// A REST system as its connector.yaml declares it: calls become HTTP requests, responses become
// answers. Pure functions; no socket, clock or state. Serves the safety of the wire: a credential
// is put only on requests to the system's own origin below its base URL, over TLS unless that is
// loopback, and never appears in a message.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/http.hpp"
#include "connect/rest_addresses.hpp"
#include "connect/rest_records.hpp"
#include "connect/secret_mask.hpp"
#include "connect/token_login.hpp"
#include "connect/transport.hpp"
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

    // bad_input: a call that this resource cannot carry (an id that is none, a search by a path
    // without a parameter, a question about rights where there is none to ask); corrupt: a next link
    // that leads away from the system.
    Result<http::Request> request(const sync::Call& call) const;
    // For the service's description of itself. bad_input: its protocol has none.
    Result<http::Request> metadata_request() const;
    // The times and the skew of the answer are left for the runner to fill in.
    sync::Answer answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer failure(const sync::Call& call, const TransportFailure& failure) const;

    const model::RestProtocol& protocol() const { return system_->rest; }
    const std::string& base() const { return addresses_.base(); }
    // The headers of the login, on every request.
    const http::Headers& login() const { return login_; }
    // How to get the token that requests need besides; nullopt: they hold their login.
    const std::optional<TokenLogin>& token_login() const { return token_login_; }
    // Of everything that this system must not be heard repeating: its secrets, and the tokens that it was sent.
    const SecretMask& mask() const { return *mask_; }

private:
    RestConnector(const model::Workspace& workspace, const model::System& system,
                  RestAddresses addresses)
        : workspace_(&workspace), system_(&system), addresses_(std::move(addresses)) {}

    const model::Resource& resource(const sync::Call& call) const;
    Result<void> check_headers() const;
    Result<void> check_paths() const;
    Result<void> set_login(const std::map<std::string, std::string>& secrets);
    Result<void> put_create(const sync::CreateCall& create, http::Request& out) const;
    Result<void> put_update(const sync::UpdateCall& update, http::Request& out) const;
    Result<std::string> read_url(const sync::Call& call) const;
    RecordShape shape(const sync::Call& call) const;
    void tell_masked(const sync::Call& call, const http::Response& response,
                     sync::Answer& answer) const;
    sync::Answer read_answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer list_answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer only_row(const sync::ReadCall& call, sync::Answer list) const;
    sync::Answer record_answer(const sync::Call& call, const http::Response& response) const;
    sync::Answer rights_answer(const sync::Call& call, const http::Response& response) const;

    const model::Workspace* workspace_;
    const model::System* system_;
    RestAddresses addresses_;
    http::Headers login_;
    std::optional<TokenLogin> token_login_;
    std::shared_ptr<SecretMask> mask_ = std::make_shared<SecretMask>();
};

}  // namespace entente::connect
