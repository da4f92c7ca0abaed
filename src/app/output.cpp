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

std::string bar(std::int64_t done, std::int64_t total) {
    const std::int64_t within = std::clamp<std::int64_t>(done, 0, total);
    const int full = static_cast<int>(within * bar_width / total);
    return fmt::format("[{}{}] {:3}%", std::string(full, '#'), std::string(bar_width - full, '.'),
                       within * 100 / total);
}

}  // namespace

void print_error(std::string_view text) {
    while (!text.empty()) {
        const auto end = text.find('\n');
        fmt::print(stderr, "entente: {}\n", text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
}

int report(const Error& error) {
    print_error(error.message());
    return exit_of(error);
}

void print_line(std::string_view line) {
    fmt::print("{}\n", line);
    // Whoever reads through a pipe sees each line when it happens.
    std::fflush(stdout);
}

void print_json(const Value& value) {
    print_line(json::write(value));
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
    const std::string line =
        total > 0 ? fmt::format("{} {}", bar(done, total), what) : std::string(what);
    if (line == last_) return;
    last_ = line;
    fmt::print(stderr, "\r\x1b[K{}", line);
    std::fflush(stderr);
    shown_ = true;
}

void ProgressLine::say(std::string_view line) {
    if (silent_) return;
    clear();
    print_line(line);
}

void ProgressLine::clear() {
    if (!shown_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    shown_ = false;
    last_.clear();
}

}  // namespace entente::app
