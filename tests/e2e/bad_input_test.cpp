// Bad input: each gets a message that says what, where and what would be right, an exit status, and
// nothing half written.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>

#include <atomic>
#include <functional>
#include <thread>

#include "base/limits.hpp"
#include "serve/listener.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

// What a workspace looks like when nothing is wrong with it; {} are the two base URLs.
constexpr const char* good_yaml = R"(workspace: test
systems:
  Shop:
    connector: custom-webshop
    base_url: {}
    auth: {{api_key: "file:key"}}
  Erp:
    connector: custom-erp
    base_url: {}
    auth: {{token: "file:key"}}
)";

std::string good(const std::string& shop = "http://127.0.0.1:1",
                 const std::string& erp = "http://127.0.0.1:1") {
    return fmt::format(good_yaml, shop, erp);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    CHECK(at != std::string::npos, "the test replaces something that is there");
    return text.replace(at, from.size(), to);
}

struct BadYaml {
    const char* name;
    std::string yaml;
    std::string overlay_path, overlay;  // a file of the workspace's own catalogue
    std::vector<std::string> said;      // each must be in the message
};

std::vector<BadYaml> bad_yamls() {
    const std::string customers = "catalog/connectors/custom-webshop/customers.yaml";
    return {
        {"syntax", "workspace: [\n", "", "", {"entente.yaml:"}},
        {"empty", "", "", "", {"entente.yaml"}},
        {"unquoted_variable",
         replaced(good(), "\"file:key\"", "${KEY}"),
         "",
         "",
         {"entente.yaml:6", "\""}},
        {"literal_secret",
         replaced(good(), "\"file:key\"", "hunter2"),
         "",
         "",
         {"entente.yaml:6", "literal", "file:PATH"}},
        {"unknown_connector",
         replaced(good(), "custom-webshop", "custom-wbshop"),
         "",
         "",
         {"entente.yaml:4", "custom-wbshop", "custom-webshop"}},
        {"duplicate_key",
         replaced(good(), "workspace: test\n", "workspace: test\nworkspace: again\n"),
         "",
         "",
         {"entente.yaml:2"}},
        {"unknown_key",
         replaced(good(), "workspace: test\n", "workspace: test\nsytems: {}\n"),
         "",
         "",
         {"entente.yaml:2", "systems"}},
        {"clear_text_url",
         good("http://shop.example", "http://127.0.0.1:1"),
         "",
         "",
         {"entente.yaml:5", "https://"}},
        {"unknown_model",
         good(),
         customers,
         "data_types: {Customer: {model: organization}}\n",
         {customers, "organisation"}},
        {"unknown_property",
         good(),
         customers,
         "data_types: {Customer: {map: {nmae: name}}}\n",
         {customers, "nmae"}},
        {"unknown_lens",
         good(),
         customers,
         "data_types: {Customer: {map: {name: {path: name, shout: true}}}}\n",
         {customers, "shout"}},
        {"two_mappings_of_one_field",
         good(),
         customers,
         "data_types: {Customer: {map: {phone: email}}}\n",
         {customers, "email"}},
    };
}

class BadYamlTest : public testing::TestWithParam<BadYaml> {};

// Goal: check and run name the place and the remedy, and end with 2, before anything is made.
TEST_P(BadYamlTest, is_named_with_its_place) {
    const auto& bad = GetParam();
    const Folder folder;
    const std::string dir = folder.path("w");
    write_file(dir + "/entente.yaml", bad.yaml);
    write_file(dir + "/key", "secret-canary");
    if (!bad.overlay_path.empty()) write_file(dir + "/" + bad.overlay_path, bad.overlay);
    for (const char* command : {"check", "run"}) {
        const auto ended = entente({command, dir});
        EXPECT_EQ(ended.status, 2) << command << ": " << ended.out << ended.err;
        for (const auto& word : bad.said)
            EXPECT_NE(ended.err.find(word), std::string::npos)
                << command << ": " << word << " in " << ended.err;
        EXPECT_EQ((ended.out + ended.err).find("hunter2"), std::string::npos)
            << "a secret is never repeated";
    }
    EXPECT_FALSE(std::filesystem::exists(dir + "/state"));
}

