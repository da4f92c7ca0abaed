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
    std::string kind;          // one of system_kinds()
    std::int64_t records = 0;  // N of docs/SIMULATED.md; 0: an empty system
    std::uint64_t seed = 1;
    std::string directory;              // of the journal; empty: nothing is kept
    std::int64_t clock = 1;             // how much faster its limits run
    std::string credential = "secret";  // API key or bearer token
    // Of the webshop's and the ERP's kind: one more system that shows the same things, under ids and in spellings of
    // its own.
    bool again = false;
    std::string population = "usual";    // one of kinds_of_populations()
    std::vector<std::string> no_rights;  // Exact Online: sets that the user may not read
};

class SimulatedSystem {
public:
    virtual ~SimulatedSystem() = default;

    // `request.url` in origin form. Whatever was answered with 2xx to a write is in the journal by then.
    virtual http::Response handle(const http::Request& request, Instant now) = 0;

    virtual std::string_view kind() const = 0;
};

// What others need to know of a kind of system, so that they name none themselves.
struct SystemKind {
    std::string_view kind;       // "custom-webshop", also the connector that speaks to it
    std::string_view name;       // what a demo calls the system: "CustomWebshop"
    std::string_view base_path;  // where its API begins, behind host and port
    // Of a demo's workspace: what the connector calls its login, all of which is the credential; settings as YAML,
    // empty for none; and how often it is polled, as its quota allows.
    std::vector<std::string_view> secrets;
    std::string_view settings;
    std::string_view poll_every;
    bool is_usual = true;  // a demo of all systems has it
    bool can_show_again = false;
    bool knows_rights = false;
};
const std::vector<SystemKind>& kinds_of_systems();
// Null pointer: there is no such kind.
const SystemKind* find_kind(std::string_view kind);
const std::vector<std::string>& system_kinds();
// "usual, or variants (of CustomWebshop, CustomERP only)": each population with the systems that show it.
std::string populations_in_words(std::string_view SystemKind::* name);
// Empty where there is no such kind.
std::string_view base_path_of(std::string_view kind);

// The generator fills a new system; one whose directory holds a journal goes on where it was, whatever records and seed
// say. bad_input: unknown kind, impossible numbers, or a directory of another kind; busy: the directory is in use.
Result<std::unique_ptr<SimulatedSystem>> make_system(const SimOptions& options);

}  // namespace entente::sim
