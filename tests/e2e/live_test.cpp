// `check --live` and `init --discover` from outside: against simulated systems, and against services that this test serves.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "serve/listener.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr const char* metadata_xml =
    R"(<edmx:Edmx Version="4.0" xmlns:edmx="e"><edmx:DataServices><Schema Namespace="D">)"
    R"(<EntityType Name="Customer"><Key><PropertyRef Name="ID"/></Key>)"
    R"(<Property Name="ID" Type="Edm.Guid"/><Property Name="Name" Type="Edm.String" MaxLength="80"/>)"
    R"(<Property Name="Email" Type="Edm.String"/></EntityType>)"
    R"(<EntityContainer><EntitySet Name="Customers" EntityType="D.Customer"/></EntityContainer>)"
    R"(</Schema></edmx:DataServices></edmx:Edmx>)";

class LiveTest : public testing::Test {
protected:
    ~LiveTest() override {
        if (listener_) listener_->stop();
        if (thread_.joinable()) thread_.join();
    }

    void serve_it() {
        auto listening = serve::listen(
            "127.0.0.1", 0, [this](const http::Request& request) { return answer(request); }, {});
        ASSERT_TRUE(listening);
        listener_ = std::move(*listening);
        thread_ = std::thread([this] { listener_->run(); });
        url_ = fmt::format("http://127.0.0.1:{}/odata", listener_->port());
    }
    http::Response answer(const http::Request& request) {
        if (request.method != "GET") ++writes_;
        if (http::find(request.headers, "X-Key") != "secret-canary") return {401, {}, "{}"};
        if (request.url.starts_with("/odata/$metadata")) return metadata_;
        return {200, {}, R"({"value":[{"ID":"a","Name":"A","Email":"a@x.example"}]})"};
    }
    Finished discover() {
        return entente({"init", "--discover", url_, "--into", dir_, "--system", "Depot", "--header",
                        "X-Key", "--login-from", "DEPOT_LOGIN"},
                       {.environment = login_});
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("workspace");
    const std::vector<std::string> login_{"DEPOT_LOGIN=secret-canary"};
    http::Response metadata_{200, {}, metadata_xml};
    std::atomic<int> writes_ = 0;
    std::string url_;
    std::unique_ptr<serve::Listener> listener_;
    std::thread thread_;
};

TEST_F(LiveTest, finds_nothing_wrong_with_the_shipped_connectors) {
    ASSERT_EQ(entente({"init", dir_}).status, 0);
    write_file(dir_ + "/entente.yaml",
               "workspace: w\nsystems:\n"
               "  Shop: {connector: custom-webshop}\n  ERP: {connector: custom-erp}\n"
               "  Exact: {connector: exact-online}\n  Central: {connector: business-central}\n");
    const auto live =
        entente({"check", dir_, "--live", "--simulated", "--records", "300", "--json"});
    EXPECT_EQ(live.status, 0) << live.out << live.err;
    const Value found = json_of(live.out);
    EXPECT_EQ(number(found, "wrong"), 0) << live.out;
    EXPECT_GT(number(found, "ok"), 60) << live.out;
}

TEST_F(LiveTest, a_discovered_draft_passes_check_and_meets_its_system) {
    serve_it();
    const auto made = discover();
    ASSERT_EQ(made.status, 0) << made.err;
    const auto checked = entente({"check", dir_}, {.environment = login_});
    EXPECT_EQ(checked.status, 0) << checked.err;
    EXPECT_NE(checked.out.find("reviewed"), std::string::npos) << checked.out;
    EXPECT_EQ(entente({"check", dir_, "--live"}, {.environment = login_}).status, 2)
        << "nobody has looked at it yet";

    std::string yaml = read_file(dir_ + "/entente.yaml");
    const std::string open = "# settings:";
    ASSERT_NE(yaml.find(open), std::string::npos);
    write_file(dir_ + "/entente.yaml", yaml.replace(yaml.find(open), open.size(), "settings:"));
    const auto live = entente({"check", dir_, "--live"}, {.environment = login_});
    EXPECT_NE(live.out.find("ok     Depot: login"), std::string::npos) << live.out << live.err;
    EXPECT_NE(live.out.find("2 of 2 mapped properties are there"), std::string::npos) << live.out;
    const std::string all = made.out + made.err + live.out + live.err + yaml;
    EXPECT_EQ(all.find("secret-canary"), std::string::npos) << all;
    EXPECT_EQ(writes_, 0);
}

TEST_F(LiveTest, a_discovery_that_fails_says_why_and_writes_nothing) {
    serve_it();
    const auto refused = entente({"init", "--discover", url_, "--into", dir_});
    EXPECT_EQ(refused.status, 3);
    EXPECT_NE(refused.err.find("--login-from"), std::string::npos) << refused.err;

    const auto with_password =
        entente({"init", "--discover", "https://me:secret-canary@x.example/odata", "--into", dir_});
    EXPECT_EQ(with_password.status, 2);
    EXPECT_EQ(with_password.err.find("secret-canary"), std::string::npos) << with_password.err;

    struct Bad {
        http::Response answer;
        std::string said;
    };
    const std::string entities = R"(<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>)";
    for (const Bad& bad : {Bad{{302, {{"Location", "https://x.example/"}}, ""}, "redirect (302)"},
                           Bad{{200, {}, entities}, "declares a document type"},
                           Bad{{200, {}, "<html><br></html>"}, "no XML"},
                           Bad{{404, {}, "nothing here"}, "root of an OData service"},
                           Bad{{200, {}, std::string((20u << 20) + 1, ' ')}, "20971520"}}) {
        metadata_ = bad.answer;
        const auto failed = discover();
        EXPECT_EQ(failed.status, 3) << bad.said;
        EXPECT_NE(failed.err.find(bad.said), std::string::npos) << bad.said << ": " << failed.err;
    }
    EXPECT_FALSE(std::filesystem::exists(dir_));
}

}  // namespace
}  // namespace entente::e2e
