// The plan: it writes nothing, and what it says is what the run then does (DESIGN.md section 2, point 9).
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr const char* yaml = R"(workspace: tried
systems:
  Shop: {connector: custom-webshop}
  Books: {connector: custom-erp}
flows: derived
)";

constexpr const char* with_another = R"(workspace: tried
systems:
  Shop: {connector: custom-webshop}
  Books: {connector: custom-erp}
  Branch: {connector: custom-erp}
flows: derived
)";

class PlanTest : public testing::Test {
protected:
    PlanTest() {
        std::filesystem::create_directories(dir_);
        write_file(dir_ + "/entente.yaml", yaml);
    }

    Finished run(std::vector<std::string> words) {
        words.insert(words.begin() + 1, {dir_, "--simulated"});
        return entente(std::move(words));
    }
    Value plan() {
        const auto planned = run({"plan", "--json", "--records", "150", "--seed", "5"});
        EXPECT_EQ(planned.status, 0) << planned.err;
        return json_of(planned.last_line);
    }
    // What the simulated system has counted, asked of a process that only serves its journal.
    std::int64_t counted(const std::string& system, const std::string& kind,
                         const std::string& counter) {
        Process served(
            {"sim", kind, "--port", "0", "--dir", dir_ + "/state/simulated/systems/" + system});
        const std::string sign = " ready at ";
        if (!served.says(sign)) return -1;
        const auto at = served.out().find(sign) + sign.size();
        const std::string url = served.out().substr(at, served.out().find('\n', at) - at);
        const auto stats = client_.fetch({.method = "GET", .url = url + "/sim/stats"});
        served.signal(15);
        served.wait();
        return stats ? number(json_of(stats->body), counter) : -1;
    }
    static std::int64_t sum(const Value& plan, const std::string& what) {
        std::int64_t total = 0;
        for (const auto& flow : plan.find("flows")->as_list()) total += number(flow, what);
        return total;
    }

    Folder folder_;
    std::string dir_ = folder_.path("workspace");
    Client client_;
};

TEST_F(PlanTest, nothing_is_written_by_it) {
    const Value plan = this->plan();
    EXPECT_GT(sum(plan, "linked"), 100);
    EXPECT_GT(sum(plan, "created"), 20);
    EXPECT_GT(sum(plan, "updated"), 10);
    for (const auto& [system, kind] :
         {std::pair("Shop", "custom-webshop"), std::pair("Books", "custom-erp")}) {
        EXPECT_EQ(counted(system, kind, "writes"), 0) << system;
    }
    EXPECT_FALSE(std::filesystem::exists(dir_ + "/state/simulated/store/entente.db"));
    for (const auto& entry : std::filesystem::directory_iterator(dir_ + "/state/simulated/store"))
        EXPECT_FALSE(entry.is_directory()) << entry.path();
}

// Goal: a plan removes nothing but what a plan has made, even what a killed plan left. Method: things of others stand where plans
// work: under the name that plans once used, under the names of today's folders, and inside the folder of a killed plan.
TEST_F(PlanTest, removes_nothing_that_it_did_not_make) {
    namespace fs = std::filesystem;
    const std::string store = dir_ + "/state/simulated/store";
    const std::vector<std::string> theirs{store + "/plan/precious.txt", store + "/plan.lock",
                                          store + "/entente.db.plan-theirs/entente.db",
                                          store + "/entente.db.plan-AbCdEf/made-by-entente-plan"};
    for (const auto& path : theirs) {
        fs::create_directories(fs::path(path).parent_path());
        write_file(path, "years of work");
    }
    const std::string killed = store + "/entente.db.plan-killed";
    Process planning({"plan", dir_, "--simulated", "--records", "150", "--seed", "5"});
    ASSERT_TRUE(planning.says(": read")) << planning.err();
    planning.signal(SIGKILL);
    planning.wait();
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(store))
        if (fs::exists(entry.path() / "entente.db-wal")) left.push_back(entry.path());
    ASSERT_EQ(left.size(), 1u) << "a killed plan leaves its folder";
    write_file(left.front().string() + "/precious.txt", "years of work");
    plan();
    for (const auto& path : theirs) EXPECT_EQ(read_file(path), "years of work") << path;
    EXPECT_EQ(read_file(left.front().string() + "/precious.txt"), "years of work");
    EXPECT_FALSE(fs::exists(left.front() / "entente.db"));
    fs::remove(left.front() / "precious.txt");
    fs::create_directory_symlink(fs::path(theirs.front()).parent_path(), killed);
    plan();
    EXPECT_TRUE(fs::exists(theirs.front()));
}

