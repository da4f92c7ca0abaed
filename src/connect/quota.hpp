// One limit on how often a system may be called, of two kinds. A quota that refills is a token bucket: all of it may be spent at
// once and comes back evenly. A quota of a fixed window (its header tells when the window ends) comes back as a whole then.
// Both are corrected by what the system says is left, and are told of every call. Pure: functions of limit, time and answers.
#pragma once

#include <cstdint>
#include <optional>

#include "base/http.hpp"
#include "base/time.hpp"
#include "model/quota_use.hpp"
#include "model/workspace.hpp"

namespace entente::connect {

// What one answer says of one quota.
struct QuotaTold {
    std::optional<std::int64_t> remaining;
    std::optional<Instant> reset;  // by our clock
    std::int64_t window = 0;  // what the system calls that reset; later windows have larger ones
};
// `skew`: the system's clock minus ours.
QuotaTold read_quota(const model::Quota& quota, const http::Headers& headers, Instant now,
                     Duration skew);

// A quota of which one call comes back within a second keeps nothing for edits: they do not wait longer than that.
class RefillingQuota {
public:
    // Requires: not negative; 0 requests: none declared, and nothing is counted.
    RefillingQuota(int requests, Duration per, Instant now);

    // When one more call may be sent by somebody who leaves `kept` percent to others.
    Instant next_slot(Instant now, int kept) const;
    // How many calls such a one may send now. Requires: is_declared().
    std::int64_t free(Instant now, int kept) const;
    // Requires: is_declared().
    model::QuotaUse use(Instant now) const;
    void sent(Instant now);
    // `in_flight`: calls that may or may not be counted in what was told, so they are counted.
    void answered(Instant now, const QuotaTold& told, int in_flight);
    void failed(Instant now, bool reached);
    bool is_declared() const { return requests_ > 0; }

private:
    // Tokens are counted in parts: one request is `per.ms` parts, one millisecond brings `requests`
    // parts. Exact.
    std::int64_t parts_of(std::int64_t requests) const { return requests * per_.ms; }
    std::int64_t parts_kept(int kept) const;
    std::int64_t level_at(Instant now) const;
    void refill(Instant now);

    int requests_;
    Duration per_;
    std::int64_t level_;  // parts
    Instant level_of_;    // the time `level_` was computed for
};

// Ensures: in no window are more calls sent than declared, nor more than told; until the first answer the declared number holds,
// for a window that begins with the first call. What is kept for others shrinks evenly with the time that is left of the window, so
// that nothing is wasted.
class WindowQuota {
public:
    // Requires: requests > 0.
    WindowQuota(int requests, Duration per);

    // When one more call may be sent by somebody who leaves `kept` percent to others; never(): only an answer can make room.
    Instant next_slot(Instant now, int in_flight, int kept) const;
    // How many calls such a one may send now.
    std::int64_t free(Instant now, int in_flight, int kept) const;
    model::QuotaUse use(Instant now) const;
    void sent(Instant now);
    void answered(Instant now, const QuotaTold& told);
    void failed(Instant now, bool reached);

private:
    bool is_over(Instant now) const { return ends_ <= now; }
    bool has_begun(Instant now) const { return ends_ != Instant::never() && !is_over(now); }
    std::int64_t left_at(Instant now) const { return is_over(now) ? requests_ : left_; }
    std::int64_t kept_at(Instant now, int kept) const;
    void roll(Instant now);

    std::int64_t requests_;
    Duration per_;
    std::int64_t left_;                 // without the calls that are under way
    Instant ends_ = Instant::never();   // of the window under way; never: none has begun
    std::optional<std::int64_t> told_;  // the system's name of the window under way
};

}  // namespace entente::connect
