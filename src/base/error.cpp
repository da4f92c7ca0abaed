#include "base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace entente {

std::string_view name_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::bad_input:
            return "bad_input";
        case ErrorKind::retry_later:
            return "retry_later";
        case ErrorKind::unknown_outcome:
            return "unknown_outcome";
        case ErrorKind::conflict:
            return "conflict";
        case ErrorKind::rejected:
            return "rejected";
        case ErrorKind::not_found:
            return "not_found";
        case ErrorKind::auth:
            return "auth";
        case ErrorKind::drift:
            return "drift";
        case ErrorKind::corrupt:
            return "corrupt";
        case ErrorKind::store:
            return "store";
        case ErrorKind::busy:
            return "busy";
    }
    std::unreachable();
}

// Plain stdio: the heap may be what is broken.
void check_failed(const char* condition, const char* file, int line, std::string_view why) {
    std::fprintf(stderr, "%s:%d: broken invariant: %.*s (%s)\n", file, line,
                 static_cast<int>(why.size()), why.data(), condition);
    std::fflush(stderr);
    std::abort();
}

}  // namespace entente
