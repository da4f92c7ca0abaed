// What the servers that are not ours, from npm, have in common: whether they are installed, and where they listen.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace entente::e2e {

// Why such a server cannot be started here; empty when it can. `left_out` is set when that was asked for.
struct Absence {
    std::string why;
    bool left_out = false;
};
// `program`: the file that runs it; `package`: its name in npm.
Absence absence_of(const std::string& program, const std::string& package);

// "server.js" -> its path where tests install it.
std::string installed(const std::string& file);

// Below the ports that the kernel gives to clients: a client of another test cannot take it while
// the server is down, and nobody who asks for it then can be connected to himself.
int free_port();
std::vector<int> free_ports(std::size_t count);

}  // namespace entente::e2e
