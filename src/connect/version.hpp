// Who we say we are to the systems we call. The number is the one of the top CMakeLists.txt (a test
// compares them).
#pragma once

#include <string_view>

namespace entente::connect {

inline constexpr std::string_view user_agent = "entente/0.1.0";

}  // namespace entente::connect
