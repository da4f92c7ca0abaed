#include "run/secrets.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

#include "base/text.hpp"
#include "run/files.hpp"

namespace entente::run {

namespace {

constexpr std::size_t secret_bytes_max = 64u << 10;

std::string place_of(const model::Mark& at) {
    return at.file.empty() ? "entente.yaml" : fmt::format("{}:{}:{}", at.file, at.line, at.column);
}

}  // namespace

Result<std::string> Secrets::value(const model::SecretRef& secret) const {
    if (secret.kind == model::SecretRef::Kind::environment) {
        const char* set = std::getenv(secret.name.c_str());
        std::string found = set ? text::trim(set) : "";
        if (found.empty()) {
            return fail(
                ErrorKind::bad_input,
                fmt::format(
                    "the environment variable {} is not set; set it to the login of the system",
                    secret.name),
                place_of(secret.at));
        }
        return found;
    }
    auto bytes = read_file(path_of(secret), secret_bytes_max);
    if (!bytes) {
        return fail(
            ErrorKind::bad_input,
            fmt::format("the secret's file cannot be read: {}; put the login into it, alone",
                        bytes.error().message()),
            place_of(secret.at));
    }
    std::string found = text::trim(*bytes);
    if (found.empty()) {
        return fail(ErrorKind::bad_input,
                    fmt::format("the secret's file {} is empty; put the login into it, alone",
                                path_of(secret).string()),
                    place_of(secret.at));
    }
    return found;
}

std::optional<std::string> Secrets::warning(const model::SecretRef& secret) const {
    if (secret.kind != model::SecretRef::Kind::file) return std::nullopt;
    struct stat status{};
    if (::stat(path_of(secret).c_str(), &status) != 0) return std::nullopt;
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) == 0) return std::nullopt;
    return fmt::format("{}: others on this machine can read this secret; run: chmod 600 {}",
                       place_of(secret.at), path_of(secret).string());
}

}  // namespace entente::run
