// A transport in front of another one that sends several writes to a system in one request, where its connector says how, and
// keeps to the number of requests that the system works on at once: what comes meanwhile waits, and goes together. Each write has
// its own answer, as if it had gone alone. Where one of them asks to wait, what waits here is refused alike (G13). Systems without
// batches are passed through.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "connect/batch.hpp"
#include "connect/rest_connector.hpp"
#include "connect/transport.hpp"

namespace entente::run {

class BatchTransport final : public connect::Transport {
public:
    // `connectors`: one per system, in the workspace's order; they are not needed afterwards.
    BatchTransport(std::unique_ptr<connect::Transport> inner,
                   const std::vector<connect::RestConnector>& connectors);

    void submit(connect::Ticket ticket, http::Request request,
                const connect::TransportOptions& options) override;
    std::vector<connect::Finished> poll(Duration timeout) override;
    void wake() override { inner_->wake(); }
    std::size_t in_flight() const override;
    void cancel_all() override;

private:
    struct Waiting {
        connect::Ticket ticket;
        http::Request request;
        connect::TransportOptions options;
    };
    struct Lane {
        connect::BatchAddress address;
        std::size_t parts_max = 0;  // 0: no batches
        int concurrent = 0;
        int under_way = 0;
        std::deque<Waiting> waiting;
    };
    // One request on the wire, and the calls that it carries: several in a batch.
    struct Carried {
        SystemIndex system;
        std::vector<connect::Ticket> tickets;
    };

    Lane* lane_of(const connect::TransportOptions& options);
    void send(Lane& lane);
    void send_all();
    void finished(connect::Finished done, std::vector<connect::Finished>& out);
    void refuse_waiting(Lane& lane, const http::Response& refusal,
                        std::vector<connect::Finished>& out);

    std::unique_ptr<connect::Transport> inner_;
    std::vector<Lane> lanes_;  // by system
    std::map<connect::Ticket, Carried> under_way_;
    std::int64_t next_ticket_ = 1;
    std::size_t calls_under_way_ = 0;
};

}  // namespace entente::run
