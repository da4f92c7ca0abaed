// The transport over libcurl's multi interface: connections are pooled per host and kept alive,
// HTTP/2 where TLS agrees on it, gzip and deflate are undone. Only http and https; TLS is verified;
// a loopback address is never asked of a proxy. A write whose reused connection dies is reported as
// no_answer and not sent again, which libcurl alone would do.
#pragma once

#include <memory>
#include <string>

#include "connect/transport.hpp"

namespace entente::connect {

struct CurlSettings {
    int connections_per_host = 64;  // more requests to one host wait inside, their deadline running
    int connections_kept = 128;
    // Idle connections older than this are not used again: servers close theirs after 60 s or so,
    // and a write on a connection that is just being closed is of unknown outcome.
    Duration idle_max{30'000};
    std::string ca_file;  // PEM; empty: the certificates the machine trusts
};

class CurlTransport final : public Transport {
public:
    static Result<std::unique_ptr<CurlTransport>> make(const CurlSettings& settings);
    ~CurlTransport() override;

    void submit(Ticket ticket, http::Request request, const TransportOptions& options) override;
    std::vector<Finished> poll(Duration timeout) override;
    void wake() override;
    std::size_t in_flight() const override;
    void cancel_all() override;

private:
    struct State;
    explicit CurlTransport(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace entente::connect
