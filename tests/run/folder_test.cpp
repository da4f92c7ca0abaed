// A workspace's folder: its files, its secrets, and what is said when something is wrong with them.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "run/connectors.hpp"
#include "run/files.hpp"
#include "run/simulated_processes.hpp"
#include "run/workspace_folder.hpp"

namespace entente::run::test {
namespace {

namespace fs = std::filesystem;

class FolderTest : public testing::Test {
protected:
    FolderTest() {
        std::string pattern = (fs::temp_directory_path() / "entente-run-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~FolderTest() override {
        std::error_code failed;
        fs::remove_all(path_, failed);
    }
    void write(const std::string& name, const std::string& text) {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
    }
    static model::SecretRef file(const std::string& name) {
        return {model::SecretRef::Kind::file, name, {"entente.yaml", 6, 12}};
    }

    fs::path path_;
};

constexpr const char* good = R"(workspace: test
systems:
  Shop: {connector: custom-webshop, base_url: "http://127.0.0.1:4010", simulated: true, auth: {api_key: "file:key"}}
  Erp: {connector: custom-erp, base_url: "http://127.0.0.1:4011", auth: {token: "${ENTENTE_TEST_TOKEN}"}}
)";

// Goal: a secret is taken without the white space that editors leave, and nothing but a secret is
// taken.
TEST_F(FolderTest, a_secret_is_trimmed) {
    write("key", "  hunter2\n\n");
    const Secrets secrets(path_);
    EXPECT_EQ(secrets.value(file("key")).value(), "hunter2");
    ::setenv("ENTENTE_TEST_TOKEN", " tok \n", 1);
    EXPECT_EQ(
        secrets.value({model::SecretRef::Kind::environment, "ENTENTE_TEST_TOKEN", {}}).value(),
        "tok");
}

// Goal: an unset, empty, missing or impossible secret is an error with place and remedy, and never
// repeats a value.
TEST_F(FolderTest, a_missing_secret_is_named_with_its_place) {
    write("empty", " \n");
    ::unsetenv("ENTENTE_TEST_TOKEN");
    const Secrets secrets(path_);
    for (const auto& secret : {file("none"), file("empty"), file("."),
                               model::SecretRef{model::SecretRef::Kind::environment,
                                                "ENTENTE_TEST_TOKEN",
                                                {"entente.yaml", 6, 12}}}) {
        const auto value = secrets.value(secret);
        ASSERT_FALSE(value) << secret.name;
        EXPECT_EQ(value.error().kind, ErrorKind::bad_input);
        EXPECT_EQ(value.error().where, "entente.yaml:6:12");
        EXPECT_NE(value.error().text.find(';'), std::string::npos)
            << "a remedy: " << value.error().text;
    }
}

// Goal: a secret that others can read is warned of, with the command that mends it.
TEST_F(FolderTest, a_secret_that_others_can_read_is_warned_of) {
    write("key", "hunter2");
    const Secrets secrets(path_);
    ::chmod((path_ / "key").c_str(), 0644);
    const auto warning = secrets.warning(file("key"));
    ASSERT_TRUE(warning);
    EXPECT_NE(warning->find("chmod 600"), std::string::npos);
    EXPECT_EQ(warning->find("hunter2"), std::string::npos);
    ::chmod((path_ / "key").c_str(), 0600);
    EXPECT_FALSE(secrets.warning(file("key")));
}

// Goal: files are private and replaced as a whole; larger ones than allowed are refused.
TEST_F(FolderTest, files_are_private_and_limited) {
    ASSERT_TRUE(make_private_folder(path_ / "a/b"));
    ASSERT_TRUE(make_private_folder(path_ / "a/b")) << "an existing one is fine";
    ASSERT_TRUE(write_private_file(path_ / "a/b/f", "one"));
    ASSERT_TRUE(write_private_file(path_ / "a/b/f", "two"));
    struct stat status{};
    ASSERT_EQ(::stat((path_ / "a/b/f").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat((path_ / "a/b").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
    EXPECT_EQ(read_file(path_ / "a/b/f", 3).value(), "two");
    EXPECT_FALSE(read_file(path_ / "a/b/f", 2));
    EXPECT_FALSE(read_file(path_ / "a", 100)) << "a folder is no file";
}

// Goal: a good folder gives a workspace, with the store below it and the secrets found.
TEST_F(FolderTest, a_good_folder_is_read) {
    write("entente.yaml", good);
    write("key", "hunter2");
    ::setenv("ENTENTE_TEST_TOKEN", "tok", 1);
    const auto folder = require_workspace_folder(path_);
    ASSERT_TRUE(folder) << folder.error().message();
    EXPECT_EQ(folder->store_path, path_ / "state/entente.db");
    EXPECT_EQ(folder->workspace->systems.size(), 2u);
    EXPECT_TRUE(open_connectors(*folder)) << "every secret resolves";
    EXPECT_FALSE(fs::exists(path_ / "state")) << "reading makes nothing";
}

// Goal: what is to be filled in stops a run, but not a look. Method: the token is unset.
TEST_F(FolderTest, an_unset_secret_stops_only_who_needs_it) {
    write("entente.yaml", good);
    write("key", "hunter2");
    ::unsetenv("ENTENTE_TEST_TOKEN");
    const auto looked = read_workspace_folder(path_);
    ASSERT_TRUE(looked);
    EXPECT_TRUE(looked->workspace);
    const auto needed = require_workspace_folder(path_);
    ASSERT_FALSE(needed);
    EXPECT_NE(needed.error().text.find("ENTENTE_TEST_TOKEN"), std::string::npos);
}

// Goal: the workspace's own catalogue is laid over the shipped one, and its mistakes are named by
// its files.
TEST_F(FolderTest, the_overlay_is_read_with_its_own_names) {
    write("entente.yaml", good);
    write("key", "hunter2");
    write("catalog/models/product.yaml", "model: product\nproperties: {colour: {type: tekst}}\n");
    write("catalog/readme.txt", "not: [yaml");
    const auto folder = read_workspace_folder(path_);
    ASSERT_TRUE(folder);
    ASSERT_FALSE(folder->workspace);
    bool is_named = false;
    for (const auto& diagnostic : folder->diagnostics)
        is_named |= diagnostic.at.file == "catalog/models/product.yaml";
    EXPECT_TRUE(is_named);
}

// Goal: what a demo writes about a simulated system is what a later run starts.
TEST_F(FolderTest, a_simulated_system_is_described_for_later) {
    write("entente.yaml", good);
    write("key", "hunter2");
    ::setenv("ENTENTE_TEST_TOKEN", "tok", 1);
    const auto folder = require_workspace_folder(path_);
    ASSERT_TRUE(folder);
    const auto& shop = folder->workspace->systems[0];
    ASSERT_TRUE(write_simulated({.name = "Shop",
                                 .kind = "custom-webshop",
                                 .records = 40,
                                 .seed = 18'446'744'073'709'551'615u,
                                 .clock = 60,
                                 .folder = simulated_folder(path_, "Shop")}));
    const auto read = read_simulated(path_, shop);
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->port, 4010);
    EXPECT_EQ(read->records, 40);
    EXPECT_EQ(read->seed, 18'446'744'073'709'551'615u);
    EXPECT_EQ(read->clock, 60);
    EXPECT_EQ(read->key_file, path_ / "key");
    write("systems/Shop/sim.json", "{\"records\": \"many\"}");
    EXPECT_FALSE(read_simulated(path_, shop));
}

}  // namespace
}  // namespace entente::run::test
