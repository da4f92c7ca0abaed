#include "base/random.hpp"

#include <bit>

#include "base/error.hpp"

namespace entente {
namespace {

__extension__ typedef unsigned __int128 Uint128;

// splitmix64: spreads a seed over a whole state, as the authors of xoshiro advise.
std::uint64_t split(std::uint64_t& state) {
    std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// FNV-1a: the name of a stream as a number, the same for ever (recorded seeds must replay).
std::uint64_t number_of(std::string_view name) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : name) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    }
    return hash;
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view stream) {
    // The seed is mixed before it meets the name, so that neighbouring seeds share no streams.
    std::uint64_t state = seed;
    state = split(state) ^ number_of(stream);
    for (std::uint64_t& word : state_) word = split(state);
}

// xoshiro256** by Blackman and Vigna (public domain).
std::uint64_t Random::next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

// Lemire's multiplication: the few products that would favour some numbers are drawn again.
std::uint64_t Random::below(std::uint64_t n) {
    CHECK(n > 0, "a draw needs at least one number to choose from");
    const std::uint64_t rejected = (0 - n) % n;
    for (;;) {
        const Uint128 product = static_cast<Uint128>(next()) * n;
        if (static_cast<std::uint64_t>(product) >= rejected) {
            return static_cast<std::uint64_t>(product >> 64);
        }
    }
}

std::int64_t Random::between(std::int64_t low, std::int64_t high) {
    CHECK(low <= high, "a range must not be empty");
    const std::uint64_t first = static_cast<std::uint64_t>(low);
    const std::uint64_t count = static_cast<std::uint64_t>(high) - first + 1;
    const std::uint64_t step = count == 0 ? next() : below(count);  // 0: all 2^64 numbers
    return static_cast<std::int64_t>(first + step);
}

}  // namespace entente
