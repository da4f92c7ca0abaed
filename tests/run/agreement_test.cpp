// Engine, store, connectors and runner together against simulated systems in this process, on a
// fake clock: first syncs, lost answers, throttling, a restart in the middle, and what verify says
// afterwards (G1, G3, G6, G8, G16).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/random.hpp"
#include "model/loader.hpp"
#include "report/verify.hpp"
#include "run/http_reader.hpp"
#include "run/runner.hpp"
#include "sim/checker.hpp"
#include "sim/generator.hpp"
#include "sim/system.hpp"
#include "store/sqlite_store.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

constexpr std::int64_t things = 40;
constexpr std::uint64_t seed = 7;
constexpr const char* yaml = R"(workspace: test
systems:
  CustomWebshop: {connector: custom-webshop, base_url: "http://127.0.0.1:1", auth: {api_key: "${A}"}}
  CustomERP: {connector: custom-erp, base_url: "http://127.0.0.1:2", auth: {token: "${B}"}}
)";

model::Workspace shop_and_erp() {
    const auto shipped = model::shipped_catalog();
    auto loaded =
        model::load({{"entente.yaml", yaml}, {shipped.begin(), shipped.end()}, {}, [](const auto&) {
                         return true;
                     }});
    CHECK(loaded.workspace.has_value(),
          loaded.diagnostics.empty() ? "" : loaded.diagnostics.front().text());
    return std::move(*loaded.workspace);
}

// What happens to requests on their way, in percent.
struct Weather {
    unsigned not_sent = 0;
    unsigned lost = 0;       // executed, and the answer is lost
    unsigned refused = 0;    // 500, not executed
    unsigned throttled = 0;  // 429
    unsigned late = 0;       // writes: executed within two seconds after we gave up
};

class AgreementTest : public testing::Test {
protected:
    AgreementTest() : workspace_(shop_and_erp()), transport_(clock_) {
        for (const char* kind : {"custom-webshop", "custom-erp"}) {
            sim::SimOptions options{
                .kind = kind, .records = things, .seed = seed, .directory = "", .clock = 60};
            systems_.push_back(std::move(*sim::make_system(options)));
        }
        for (std::size_t at = 0; at < 2; ++at) {
            const std::map<std::string, std::string> secrets{
                {at == 0 ? "api_key" : "token", "secret"}};
            connectors_.push_back(std::move(*connect::RestConnector::open(
                workspace_, SystemIndex{static_cast<std::int32_t>(at)}, secrets)));
        }
        store_ = std::move(*store::SqliteStore::open(":memory:", store::names_of(workspace_)));
        transport_.answer = [this](const http::Request& request) { return weathered(request); };
    }

