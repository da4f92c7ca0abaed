#include "sim/fault_plan.hpp"

#include <algorithm>
#include <numeric>
#include <string>

namespace entente::sim {
namespace {

struct Kind {
    Fault fault;
    std::string_view name;
    bool is_executed;
    bool is_answered;
    bool happens_to_reads;
    int per_mille_max;  // where it is on
};
constexpr std::array<Kind, fault_count> kinds{{
    {Fault::none, "none", true, true, true, 0},
    {Fault::request_lost, "request_lost", false, false, true, 100},
    {Fault::reply_lost, "reply_lost", true, false, true, 100},
    {Fault::late, "late", false, false, false, 100},
    {Fault::twice, "twice", true, true, false, 20},
    {Fault::throttled, "throttled", false, true, true, 60},
    {Fault::throttled_silently, "throttled_silently", false, true, true, 60},
    {Fault::server_error, "server_error", false, true, true, 60},
    {Fault::error_after, "error_after", true, true, false, 50},
    {Fault::html, "html", false, true, true, 40},
    {Fault::truncated, "truncated", true, true, true, 50},
    {Fault::reset, "reset", true, false, true, 100},
    {Fault::slow, "slow", true, true, true, 100},
}};
constexpr int drawn_per_mille_max = 700;
constexpr int burst_longest = 8;
constexpr Duration slow_longest{300};
constexpr Duration retry_after_longest{2'000};
constexpr std::array server_errors{500, 502, 503, 504, 408};
// Who gave up waiting says so although the request is carried out.
constexpr std::array errors_after{500, 504, 408};
constexpr std::string_view html_page =
    "<!DOCTYPE html><html><head><title>Please sign in</title></head>"
    "<body><h1>Please sign in</h1></body></html>\n";

const Kind& kind_of(Fault fault) {
    return kinds[static_cast<std::size_t>(fault)];
}

bool is_throttle(Fault fault) {
    return fault == Fault::throttled || fault == Fault::throttled_silently;
}

http::Response plain(int status) {
    return {status, {{"Content-Type", "text/plain"}}, std::string(http::reason_of(status)) + "\n"};
}

}  // namespace

std::string_view name_of(Fault fault) {
    return kind_of(fault).name;
}

bool is_executed(Fault fault) {
    return kind_of(fault).is_executed;
}

bool is_answered(Fault fault) {
    return kind_of(fault).is_answered;
}

FaultRates FaultRates::drawn(Random& random, Duration late_max) {
    FaultRates rates;
    for (const Kind& kind : kinds) {
        const bool is_on = random.chance(50);
        const auto rate = static_cast<int>(random.between(1, std::max(1, kind.per_mille_max)));
        rates.of(kind.fault) = is_on && kind.per_mille_max > 0 ? rate : 0;
    }
    const int all = std::accumulate(rates.per_mille.begin(), rates.per_mille.end(), 0);
    if (all > drawn_per_mille_max) {
        for (int& rate : rates.per_mille) rate = rate * drawn_per_mille_max / all;
    }
    rates.burst_max = static_cast<int>(random.between(1, burst_longest));
    rates.late_max = late_max;
    rates.slow_max = slow_longest;
    rates.retry_after_max = retry_after_longest;
    return rates;
}

Fault FaultPlan::drawn(Asked asked) {
    auto at = static_cast<int>(random_.below(1000));
    const auto hit = std::ranges::find_if(kinds, [&](const Kind& kind) {
        at -= rates_.of(kind.fault);
        return at < 0 && kind.fault != Fault::none;
    });
    if (hit == kinds.end()) return Fault::none;
    if (asked == Asked::read && !hit->happens_to_reads) return Fault::none;
    if (asked == Asked::single_write && hit->fault == Fault::twice) return Fault::none;
    if (hit->fault == Fault::late && rates_.late_max.ms == 0) return Fault::none;
    return hit->fault;
}

FaultPlan::Fate FaultPlan::next(Asked asked) {
    Fate fate{drawn(asked), {0}, 0, {0}};
    const std::uint64_t some = random_.next();
    const std::int64_t length = random_.between(1, std::max(1, rates_.burst_max));
    if (is_stopped_) {
        fate.fault = Fault::none;
    } else if (burst_left_ > 0) {
        --burst_left_;
        fate.fault = burst_;
    } else if (is_throttle(fate.fault)) {
        burst_ = fate.fault;
        burst_left_ = length - 1;
    }
    const auto up_to = [&](Duration most) {
        const auto n = static_cast<std::uint64_t>(std::max<std::int64_t>(1, most.ms));
        return Duration{static_cast<std::int64_t>(some % n) + 1};
    };
    if (fate.fault == Fault::late) fate.delay = up_to(rates_.late_max);
    if (fate.fault == Fault::slow) fate.delay = up_to(rates_.slow_max);
    if (fate.fault == Fault::server_error) fate.status = server_errors[some % server_errors.size()];
    if (fate.fault == Fault::error_after) fate.status = errors_after[some % errors_after.size()];
    if (is_throttle(fate.fault)) fate.status = 429;
    if (fate.fault == Fault::throttled)
        fate.retry_after = {(up_to(rates_.retry_after_max).ms + 999) / 1000 * 1000};
    ++counts_[static_cast<std::size_t>(fate.fault)];
    return fate;
}

http::Response spoiled(const FaultPlan::Fate& fate, http::Response answer) {
    switch (fate.fault) {
        case Fault::throttled: {
            http::Response response = plain(fate.status);
            response.headers.emplace_back("Retry-After",
                                          std::to_string(fate.retry_after.ms / 1000));
            return response;
        }
        case Fault::server_error: {
            http::Response response = plain(fate.status);
            if (fate.retry_after.ms > 0)
                response.headers.emplace_back("Retry-After",
                                              std::to_string(fate.retry_after.ms / 1000));
            return response;
        }
        case Fault::throttled_silently:
        case Fault::error_after:
            return plain(fate.status);
        case Fault::html:
            return {200, {{"Content-Type", "text/html"}}, std::string(html_page)};
        case Fault::truncated:
            answer.body.resize(answer.body.size() / 2);
            return answer;
        case Fault::none:
        case Fault::request_lost:
        case Fault::reply_lost:
        case Fault::late:
        case Fault::twice:
        case Fault::reset:
        case Fault::slow:
            return answer;
    }
    return answer;
}

}  // namespace entente::sim
