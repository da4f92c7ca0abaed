// What becomes of a record that looks for its counterparts: linked, a thing of its own, or set aside for a person (DESIGN.md
// section 4, rule 6). How likely two records are one thing is kinship's business; here it is decided who has the best claim,
// and who must be asked. Called by match. Serves G2, G7.
#pragma once

#include "sync/kinship.hpp"

namespace entente::sync {

// What a newcomer may be: an entity, with those of its records that led to it.
struct Candidate {
    EntityId entity;
    std::vector<RecordId> records;
    Likeness likeness = Likeness::unsure;
    bool is_proven = false;
    bool is_here = false;  // one of the records is of the newcomer's own resource
};

// Around one newcomer: the entities that it may be, and the kin that have none yet.
struct Surroundings {
    std::vector<Candidate> candidates;
    std::vector<Kin> pending;  // kin of other resources that wait for their turn
    std::vector<RecordId>
        parked;  // kin that wait for a person: they are looked at anew when the newcomer is linked
};

struct Newcomer {
    WorkRecord& record;
    DataTypeIndex data_type;
    const Projection& shown;
};

// One batch of newcomers of one data type.
class Matcher {
public:
    // Requires: `data_type` is no line; `step` outlives it. `is_joining`: its records are matched for the first time.
    Matcher(Step& step, DataTypeIndex data_type, bool is_joining);

    Kinship& kinship() { return kinship_; }
    void match(const Newcomer& newcomer);

private:
    std::vector<RecordId> distinct(std::vector<RecordId> records);
    std::vector<RecordId> rivals(const WorkRecord& record);
    std::vector<RecordId> best_of(RecordId self, std::vector<RecordId> records);
    void collect(const WorkRecord& record, const std::optional<Kin>& through, Surroundings& out,
                 std::vector<RecordId>& visited);
    void add(Surroundings& out, EntityId entity, const Kin& kin) const;
    void judge(const Newcomer& newcomer, std::vector<Candidate>& candidates);
    bool is_another(const Newcomer& newcomer, Candidate& candidate);
    void keep_best(RecordId self, std::vector<Candidate>& candidates);
    bool is_contested(const WorkRecord& record, EntityId entity);
    bool is_blocked(const Newcomer& newcomer, const Candidate& candidate);
    void look_around(const WorkRecord& record, EntityId taken);
    void link(const Newcomer& newcomer, EntityId entity, LinkOrigin origin,
              const Surroundings& around);
    void ask(const Newcomer& newcomer, const std::vector<Candidate>& candidates,
             const std::vector<Kin>& pending);
    void park(const Newcomer& newcomer, ParkReason reason, std::vector<RecordId> candidates,
              std::string text);

    Step& step_;
    DataTypeIndex data_type_;
    Kinship kinship_;
    bool has_chains_;
    bool is_joining_;
};

}  // namespace entente::sync
