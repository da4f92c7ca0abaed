// The match keys of records: made when a record is first seen, and anew when a value that takes part in matching, or a rule, has
// changed. They are written at the end of the step. Serves G7.
#pragma once

#include "sync/project.hpp"

namespace entente::sync {

// The keys under which a record is matched; empty for lines, which match inside their parents.
std::vector<Digest> match_digests(const Step& step, const model::DataType& data_type,
                                  const model::Canonical& values);

// The keys of the stored body, under the rules as they are now.
void rekey(Step& step, WorkRecord& record);

// So many carriers of a key show whether it is one: more than the limit in one resource, and it is not.
int carriers_asked(const Step& step);

// The keys that a record of this body carries. `fresh`: it had none before.
void set_keys(Step& step, WorkRecord& record, const Value& body, bool fresh);

// Whether any value that takes part in matching is written differently in the two bodies.
bool match_values_differ(const Step& step, ResourceIndex resource, const Value& before,
                         const Value& after);

}  // namespace entente::sync
