// What a body shows of our own write: which of the sent properties it carries, and which lines it made. Takes that into the
// shadows first, so that observing the rest of the body cannot mistake it for somebody's edit.
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

enum class Evidence : std::uint8_t {
    answer,  // the write's own answer, or the very version that it made: of a sent property it shows the system's form
    read_back,  // a read after a successful write: a different value cannot be told from somebody's edit, so it is held
    probe,      // a read after an unknown outcome: ours, the old one, or an edit upon ours
    refused,  // a read after a failed precondition: what has been replaced knowingly is ours, if something on the way has sent it twice
};

// How many of the sent properties a body shows as they were sent, or leaves out; and whether these are all.
std::size_t sent_shown(Step& step, const IntentPart& part, const Value& element);
bool shows_all_sent(Step& step, const IntentPart& part, const Value& element);

// Requires: the intent updates `record`; `seen` shows it. Ensures: the shadows of the sent properties are settled; lines that the
// write made are linked. The caller then observes the whole body.
void take_evidence(Step& step, const Intent& intent, WorkRecord& record, const SeenRecord& seen,
                   Evidence evidence);

// The record that a create made (found or answered): kept, linked, its lines linked.
void take_created(Step& step, const Intent& intent, const SeenRecord& seen, const Reading& reading,
                  Evidence evidence);

// The lines that a create made in their own resource, as they were found there: those that nobody knows yet are paired with
// what was sent and linked.
void take_created_lines(Step& step, const Intent& intent, WorkRecord& parent, DataTypeIndex lines,
                        std::span<const SeenRecord> seen, const Reading& reading,
                        Evidence evidence);

}  // namespace entente::sync
