// The population of the simulated systems: N real things and the records that show them in each system, with the
// spellings, gaps, slips and doubles of real business data, as docs/SIMULATED.md describes them; and the truth about
// which record shows which thing. Deterministic: the same (seed, N) gives the same bytes on every machine. Pure.
#pragma once

#include <cstdint>
#include <span>
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

using Identity = std::vector<std::pair<std::string, std::vector<std::string>>>;

// What one record of a thing in question shows.
struct Shown {
    std::string kind;  // "custom-webshop"
    std::string set;   // of Exact Online and Business Central
    Value id;
    std::string mark;  // the identifying value in its normal form
    Identity identity;
};

struct Thing {
    std::string model;  // "organisation"
    // "both", "webshop", "erp", "ambiguous", "double"; "exact" and "quotation" live in Exact Online alone.
    std::string kind;
    Identity identity;
    std::vector<Value> webshop_ids, erp_ids;
    bool is_disputed = false;  // an ambiguous record of another system shares a key with it
    // What only a person can know: why it is asked, what each record shows, and what the person would answer.
    std::string question;
    std::vector<Shown> asked;
    bool is_one = true;
    // What Exact Online adds: records by set, spellings, and whether it shows the thing twice in one set.
    std::vector<std::pair<std::string, std::vector<Value>>> exact_ids;
    Identity exact_identity;
    bool is_double_in_exact = false;
    // The same of Business Central, which shows nothing twice.
    std::vector<std::pair<std::string, std::vector<Value>>> central_ids;
    Identity central_identity;
};

struct Population {
    std::uint64_t seed = 0;
    std::int64_t records = 0;
    std::vector<GeneratedRecord> webshop, erp, exact, central;  // what is referred to comes first
    std::vector<Thing> things;
};

// The populations that there are, by name: the usual one, and that of the hard case, which only some systems show.
struct PopulationKind {
    std::string_view name;   // "usual", "variants"
    bool is_of_all = false;  // otherwise of the webshop and the ERP alone
};
std::span<const PopulationKind> kinds_of_populations();
bool shows_population(std::string_view kind_of_system, std::string_view population);
// Requires: the name of one.
Population generate_named(std::string_view population, std::uint64_t seed, std::int64_t records);

// `records` things of the webshop and the ERP; Exact Online shows some of them, and a few of its own; Business Central
// shows some of them.
// Requires: records >= 0.
Population generate(std::uint64_t seed, std::int64_t records);

// The hard case: three articles of one name, item numbers that differ in a sign only, VAT numbers in one system alone,
// customers who share an e-mail address. Requires: records >= 0.
Population generate_variants(std::uint64_t seed, std::int64_t records);

// One more system of the kind of the webshop or the ERP that shows the things of both, but those that wait for a person
// and the orders that refer to them: under ids of its own, in other spellings, here and there with other values. Every record of it has all its match keys.
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
