// A store that fails while a workspace is run: it is opened again when it is well, and a workspace that cannot go on ends the
// process, so that none stands still while its process lives on.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr long no_limit = 1L << 40;

// What a full disk refuses, for a process that runs already.
void limit_files(const Process& process, long bytes) {
    const rlimit limit{static_cast<rlim_t>(bytes), static_cast<rlim_t>(no_limit)};
    ASSERT_EQ(::prlimit(process.pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
}

void make_unusable(const std::string& dir) {
    sqlite3* file = nullptr;
    ASSERT_EQ(sqlite3_open((dir + "/state/entente.db").c_str(), &file), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(file, "PRAGMA user_version = 999", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(file);
}

// Goal: a disk that is full for a moment costs a pause, not the workspace, and it is said. Method: a limit on file sizes that is
// lowered below what the store has, and taken away again.
TEST(StoreFailure, that_passes_costs_a_pause) {
    const Folder folder;
    const std::string dir = folder.path("d");
    const auto demo = entente({"demo", "--once", "--records", "20", "--dir", dir, "--json"});
    ASSERT_EQ(demo.status, 0) << demo.err;
    Systems systems(dir);
    Process run({"run", dir}, {.environment = {}, .file_bytes_max = no_limit});
    ASSERT_TRUE(run.says("CustomWebshop.Order: read")) << run.err();
    limit_files(run, 1);
    ASSERT_TRUE(run.says("the store failed: ")) << run.err();
    ASSERT_TRUE(run.says("it is opened again in 1 s")) << run.err();
    limit_files(run, no_limit);
    ASSERT_TRUE(run.says("CustomWebshop.Order: read", 2)) << run.err();
    run.signal(SIGTERM);
    EXPECT_EQ(run.wait(), 0) << run.err();
    const auto rest = entente({"run", dir, "--until-idle"});
    EXPECT_TRUE(came_to_rest(rest)) << rest.err;
    EXPECT_EQ(entente({"verify", dir}).status, 0);
}

// Goal: of two workspaces one cannot be opened: the process ends and says which, and the other one is stopped in order.
TEST(StoreFailure, of_one_workspace_ends_the_process_of_both) {
    const Folder folder;
    const std::string well = folder.path("well"), ill = folder.path("ill");
    for (const std::string& dir : {well, ill}) {
        const auto demo = entente({"demo", "--once", "--records", "20", "--dir", dir, "--json"});
        ASSERT_EQ(demo.status, 0) << demo.err;
    }
    make_unusable(ill);
    const auto ended = entente({"run", well, ill});
    EXPECT_EQ(ended.status, 4) << ended.err;
    EXPECT_NE((ended.out + ended.err).find(ill + " cannot go on"), std::string::npos) << ended.out;
    EXPECT_EQ(entente({"verify", well}).status, 0);
}

}  // namespace
}  // namespace entente::e2e
