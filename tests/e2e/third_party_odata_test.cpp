// An OData v4 service that nobody here has written (fe-mockserver-core, from npm) against a simulated ERP, through a connector that
// is YAML alone: tests/e2e/third_party/catalog/connectors/depot. It takes no change that does not name the version it is made
// upon (G3, G5, G10).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "base/json.hpp"
#include "npm_server.hpp"
#include "process.hpp"
#include "serve/listener.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr const char* program = "odata_server.js";
constexpr int shared = 4;     // customers that both have at first
constexpr int own = 16;       // and those that only one has
constexpr int page_size = 7;  // of the connector

constexpr const char* yaml = R"(workspace: third-party
systems:
  Depot:
    connector: depot
    base_url: {}
  ERP:
    connector: custom-erp
    base_url: {}
    auth: {{token: "file:{}"}}
)";

std::string name_of(int customer) {
    static const std::vector<std::string> kinds{"Bakkerij", "Café Noël &", "50% + 1 =", "O'Neill"};
    return fmt::format("{} {:02}", kinds[static_cast<std::size_t>(customer) % kinds.size()],
                       customer);
}
std::string email_of(int customer) {
    return fmt::format("desk+{:02}@example.org", customer);
}
std::string depot_id(int customer) {
    return fmt::format("00000000-0000-4000-8000-0000000000{:02}", customer);
}

Value object(std::vector<Value::Member> members) {
    return Value(Value::Object(std::move(members)));
}

std::string text_of(const Value& row, std::string_view field) {
    const Value* value = row.find(field);
    return value != nullptr && value->is_text() ? value->as_text() : "";
}

// What a person sees of a customer, whatever it is called there; an empty text is no value.
struct Card {
    std::string name, phone, city;
    friend bool operator==(const Card&, const Card&) = default;
};
using Cards = std::map<std::string, Card>;  // by email
std::ostream& operator<<(std::ostream& out, const Card& card) {
    return out << card.name << " | " << card.phone << " | " << card.city;
}

class ThirdPartyODataTest : public testing::Test {
protected:
    void SetUp() override {
        const Absence absence = absence_of(program, "@sap-ux/fe-mockserver-core");
        if (absence.left_out) GTEST_SKIP() << absence.why;
        ASSERT_EQ(absence.why, "");
        start_depot();
        erp_process_ = start_empty(erp_);
        ASSERT_FALSE(erp_.url.empty()) << erp_process_->err();
        fill_erp();
        watch();
        write_file(dir_ + "/erp.key", erp_.credential);
        std::filesystem::permissions(dir_ + "/erp.key", std::filesystem::perms::owner_read);
        write_file(
            dir_ + "/entente.yaml",
            fmt::format(fmt::runtime(yaml), fmt::format("http://127.0.0.1:{}/odata", gate_->port()),
                        erp_.url, dir_ + "/erp.key"));
        std::filesystem::copy(ENTENTE_SOURCE_DIR "/tests/e2e/third_party/catalog",
                              dir_ + "/catalog", std::filesystem::copy_options::recursive);
    }
    ~ThirdPartyODataTest() override {
        if (gate_) gate_->stop();
        if (gate_thread_.joinable()) gate_thread_.join();
    }

    void start_depot() {
        const std::string data = dir_ + "/data";
        Value::List customers;
        for (int i = 0; i < shared + own; ++i) {
            customers.push_back(object({{"CustomerID", depot_id(i)},
                                        {"Name", name_of(i)},
                                        {"Email", email_of(i)},
                                        {"City", "Utrecht"}}));
        }
        write_file(data + "/Customers.json", json::write(Value(std::move(customers))));
        write_file(data + "/Products.json", "[]");
        write_file(data + "/metadata.xml",
                   read_file(ENTENTE_SOURCE_DIR "/tests/e2e/third_party/depot-metadata.xml"));
        depot_.port = free_port();
        depot_.url = fmt::format("http://127.0.0.1:{}", depot_.port);
        depot_process_ = std::make_unique<Process>(
            std::vector<std::string>{installed(program), std::to_string(depot_.port), data},
            ProcessOptions{.environment = {}, .file_bytes_max = 0, .program = "node"});
        ASSERT_TRUE(depot_process_->says("the OData service listens")) << depot_process_->err();
    }

