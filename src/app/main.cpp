// The program. Everything is in the library beside it, so that tests can link it.
#include "app/command.hpp"

int main(int argc, char** argv) {
    return entente::app::run_command_line(argc, argv);
}
