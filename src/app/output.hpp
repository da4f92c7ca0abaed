// What commands print: errors for people on standard error, results on standard output, and on a
// terminal one line that is overwritten while work goes on. Programs get JSON, one object a line,
// and nothing else on standard output. Whatever text is given, it stays one line and drives no
// terminal: what could is printed as escapes (base/shown.hpp).
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/value.hpp"

namespace entente::app {

// "entente: WHERE: WHAT; REMEDY"
void print_error(std::string_view text);
// A line on standard error that is no error.
void print_aside(std::string_view line);
// Prints it and gives its exit status.
int report(const Error& error);

void print_line(std::string_view line);
void print_json(const Value& value);
// Whether anything of standard output could not be written: its disk is full, or nobody reads it any more. It never becomes false again.
bool is_output_lost();

// "1 record", "12,345 records"
std::string counted(std::int64_t n, std::string_view singular, std::string_view plural);
std::string grouped(std::int64_t n);

// The line that shows how far work has come. On a terminal it is overwritten in place; elsewhere
// only a changed milestone is printed, so that logs stay short. Silent when asked to be.
class ProgressLine {
public:
    explicit ProgressLine(bool silent);
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    // `done` of `total` (0: unknown, no bar).
    void show(std::string_view what, std::int64_t done, std::int64_t total);
    // A plain line above the progress.
    void say(std::string_view line);
    void clear();

private:
    bool silent_;
    bool terminal_;
    bool shown_ = false;
    std::string last_;
};

}  // namespace entente::app
