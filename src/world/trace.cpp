#include "world/trace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"

namespace entente::world {
namespace {

constexpr std::size_t lines_kept = 60;

}  // namespace

void Trace::add(Duration since_begin, std::string_view text) {
    std::string line =
        fmt::format("{:8.3f} {}", static_cast<double>(since_begin.ms) / 1000.0, text);
    digest_ = digest_of(line, digest_).low;
    if (on_line) on_line(line);
    lines_.push_back(std::move(line));
    if (lines_.size() > 4 * lines_kept)
        lines_.erase(lines_.begin(), lines_.end() - static_cast<std::ptrdiff_t>(lines_kept));
}

std::vector<std::string> Trace::last() const {
    const std::size_t kept = std::min(lines_.size(), lines_kept);
    return {lines_.end() - static_cast<std::ptrdiff_t>(kept), lines_.end()};
}

}  // namespace entente::world
