// Times of change as systems write them in their records. Pure. The forms are listed in docs/CONNECTORS.md; each is told from all others
// by itself, so that no connector has to name its own.
#pragma once

#include <optional>
#include <string>

#include "base/time_zone.hpp"
#include "base/value.hpp"

namespace entente::connect {

// RFC 3339, with a blank for the T or without colons in the offset; the same without a zone; a calendar date; both with slashes; an
// HTTP date; OData's "/Date(1580000000000)/"; seconds or milliseconds since 1970, as a number or in quotes. What names no zone is the
// wall time of `zone`; a null pointer is UTC. None: null, an empty text, or zeros, as MySQL's 0000-00-00. Error: anything else.
Result<std::optional<Instant>> time_of_change(const Value& value, const TimeZone* zone);

}  // namespace entente::connect