INSTANTIATE_TEST_SUITE_P(Each, BadYamlTest, testing::ValuesIn(bad_yamls()),
                         [](const auto& each) { return std::string(each.param.name); });

// Goal: a missing folder and a missing file are told apart.
TEST(BadInput, a_missing_workspace_is_named) {
    const Folder folder;
    const auto none = entente({"check", folder.path("none")});
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.err.find("no such folder"), std::string::npos) << none.err;
    std::filesystem::create_directory(folder.path("empty"));
    const auto empty = entente({"check", folder.path("empty")});
    EXPECT_EQ(empty.status, 2);
    EXPECT_NE(empty.err.find("entente.yaml"), std::string::npos) << empty.err;
    EXPECT_EQ(entente({"frobnicate"}).status, 2);
    EXPECT_EQ(entente({"--version"}).status, 0);
}

// Goal: what is still to be filled in is no error for check, and one for run.
TEST(BadInput, an_unset_secret_is_to_be_filled_in) {
    const Folder folder;
    const std::string dir = folder.path("w");
    write_file(dir + "/entente.yaml",
               replaced(good(), "\"file:key\"", "\"${ENTENTE_TEST_UNSET}\""));
    write_file(dir + "/key", "x");
    const auto check = entente({"check", dir});
    EXPECT_EQ(check.status, 0) << check.err;
    EXPECT_NE(check.out.find("ENTENTE_TEST_UNSET"), std::string::npos) << check.out;
    const auto run = entente({"run", dir, "--until-idle"});
    EXPECT_EQ(run.status, 2);
    EXPECT_NE(run.err.find("ENTENTE_TEST_UNSET"), std::string::npos) << run.err;
}

