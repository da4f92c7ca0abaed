#include <signal.h>

#include <algorithm>
#include <exception>
#include <sstream>

#include "app/command.hpp"
#include "app/output.hpp"
#include "connect/version.hpp"

namespace entente::app {

namespace {

constexpr const char* footer =
    "Exit status: 0 done; 1 differences, failures or violations found, or something waits for a "
    "person;\n2 unusable arguments or configuration; 3 a system cannot be reached or refuses us; 4 "
    "the store cannot be used.\n"
    "`entente COMMAND --help` says more about one command.";

void print_lines(std::istream& text, void (*print)(std::string_view)) {
    for (std::string line; std::getline(text, line);) print(line);
}

// What was typed is repeated in it.
void tell(const CLI::App& cli, const CLI::ParseError& wrong) {
    std::stringstream out, err;
    cli.exit(wrong, out, err);
    print_lines(out, print_line);
    print_lines(err, print_aside);
}

int parse_and_run(int argc, char** argv) {
    CLI::App cli("Keeps the records of business systems in agreement, whichever of them is edited.",
                 "entente");
    cli.set_version_flag("--version", std::string(connect::user_agent));
    cli.require_subcommand(1);
    cli.footer(footer);
    Chosen chosen;
    add_demo(cli, chosen);
    add_import(cli, chosen);
    add_init(cli, chosen);
    add_check(cli, chosen);
    add_plan(cli, chosen);
    add_run(cli, chosen);
    add_status(cli, chosen);
    add_verify(cli, chosen);
    add_history(cli, chosen);
    add_acts(cli, chosen);
    add_sim(cli, chosen);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        const bool is_help = wrong.get_exit_code() == 0;  // --help and --version end this way too
        tell(cli, wrong);
        return is_help ? Exit::done : Exit::unusable;
    }
    return chosen();
}

}  // namespace

int exit_of(const Error& error) {
    switch (error.kind) {
        case ErrorKind::bad_input:
        case ErrorKind::busy:
            return Exit::unusable;
        case ErrorKind::store:
            return Exit::store_failed;
        case ErrorKind::conflict:
        case ErrorKind::rejected:
        case ErrorKind::not_found:
            return Exit::differences;
        case ErrorKind::retry_later:
        case ErrorKind::unknown_outcome:
        case ErrorKind::auth:
        case ErrorKind::drift:
        case ErrorKind::corrupt:
            return Exit::unreachable;
    }
    return Exit::unusable;
}

int run_command_line(int argc, char** argv) {
    // A write to a pipe that nobody reads fails like one to a full disk, instead of ending the process.
    ::signal(SIGPIPE, SIG_IGN);
    try {
        const int status = parse_and_run(argc, argv);
        if (!is_output_lost()) return status;
        print_error(
            "standard output could not be written, so something is missing from it: is its disk "
            "full, or has its reader gone?");
        return std::max<int>(status, Exit::unusable);
    } catch (const std::exception& failure) {
        print_error(std::string("this is a fault of entente itself: ") + failure.what());
        return Exit::unusable;
    }
}

}  // namespace entente::app
