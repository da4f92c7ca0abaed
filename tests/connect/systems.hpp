// The two systems of docs/SIMULATED.md as the loader would make them, for the tests of this folder.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "connect/rest_connector.hpp"
#include "model/workspace.hpp"

namespace entente::connect {

struct TestSystem {
    model::Workspace workspace;
    std::map<std::string, std::string> secrets;

    model::System& system() { return workspace.systems[0]; }
    model::RestProtocol& rest() { return workspace.systems[0].rest; }
    // CHECKs that it opens.
    RestConnector connector() const;
    Result<RestConnector> try_connector() const;
};

// Resources in this order.
inline constexpr ResourceIndex customers{0};
inline constexpr ResourceIndex products{1};
inline constexpr ResourceIndex orders{2};
inline constexpr ResourceIndex order_lines{3};  // webshop: nested in orders

TestSystem webshop();
TestSystem erp();
// The shipped connector exact-online over http://127.0.0.1:4030/api/v1/1234567.
TestSystem exact();
// The shipped connector business-central over http://127.0.0.1:4040/api/v2.0, with one company.
TestSystem business_central();
// A system whose connector is written out: connector.yaml below its first two lines, and resource files by their order.
TestSystem declared(std::string_view connector, const std::vector<std::string>& resources);
ResourceIndex resource_named(const TestSystem& system, std::string_view name);

// A response with a JSON body.
http::Response json_response(int status, std::string body);

}  // namespace entente::connect
