// One target as libFuzzer wants it. ENTENTE_FUZZ_TARGET names the function.
#include <cstddef>
#include <cstdint>

#include "targets/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    entente::fuzz::ENTENTE_FUZZ_TARGET({bytes, size});
    return 0;
}
