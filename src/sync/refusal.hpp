// Creates that a system refused. They wait, and are tried again once what they would carry, or the configuration, is another:
// each content is refused once (G1, G13, G16). Held properties that a system refused follow a changed configuration as well.
#pragma once

#include "sync/compose.hpp"

namespace entente::sync {

// What a create carries, under the configuration as it is: equal for what a system would refuse again.
Digest content_of(const Step& step, std::string_view body);
// The same of a line that is written inside its parent.
Digest content_of_line(Step& step, const IntentPart& line);

// Whether the create waits for a person, or was refused as it would be sent now. Ensures: else its park is gone and told.
bool stays_parked(Step& step, const Parked& parked, const Digest& content);

// Why a create that is parked waits, and the entity whose link would change what it carries. Empty: it is not parked, is not any
// more, or waits for something else.
struct ParkedWait {
    EntityId awaits;
    std::string why;
    Instant offered_at = Instant::never();
};
std::optional<ParkedWait> parked_as_it_is(Step& step, EntityId entity, DataTypeIndex data_type);

// The system refused these, or failed too often: held, or parked where they are new lines, and offered again. The property whose
// path it names; without a name all that were sent.
void hold_sent(Step& step, const Intent& intent, const std::string& reason, const std::string& path,
               bool is_forbidden);

// Since when a refused create is due to be offered again; zero: it was not refused, or is not due.
Instant refused_until(Step& step, EntityId entity, DataTypeIndex data_type);

// How the offers of a refused create go on, if the same was refused before.
std::optional<Offers> offers_of(Step& step, const Parked& refused);

// Whether the records show, as far as is known now, all that was sent.
bool is_taken(Step& step, const Intent& intent);

// What was offered again and has been taken is held no more.
void forget_taken(Step& step, const Intent& intent);

// What the intent carries of what was refused before is offered with it. Ensures: none of it is due.
void note_offers(Step& step, Intent& intent);

// Drops the park of a refused create that nobody asks for any more.
void forget_refusal(Step& step, EntityId entity, DataTypeIndex data_type);

// After a change of the configuration: looks at some more of what was refused. Ensures: progress, or false when none is left.
bool release_some(Step& step);

}  // namespace entente::sync
