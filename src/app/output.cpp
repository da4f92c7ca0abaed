#include "app/output.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/command.hpp"
#include "base/json.hpp"
#include "base/shown.hpp"

namespace entente::app {

namespace {

constexpr int bar_width = 30;
// To the beginning of the line, and empties it.
constexpr std::string_view line_anew = "\r\x1b[K";

std::string bar(std::int64_t done, std::int64_t total) {
    const std::int64_t within = std::clamp<std::int64_t>(done, 0, total);
    const int full = static_cast<int>(within * bar_width / total);
    return fmt::format("[{}{}] {:3}%", std::string(full, '#'), std::string(bar_width - full, '.'),
                       within * 100 / total);
}

// Whoever reads through a pipe sees each line when it happens.
void put(std::FILE* out, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), out);
    std::fflush(out);
}

void put_line(std::FILE* out, std::string_view before, std::string_view foreign) {
    put(out, fmt::format("{}{}\n", before, text::on_one_line(foreign)));
}

}  // namespace

void print_error(std::string_view text) {
    put_line(stderr, "entente: ", text);
}

void print_aside(std::string_view line) {
    put_line(stderr, "", line);
}

int report(const Error& error) {
    print_error(error.message());
    return exit_of(error);
}

void print_line(std::string_view line) {
    put_line(stdout, "", line);
}

void print_json(const Value& value) {
    print_line(text::json_on_one_line(json::write(value)));
}

bool is_output_lost() {
    return std::ferror(stdout) != 0;
}

std::string grouped(std::int64_t n) {
    return text::grouped(n);
}

std::string counted(std::int64_t n, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", grouped(n), n == 1 ? singular : plural);
}

ProgressLine::ProgressLine(bool silent)
    : silent_(silent), terminal_(::isatty(STDERR_FILENO) != 0) {}

void ProgressLine::show(std::string_view what, std::int64_t done, std::int64_t total) {
    if (silent_ || !terminal_) return;
    std::string line = text::on_one_line(what);
    if (total > 0) line = fmt::format("{} {}", bar(done, total), line);
    if (line == last_) return;
    put(stderr, fmt::format("{}{}", line_anew, line));
    last_ = std::move(line);
    shown_ = true;
}

void ProgressLine::say(std::string_view line) {
    if (silent_) return;
    clear();
    print_line(line);
}

void ProgressLine::clear() {
    if (!shown_) return;
    put(stderr, line_anew);
    shown_ = false;
    last_.clear();
}

}  // namespace entente::app
