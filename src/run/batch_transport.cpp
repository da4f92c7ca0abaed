#include "run/batch_transport.hpp"

#include <optional>
#include <utility>

#include "connect/throttle_headers.hpp"

namespace entente::run {
namespace {

bool is_write(const http::Request& request) {
    return request.method != "GET";
}

}  // namespace

BatchTransport::BatchTransport(std::unique_ptr<connect::Transport> inner,
                               const std::vector<connect::RestConnector>& connectors)
    : inner_(std::move(inner)) {
    for (const auto& connector : connectors) {
        const model::RestProtocol& rest = connector.protocol();
        Lane lane;
        lane.address = {connector.base(), rest.batch_path, connector.login()};
        lane.parts_max = static_cast<std::size_t>(rest.batch_max);
        lane.concurrent = rest.concurrent;
        lanes_.push_back(std::move(lane));
    }
}

BatchTransport::Lane* BatchTransport::lane_of(const connect::TransportOptions& options) {
    if (!options.system) return nullptr;
    Lane& lane = lanes_[options.system.at()];
    return lane.parts_max == 0 ? nullptr : &lane;
}

void BatchTransport::submit(connect::Ticket ticket, http::Request request,
                            const connect::TransportOptions& options) {
    ++calls_under_way_;
    if (Lane* lane = lane_of(options); lane != nullptr) {
        lane->waiting.push_back({ticket, std::move(request), options});
        return;
    }
    const connect::Ticket own{next_ticket_++};
    under_way_.emplace(own, Carried{SystemIndex::none(), {ticket}});
    inner_->submit(own, std::move(request), options);
}

// The call that waits longest; if it is a write, all writes behind it up to the next read go with it.
void BatchTransport::send(Lane& lane) {
    std::vector<http::Request> requests;
    Carried carried{lane.waiting.front().options.system, {}};
    const connect::TransportOptions options = lane.waiting.front().options;
    const bool may_join = is_write(lane.waiting.front().request);
    do {
        Waiting& next = lane.waiting.front();
        carried.tickets.push_back(next.ticket);
        requests.push_back(std::move(next.request));
        lane.waiting.pop_front();
    } while (may_join && !lane.waiting.empty() && is_write(lane.waiting.front().request) &&
             requests.size() < lane.parts_max);
    const connect::Ticket own{next_ticket_++};
    ++lane.under_way;
    under_way_.emplace(own, std::move(carried));
    inner_->submit(own,
                   requests.size() == 1 ? std::move(requests.front())
                                        : connect::batch_of(lane.address, requests),
                   options);
}

void BatchTransport::send_all() {
    for (Lane& lane : lanes_) {
        while (!lane.waiting.empty() && lane.under_way < lane.concurrent) send(lane);
    }
}

std::vector<connect::Finished> BatchTransport::poll(Duration timeout) {
    send_all();
    std::vector<connect::Finished> out;
    for (connect::Finished& done : inner_->poll(timeout)) finished(std::move(done), out);
    send_all();
    return out;
}

void BatchTransport::finished(connect::Finished done, std::vector<connect::Finished>& out) {
    auto found = under_way_.extract(done.ticket);
    CHECK(!found.empty(), "the transport finished a request that was not sent");
    const Carried& carried = found.mapped();
    Lane* lane = carried.system ? &lanes_[carried.system.at()] : nullptr;
    if (lane != nullptr) --lane->under_way;
    calls_under_way_ -= carried.tickets.size();
    std::vector<connect::PartAnswer> answers;
    if (carried.tickets.size() == 1) {
        answers.push_back(std::move(done.answer));
    } else {
        answers = connect::parts_of(done.answer, carried.tickets.size());
    }
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto refusal =
            answers[i] ? connect::refusal_of_unsent(*answers[i]) : std::optional<http::Response>();
        if (lane != nullptr && refusal) refuse_waiting(*lane, *refusal, out);
        out.push_back({carried.tickets[i], std::move(answers[i])});
    }
}

void BatchTransport::refuse_waiting(Lane& lane, const http::Response& refusal,
                                    std::vector<connect::Finished>& out) {
    calls_under_way_ -= lane.waiting.size();
    for (const Waiting& call : std::exchange(lane.waiting, {})) {
        out.push_back({call.ticket, refusal});
    }
}

std::size_t BatchTransport::in_flight() const {
    return calls_under_way_;
}

void BatchTransport::cancel_all() {
    inner_->cancel_all();
    under_way_.clear();
    calls_under_way_ = 0;
    for (Lane& lane : lanes_) {
        lane.waiting.clear();
        lane.under_way = 0;
    }
}

}  // namespace entente::run
