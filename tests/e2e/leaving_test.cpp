// How commands end when their output cannot be written, when the terminal goes away, and when a file holds more than anybody could
// look at. Method: /dev/full and a pipe without a reader instead of standard output; SIGHUP; files made by a loop.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "lying_system.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr int entries = 130'000;

class LeavingTest : public testing::Test {
protected:
    void SetUp() override {
        shop_.put("1", "Ink BV", "ink@ink.example", "Leiden");
        ledger_.put("11", "Ink BV", "ink@ink.example", "Leiden");
        write_lying_workspace(dir_, shop_.url(), ledger_.url());
        ASSERT_EQ(entente({"run", dir_, "--until-idle", "--approve"}).status, 0);
    }
    // In a shell, which can give it another standard output; the status is that of entente.
    Finished in_shell(const std::string& words, const std::string& output) const {
        Process shell({"-c", fmt::format("{} {} {}", ENTENTE_BINARY, words, output)},
                      {.environment = {}, .file_bytes_max = 0, .program = "bash"});
        const int status = shell.wait();
        return {status, shell.out(), shell.err(), ""};
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("w");
    LyingSystem shop_, ledger_;
};

// Goal: no command ends with 0 when what it had to say is lost.
TEST_F(LeavingTest, output_that_is_lost_ends_with_an_error) {
    const std::vector<std::string> commands{
        "--help",
        "--version",
        "check " + dir_,
        "check --json " + dir_,
        "check --live " + dir_,
        "plan " + dir_,
        "plan --json " + dir_,
        "run --until-idle --approve " + dir_,
        "run --json --until-idle --approve " + dir_,
        "status " + dir_,
        "status --json " + dir_,
        "verify " + dir_,
        "verify --json " + dir_,
        "history " + dir_ + " Shop.Customer 1",
        "retry --json " + dir_,
        "init " + folder_.path("fresh"),
        "demo --once --records 5 --dir " + folder_.path("demo"),
    };
    for (const auto& words : commands) {
        const auto ended = in_shell(words, ">/dev/full");
        EXPECT_EQ(ended.status, 2) << words << ended.err;
        EXPECT_NE(ended.err.find("could not be written"), std::string::npos) << words << ended.err;
    }
}

// Goal: a reader that has gone is noticed by a command that goes on for ever, too: it ends, and says why.
TEST_F(LeavingTest, a_pipe_that_nobody_reads_ends_a_run_with_an_error) {
    const auto ended = in_shell("run --approve " + dir_, "| head -n 0; exit ${PIPESTATUS[0]}");
    EXPECT_EQ(ended.status, 2) << ended.err;
    EXPECT_NE(ended.err.find("could not be written"), std::string::npos) << ended.err;
}

// Goal: a terminal that is closed ends a run as SIGTERM does: cleanly.
TEST_F(LeavingTest, a_hangup_ends_a_run_cleanly) {
    Process run({"run", dir_, "--approve"});
    ASSERT_TRUE(run.says("Shop.Customer: read")) << run.out() << run.err();
    run.signal(SIGHUP);
    EXPECT_EQ(run.wait(), 0) << run.out() << run.err();
}

// Goal: a header of a megabyte is told as what it is.
TEST_F(LeavingTest, a_header_of_a_megabyte_is_no_lack_of_memory) {
    LyingSystem shop([](const http::Request&) {
        return http::Response{200, {{"X-Long", std::string(1u << 20, 'x')}}, "{}"};
    });
    write_lying_workspace(dir_, shop.url(), ledger_.url());
    const auto run = entente({"run", dir_, "--until-idle", "--approve", "--give-up-after", "1s"});
    EXPECT_EQ(run.status, 3) << run.out << run.err;
    EXPECT_NE((run.out + run.err).find("headers"), std::string::npos) << run.out << run.err;
    EXPECT_EQ((run.out + run.err).find("memory"), std::string::npos) << run.out << run.err;
}

// Goal: what run refuses to begin with, check refuses, and says where.
TEST_F(LeavingTest, check_refuses_what_run_refuses) {
    const auto expect_refused = [&](const char* why) {
        for (const char* command : {"check", "run"}) {
            const auto ended = entente({command, dir_});
            EXPECT_EQ(ended.status, 2) << command << ": " << ended.out << ended.err;
            EXPECT_NE(ended.err.find(why), std::string::npos) << command << ": " << ended.err;
        }
        const auto programs = entente({"check", dir_, "--json"});
        EXPECT_EQ(programs.status, 2);
        EXPECT_NE(programs.out.find("\"usable\":false"), std::string::npos) << programs.out;
    };
    const std::string connector = dir_ + "/catalog/connectors/shop/connector.yaml";
    const std::string customers = dir_ + "/catalog/connectors/shop/customers.yaml";
    const std::string good_connector = read_file(connector), good_customers = read_file(customers);
    write_lying_workspace(dir_, shop_.url() + "/api", ledger_.url());
    for (const char* path :
         {"/../customers", "/a/../../customers", "/%2e%2e/customers", "/a\\\\b"}) {
        const auto at = good_customers.find("path: /customers");
        std::string bad = good_customers;
        write_file(customers, bad.replace(at, 16, fmt::format("path: \"{}\"", path)));
        expect_refused("leads away");
    }
    write_file(customers, good_customers);
    for (const char* header :
         {"headers: {X-A: \"a\\r\\nX-B: b\"}", "list: {rows: data, headers: {X-A: \"a\\nb\"}}"}) {
        std::string bad = good_connector;
        const std::string list = "list: {rows: data}";
        if (std::string_view(header).starts_with("list"))
            bad.replace(bad.find(list), list.size(), header);
        else
            bad += std::string(header) + "\n";
        write_file(connector, bad);
        const auto check = entente({"check", dir_});
        EXPECT_EQ(check.status, 2) << header << check.out << check.err;
    }
    write_file(connector,
               good_connector + "auth: {header: X-Key, value: \"{key}\", needs: [key]}\n");
    write_lying_workspace(folder_.path("other"), shop_.url(), ledger_.url(),
                          ", auth: {key: \"file:key\"}");
    std::filesystem::copy_file(folder_.path("other/entente.yaml"), dir_ + "/entente.yaml",
                               std::filesystem::copy_options::overwrite_existing);
    write_file(dir_ + "/key", "a\r\nX-B: b");
    expect_refused("line break");
}

// Goal: a file that holds more than anybody could look at ends in a word, at once, and not in minutes.
TEST_F(LeavingTest, a_file_of_too_many_entries_ends_with_a_limit) {
    std::string lines, one_line;
    for (int i = 0; i < entries; ++i) {
        lines += fmt::format("  S{}: {{}}\n", i);
        one_line += fmt::format("S{}: {{}}, ", i);
    }
    std::string few;
    for (int i = 0; i < 300; ++i) few += fmt::format("  S{}: {{connector: shop}}\n", i);
    for (const std::string& systems :
         {"systems:\n" + lines, "systems: {" + one_line + "}\n", "systems:\n" + few}) {
        write_file(dir_ + "/entente.yaml", "workspace: many\n" + systems);
        const auto check = entente({"check", dir_});
        EXPECT_EQ(check.status, 2);
        EXPECT_NE(check.err.find("divide it"), std::string::npos) << check.err.substr(0, 500);
        EXPECT_LT(check.err.size(), 2'000u) << "it is said once";
    }
    std::string sets;
    for (int i = 0; i < 30'000; ++i)
        sets += fmt::format("<EntitySet Name=\"S{}\" EntityType=\"N.C\"/>", i);
    LyingSystem service([&](const http::Request&) {
        return http::Response{
            200,
            {{"Content-Type", "application/xml"}},
            "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"e\"><Schema Namespace=\"N\"><EntityType "
            "Name=\"C\"/><EntityContainer Name=\"E\">" +
                sets + "</EntityContainer></Schema></edmx:Edmx>"};
    });
    const auto draft = entente({"init", "--discover", service.url(), "--into", folder_.path("d")});
    EXPECT_EQ(draft.status, 3) << draft.out << draft.err;
    EXPECT_NE(draft.err.find("entity sets"), std::string::npos) << draft.err;
}

}  // namespace
}  // namespace entente::e2e
