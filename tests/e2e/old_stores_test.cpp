// Stores of every version that was ever shipped: a copy of each runs, agrees and holds what it held. The files are in stores, each
// made by the program of its time (stores/README.md); the systems show what they showed then.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <map>
#include <set>

#include "npm_server.hpp"
#include "store/schema.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

namespace fs = std::filesystem;

const std::string stores = ENTENTE_SOURCE_DIR "/tests/e2e/stores";

// Every row of a query, its columns joined by blanks.
std::multiset<std::string> rows_of(const std::string& store, const std::string& query) {
    sqlite3* file = nullptr;
    std::multiset<std::string> rows;
    EXPECT_EQ(sqlite3_open_v2(store.c_str(), &file, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
    const auto keep = [](void* kept, int count, char** columns, char**) {
        std::string row;
        for (int i = 0; i < count; ++i) row += std::string(columns[i] ? columns[i] : "none") + ' ';
        static_cast<std::multiset<std::string>*>(kept)->insert(row);
        return 0;
    };
    EXPECT_EQ(sqlite3_exec(file, query.c_str(), keep, &rows, nullptr), SQLITE_OK)
        << sqlite3_errmsg(file);
    sqlite3_close(file);
    return rows;
}

// What nobody may lose by an upgrade: which record is linked to what and since when, what each shows, and the history.
std::map<std::string, std::multiset<std::string>> held_by(const std::string& store) {
    return {{"links", rows_of(store,
                              "SELECT r.external_id, r.resource, r.state, l.id, l.entity, "
                              "l.data_type, l.state, l.origin, l.made_at FROM links l "
                              "JOIN records r ON r.id = l.record")},
            {"bodies", rows_of(store,
                               "SELECT r.external_id, r.resource, b.body FROM records r "
                               "JOIN bodies b ON b.record = r.id")},
            {"approvals", rows_of(store, "SELECT data_type, approved FROM data_type_states")},
            {"history", rows_of(store,
                                "SELECT id, kind, at, entity, link, record, data_type, property, "
                                "hex(before), hex(after), text FROM history")}};
}

std::int64_t version_of(const std::string& store) {
    return std::stoll(*rows_of(store, "PRAGMA user_version").begin());
}

class OldStore : public testing::TestWithParam<int> {
protected:
    OldStore() {
        fs::copy(fs::path(stores) / std::to_string(GetParam()), dir_, fs::copy_options::recursive);
        fs::create_directories(dir_ + "/secrets");
        for (const std::string system : {"CustomWebshop", "CustomERP"}) {
            const std::string key = fmt::format("{}/secrets/{}.key", dir_, system);
            write_file(key, "simulated-" + system);
            fs::permissions(key, fs::perms::owner_read);
        }
        std::string yaml = read_file(dir_ + "/entente.yaml");
        const std::string sign = "http://127.0.0.1:";
        std::size_t at = 0;
        for (const int port : free_ports(2)) {
            at = yaml.find(sign, at) + sign.size();
            yaml.replace(at, yaml.find('\n', at) - at, std::to_string(port));
        }
        write_file(dir_ + "/entente.yaml", yaml);
    }

    Folder folder_;
    const std::string dir_ = folder_.path("d"), store_ = dir_ + "/state/entente.db";
};

TEST_P(OldStore, runs_agrees_and_holds_what_it_held) {
    const auto before = held_by(store_);
    ASSERT_EQ(version_of(store_), GetParam());
    const bool is_old = GetParam() < store::schema_version;
    const auto status = entente({"status", dir_});
    EXPECT_EQ(status.status, is_old ? 4 : 0) << status.err;
    EXPECT_EQ(status.err.find("`entente run` brings it to version") != std::string::npos, is_old)
        << status.err;
    const auto planned = entente({"plan", dir_});
    EXPECT_EQ(planned.status, 0) << planned.err;
    EXPECT_EQ(version_of(store_), GetParam()) << "a plan changes nothing";

    const auto ran = entente({"run", dir_, "--until-idle"});
    EXPECT_EQ(ran.status, 0) << ran.err << ran.out;
    EXPECT_EQ(entente({"verify", dir_}).status, 0);
    EXPECT_EQ(version_of(store_), store::schema_version);
    const auto after = held_by(store_);
    for (const auto& [what, rows] : before) {
        EXPECT_FALSE(rows.empty()) << what;
        EXPECT_EQ(after.at(what), rows) << what;
    }
}

INSTANTIATE_TEST_SUITE_P(EveryVersion, OldStore, testing::Range(1, int(store::schema_version) + 1));

// Goal: nobody ships a version without a file of it here.
TEST(OldStores, are_there_for_every_version) {
    for (int version = 1; version <= store::schema_version; ++version)
        EXPECT_TRUE(fs::exists(fmt::format("{}/{}/state/entente.db", stores, version))) << version;
}

}  // namespace
}  // namespace entente::e2e