    void fill_erp() {
        for (int i = 0; i < shared + 2 * own; ++i) {
            if (i >= shared && i < shared + own) continue;
            const auto made =
                client_.send(erp_, "POST", "/v1/customers",
                             object({{"company_name", name_of(i)}, {"email", email_of(i)}}));
            ASSERT_EQ(made.status, 201) << made.body;
        }
    }

    // Everything to the depot goes through here: a person can be quicker than a write of ours.
    void watch() {
        auto gate =
            serve::listen("127.0.0.1", 0,
                          [this](const http::Request& request) { return passed_on(request); }, {});
        ASSERT_TRUE(gate);
        gate_ = std::move(*gate);
        gate_thread_ = std::thread([this] { gate_->run(); });
    }
    http::Response passed_on(const http::Request& request) {
        if (request.method == "PATCH" && overtaken_.exchange(false))
            edit_depot(*gate_client_, 0, {{"City", "Delft"}});
        http::Request on{request.method, depot_.url + request.url, {}, request.body};
        for (const auto& header : request.headers) {
            const bool is_ours = http::find({header}, "If-Match") ||
                                 http::find({header}, "Accept") ||
                                 http::find({header}, "Content-Type");
            if (is_ours) on.headers.push_back(header);
        }
        auto answer = gate_client_->fetch(on);
        if (!answer) return {502, {}, ""};
        if (request.method == "PATCH") patched_.insert(answer->status);
        std::erase_if(answer->headers, [](const http::Header& header) {
            return !http::find({header}, "Content-Type") && !http::find({header}, "ETag");
        });
        return *std::move(answer);
    }

    // As a person does: upon the version that is shown.
    void edit_depot(Client& client, int customer, std::vector<Value::Member> members) {
        const std::string path = fmt::format("/odata/Customers({})", depot_id(customer));
        const Value shown = client.get(depot_, path);
        const auto answer = client.fetch({.method = "PATCH",
                                          .url = depot_.url + path,
                                          .headers = {{"Content-Type", "application/json"},
                                                      {"If-Match", text_of(shown, "@odata.etag")}},
                                          .body = json::write(object(std::move(members)))});
        ASSERT_TRUE(answer.has_value());
        EXPECT_LT(answer->status, 300) << answer->body;
    }
    void edit_erp(int customer, std::vector<Value::Member> members) {
        for (const Value& row : rows(erp_, "/v1/customers?limit=500", "data")) {
            if (text_of(row, "email") != email_of(customer)) continue;
            const auto answer = client_.fetch(
                {.method = "PATCH",
                 .url = fmt::format("{}/v1/customers/{}", erp_.url, json::write(*row.find("id"))),
                 .headers = {{"Content-Type", "application/json"},
                             {"Authorization", "Bearer " + erp_.credential},
                             {"If-Match", fmt::format("\"{}\"", text_of(row, "etag"))}},
                 .body = json::write(object(std::move(members)))});
            ASSERT_TRUE(answer.has_value());
            EXPECT_EQ(answer->status, 200) << answer->body;
            return;
        }
        FAIL() << "the ERP has no " << email_of(customer);
    }

