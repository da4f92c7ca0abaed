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

// `fields` is what a POST would send; lines of the webshop are nested, those of the ERP are records.
struct GeneratedRecord {
    std::string resource;
    std::int64_t id = 0;
    Instant created;
    Instant modified;
    Value fields;
};

struct Thing {
    std::string model;  // "organisation"
    std::string kind;   // "both", "webshop", "erp", "ambiguous", "double"
    std::vector<std::pair<std::string, std::vector<std::string>>> identity;
    std::vector<Value> webshop_ids, erp_ids;
    bool is_disputed = false;  // an ambiguous record of another system shares a key with it
};

struct Population {
    std::uint64_t seed = 0;
    std::int64_t records = 0;
    std::vector<GeneratedRecord> webshop, erp;  // what is referred to comes first
    std::vector<Thing> things;
};

// Requires: records >= 0.
Population generate(std::uint64_t seed, std::int64_t records);

// The part of one kind of system. Requires: a kind that there is.
std::vector<GeneratedRecord> records_of(Population population, std::string_view kind);

// What the systems are called in the workspace.
struct SystemNames {
    std::string webshop = "CustomWebshop";
    std::string erp = "CustomERP";
};
// truth.json of docs/SIMULATED.md.
Value truth_of(const Population& population, const SystemNames& names);

}  // namespace entente::sim
