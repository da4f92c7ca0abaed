// A small REST server with one list, `customers`, whose rows and answers a test bends; and a workspace of such systems. It listens on
// loopback, on a thread of its own, and ends with its object.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/http.hpp"
#include "base/value.hpp"
#include "serve/listener.hpp"

namespace entente::e2e {

class LyingSystem {
public:
    // What it answers instead of the truth; nullopt: the truth. Called on the server's thread.
    using Lie = std::function<std::optional<http::Response>(const http::Request&)>;

    explicit LyingSystem(Lie lie = {});
    ~LyingSystem();
    LyingSystem(const LyingSystem&) = delete;
    LyingSystem& operator=(const LyingSystem&) = delete;

    // A person's work: the row has this id from now on, and this name, e-mail address and city.
    void put(const std::string& id, const std::string& name, const std::string& email,
             const std::string& city);
    std::size_t rows() const;
    std::string url() const;

private:
    http::Response answer(const http::Request& request);
    http::Response list(const std::string& query) const;
    http::Response change(const std::string& id, const std::string& body);

    Lie lie_;
    mutable std::mutex mutex_;  // guards rows_ and modified_, which the test's thread changes too
    std::map<std::string, Value> rows_;
    int modified_ = 0;
    std::unique_ptr<serve::Listener> listener_;
    std::thread thread_;
};

// Writes a workspace of the systems Shop and Ledger into `dir`, each with a connector of its own in dir/catalog, polled every second.
// `more` stands behind Shop's base_url.
void write_lying_workspace(const std::string& dir, const std::string& shop_url,
                           const std::string& ledger_url, const std::string& more = {});

}  // namespace entente::e2e