    Value::List rows(const DemoSystem& system, const std::string& path, std::string_view at) {
        const Value page = client_.get(system, path);
        const Value* found = page.find(at);
        return found != nullptr && found->is_list() ? found->as_list() : Value::List{};
    }
    Cards depot_cards() {
        Cards out;
        for (const Value& row : rows(depot_, "/odata/Customers", "value")) {
            const Card card{text_of(row, "Name"), text_of(row, "Phone"), text_of(row, "City")};
            EXPECT_TRUE(out.emplace(text_of(row, "Email"), card).second) << "twice";
        }
        return out;
    }
    Cards erp_cards() {
        Cards out;
        for (const Value& row : rows(erp_, "/v1/customers?limit=500", "data")) {
            const Card card{text_of(row, "company_name"), text_of(row, "telephone"),
                            text_of(row, "city")};
            EXPECT_TRUE(out.emplace(text_of(row, "email"), card).second) << "twice";
        }
        return out;
    }
    Value run(std::vector<std::string> more = {}) {
        std::vector<std::string> words{"run", dir_, "--until-idle", "--json"};
        words.insert(words.end(), more.begin(), more.end());
        const auto done = entente(words);
        EXPECT_EQ(done.status, 0) << done.err << done.out;
        return json_of(done.last_line);
    }
    void expect_agreement(std::size_t customers) {
        const Cards there = depot_cards();
        EXPECT_EQ(there.size(), customers);
        EXPECT_EQ(there, erp_cards());
        const auto verify = entente({"verify", dir_});
        EXPECT_EQ(verify.status, 0) << verify.out << verify.err;
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("workspace");
    DemoSystem depot_{"Depot", "depot", "", "", 0};
    DemoSystem erp_{"ERP", "custom-erp", "", "third-party-key", 0};
    Client client_;
    std::unique_ptr<Process> depot_process_, erp_process_;
    std::unique_ptr<Client> gate_client_ = std::make_unique<Client>();
    std::unique_ptr<serve::Listener> gate_;
    std::thread gate_thread_;
    std::atomic<bool> overtaken_ = false;  // the next change of ours comes after a person's
    std::set<int> patched_;                // statuses of our changes; read while nothing runs
};

// Goal: what both have is found over more than two pages, the rest is created on both sides, and then nothing is left to write.
TEST_F(ThirdPartyODataTest, is_joined_by_yaml_alone) {
    const auto live = entente({"check", dir_, "--live"});
    EXPECT_EQ(live.status, 0) << live.out << live.err;
    EXPECT_NE(live.out.find("ok     Depot.Customers: record"), std::string::npos) << live.out;
    EXPECT_NE(live.out.find("5 of 5 mapped properties are there"), std::string::npos) << live.out;

    const Value done = run({"--approve"});
    EXPECT_EQ(number(done, "created"), 2 * own);
    EXPECT_EQ(number(done, "held"), 0);
    EXPECT_TRUE(depot_process_->says(fmt::format("%24skip={}", 2 * page_size)))
        << depot_process_->out();
    expect_agreement(shared + 2 * own);
    const Value again = run();
    for (const char* system : {"Depot", "ERP"}) {
        EXPECT_EQ(number(again, fmt::format("api_calls.{}.by_purpose.write", system)), 0);
    }
}

// Goal: edits and clears travel both ways, each upon the version that it was made upon; what was created by us, too.
TEST_F(ThirdPartyODataTest, and_edits_travel_both_ways_upon_their_versions) {
    run({"--approve"});
    edit_depot(client_, 1, {{"City", "Gouda"}, {"Phone", "+31 20 1234567"}});
    edit_erp(2, {{"city", nullptr}, {"telephone", "+31 10 7654321"}});
    edit_erp(shared + own, {{"company_name", "Renamed there"}});
    const Value done = run();
    EXPECT_EQ(number(done, "conflicts"), 0);
    const Cards cards = depot_cards();
    EXPECT_EQ(erp_cards().at(email_of(1)).city, "Gouda");
    EXPECT_EQ(cards.at(email_of(2)).city, "");
    EXPECT_EQ(cards.at(email_of(2)).phone, "+31 10 7654321");
    EXPECT_EQ(cards.at(email_of(shared + own)).name, "Renamed there");
    EXPECT_TRUE(patched_ == std::set<int>{200} || patched_ == std::set<int>{204});
    expect_agreement(shared + 2 * own);
}

// Goal: a person who is quicker than our write loses nothing. Method: the city is changed when the name is on its way.
TEST_F(ThirdPartyODataTest, and_a_change_that_was_overtaken_is_refused_and_made_anew) {
    run({"--approve"});
    edit_erp(0, {{"company_name", "Named by the ERP"}});
    patched_.clear();
    overtaken_ = true;
    run();
    EXPECT_TRUE(patched_.contains(412)) << "the service refused the one that was overtaken";
    EXPECT_EQ(depot_cards().at(email_of(0)).name, "Named by the ERP");
    EXPECT_EQ(erp_cards().at(email_of(0)).city, "Delft");
    expect_agreement(shared + 2 * own);
}

}  // namespace
}  // namespace entente::e2e
