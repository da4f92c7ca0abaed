// One HTTP request at a time, waiting as long as a system that throttles asks for. For the checker
// and for people; the engine's calls go through the runner.
#pragma once

#include <memory>

#include "base/error.hpp"
#include "base/http.hpp"
#include "connect/curl_transport.hpp"

namespace entente::app {

class PatientFetch {
public:
    static Result<PatientFetch> make();

    Result<http::Response> operator()(const http::Request& request);
    // Waits, or returns early when woken.
    void wait(Duration time) { transport_->poll(time); }
    // Ends a wait. Callable from any thread.
    void wake() { transport_->wake(); }

private:
    explicit PatientFetch(std::unique_ptr<connect::CurlTransport> transport)
        : transport_(std::move(transport)) {}

    std::unique_ptr<connect::CurlTransport> transport_;
};

}  // namespace entente::app
