#include "run/clock.hpp"

#include <ctime>

#include "base/error.hpp"

namespace entente::run {
namespace {

Instant read(clockid_t clock) {
    timespec shown{};
    CHECK(clock_gettime(clock, &shown) == 0, "the machine has no such clock");
    return {static_cast<std::int64_t>(shown.tv_sec) * 1'000 + shown.tv_nsec / 1'000'000};
}

}  // namespace

Instant SystemClock::now() {
    return read(CLOCK_BOOTTIME) + anchored_;
}

Duration SystemClock::ahead() {
    return read(CLOCK_REALTIME) - now();
}

void SystemClock::anchor() {
    anchored_ = read(CLOCK_REALTIME) - read(CLOCK_BOOTTIME);
}

}  // namespace entente::run
