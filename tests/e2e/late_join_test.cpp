// A fourth system comes to a finished demo. It holds the same customers, products and orders under ids and in spellings of its
// own: it is matched before anything is created in it or from it, so nothing is created twice anywhere (G1).
#include <gtest/gtest.h>

#include "world.hpp"

namespace entente::e2e {
namespace {

class LateJoinTest : public testing::Test {
protected:
    void SetUp() override {
        const auto demo =
            entente({"demo", "--once", "--records", "100", "--seed", "9", "--dir", dir_, "--json"});
        ASSERT_EQ(demo.status, 0) << demo.err;
    }

    // Starts the branch's books and adds them to the workspace.
    void open_branch() {
        write_file(dir_ + "/secrets/Branch.key", "branch-secret\n");
        branch_ = std::make_unique<Process>(
            std::vector<std::string>{"sim", "custom-erp", "--again", "--port", "0", "--records",
                                     "100", "--seed", "9", "--dir", dir_ + "/systems/Branch",
                                     "--clock", "600", "--key-file", dir_ + "/secrets/Branch.key"});
        const std::string sign = " ready at ";
        ASSERT_TRUE(branch_->says(sign)) << branch_->err();
        const auto at = branch_->out().find(sign) + sign.size();
        url_ = branch_->out().substr(at, branch_->out().find('\n', at) - at);
        std::string yaml = read_file(dir_ + "/entente.yaml");
        yaml.insert(yaml.find("flows:"),
                    "  Branch:\n    connector: custom-erp\n    base_url: " + url_ +
                        "\n    auth: {token: \"file:secrets/Branch.key\"}\n");
        write_file(dir_ + "/entente.yaml", yaml);
    }

    std::int64_t counted(const std::string& url, const char* counter) {
        const auto stats = client_.fetch({.method = "GET", .url = url + "/sim/stats"});
        return stats ? number(json_of(stats->body), counter) : -1;
    }

    Folder folder_;
    std::string dir_ = folder_.path("d");
    Client client_;
    std::unique_ptr<Process> branch_;
    std::string url_;
};

TEST_F(LateJoinTest, the_same_customers_are_created_nowhere_again) {
    Systems systems(dir_);
    open_branch();
    std::map<std::string, std::int64_t> creates;
    for (const auto& system : systems.all()) creates[system.name] = counted(system.url, "creates");

    const auto asked = entente({"run", dir_, "--json"});
    EXPECT_EQ(asked.status, 1) << asked.err;
    const Value plan = json_of(asked.last_line);
    EXPECT_EQ(counted(url_, "writes"), 0) << "nobody has approved it";

    ASSERT_TRUE(came_to_rest(entente({"run", dir_, "--until-idle", "--approve", "--json"})));
    for (const auto& system : systems.all())
        EXPECT_EQ(counted(system.url, "creates"), creates[system.name]) << system.name;
    EXPECT_EQ(counted(url_, "creates"), number(plan, "systems.Branch.creates"));
    EXPECT_GT(counted(url_, "creates"), 0) << "what only the others had";
    EXPECT_EQ(entente({"verify", dir_}).status, 0);
    const auto writes = counted(url_, "writes");
    ASSERT_TRUE(came_to_rest(entente({"run", dir_, "--until-idle"})));
    EXPECT_EQ(counted(url_, "writes"), writes) << "then silence";
}

}  // namespace
}  // namespace entente::e2e
