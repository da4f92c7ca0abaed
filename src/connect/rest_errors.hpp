// What an HTTP answer of a REST system that is no success means: the outcome, and what to tell
// people. Pure. Serves G6: a write is called rejected only where the system certainly did not
// execute it.
#pragma once

#include <string>

#include "base/http.hpp"
#include "model/workspace.hpp"
#include "sync/call.hpp"

namespace entente::connect {

// Requires: the status is no 2xx.
sync::Answer error_answer(const model::RestProtocol& protocol, const sync::Call& call,
                          const http::Response& response);
// Whether this body of a 200 is an error after all (RestProtocol::error_inside_ok_at).
bool is_error_inside_ok(const model::RestProtocol& protocol, const Value& body);
sync::Answer error_inside_ok(const model::RestProtocol& protocol, const sync::Call& call,
                             const Value& body);
// The answer cannot be understood: a read may be tried again, a write may have been executed.
sync::Answer unreadable(const sync::Call& call, std::string message);

}  // namespace entente::connect
