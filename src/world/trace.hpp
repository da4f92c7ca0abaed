// What happens in a deterministic world, line by line, with the virtual time in front: its digest says whether two plays were the
// same, its end is shown with a finding.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace entente::world {

class Trace {
public:
    std::function<void(const std::string&)> on_line;  // hears every line as it is made

    // `since_begin`: how long the world has lasted.
    void add(Duration since_begin, std::string_view text);
    std::uint64_t digest() const { return digest_; }
    std::vector<std::string> last() const;

private:
    std::uint64_t digest_ = 0;
    std::vector<std::string> lines_;
};

}  // namespace entente::world
