#include "app/patient_fetch.hpp"

#include "connect/throttle_headers.hpp"

namespace entente::app {

namespace {

constexpr int tries_max = 30;
constexpr int status_too_many = 429;

}  // namespace

Result<PatientFetch> PatientFetch::make() {
    TRY(auto transport, connect::CurlTransport::make({}));
    return PatientFetch(std::move(transport));
}

Result<http::Response> PatientFetch::operator()(const http::Request& request) {
    Result<http::Response> response = connect::fetch(*transport_, request, {});
    for (int tries = 1; tries < tries_max && response && response->status == status_too_many;
         ++tries) {
        wait(connect::retry_after(response->headers).value_or(Duration{1'000}));
        response = connect::fetch(*transport_, request, {});
    }
    return response;
}

}  // namespace entente::app