TEST_F(PlanTest, a_run_that_nobody_approved_prints_it_and_writes_nothing) {
    const auto refused = run({"run", "--until-idle", "--records", "150", "--seed", "5"});
    EXPECT_EQ(refused.status, 1) << refused.err;
    EXPECT_NE(refused.out.find("would create"), std::string::npos) << refused.out;
    EXPECT_NE(refused.out.find("Nothing was written"), std::string::npos) << refused.out;
    EXPECT_EQ(counted("Books", "custom-erp", "writes"), 0);
}

TEST_F(PlanTest, the_run_does_what_it_said_with_the_calls_it_said) {
    const Value plan = this->plan();
    for (const std::string system : {"Shop", "Books"}) {
        EXPECT_EQ(number(plan, "systems." + system + ".backfill"),
                  number(plan, "systems." + system + ".creates") +
                      number(plan, "systems." + system + ".updates"))
            << "nobody has edited anything since the two know each other: " << system;
        EXPECT_EQ(plan.at_path("systems." + system + ".quotas")->as_list().size(), 1u) << system;
    }
    const auto ran = run({"run", "--until-idle", "--approve", "--json"});
    ASSERT_TRUE(came_to_rest(ran)) << ran.err;
    const Value done = json_of(ran.last_line);
    for (const std::string system : {"Shop", "Books"}) {
        EXPECT_EQ(number(plan, "systems." + system + ".creates") +
                      number(plan, "systems." + system + ".updates"),
                  number(done, "api_calls." + system + ".by_purpose.write"))
            << system;
    }
    EXPECT_EQ(run({"verify"}).status, 0);
    const Value status = json_of(run({"status", "--json"}).last_line);
    const Value& shop = status.find("systems")->as_list().front();
    EXPECT_GT(number(shop.find("data_types")->as_list().front(), "linked"), 0);
    const Value& calls = *shop.find("calls");
    EXPECT_GT(number(calls, "made.sweeps"), 0);
    EXPECT_GT(number(calls, "made.backfill"), 0);
    EXPECT_EQ(number(calls, "to_come.edits") + number(calls, "to_come.backfill"), 0);
    ASSERT_EQ(calls.find("quotas")->as_list().size(), 1u);
    EXPECT_EQ(number(calls.find("quotas")->as_list().front(), "requests"), 1200);
    const std::string told = run({"status"}).out;
    EXPECT_NE(told.find("of 1200 calls in"), std::string::npos) << told;
    EXPECT_NE(told.find("to come 0 for edits and 0 for a backfill"), std::string::npos) << told;
    const Value after = this->plan();
    EXPECT_EQ(sum(after, "created") + sum(after, "updated"), 0);
}

// A mandatory property that the webshop does not have: named by check, and by the plan with the records it stops.
TEST_F(PlanTest, what_nothing_supplies_is_named_with_the_records_it_stops) {
    write_file(dir_ + "/catalog/models/organisation.yaml",
               "model: organisation\nproperties: {phone: {type: phone, required: true}}\n");
    write_file(dir_ + "/catalog/connectors/custom-webshop/customers.yaml",
               "resource: customers\ndata_types: {Customer: {map: {phone: null}}}\n");
    const auto checked = entente({"check", dir_});
    EXPECT_EQ(checked.status, 0) << checked.err;
    EXPECT_NE(checked.out.find("Books.Customer requires phone, which Shop.Customer does not have"),
              std::string::npos)
        << checked.out;
    const Value plan = this->plan();
    bool is_named = false;
    for (const auto& flow : plan.find("flows")->as_list())
        for (const auto& wait : flow.find("waiting")->as_list())
            is_named |= *wait.find("why") == Value("phone has no value yet") &&
                        number(wait, "records") > 0 && !wait.find("samples")->as_list().empty();
    EXPECT_TRUE(is_named);
}

TEST_F(PlanTest, a_system_that_joined_later_is_planned_before_it_is_written_to) {
    ASSERT_TRUE(
        came_to_rest(run({"run", "--until-idle", "--approve", "--records", "150", "--seed", "5"})));
    write_file(dir_ + "/entente.yaml", with_another);
    const auto refused = run({"run", "--until-idle", "--records", "150", "--seed", "5"});
    EXPECT_EQ(refused.status, 1) << refused.err;
    EXPECT_NE(refused.out.find("Branch.Customer"), std::string::npos) << refused.out;
    EXPECT_EQ(counted("Branch", "custom-erp", "writes"), 0);
    ASSERT_TRUE(came_to_rest(run({"run", "--until-idle", "--approve"})));
    EXPECT_EQ(run({"verify"}).status, 0);
}

}  // namespace
}  // namespace entente::e2e
