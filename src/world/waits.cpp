#include "world/waits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace entente::world {

void Waits::forget() {
    std::ranges::fill(until_, Instant{});
}

void Waits::hear(const Flight& flight, const http::Response& response, Instant now) {
    if (response.status != 429) return;
    const auto after = http::find(response.headers, "Retry-After");
    if (!after) return;
    Instant& until = until_[flight.system];
    until = std::max(until, now + Duration{1000 * std::stoll(std::string(*after))});
}

void Waits::check(const Flight& flight, std::string_view system, oracle::Verdict& verdict) const {
    const Instant until = until_[flight.system];
    verdict.check(13, flight.left >= until, [&] {
        return fmt::format("{} was asked for {} {} ms before the time that its 429 told", system,
                           flight.request.url, (until - flight.left).ms);
    });
}

}  // namespace entente::world
