// Writes that wait for a system go together, at most so many and in their order; reads and other systems go alone. Method: a
// transport whose answers come from the test.
#include "run/batch_transport.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

using connect::FailureKind;
using connect::Ticket;

model::Workspace a_shop_with_batches() {
    model::Workspace workspace = two_systems();
    model::RestProtocol& rest = workspace.systems[0].rest;
    rest.batch_path = "/$batch";
    rest.batch_max = 3;
    rest.concurrent = 1;
    return workspace;
}

class Batches : public ::testing::Test {
protected:
    void SetUp() override {
        auto wire = std::make_unique<FakeTransport>(clock_);
        wire_ = wire.get();
        wire_->answer = [this](const http::Request& request) { return answer(request); };
        transport_ = std::make_unique<BatchTransport>(std::move(wire), connectors_of(workspace_));
    }
    Reply answer(const http::Request& request) {
        if (failure_) return std::unexpected(*failure_);
        if (!request.url.ends_with("/$batch")) return http::Response{200, {}, request.url};
        const Value body = json::read(request.body).value();
        Value responses = Value::list();
        for (const Value& part : body.find("requests")->as_list()) {
            Value response = Value::object();
            response.set("id", *part.find("id"));
            response.set("status", part.find("url")->as_text() == "bad" ? 400 : 200);
            response.set("body", *part.find("url"));
            responses.as_list().push_back(std::move(response));
        }
        Value out = Value::object();
        out.set("responses", std::move(responses));
        return http::Response{200, {}, json::write(out)};
    }
    void submit(std::int64_t ticket, const std::string& method, const std::string& path,
                int system = 0) {
        transport_->submit(Ticket{ticket},
                           {method, workspace_.systems[system].base_url + "/" + path, {}, ""},
                           {.system = SystemIndex{system}});
    }
    std::vector<std::string> sent() const {
        std::vector<std::string> out;
        for (const http::Request& request : wire_->requests) {
            out.push_back(request.method + " " + request.url.substr(request.url.rfind('/')));
        }
        return out;
    }

    const model::Workspace workspace_ = a_shop_with_batches();
    FakeClock clock_;
    FakeTransport* wire_ = nullptr;
    std::unique_ptr<BatchTransport> transport_;
    std::optional<connect::TransportFailure> failure_;
};

TEST_F(Batches, writes_go_together_and_each_has_its_own_answer) {
    submit(1, "PATCH", "a");
    submit(2, "PATCH", "bad");
    submit(3, "POST", "c");
    submit(4, "PATCH", "d");
    const auto done = finish(*transport_);
    EXPECT_EQ(sent(), (std::vector<std::string>{"POST /$batch", "PATCH /d"}));
    EXPECT_EQ(done.at(1)->body, "a");
    EXPECT_EQ(done.at(2)->status, 400) << "and the others are executed";
    EXPECT_EQ(done.at(3)->body, "c");
    EXPECT_EQ(done.at(4)->status, 200);
}

TEST_F(Batches, reads_go_alone_and_nothing_overtakes_them) {
    submit(1, "PATCH", "a");
    submit(2, "GET", "b");
    submit(3, "PATCH", "c");
    submit(4, "PATCH", "d");
    EXPECT_EQ(finish(*transport_).size(), 4u);
    EXPECT_EQ(sent(), (std::vector<std::string>{"PATCH /a", "GET /b", "POST /$batch"}));
    EXPECT_EQ(wire_->most_at_once["http://127.0.0.1:1"], 1) << "as many as it works on at once";
}

TEST_F(Batches, a_system_without_batches_is_passed_through) {
    submit(1, "PATCH", "a", 1);
    submit(2, "PATCH", "b", 1);
    EXPECT_EQ(finish(*transport_).size(), 2u);
    EXPECT_EQ(sent(), (std::vector<std::string>{"PATCH /a", "PATCH /b"}));
}

TEST_F(Batches, a_lost_batch_may_have_been_executed_in_every_part) {
    failure_ = connect::TransportFailure{FailureKind::no_answer, "reset"};
    submit(1, "PATCH", "a");
    submit(2, "PATCH", "b");
    const auto done = finish(*transport_);
    for (const std::int64_t ticket : {1, 2}) {
        ASSERT_FALSE(done.at(ticket).has_value());
        EXPECT_EQ(done.at(ticket).error().kind, FailureKind::no_answer);
    }
}

TEST_F(Batches, what_waits_while_the_system_asks_for_patience_is_refused_and_not_sent) {
    submit(1, "PATCH", "a");
    transport_->poll(Duration{0});
    submit(2, "PATCH", "b");
    submit(3, "GET", "c");
    submit(4, "PATCH", "d", 1);
    wire_->answer = [](const http::Request&) -> Reply {
        return http::Response{429, {{"Retry-After", "7"}}, ""};
    };
    const auto done = finish(*transport_);
    EXPECT_EQ(sent(), (std::vector<std::string>{"PATCH /a", "PATCH /d"}));
    for (const std::int64_t ticket : {2, 3}) {
        ASSERT_TRUE(done.at(ticket).has_value());
        EXPECT_EQ(done.at(ticket)->status, 429);
        EXPECT_EQ(http::find(done.at(ticket)->headers, "Retry-After"), "7");
    }
}

TEST_F(Batches, what_is_cancelled_is_forgotten) {
    submit(1, "PATCH", "a");
    transport_->poll(Duration{0});
    submit(2, "PATCH", "b");
    transport_->cancel_all();
    EXPECT_EQ(transport_->in_flight(), 0u);
    submit(3, "PATCH", "c");
    EXPECT_EQ(finish(*transport_).size(), 1u);
}

}  // namespace
}  // namespace entente::run::test
