// What can go wrong, as a value. `ErrorKind` is chosen by what the *caller* can do about it; the
// text is for people and is never parsed. `unknown_outcome` is a kind of its own: only the probe
// may resolve it (G6). Broken invariants are no errors: they are CHECKs, on in release, because a
// stopped program writes nothing wrong.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace entente {

enum class ErrorKind {
    bad_input,        // configuration or arguments: exit status 2
    retry_later,      // did not happen; may be tried again
    unknown_outcome,  // a write that may or may not have happened
    conflict,         // a precondition failed, or the thing exists already
    rejected,         // the system understood and refused
    not_found,
    auth,     // login missing, expired or refused: exit status 3
    drift,    // the system no longer looks as declared
    corrupt,  // bytes that are not what they must be (HTML for JSON, a truncated body)
    store,    // the store cannot be used: exit status 4
    busy,     // somebody else holds it (a port, a workspace)
};

std::string_view name_of(ErrorKind kind);

// `where` names the place a person must look at: "entente.yaml:12:5", "GET /api/customers",
// "state/entente.db".
struct [[nodiscard]] Error {
    ErrorKind kind = ErrorKind::bad_input;
    std::string text;
    std::string where;

    // "where: text", or the text alone.
    std::string message() const { return where.empty() ? text : where + ": " + text; }
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string text, std::string where = {}) {
    return std::unexpected(Error{kind, std::move(text), std::move(where)});
}

// Prints the broken invariant with its place and ends the process (abort).
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               std::string_view why);

}  // namespace entente

// Requires: always true, whatever the outside world does.
#define CHECK(condition, why) \
    ((condition) ? void(0) : ::entente::check_failed(#condition, __FILE__, __LINE__, (why)))

#define ENTENTE_CONCAT_(a, b) a##b
#define ENTENTE_CONCAT(a, b) ENTENTE_CONCAT_(a, b)
#define ENTENTE_TRY_(tmp, target, expression)                 \
    auto tmp = (expression);                                  \
    if (!tmp) return std::unexpected(std::move(tmp).error()); \
    target = *std::move(tmp)
// TRY(auto x, f()): x becomes the value of f(), or the error is returned at once.
#define TRY(target, expression) \
    ENTENTE_TRY_(ENTENTE_CONCAT(try_result_, __LINE__), target, expression)
// TRY_VOID(f()): returns the error of f() at once, if any.
#define TRY_VOID(expression)                         \
    if (auto try_result = (expression); !try_result) \
    return std::unexpected(std::move(try_result).error())
