// The protocols that a connector can name, and what each of them means where the connector says nothing. A protocol is nothing
// but these defaults: every key can be said otherwise. Inside model only.
#pragma once

#include "model/definition.hpp"

namespace entente::model {

// `protocol: odata-v4 | odata-v2 | rest`. Sets dialect and defaults; to be called before any other key of the protocol is read.
void load_protocol(MapReader& connector, ConnectorDefinition& made);

// What depends on other keys of the file: the filter of a modified time that was named without one. To be called behind them.
void complete_protocol(ConnectorDefinition& made);

}  // namespace entente::model
