// A simulated business system: HTTP requests in, answers out, as docs/SIMULATED.md describes it. A pure handler but for
// its journal: time is an argument, sockets belong to whoever mounts it. Not for several threads at once.
// The engine never sees one of these, only its HTTP.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/time.hpp"

namespace entente::sim {

// What `entente sim` is asked for.
struct SimOptions {
    std::string kind;          // "custom-webshop", "custom-erp", "exact-online"
    std::int64_t records = 0;  // N of docs/SIMULATED.md; 0: an empty system
    std::uint64_t seed = 1;
    std::string directory;              // of the journal; empty: nothing is kept
    std::int64_t clock = 1;             // how much faster its limits run
    std::string credential = "secret";  // API key or bearer token
    // Of the webshop's and the ERP's kind: one more system that shows the same things, under ids and in spellings of
    // its own.
    bool again = false;
    std::vector<std::string> no_rights;  // Exact Online: sets that the user may not read
};

class SimulatedSystem {
public:
    virtual ~SimulatedSystem() = default;

    // `request.url` in origin form. Whatever was answered with 2xx to a write is in the journal by then.
    virtual http::Response handle(const http::Request& request, Instant now) = 0;

    virtual std::string_view kind() const = 0;
};

const std::vector<std::string>& system_kinds();

// Where the API of a kind begins, behind host and port: Exact Online's addresses name the division, and there is one.
std::string_view base_path_of(std::string_view kind);

// The generator fills a new system; one whose directory holds a journal goes on where it was, whatever records and seed
// say. bad_input: unknown kind, impossible numbers, or a directory of another kind; busy: the directory is in use.
Result<std::unique_ptr<SimulatedSystem>> make_system(const SimOptions& options);

}  // namespace entente::sim
