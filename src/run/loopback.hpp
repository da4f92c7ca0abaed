// Two questions to this machine's own ports, asked without a transport: who answers there, and may
// one listen there.
#pragma once

#include <string>

namespace entente::run {

// The answer to `GET path` of whatever listens on 127.0.0.1:port, head and body; empty when nothing
// does or it says nothing within two seconds. At most 64 kB are read.
std::string ask_loopback(int port, const std::string& path);
bool somebody_listens(int port);

}  // namespace entente::run
