// A simulated system behind a bad wire: who is spared, how often a request is executed, and when it ends. The system of
// these tests counts, so that each execution shows.
#include "sim/faulty_system.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace entente::sim {
namespace {

constexpr Instant some_time{1'000};

class CountingSystem : public SimulatedSystem {
public:
    http::Response handle(const http::Request& request, Instant) override {
        if (request.url == "/sim/stats") return {200, {}, R"({"kind":"counting"})"};
        if (request.method != "GET") ++writes;
        return {200, {}, record + std::to_string(writes)};
    }
    std::string_view kind() const override { return "counting"; }

    int writes = 0;
    std::string record = "written ";
};

class FaultySystemTest : public testing::Test {
protected:
    http::Response after(Fault fault, const http::Request& request) {
        return faulty_.handle(request, {fault, {0}, 0, {0}}, some_time);
    }

    // Of this seed the plan spoils something among a few hundred requests.
    static constexpr std::uint64_t seed = 1;
    static constexpr int many = 500;
    CountingSystem system_;
    FaultySystem faulty_{system_, seed, Duration{1'000}};
    const http::Request change_{"PATCH", "/api/customers/c-1", {}, "{}"};
};

int spoiled_of(FaultySystem& system, const http::Request& request, int requests) {
    int count = 0;
    for (int i = 0; i < requests; ++i) count += system.fate(request).fault == Fault::none ? 0 : 1;
    return count;
}

TEST_F(FaultySystemTest, people_and_statistics_are_spared) {
    EXPECT_GT(spoiled_of(faulty_, change_, many), 0);
    EXPECT_EQ(spoiled_of(faulty_, {"PATCH", "/x", {{"X-Sim-Person", "yes"}}, ""}, many), 0);
    EXPECT_EQ(spoiled_of(faulty_, {"PUT", "/x", {{"Authorization", "Bearer people:t"}}, ""}, many),
              0);
    EXPECT_EQ(spoiled_of(faulty_, {"GET", "/sim/stats", {}, ""}, many), 0);
}

TEST_F(FaultySystemTest, executes_as_often_as_the_fault_says) {
    EXPECT_EQ(after(Fault::html, change_).status, 200);
    EXPECT_EQ(system_.writes, 0);
    after(Fault::error_after, change_);
    EXPECT_EQ(system_.writes, 1);
    EXPECT_EQ(after(Fault::twice, change_).body, "written 3") << "the second answer";
}

TEST_F(FaultySystemTest, a_late_change_is_executed_unless_somebody_was_quicker) {
    const auto in_time = faulty_.prepare_late(change_, some_time);
    const auto overtaken = faulty_.prepare_late(change_, some_time);
    EXPECT_EQ(system_.writes, 0);
    faulty_.execute_late(in_time, some_time);
    EXPECT_EQ(system_.writes, 1);
    faulty_.execute_late(overtaken, some_time);
    EXPECT_EQ(system_.writes, 1) << "the record had changed";
}

TEST_F(FaultySystemTest, a_late_change_with_a_version_is_left_to_the_system) {
    const http::Request versioned{"PATCH", "/v1/customers/1", {{"If-Match", "\"1\""}}, "{}"};
    const auto late = faulty_.prepare_late(versioned, some_time);
    system_.record = "changed meanwhile ";
    faulty_.execute_late(late, some_time);
    EXPECT_EQ(system_.writes, 1);
}

TEST_F(FaultySystemTest, calm_ends_the_faults_and_tells_how_many_there_were) {
    const int spoiled = spoiled_of(faulty_, change_, many);
    const auto answer = after(Fault::none, {"POST", "/sim/calm", {}, ""});
    const Value told = json::read(answer.body).value();
    std::int64_t all = 0;
    for (const auto& [name, count] : told.find("faults")->as_object())
        all += count.as_decimal().to_int().value();
    EXPECT_EQ(all, spoiled);
    EXPECT_EQ(*told.find("kind"), Value("counting"));
    EXPECT_EQ(spoiled_of(faulty_, change_, many), 0);
}

}  // namespace
}  // namespace entente::sim
