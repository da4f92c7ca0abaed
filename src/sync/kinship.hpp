// Which records may be one thing, and how sure that is (DESIGN.md section 2, point 3). A value that identifies decides, one way
// or the other; what else agrees speaks for it. Only answers questions about what is known: match draws the consequences.
// Asked by match for one model at a time; keeps what it has read for as long as it lives, which is one step. Serves G7.
#pragma once

#include <unordered_map>

#include "sync/observe.hpp"

namespace entente::sync {

enum class Likeness : std::uint8_t {
    other,  // nothing speaks for it, or what identifies speaks against it and a person need not be asked
    unsure,  // a person must say
    same,    // one thing, unless another record has a better claim
};

// A record that shares a usable match key with another one and may be one thing with it.
struct Kin {
    RecordId record;
    ResourceIndex resource;
    Likeness likeness = Likeness::other;
    bool is_proven = false;  // a value that identifies agrees
};

// Which of the values that take part in matching two records share, and which they do not: a bit for each such property.
struct Compared {
    std::uint64_t equal = 0, different = 0;
};

class Kinship {
public:
    // Requires: `data_type` is no line; `step` outlives it.
    Kinship(Step& step, DataTypeIndex data_type);

    // What the caller has computed already: the keys of a record. Requires: they are those of its stored body.
    void know(RecordId record, std::vector<Digest> keys);
    // Reads in one go who carries the keys of the records that are known, and tells them.
    std::vector<RecordId> prepare();
    // Who may be one thing with the record, by record id. Whoever is another thing is left out, and so is, once a value that
    // identifies agrees with a record of another resource, whoever differs in one or stands in the same resource. A record that meets no filter of its resource
    // has no kin: its keys are of what it once was.
    const std::vector<Kin>& kin_of(const WorkRecord& record);
    // Everybody who shares a usable key with it, other things as well.
    const std::vector<RecordId>& around(const WorkRecord& record);

    // Records of another resource that may be one thing with the record, whoever else is.
    std::vector<RecordId> likely_in(const WorkRecord& record, ResourceIndex resource);

    // Whether a value that identifies differs: both have one.
    bool differ(RecordId a, RecordId b);
    Compared compared(RecordId a, RecordId b);
    // Whether a person has said that they are not one thing.
    bool are_apart(RecordId a, RecordId b);
    // For people: the properties that speak for one thing, "name and email", and those that identify and speak against it.
    std::string agreement(RecordId a, RecordId b);
    std::string difference(RecordId a, RecordId b);

private:
    struct Found;
    void ask_for(std::span<const Digest> keys);
    std::vector<Found> gather(const WorkRecord& record);
    const std::vector<Digest>& keys_of(RecordId record);
    const std::vector<Carrier>& carriers(const Digest& key);
    const model::Canonical& values_of(RecordId record);
    bool differ_before(RecordId a, RecordId b, int rule);
    int proof(RecordId self, const Found& found);
    Likeness weigh(const WorkRecord& self, const Found& found);
    bool is_supported(RecordId self, const Found& found);
    bool is_shared(const WorkRecord& self, const Found& found);
    bool is_of_variants(RecordId self, const Found& found);
    std::vector<Digest> shared_keys(RecordId self, RecordId other);
    bool is_taken(const WorkRecord& self, const Found& found);

    Step& step_;
    const model::Model& model_;
    std::vector<model::KeyKind> identities_;
    std::uint64_t deciding_ = 0;  // rules that decide, a bit each
    std::vector<PropertyIndex> compared_properties_;
    std::vector<Digest> own_keys_;  // of the records that the caller knows
    std::unordered_map<RecordId, std::vector<Digest>> keys_;
    std::unordered_map<RecordId, model::Canonical> values_;
    std::unordered_map<RecordId, std::vector<RecordId>> apart_;
    struct Known {
        std::vector<Kin> kin;
        std::vector<RecordId> around;
    };
    const Known& known(const WorkRecord& record);
    std::unordered_map<RecordId, Known> known_;
};

}  // namespace entente::sync
