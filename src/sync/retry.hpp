// What waits for a person is tried again as it is, because he says so: parked records are matched anew, held properties are
// released, creates that were refused are offered again. Called by act only. Serves G13: nothing of this happens by itself.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// What there was to try again.
struct Retried {
    int records = 0;         // parked ones
    int properties = 0;      // held ones
    int creates = 0;         // refused ones
    int unknown = 0;         // creates of unknown outcome that were offered again
    int asleep = 0;          // writes that were asked about, or tried, at long intervals only
    int never_answered = 0;  // those that were left: nobody has said that they were not executed
    int total() const { return records + properties + creates + unknown + asleep; }
};

// What waits about the record, about the thing that it belongs to, and about its lines.
Retried retry_record(Step& step, WorkRecord& record, const Act& act);
Retried retry_all(Step& step, const Act& act);

// Parked records that wait because of one of these are matched anew.
void match_anew(Step& step, std::span<const RecordId> candidates);
// The same for this one. False: it waits for nobody.
bool match_anew(Step& step, WorkRecord& record);

}  // namespace entente::sync
