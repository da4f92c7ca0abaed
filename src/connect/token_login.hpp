// A login by client credentials (OAuth2, RFC 6749 section 4.4): which request asks for a token, what its answer says, and when
// the next one is due. Pure: time is an argument. Serves the safety of the wire (G19): the client's secret goes to the token URL
// and nowhere else, over TLS unless that is loopback, and neither secret nor token stands in an error.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "base/http.hpp"
#include "base/time.hpp"
#include "connect/secret_mask.hpp"
#include "model/workspace.hpp"

namespace entente::connect {

class TokenLogin {
public:
    // Requires: the system logs in so. bad_input: a secret is not set, or the token URL is no place for one.
    static Result<TokenLogin> open(const model::System& system,
                                   const std::map<std::string, std::string>& secrets);

    http::Request request() const;
    // Ensures: the token of the answer is in use, for calls from `asked` on. auth: the client is refused; retry_later: no answer
    // that can be used.
    Result<void> take(const http::Response& response, Instant asked);
    // Whether a token must be asked for before a call can be made at `now`.
    bool is_due(Instant now) const { return token_.empty() || now >= renew_at_; }
    // The system refused a call with this token: it is of no more use, if it is still the one in use.
    void refused(const std::string& token);
    // The one in use; empty: none.
    const std::string& token() const { return token_; }
    // Of the client's secret and of the tokens; copies of this login share it.
    const std::shared_ptr<SecretMask>& mask() const { return mask_; }

private:
    std::string url_;
    std::string form_;
    std::shared_ptr<SecretMask> mask_;
    Duration renewed_before_{0};
    std::string token_;
    Instant renew_at_;
};

}  // namespace entente::connect
