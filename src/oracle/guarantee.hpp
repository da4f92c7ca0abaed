// What an oracle says: which guarantee (docs/GUARANTEES.md) was put to the test how often, and what violated it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace entente::oracle {

inline constexpr int guarantees = 20;

struct Violation {
    int guarantee = 0;  // 3: G3
    std::string text;   // for people: what, where, which value
};

class Verdict {
public:
    // The guarantee could have failed here.
    void tried(int guarantee, std::int64_t times = 1) {
        tried_[static_cast<std::size_t>(guarantee)] += times;
    }
    void violated(int guarantee, std::string text) {
        violations_.push_back({guarantee, std::move(text)});
    }
    void check(int guarantee, bool holds, auto&& text) {
        tried(guarantee);
        if (!holds) violated(guarantee, text());
    }
    std::int64_t tries(int guarantee) const { return tried_[static_cast<std::size_t>(guarantee)]; }
    const std::vector<Violation>& violations() const { return violations_; }

private:
    std::array<std::int64_t, guarantees + 1> tried_{};
    std::vector<Violation> violations_;
};

}  // namespace entente::oracle
