// All lines of one record read, before a line that came there is made elsewhere: a feed shows what came, and only a sweep what went.
// Lines inside a body are all in it; lines in a resource of their own are searched by their parent, and those that the search
// does not show are read one by one, or all of them where it cannot be searched. Called by lines and engine. Serves G6.
#pragma once

#include "sync/observe.hpp"

namespace entente::sync {

enum class LinesKnown : std::uint8_t {
    yes,         // what went is gone, what came is pending
    being_read,  // they are matched again when that is done
    no,          // they could not be read; `failure` of the look says why
};

// Whether all lines of that data type in the record are known as of `from` or later. Ensures: if not, they are being read, and
// nothing is made among them meanwhile.
LinesKnown lines_known(Step& step, RecordId parent, DataTypeIndex lines, Instant from);

// What was known has been used: the next line that comes is a reason to look again.
void forget_line_look(Step& step, RecordId parent, DataTypeIndex lines);

// Whether the lines of that data type in the record are being read, or have been and are not matched yet.
bool lines_are_looked_at(const Step& step, RecordId parent, DataTypeIndex lines);

// False: no such look awaits it.
bool take_line_look(Step& step, const Answered& answered);

}  // namespace entente::sync
