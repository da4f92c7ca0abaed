// What is done while the outcome of a call is not known, or not known well enough: look later, search, ask again, take the
// promise back, or leave it to a person. Shared by the answers to updates (write) and to creates (create). Serves G3, G6.
#pragma once

#include "sync/reconcile.hpp"

namespace entente::sync {

// A record that was not there is looked at once more, not before this has passed nor before the system's lag.
inline constexpr Duration second_look_after{1'000};

// A create that can neither be asked for nor told twice (grade none): what became of it only a page can show.
bool is_blind(Step& step, const Intent& intent);

// The resource is listed, not before that time.
void want_poll(Step& step, ResourceIndex resource, Instant from);

// A write there was refused for lack of rights: what its lists have not shown may be there all the same. Nothing is created upon
// them before a new look, which is a sweep if the last one showed nothing (G6).
void doubt_lists(Step& step, ResourceIndex resource);

// The outcome is unknown. With a precondition or a key the very same request settles it; else we look, when we may.
void settle_unknown(Step& step, Intent intent);
// Of an intent that an earlier life has left open: it may have been sent just before that ended, so all of its wait begins anew,
// and this life has not looked yet.
void settle_found_at_start(Step& step, Intent intent);

// For people: a write that did not go through as sent.
void tell_tried(Step& step, const Intent& intent, std::string text);

// The same read once more, after a pause that grows. What nobody can tell, however often it is asked, stays open and sleeps: it is
// told, and looked at again at least daily.
void look_later(Step& step, Intent intent, Purpose purpose, Call call);
// The same after an answer that failed.
void look_in_vain(Step& step, Intent intent, Purpose purpose, Call call, const Answer& answer);

// Sleeping ones whose time has come are asked again.
void wake_sleepers(Step& step);
// A person says so: now. False: it does not sleep.
bool wake(Step& step, IntentId intent);

// Counts the failure. Requires: the answer is one to a call of the intent.
void count_failure(Step& step, Intent& intent, const Answer& answer);

// Certainly not executed: the promise is taken back and the pair looked at again after that time; its tries go on.
void take_back(Step& step, const Intent& intent, Duration after, std::string why);

// Its record was not there. Ensures: true when that was so a moment ago too; else it is looked at once more.
bool is_gone_indeed(Step& step, Intent intent, Purpose purpose);

// A write that had failed, and is found not to have been executed. Ensures: true at its bound, where the caller holds or parks it
// with what the system said; else its pair is tried again after a pause. The caller closes the intent in both cases.
// Requires: what the record showed has been taken in.
bool is_given_up(Step& step, const Intent& intent);

// After an intent closes without a body: whatever was read meanwhile was evidence, so the record is read once more.
void close_and_look(Step& step, const Intent& intent);

// The create waits for a person, and its intent is closed.
void park_create(Step& step, const Intent& intent, ParkReason reason, std::string text,
                 std::vector<RecordId> candidates);
// What is to be there, and was not created or not found, waits for a person. Requires: it names an entity and a data type.
void park_missing(Step& step, const Parked& parked);
// The system has refused it, or failed too often: it is offered again.
void park_refused(Step& step, const Intent& intent, std::string text, bool is_forbidden);

}  // namespace entente::sync
