#include "world/waits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace entente::world {

void Waits::forget() {
    until_.clear();
}

void Waits::hear(const Flight& flight, const http::Response& response, Instant now) {
    if (response.status != 429 && response.status != 503) return;
    const auto after = http::find(response.headers, "Retry-After");
    if (!after) return;
    Instant& until = until_[{flight.system, flight.is_login}];
    until = std::max(until, now + Duration{1000 * std::stoll(std::string(*after))});
}

void Waits::check(const Flight& flight, std::string_view system, oracle::Verdict& verdict) const {
    const auto told = until_.find({flight.system, flight.is_login});
    const Instant until = told == until_.end() ? Instant{} : told->second;
    verdict.check(13, flight.left >= until, [&] {
        return fmt::format("{} was asked for {} {} ms before the time that it had told", system,
                           flight.request.url, (until - flight.left).ms);
    });
}

}  // namespace entente::world