    http::Response handle(http::Request request) {
        const bool is_shop = request.url.starts_with("http://127.0.0.1:1/");
        request.url = request.url.substr(request.url.find('/', 8));
        return systems_[is_shop ? 0 : 1]->handle(request, clock_.now());
    }
    void execute_late() {
        for (auto late = late_.begin(); late != late_.end();) {
            if (late->first > clock_.now()) {
                ++late;
                continue;
            }
            handle(late->second);
            late = late_.erase(late);
        }
    }
    Reply weathered(const http::Request& request) {
        execute_late();
        ++troubles_;
        if (request.method != "GET" && random_.chance(weather_.late)) {
            late_.emplace(clock_.now() + Duration{random_.between(1, 1'900)}, request);
            return std::unexpected(no_answer());
        }
        if (random_.chance(weather_.not_sent)) return std::unexpected(refused_connection());
        if (random_.chance(weather_.throttled))
            return http::Response{429, {{"Retry-After", "1"}}, "{}"};
        if (random_.chance(weather_.refused)) return http::Response{500, {}, "oops"};
        auto response = handle(request);
        if (random_.chance(weather_.lost)) return std::unexpected(no_answer());
        --troubles_;
        return response;
    }

    Result<void> sync(RunnerOptions options = {.until_idle = true}) {
        TRY(auto engine, sync::Engine::open(workspace_, *store_, {.approve = true}, clock_.now()));
        Watcher watcher;
        options.give_up_after = Duration{3'600'000};
        Runner runner({workspace_, *engine, transport_, clock_, watcher, connectors_}, options);
        transport_.on_wait = [&, left = stop_after_]() mutable {
            execute_late();
            if (--left == 0) runner.stop();
        };
        auto ended = runner.run();
        transport_.on_wait = [] {};
        if (!ended) return std::unexpected(ended.error());
        return {};
    }
    report::Verdict verify() {
        weather_ = {};
        HttpReader reader(workspace_, connectors_, transport_, clock_);
        const auto snapshot = report::read_for_verify(workspace_, reader, std::nullopt);
        CHECK(snapshot.has_value(), snapshot ? "" : snapshot.error().message());
        const auto transaction = store_->begin();
        return report::verify(workspace_, **transaction, *snapshot, std::nullopt);
    }
    checker::Verdict judge() {
        checker::Input input;
        input.systems = {{"CustomWebshop", "custom-webshop", "http://127.0.0.1:1", "secret"},
                         {"CustomERP", "custom-erp", "http://127.0.0.1:2", "secret"}};
        input.truth = sim::truth_of(sim::generate(seed, things), {});
        input.fetch = [this](const http::Request& request) -> Result<http::Response> {
            return handle(request);
        };
        const auto verdict = checker::check(input);
        CHECK(verdict.has_value(), verdict ? "" : verdict.error().message());
        return *verdict;
    }
    http::Response ask(int port, const std::string& method, const std::string& path,
                       const std::string& body) {
        http::Headers headers{port == 1 ? http::Header{"X-Api-Key", "secret"}
                                        : http::Header{"Authorization", "Bearer secret"}};
        return handle({method, fmt::format("http://127.0.0.1:{}{}", port, path), headers, body});
    }
    Value rows(const std::string& path) {
        return *json::read(ask(1, "GET", path, "").body)->find("items");
    }

    model::Workspace workspace_;
    FakeClock clock_;
    FakeTransport transport_;
    std::vector<std::unique_ptr<sim::SimulatedSystem>> systems_;
    std::vector<connect::RestConnector> connectors_;
    std::unique_ptr<store::SqliteStore> store_;
    Weather weather_;
    Random random_{seed, "weather"};
    int stop_after_ = 0;
    int troubles_ = 0;
    std::multimap<Instant, http::Request> late_;
};

// Goal: two dirty systems agree, and a second run has nothing to do (G1, G8).
TEST_F(AgreementTest, a_first_sync_brings_agreement_and_a_second_does_nothing) {
    ASSERT_TRUE(sync());
    EXPECT_TRUE(judge().is_clean());
    const auto verdict = verify();
    EXPECT_EQ(verdict.differ, 0);
    EXPECT_EQ(verdict.missing, 0);
    transport_.requests.clear();
    ASSERT_TRUE(sync());
    for (const auto& request : transport_.requests) EXPECT_EQ(request.method, "GET") << request.url;
}

// Goal: whatever is lost on the way, nothing is created twice and agreement comes (G1, G6). Method:
// twenty kinds of bad weather, each from the same beginning; what is executed late is so within the
// declared D of the webshop (2 s).
class BadWeatherTest : public AgreementTest, public testing::WithParamInterface<int> {};

TEST_P(BadWeatherTest, nothing_is_doubled_or_lost) {
    random_ = Random(seed, fmt::format("weather {}", GetParam()));
    weather_ = {.not_sent = static_cast<unsigned>(random_.below(8)),
                .lost = static_cast<unsigned>(random_.below(15)),
                .refused = static_cast<unsigned>(random_.below(10)),
                .throttled = static_cast<unsigned>(random_.below(10)),
                .late = static_cast<unsigned>(random_.below(10))};
    const auto ended = sync();
    ASSERT_TRUE(ended) << ended.error().message();
    EXPECT_GT(troubles_, 0) << "the weather was bad";
    const auto verdict = judge();
    EXPECT_EQ(verdict.duplicates, 0);
    EXPECT_EQ(verdict.wrong_links, 0);
    EXPECT_EQ(verdict.differ, 0);
    EXPECT_EQ(verdict.missing, 0);
    for (const auto& explanation : verdict.explanations) ADD_FAILURE() << explanation;
}
INSTANTIATE_TEST_SUITE_P(Each, BadWeatherTest, testing::Range(0, 20));

// Goal: stopping at any point and starting again ends in the same agreement (G10). Method: stop
// after n waits.
class RestartTest : public AgreementTest, public testing::WithParamInterface<int> {};

TEST_P(RestartTest, a_stop_in_the_middle_is_made_good) {
    stop_after_ = GetParam();
    ASSERT_TRUE(sync());
    stop_after_ = 0;
    ASSERT_TRUE(sync());
    const auto verdict = judge();
    EXPECT_TRUE(verdict.is_clean());
    for (const auto& explanation : verdict.explanations) ADD_FAILURE() << explanation;
}
INSTANTIATE_TEST_SUITE_P(Each, RestartTest, testing::Values(1, 2, 3, 5, 8, 13, 21, 34, 55));

class VerifyTest : public AgreementTest {
protected:
    void SetUp() override { ASSERT_TRUE(sync()); }
    const report::FlowVerdict& flow(const report::Verdict& verdict, const std::string& from) {
        for (const auto& pair : verdict.pairs) {
            for (const auto& one : pair.flows) {
                if (workspace_.data_type(one.from).full_name == from) return one;
            }
        }
        CHECK(false, "no such flow");
        return verdict.pairs.front().flows.front();
    }
};

// Goal: a value that differs is counted once for the pair, and once in each direction's table.
TEST_F(VerifyTest, a_value_that_differs_is_one_difference) {
    const std::string id = rows("/api/orders").as_list().front().find("customer_id")->as_text();
    ASSERT_EQ(
        ask(1, "PATCH", "/api/customers/" + id, R"({"phone":"+31 20 7654321","newsletter":true})")
            .status,
        200);
    const auto verdict = verify();
    EXPECT_EQ(verdict.differ, 1) << "a private field is nobody's business";
    EXPECT_EQ(flow(verdict, "CustomWebshop.Customer").differ, 1);
    EXPECT_EQ(flow(verdict, "CustomERP.Customer").differ, 1);
    ASSERT_EQ(flow(verdict, "CustomERP.Customer").findings.size(), 1u);
    EXPECT_EQ(flow(verdict, "CustomERP.Customer").findings[0].property, "phone");
}

// Goal: what the systems are known to do to a value is no difference. Method: another spelling of
// the same number.
TEST_F(VerifyTest, another_spelling_is_no_difference) {
    const Value customers = rows("/api/customers?page_size=250");
    for (const auto& customer : customers.as_list()) {
        const Value* vat = customer.find("vat_id");
        if (!vat->is_text()) continue;
        const std::string spelt = fmt::format(
            R"({{"vat_id":"{}"}})", vat->as_text().substr(0, 2) + " " + vat->as_text().substr(2));
        ask(1, "PATCH", "/api/customers/" + customer.find("id")->as_text(), spelt);
    }
    EXPECT_EQ(verify().differ, 0);
}

// Goal: a removed order is one missing record, not one and its lines; a line too many is one as
// well.
TEST_F(VerifyTest, a_removed_order_is_one_missing_record) {
    const Value orders = rows("/api/orders?page_size=250");
    ASSERT_EQ(ask(1, "DELETE", "/api/orders/" + orders.as_list().front().find("id")->as_text(), "")
                  .status,
              204);
    auto verdict = verify();
    EXPECT_EQ(verdict.missing, 1);
    EXPECT_EQ(verdict.differ, 0);
    EXPECT_EQ(flow(verdict, "CustomERP.Order").missing, 1);
    EXPECT_EQ(flow(verdict, "CustomWebshop.Order").missing, 0);
    EXPECT_EQ(flow(verdict, "CustomERP.Order.lines").missing, 0);

    const Value& last = orders.as_list().back();
    Value body = Value::object();
    body.set("lines", last.find("lines")->as_list());
    Value line = body.find("lines")->as_list().front();
    line.erase("id");
    body.find("lines")->as_list().push_back(line);
    ASSERT_EQ(
        ask(1, "PATCH", "/api/orders/" + last.find("id")->as_text(), json::write(body)).status,
        200);
    verdict = verify();
    EXPECT_EQ(flow(verdict, "CustomWebshop.Order.lines").missing, 1);
    EXPECT_EQ(verdict.missing, 2);
}

// Goal: a record that nobody has read yet is missing elsewhere; once it is synchronised it is not.
TEST_F(VerifyTest, a_new_record_is_missing_until_it_is_synchronised) {
    ASSERT_EQ(ask(1, "POST", "/api/products", R"({"sku":"NEW-1","title":"A new one"})").status,
              201);
    EXPECT_EQ(verify().missing, 1);
    ASSERT_TRUE(sync());
    EXPECT_EQ(verify().missing, 0);
}

// Goal: verify makes no request but GET, and tells how many.
TEST_F(VerifyTest, only_reads) {
    transport_.requests.clear();
    const auto verdict = verify();
    for (const auto& request : transport_.requests) EXPECT_EQ(request.method, "GET");
    int told = 0;
    for (const auto& [resource, gets] : verdict.gets) told += gets;
    EXPECT_EQ(told, static_cast<int>(transport_.requests.size()));
}

}  // namespace
}  // namespace entente::run::test
