// Where secrets come from: the environment, or a file named in entente.yaml. Whoever sets up
// connectors asks here; the values go to a request's login header and nowhere else: no message, log
// or error of this class holds one (G19).
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "model/workspace.hpp"

namespace entente::run {

class Secrets {
public:
    // Relative file names are taken from the workspace's folder.
    explicit Secrets(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // The secret without outer white space. bad_input when it is unset, empty or unreadable, with
    // the remedy.
    Result<std::string> value(const model::SecretRef& secret) const;
    bool is_set(const model::SecretRef& secret) const { return value(secret).has_value(); }

    // What a person should change about the file's permissions; nullopt when others cannot read it.
    std::optional<std::string> warning(const model::SecretRef& secret) const;

private:
    std::filesystem::path path_of(const model::SecretRef& secret) const {
        return folder_ / secret.name;
    }

    std::filesystem::path folder_;
};

}  // namespace entente::run
