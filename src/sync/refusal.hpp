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
};
std::optional<ParkedWait> parked_as_it_is(Step& step, EntityId entity, DataTypeIndex data_type);

// Drops the park of a refused create that nobody asks for any more.
void forget_refusal(Step& step, EntityId entity, DataTypeIndex data_type);

// After a change of the configuration: looks at some more of what was refused. Ensures: progress, or false when none is left.
bool release_some(Step& step);

}  // namespace entente::sync
