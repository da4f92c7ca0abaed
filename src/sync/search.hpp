// Searches for what is to be created, or may have been: by every match rule, because a person who has typed the thing by hand
// need not have typed the first one's values. Before creates, where nobody shows changes or a list may hide records, they go for
// many things at once; what they find is matched first. Serves G6.
#pragma once

#include "sync/reconcile.hpp"

namespace entente::sync {

// All that a create can be searched for by, as the system writes it: for each match rule whose properties were all sent and can be
// searched for, its terms; a line by its parent. Empty: it cannot be searched for.
std::vector<SearchTerms> search_alternatives(Step& step, const IntentPart& part);

// Whether what is to be created there is searched for first, if it can be: nobody shows changes, or the last sweep may have
// hidden records and cannot be proved to have hidden none.
bool is_searched_first(const Step& step, ResourceIndex resource);

// Whether a look has just shown that what these terms find is known and matched.
bool was_looked_for(Step& step, const Dirty& pair, std::span<const SearchTerms> alternatives);

// The pair cannot be asked about now: a look at its resource is under way, or full.
bool is_looking(const Step& step, const Dirty& pair);

// The pair is asked about at the end of this step, with others. Ensures: it is not ready until that is answered.
// Requires: not is_looking.
void look_for(Step& step, const Dirty& pair, std::vector<SearchTerms> alternatives);
void start_looks(Step& step);

// What a look has found is observed, and matched before anything is created; then its pairs are ready.
void take_search(Step& step, const Answered& answered);

}  // namespace entente::sync
