#include "connect/skew.hpp"

#include <algorithm>

#include "base/seeded_bug.hpp"

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
    const Duration sample = (*date + half_a_second) - middle;
    const bool is_absurd = sample.ms > limits::skew_ms_max || sample.ms < -limits::skew_ms_max;
    if (is_absurd && !SEEDED(absurd_skew_used)) {
        absurd_ = sample;
        ++absurd_in_a_row_;
        return;
    }
    absurd_in_a_row_ = 0;
    take(sample);
}

void Skew::take(Duration sample) {
    samples_[count_ % samples_max] = sample;
    ++count_;
    if (!has_jumped()) return;
    std::array<Duration, limits::skew_samples_agreeing> last;
    for (std::size_t i = 0; i < last.size(); ++i)
        last[i] = samples_[(count_ - last.size() + i) % samples_max];
    std::ranges::copy(last, samples_.begin());
    count_ = last.size();
}

// Whether the last few agree with each other, and not with what was known before.
bool Skew::has_jumped() const {
    if (count_ <= limits::skew_samples_agreeing) return false;
    const Duration known = estimate();
    Duration least{INT64_MAX}, most{INT64_MIN};
    for (std::size_t i = 1; i <= limits::skew_samples_agreeing; ++i) {
        const Duration sample = samples_[(count_ - i) % samples_max];
        least = std::min(least, sample);
        most = std::max(most, sample);
    }
    const bool agree = most.ms - least.ms <= limits::skew_jump_ms;
    return agree && (least.ms > known.ms + limits::skew_jump_ms ||
                     most.ms < known.ms - limits::skew_jump_ms);
}

std::optional<Duration> Skew::absurd() const {
    const bool is_once = count_ > 0 && absurd_in_a_row_ < limits::skew_samples_agreeing;
    return absurd_in_a_row_ == 0 || is_once ? std::nullopt : std::optional(absurd_);
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
