// The population of the simulated systems: N real things and the records that show them in each system, with the
// spellings, gaps, slips and doubles of real business data, as docs/SIMULATED.md describes them; and the truth about
// which record shows which thing. Deterministic: the same (seed, N) gives the same bytes on every machine. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::sim {

// `fields` is what a POST would send; lines of the webshop are nested, those of the others are records.
struct GeneratedRecord {
    std::string resource;
    std::int64_t id = 0;
    Instant created;
    Instant modified;
    Value fields;
};

struct Thing {
    std::string model;  // "organisation"
    // "both", "webshop", "erp", "ambiguous", "double"; "exact" and "quotation" live in Exact Online alone.
    std::string kind;
    std::vector<std::pair<std::string, std::vector<std::string>>> identity;
    std::vector<Value> webshop_ids, erp_ids;
    bool is_disputed = false;  // an ambiguous record of another system shares a key with it
    // What Exact Online adds: records by set, spellings, and whether it shows the thing twice in one set.
    std::vector<std::pair<std::string, std::vector<Value>>> exact_ids;
    std::vector<std::pair<std::string, std::vector<std::string>>> exact_identity;
    bool is_double_in_exact = false;
    // The same of Business Central, which shows nothing twice.
    std::vector<std::pair<std::string, std::vector<Value>>> central_ids;
    std::vector<std::pair<std::string, std::vector<std::string>>> central_identity;
};

struct Population {
    std::uint64_t seed = 0;
    std::int64_t records = 0;
    std::vector<GeneratedRecord> webshop, erp, exact, central;  // what is referred to comes first
    std::vector<Thing> things;
};

// `records` things of the webshop and the ERP; Exact Online shows some of them, and a few of its own; Business Central
// shows some of them.
// Requires: records >= 0.
Population generate(std::uint64_t seed, std::int64_t records);

// One more system of the kind of the webshop or the ERP that shows the things of both, but those that wait for a person:
// under ids of its own, in other spellings, here and there with other values. Every record of it has all its match keys.
// Requires: one of these two kinds, records >= 0.
std::vector<GeneratedRecord> generate_again(std::uint64_t seed, std::int64_t records,
                                            std::string_view kind);

// The part of one kind of system. Requires: a kind that there is.
std::vector<GeneratedRecord> records_of(Population population, std::string_view kind);

// What the systems are called in the workspace; one without a name is not in it.
struct SystemNames {
    std::string webshop = "CustomWebshop";
    std::string erp = "CustomERP";
    std::string exact;
    std::string central;
};
// By kind, each with its name. Requires: kinds that there are.
SystemNames names_by_kind(const std::vector<std::pair<std::string, std::string>>& systems);
// truth.json of docs/SIMULATED.md: the things that have a record in one of the named systems.
Value truth_of(const Population& population, const SystemNames& names);

}  // namespace entente::sim
