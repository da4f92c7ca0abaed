// `check --live --experiment`: what is declared about time is measured with one record that says it is a test, and nothing is
// written before somebody allows it.
#include "run/lag_experiment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "model/loader.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

constexpr const char* connector_yaml = R"(connector: depot
protocol: rest
update: {verb: PATCH}
modified: {property: changed, lag: 1s}
)";

constexpr const char* things_yaml = R"(resource: things
path: /things
key: id
create: {grade: searchable, search: [name], visible_after: 2s, late_execution: 1s}
properties:
  name: {type: text, required: true}
  kind: {type: code, values: [A, B], required: true}
data_types:
  Things:
    model: thing
    on_create: {kind: A}
    map: {name: name}
)";

class LagExperimentTest : public testing::Test {
protected:
    // Found and shown as changed so long after it was.
    Reply answer(const http::Request& request) {
        if (request.method == "POST") {
            created_ = clock_.now();
            posted_ = request.body;
            return http::Response{201, {}, record("first")};
        }
        if (request.method == "PATCH") {
            changed_ = clock_.now();
            return http::Response{200, {}, record("first")};
        }
        if (request.url.find("/things/7") != std::string::npos) {
            const bool is_new = clock_.now() - changed_ >= lag_;
            return http::Response{200, {}, record(is_new ? "ENTENTE TEST, changed" : "first")};
        }
        const bool is_found = clock_.now() - created_ >= visible_after_;
        return http::Response{200, {}, is_found ? "[" + record("first") + "]" : "[]"};
    }
    static std::string record(const std::string& name) {
        return R"({"id":"7","kind":"A","changed":"2026-11-21T10:00:00Z","name":")" + name + "\"}";
    }

    std::string run(bool may_write) {
        model::LoadInput input;
        input.workspace = {"entente.yaml",
                           "workspace: w\nsystems: {Depot: {connector: depot, base_url: "
                           "'http://127.0.0.1:7'}}\n"};
        input.catalog = {{"catalog/models/thing.yaml",
                          "model: thing\nproperties: {name: {type: name}}\nmatch: [[name]]\n"},
                         {"catalog/connectors/depot/connector.yaml", connector_yaml},
                         {"catalog/connectors/depot/things.yaml", things_yaml}};
        auto loaded = model::load(input);
        std::string wrong;
        for (const auto& diagnostic : loaded.diagnostics) wrong += diagnostic.text() + "\n";
        CHECK(loaded.workspace.has_value(), wrong);
        const auto connectors = connectors_of(*loaded.workspace);
        FakeTransport transport(clock_);
        transport.answer = [this](const http::Request& request) { return answer(request); };
        LagExperiment experiment(*loaded.workspace, connectors, transport, clock_);
        std::string said;
        for (const auto& finding : experiment.run(may_write)) {
            said += report::to_text(finding) + "\n";
        }
        writes_ = std::ranges::count_if(
            transport.requests, [](const auto& request) { return request.method != "GET"; });
        return said;
    }

    FakeClock clock_;
    Instant created_, changed_;
    Duration visible_after_{500}, lag_{300};
    std::string posted_;
    std::ptrdiff_t writes_ = 0;
};

TEST_F(LagExperimentTest, says_what_it_would_write_and_writes_nothing) {
    const std::string said = run(false);
    EXPECT_NE(said.find("open   Depot.Things: experiment: would create "
                        R"({"name":"ENTENTE TEST, to be removed","kind":"A"})"),
              std::string::npos)
        << said;
    EXPECT_EQ(writes_, 0);
}

TEST_F(LagExperimentTest, measures_what_is_declared_with_one_record) {
    const std::string said = run(true);
    EXPECT_EQ(writes_, 2) << "one create and one change";
    EXPECT_NE(posted_.find("ENTENTE TEST"), std::string::npos) << posted_;
    EXPECT_NE(said.find("the test record is 7; remove it there"), std::string::npos) << said;
    EXPECT_NE(said.find("ok     Depot.Things: visible_after: found after 0.5s, declared 2.0s"),
              std::string::npos)
        << said;
    EXPECT_NE(said.find("ok     Depot.Things: lag: an older state was shown for 0."),
              std::string::npos)
        << said;
}

TEST_F(LagExperimentTest, tells_a_system_that_is_slower_than_declared) {
    visible_after_ = Duration{5'000};
    lag_ = Duration{3'000};
    const std::string said = run(true);
    EXPECT_NE(said.find("WRONG  Depot.Things: visible_after: found after 5."), std::string::npos)
        << said;
    EXPECT_NE(said.find("WRONG  Depot.Things: lag: an older state was shown for 2."),
              std::string::npos)
        << said;
}

TEST_F(LagExperimentTest, ends_with_a_system_that_never_shows_it) {
    visible_after_ = lag_ = Duration{1'000'000};
    const std::string said = run(true);
    EXPECT_NE(said.find("not found in 30.0s"), std::string::npos) << said;
    EXPECT_NE(said.find("the change is not shown in 30.0s"), std::string::npos) << said;
}

}  // namespace
}  // namespace entente::run::test