// A server of the test's own, and a workspace whose shop it is. The other system is a port where
// nobody is.
class BadSystemTest : public testing::Test {
protected:
    void TearDown() override {
        if (listener_) listener_->stop();
        if (thread_.joinable()) thread_.join();
    }
    void serve(std::function<http::Response()> answer, serve::Fate fate = serve::Fate::answer) {
        serve::ListenOptions options;
        options.fate = [fate](const http::Request&) { return fate; };
        auto listening = serve::listen(
            "127.0.0.1", 0,
            [this, answer](const http::Request& request) {
                if (request.method != "GET") ++writes_;
                return answer();
            },
            options);
        ASSERT_TRUE(listening);
        listener_ = std::move(*listening);
        thread_ = std::thread([this] { listener_->run(); });
        write_workspace(fmt::format("http://127.0.0.1:{}", listener_->port()));
    }
    void write_workspace(const std::string& url) {
        write_file(dir_ + "/entente.yaml", good(url, url));
        write_file(dir_ + "/key", "secret-canary");
    }
    Finished run() {
        return entente({"run", dir_, "--until-idle", "--approve", "--give-up-after", "1s"});
    }
    // The run ends with 3, names the system, writes nothing outside and keeps no record.
    void expect_unreachable(const std::string& word) {
        const auto ended = run();
        EXPECT_EQ(ended.status, 3) << ended.out << ended.err;
        EXPECT_NE(ended.err.find("Shop"), std::string::npos) << ended.err;
        EXPECT_NE(ended.err.find(word), std::string::npos) << word << " in " << ended.err;
        EXPECT_EQ((ended.out + ended.err).find("secret-canary"), std::string::npos)
            << "no secret in any message";
        EXPECT_EQ(writes_, 0);
        const auto status = entente({"status", dir_, "--json"});
        EXPECT_EQ(status.status, 0) << status.err;
        EXPECT_EQ(status.out.find("\"records\":1"), std::string::npos)
            << "nothing half read: " << status.out;
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("w");
    std::unique_ptr<serve::Listener> listener_;
    std::thread thread_;
    std::atomic<int> writes_ = 0;
};

http::Response page(std::string body) {
    return {200, {{"Content-Type", "application/json"}}, std::move(body)};
}

TEST_F(BadSystemTest, that_is_down_is_named_with_its_url) {
    write_workspace("http://127.0.0.1:1");
    expect_unreachable("http://127.0.0.1:1");
}

TEST_F(BadSystemTest, that_answers_html) {
    serve([] {
        return http::Response{200, {{"Content-Type", "text/html"}}, "<html>please sign in</html>"};
    });
    expect_unreachable("no usable answer");
}

TEST_F(BadSystemTest, that_refuses_our_login) {
    serve([] {
        return http::Response{
            401, {}, R"({"error":{"code":"unauthorized","message":"no such key"}})"};
    });
    expect_unreachable("no such key");
}

TEST_F(BadSystemTest, that_cuts_its_answers_short) {
    serve(
        [] {
            return page(R"({"items":[],"page":1,"page_size":250,"total":0,"data":[],"next":null})");
        },
        serve::Fate::truncate);
    expect_unreachable("no usable answer");
}

TEST_F(BadSystemTest, that_hides_an_error_in_a_200) {
    serve([] { return page(R"({"error":{"code":"broken","message":"database is away"}})"); });
    expect_unreachable("Shop");
}

TEST_F(BadSystemTest, that_writes_numbers_which_are_none) {
    serve([] {
        return page(
            R"({"items":[{"id":"c-1","name":"x","price":01.2}],"data":[{"id":01.2}],"next":null})");
    });
    expect_unreachable("no usable answer");
}

TEST_F(BadSystemTest, that_writes_a_key_twice) {
    serve([] {
        return page(
            R"({"items":[{"id":"c-1","name":"x","name":"y"}],"data":[{"id":1,"id":2}],"next":null})");
    });
    expect_unreachable("no usable answer");
}

// Anything above the limit is cut off there, so that a larger body would only make the test slower.
TEST_F(BadSystemTest, that_sends_more_than_anybody_can_hold) {
    auto big = std::make_shared<std::string>(limits::body_bytes_max + 1000, ' ');
    serve([big] { return page(*big); });
    expect_unreachable("no usable answer");
}

// Goal: a port that is taken is named, and nothing is served.
TEST_F(BadSystemTest, whose_port_is_in_use) {
    serve([] { return page("{}"); });
    const auto sim =
        entente({"sim", "custom-webshop", "--port", std::to_string(listener_->port())});
    EXPECT_EQ(sim.status, 2);
    EXPECT_NE(sim.err.find(std::to_string(listener_->port())), std::string::npos) << sim.err;
}

class BadStoreTest : public testing::Test {
protected:
    void SetUp() override {
        const auto demo = entente({"demo", "--once", "--records", "20", "--dir", dir_, "--json"});
        ASSERT_EQ(demo.status, 0) << demo.err;
    }
    const Folder folder_;
    const std::string dir_ = folder_.path("d");
};

// Goal: a store written by a newer entente is refused by every command that needs it, and left as
// it is.
TEST_F(BadStoreTest, of_a_newer_version_is_refused) {
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open((dir_ + "/state/entente.db").c_str(), &file), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(file, "PRAGMA user_version = 999", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(file);
    for (const auto& words : {std::vector<std::string>{"run", dir_, "--until-idle", "--approve"},
                              {"status", dir_},
                              {"verify", dir_}}) {
        const auto ended = entente(words);
        EXPECT_EQ(ended.status, 4) << words[0] << ": " << ended.err;
        EXPECT_NE(ended.err.find("999"), std::string::npos) << ended.err;
        EXPECT_NE(ended.err.find("entente.db"), std::string::npos) << ended.err;
    }
}

// Goal: one workspace has one engine; the second is told, and the first goes on.
TEST_F(BadStoreTest, that_is_in_use_is_refused) {
    Process first({"run", dir_});
    ASSERT_TRUE(first.says("CustomWebshop.Order: read")) << first.err();
    const auto second = entente({"run", dir_});
    EXPECT_EQ(second.status, 4) << second.err;
    EXPECT_NE(second.err.find(std::to_string(first.pid())), std::string::npos)
        << "the owner's process is named: " << second.err;
    first.signal(SIGTERM);
    EXPECT_EQ(first.wait(), 0) << first.err();
}

// Goal: a full disk ends the run with 4 and loses nothing: with room again it goes on. Method: a
// limit on file sizes.
TEST_F(BadStoreTest, on_a_full_disk_loses_nothing) {
    const std::string fresh = folder_.path("fresh");
    std::filesystem::create_directory(fresh);
    Systems systems(dir_);
    std::filesystem::copy(dir_ + "/entente.yaml", fresh + "/entente.yaml");
    std::filesystem::copy(dir_ + "/secrets", fresh + "/secrets");
    const auto full = entente({"run", fresh, "--until-idle", "--approve"},
                              {.environment = {}, .file_bytes_max = 200'000});
    EXPECT_EQ(full.status, 4) << full.out << full.err;
    EXPECT_NE(full.err.find("entente.db"), std::string::npos) << full.err;
    const auto again = entente({"run", fresh, "--until-idle", "--approve"});
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_EQ(entente({"verify", fresh}).status, 0);
}

// Goal: an empty list that only means "no rights" is not taken for an empty system, is said, and ends the run. Method: accounts
// that the user may not read, and a webshop full of customers.
TEST(BadInput, a_set_without_rights_is_named_and_nothing_is_created_in_it) {
    const Folder folder;
    const std::string dir = folder.path("w");
    write_file(dir + "/key", "secret\n");
    const auto serve = [&](std::vector<std::string> words) {
        words.insert(words.end(), {"--port", "0", "--records", "60", "--seed", "3", "--clock",
                                   "600", "--key-file", dir + "/key"});
        auto process = std::make_unique<Process>(std::move(words));
        CHECK(process->says(" ready at "), process->err());
        return process;
    };
    const auto url_of = [](const Process& process) {
        const std::string sign = " ready at ";
        const auto at = process.out().find(sign) + sign.size();
        return process.out().substr(at, process.out().find('\n', at) - at);
    };
    const auto exact = serve({"sim", "exact-online", "--no-rights", "crm/Accounts"});
    const auto shop = serve({"sim", "custom-webshop"});
    write_file(
        dir + "/entente.yaml",
        fmt::format(
            "workspace: test\nsystems:\n"
            "  Shop: {{connector: custom-webshop, base_url: \"{}\", auth: {{api_key: "
            "\"file:key\"}}}}\n"
            "  Exact: {{connector: exact-online, base_url: \"{}/api/v1/1234567\", simulated: true, "
            "settings: {{division: 1234567}}, auth: {{token: \"file:key\"}}}}\n",
            url_of(*shop), url_of(*exact)));
    Client client;
    const auto stats = [&] {
        return json_of(client.fetch({.method = "GET", .url = url_of(*exact) + "/sim/stats"})->body);
    };
    const Value before = stats();
    const auto run = entente({"run", dir, "--until-idle", "--approve"});
    EXPECT_EQ(run.status, 3) << run.out;
    EXPECT_NE(run.err.find("may not read crm/Accounts"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find("right to read"), std::string::npos) << run.err;
    const auto status = entente({"status", dir});
    EXPECT_NE(status.out.find("TROUBLE with Exact."), std::string::npos) << status.out;
    const Value after = stats();
    EXPECT_EQ(*after.find("records")->find("crm/Accounts"),
              *before.find("records")->find("crm/Accounts"));
    EXPECT_LT(number(after, "requests"), 80) << "it is not asked in a loop";
}

// Goal: a demo never touches a folder that is somebody else's.
TEST(BadInput, a_demo_refuses_a_foreign_folder) {
    const Folder folder;
    write_file(folder.path("mine/thesis.txt"), "precious");
    const auto demo = entente({"demo", "--once", "--records", "10", "--dir", folder.path("mine")});
    EXPECT_EQ(demo.status, 2);
    EXPECT_NE(demo.err.find("mine"), std::string::npos) << demo.err;
    EXPECT_EQ(read_file(folder.path("mine/thesis.txt")), "precious");
    EXPECT_FALSE(std::filesystem::exists(folder.path("mine/entente.yaml")));
}

}  // namespace
}  // namespace entente::e2e
