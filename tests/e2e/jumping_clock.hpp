// The clock of the machine as the engines of a test see it: set anywhere, before a start and in mid run, by Debian's faketime. Only
// the time of day is another one; what counts the time that passes stays true. Where faketime is not installed, or the program
// cannot be run with it (sanitizers), the clock stays right, and is_there() says so.
#pragma once

#include <cstdint>
#include <string>

#include "process.hpp"

namespace entente::e2e {

class JumpingClock {
public:
    // `file`: where the clock's offset is kept.
    explicit JumpingClock(std::string file);

    bool is_there() const { return !library_.empty(); }
    // So far from the true time, from now on; engines at work see it at once.
    void set(std::int64_t seconds);
    // What an engine is started with.
    ProcessOptions options() const;
    int times_set() const { return times_set_; }

private:
    const std::string file_;
    std::string library_;
    int times_set_ = 0;
};

}  // namespace entente::e2e
