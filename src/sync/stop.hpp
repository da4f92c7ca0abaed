// Data types that nothing more is written to: stopped by the guard, until a look shows no harm or a person approves (G12), or
// because their system is another one's too, until the configuration changes (G6).
#pragma once

#include "sync/step.hpp"

namespace entente::sync {

// Ensures: told once; a data type that is one with another keeps the words that say so.
void stop_data_type(Step& step, DataTypeIndex data_type, const std::string& why);

// Ends what the guard has stopped.
void resume_data_type(Step& step, DataTypeIndex data_type);

}  // namespace entente::sync
