// The guard (G12): what would empty, lose or turn back many records of a resource at once is not believed, and stops its data
// types until a person says that it is right or a sweep looks right. Losses are counted over every way in which records are read:
// by record, over all looks of guard_window_ms. Runs are judged at their end, single reads together once none is under way,
// reads that belong to a write at once. It decides nothing else: what is believed is observed by its callers.
#pragma once

#include <set>

#include "sync/observe.hpp"

namespace entente::sync {

// Whether it may be believed that these records lose something. Ensures: they are counted then; else the data types are stopped.
bool guard_passes(Step& step, ResourceIndex resource, const std::set<RecordId>& lost);

// The same for a record that is read for a write to it. `is_after_our_write`: its time was moved by that, and tells nothing.
bool guard_passes(Step& step, WorkRecord& record, const SeenRecord& seen, const Reading& reading,
                  bool is_after_our_write);

// Whether the guard has stopped a data type there. Until a sweep looks right or a person approves, nothing more that loses something
// is believed.
bool has_stopped(const Step& step, ResourceIndex resource);

// A sweep has looked right: what was counted before is over.
void forget_losses(Step& step, ResourceIndex resource);

// At the opening of a life: what an earlier one has counted counts from its beginning on. Nothing is known of how long ago it was.
void load_losses(Transaction& transaction, Memory& memory);

// What a single read has shown of the record, which would lose something by it: it waits for the other reads under way there.
void put_loss_aside(Step& step, const WorkRecord& record, const Answer& answer);

// A single read of a record there begins, or goes on for another reason too; or has ended.
Check& begin_check(Step& step, const WorkRecord& record, bool is_judged);
void end_check(Step& step, RecordId record);

// Judges what was put aside where nothing is awaited any more, or for too long. What may be believed then is given back.
std::vector<std::pair<RecordId, Answer>> judge_losses(Step& step);

// When that is to be done though nothing happens.
Instant losses_due(const Memory& memory);

}  // namespace entente::sync
