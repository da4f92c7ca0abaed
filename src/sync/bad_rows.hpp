// Rows that cannot be read: they cost nobody else a thing, are told once as a trouble of their list, and are no reason to think that
// a record was removed. What such a row hides may be the very thing that is to be created there. Serves G6, G12 and G16.
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Rows of a page. Ensures: those of records that are known here are among `page`, the records that the walk has met; the others count
// as not known.
void take_bad_rows(Step& step, FeedRun& run, ResourceIndex resource,
                   const std::vector<BadRow>& rows, std::vector<RecordId>& page);

// Requires: the run has ended, and showed all that it was asked for. Ensures: the trouble with the rows of the list is what a sweep
// has met; a poll that meets some begins it where there is none. What they hide is in doubt until a sweep is without.
void tell_bad_rows(Step& step, const FeedRun& run, ResourceIndex resource);

// What rows of records that nobody knows may hide, for people; empty: there were none.
std::string hidden_in_bad_rows(const FeedRun& run);

// Whether a row of that list that nobody can read may be what is to be created there.
bool may_hide_in_bad_rows(const Step& step, ResourceIndex resource);

}  // namespace entente::sync
