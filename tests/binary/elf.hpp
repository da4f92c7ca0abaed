// What an ELF file of 64 bits says of the protection that its program runs under.
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace entente::binary {

struct Elf {
    // ET_DYN: it can be loaded anywhere.
    std::uint16_t type = 0;
    // The linker says that it is a program that can be loaded anywhere, and no library.
    bool position_independent = false;
    // Tables of addresses are read-only once they are filled, and they are filled before the program begins.
    bool relro = false;
    bool bind_now = false;
    // Whether the file says which rights the stack has, and whether code may lie there.
    bool stack_stated = false;
    bool stack_executable = false;
    // Functions and objects that shared libraries must bring, without versions.
    std::set<std::string> imports;
};

// Requires: a program of 64 bits; std::runtime_error otherwise, which says what is wrong.
Elf read_elf(const std::string& path);

}  // namespace entente::binary
