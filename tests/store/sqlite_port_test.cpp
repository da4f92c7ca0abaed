// SQLite joins the suite of the port: as it is, and with so few match keys in memory that merges go on all the time.
#include "store/folder.hpp"
#include "store/sqlite_store.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

class SqliteUnderTest final : public StoreUnderTest {
public:
    SqliteUnderTest(const Names& names, std::size_t recent_keys) : recent_keys_(recent_keys) {
        reopen(names);
    }
    void reopen(const Names& names) override {
        store_.reset();
        OpenOptions options;
        options.recent_keys = recent_keys_;
        auto opened = SqliteStore::open(folder_.file("entente.db"), names, options);
        CHECK(opened.has_value(), opened ? std::string() : opened.error().message());
        store_ = std::move(*opened);
    }
    sync::Store& store() override { return *store_; }

private:
    Folder folder_;
    std::size_t recent_keys_;
    std::unique_ptr<SqliteStore> store_;
};

StoreFactory sqlite(const std::string& name, std::size_t recent_keys) {
    return {name, [recent_keys](const Names& names) {
                return std::make_unique<SqliteUnderTest>(names, recent_keys);
            }};
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StorePort,
                         ::testing::Values(sqlite("as_it_is", OpenOptions().recent_keys),
                                           sqlite("few_keys", 100)),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace entente::store
