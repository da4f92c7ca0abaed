#include "connect/skew.hpp"

#include <algorithm>

namespace entente::connect {
namespace {

constexpr Duration call_max{5'000};
constexpr Duration smallest{2'000};
// A Date stands for any moment of its second.
constexpr Duration half_a_second{500};

}  // namespace

void Skew::seen(const http::Headers& headers, Instant began, Instant ended) {
    const Duration took = ended - began;
    if (took < Duration{0} || took > call_max) return;
    const Result<Instant> date = parse_http_date(http::find(headers, "Date").value_or(""));
    if (!date) return;
    const Instant middle = began + Duration{took.ms / 2};
    samples_[count_ % samples_max] = (*date + half_a_second) - middle;
    ++count_;
}

Duration Skew::estimate() const {
    const std::size_t count = std::min(count_, samples_max);
    if (count == 0) return {};
    std::array<Duration, samples_max> sorted = samples_;
    std::sort(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(count));
    const Duration median = sorted[count / 2];
    const bool is_noise = median.ms > -smallest.ms && median.ms < smallest.ms;
    return is_noise ? Duration{} : median;
}

}  // namespace entente::connect
