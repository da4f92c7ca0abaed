// What is SQLite's own: the file, its lock, its version, a full disk, readers beside the writer.
#include "store/sqlite_store.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "store/folder.hpp"
#include "store/schema.hpp"
#include "store/sql.hpp"
#include "store/sql_schema.hpp"
#include "store/store_suite.hpp"

namespace entente::store {
namespace {

std::unique_ptr<SqliteStore> open(const std::string& path, OpenOptions options = {}) {
    auto opened = SqliteStore::open(path, sample_names(), std::move(options));
    CHECK(opened.has_value(), opened ? std::string() : opened.error().message());
    return std::move(*opened);
}

std::unique_ptr<sync::Transaction> begin(SqliteStore& store) {
    auto transaction = store.begin();
    CHECK(transaction.has_value(), transaction ? std::string() : transaction.error().message());
    return std::move(*transaction);
}

// Records "1" to "count" of the shop's customers, each with a body of `size` bytes, in one transaction.
Result<void> add_records(SqliteStore& store, int count, std::size_t size) {
    auto t = begin(store);
    std::vector<sync::Record> records;
    for (int i = 1; i <= count; ++i) {
        sync::Record& r = records.emplace_back();
        r.id = t->new_record_id();
        r.resource = shop_customers;
        r.external_id = std::to_string(r.id.value);
        r.body = std::string(size, 'x');
    }
    t->insert(records);
    return t->commit();
}

std::int64_t live(sync::StoreReader& reader) {
    return reader.counts(shop_people).records;
}

// Runs SQL with a connection of its own, as a person with the sqlite3 shell would.
void execute(const std::string& path, const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
}

Error error_of(const std::string& path) {
    auto opened = SqliteStore::open(path, sample_names());
    return opened ? Error{} : opened.error();
}

std::uint32_t rights(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 0777 : 0;
}

TEST(SqliteStore, makes_a_private_folder_and_private_files) {
    const Folder folder;
    const auto store = open(folder.file("a/state/entente.db"));
    ASSERT_TRUE(add_records(*store, 1, 10));
    EXPECT_EQ(rights(folder.file("a/state")), 0700u);
    for (const char* end : {"", "-wal", "-shm", ".lock"}) {
        EXPECT_EQ(rights(folder.file("a/state/entente.db") + end), 0600u) << end;
    }
}

TEST(SqliteStore, a_second_opener_is_told_who_has_it) {
    const Folder folder;
    auto store = open(folder.file("entente.db"));
    const Error error = error_of(folder.file("entente.db"));
    EXPECT_EQ(error.kind, ErrorKind::busy);
    EXPECT_NE(error.text.find("process " + std::to_string(::getpid())), std::string::npos)
        << error.text;
    store.reset();
    EXPECT_NE(open(folder.file("entente.db")), nullptr);
}

TEST(SqliteStore, in_memory_it_needs_no_file_and_no_lock) {
    const auto one = open(":memory:"), two = open(":memory:");
    ASSERT_TRUE(add_records(*one, 3, 10));
    EXPECT_EQ(live(*begin(*one)), 3);
    EXPECT_EQ(live(*begin(*two)), 0);
    EXPECT_FALSE(std::filesystem::exists(":memory:"));
    EXPECT_FALSE(std::filesystem::exists(":memory:.lock"));
}

TEST(SqliteStore, refuses_a_store_of_a_newer_version_and_leaves_it_alone) {
    const Folder folder;
    ASSERT_TRUE(add_records(*open(folder.file("entente.db")), 2, 10));
    execute(folder.file("entente.db"), fmt::format("PRAGMA user_version = {}", schema_version + 3));
    const Error error = error_of(folder.file("entente.db"));
    EXPECT_EQ(error.kind, ErrorKind::store);
    EXPECT_NE(error.text.find(fmt::format("version {}", schema_version + 3)), std::string::npos)
        << error.text;
    EXPECT_NE(error.text.find(fmt::format("up to {};", schema_version)), std::string::npos)
        << error.text;
    EXPECT_EQ(SqliteStore::open_reader(folder.file("entente.db"), sample_names()).error().kind,
              ErrorKind::store);
    execute(folder.file("entente.db"), fmt::format("PRAGMA user_version = {}", schema_version));
    EXPECT_EQ(live(*begin(*open(folder.file("entente.db")))), 2);
}

TEST(SqliteStore, brings_a_store_of_the_first_version_to_its_own) {
    const Folder folder;
    const std::string path = folder.file("entente.db");
    execute(path, sql::create_tables);
    execute(path, sql::mark_as_ours);
    execute(path,
            "INSERT INTO names (kind, within, name, number) VALUES ('resource', '', "
            "'Shop.customers', 1);"
            "INSERT INTO names (kind, within, name, number) VALUES ('data type', '', "
            "'Shop.People', 2);"
            "INSERT INTO data_type_states VALUES (2, 1, 1, '', zeroblob(16));"
            "INSERT INTO dirty VALUES (2, 5, 0, 0, '');"
            "INSERT INTO feeds VALUES (1, 5, 6, 7, 8); PRAGMA user_version = 1");
    const auto store = open(path);
    {
        auto t = begin(*store);
        ASSERT_EQ(t->feeds().size(), 1u);
        sync::FeedState feed = t->feeds()[0];
        EXPECT_EQ(feed.records, 8);
        EXPECT_EQ(feed.row_version, 0);
        EXPECT_EQ(feed.doubtful_walks, 0);
        EXPECT_EQ(feed.doubt, "");
        ASSERT_EQ(t->data_type_states().size(), 1u);
        EXPECT_TRUE(t->data_type_states()[0].joined);
        ASSERT_EQ(t->dirty_ready(shop_people, {}, 9).size(), 1u);
        EXPECT_FALSE(t->dirty_ready(shop_people, {}, 9)[0].backfill);
        EXPECT_TRUE(t->apart_from({1}).empty());
        t->put_apart({1}, {2});
        feed.row_version = 99;
        t->put_feed(feed);
        ASSERT_TRUE(t->commit());
    }
    EXPECT_EQ(begin(*store)->feeds()[0].row_version, 99);
    EXPECT_EQ(begin(*store)->apart_from({2}), std::vector<RecordId>{{1}});
}

TEST(SqliteStore, refuses_what_is_no_database_and_what_belongs_to_others) {
    const Folder folder;
    const std::string text = "This is a letter, and long enough to be no header of anything.\n";
    std::ofstream(folder.file("letter.db")) << text << text << text;
    EXPECT_EQ(error_of(folder.file("letter.db")).kind, ErrorKind::store);
    std::string after;
    std::getline(std::ifstream(folder.file("letter.db")), after);
    EXPECT_EQ(after + "\n", text);

    execute(folder.file("other.db"), "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
    const Error error = error_of(folder.file("other.db"));
    EXPECT_EQ(error.kind, ErrorKind::store);
    EXPECT_NE(error.text.find("another program"), std::string::npos) << error.text;
    execute(folder.file("other.db"), "SELECT a FROM theirs");
}

TEST(SqliteStore, says_where_it_cannot_write) {
    // A folder that nobody can make, a file where a folder should be, and a folder without rights (for all but root).
    const Folder folder;
    std::ofstream(folder.file("file")) << "x";
    for (const std::string& path :
         {std::string("/proc/entente/entente.db"), folder.file("file/entente.db")}) {
        const Error error = error_of(path);
        EXPECT_EQ(error.kind, ErrorKind::store) << path;
        EXPECT_FALSE(error.where.empty());
    }
    if (::geteuid() == 0) return;
    ASSERT_EQ(::mkdir(folder.file("closed").c_str(), 0500), 0);
    EXPECT_EQ(error_of(folder.file("closed/entente.db")).kind, ErrorKind::store);
}

TEST(SqliteStore, a_full_disk_is_reported_by_commit_and_changes_nothing) {
    const Folder folder;
    {
        const auto store = open(folder.file("entente.db"), {.page_limit = 100});
        ASSERT_TRUE(add_records(*store, 5, 100));
        const Result<void> full = add_records(*store, 300, 4000);
        ASSERT_FALSE(full);
        EXPECT_EQ(full.error().kind, ErrorKind::store);
        EXPECT_NE(full.error().text.find("full"), std::string::npos) << full.error().text;
        EXPECT_EQ(full.error().where, folder.file("entente.db"));
        // The store goes on: what fits is stored.
        EXPECT_EQ(live(*begin(*store)), 5);
        EXPECT_TRUE(add_records(*store, 1, 100));
    }
    EXPECT_EQ(live(*begin(*open(folder.file("entente.db")))), 6);
}

TEST(SqliteStore, a_commit_that_fails_changes_nothing) {
    const Folder folder;
    bool refuses = false;
    {
        const auto store =
            open(folder.file("entente.db"), {.refuse_commit = [&] { return refuses; }});
        ASSERT_TRUE(add_records(*store, 2, 10));
        refuses = true;
        const Result<void> failed = add_records(*store, 3, 10);
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().kind, ErrorKind::store);
        EXPECT_EQ(live(*begin(*store)), 2);
        refuses = false;
        EXPECT_TRUE(add_records(*store, 1, 10));
    }
    EXPECT_EQ(live(*begin(*open(folder.file("entente.db")))), 3);
}

TEST(SqliteStore, what_was_committed_is_there_after_a_crash) {
    // The files as a kill -9 leaves them, write-ahead log and all: a copy of them, opened elsewhere. An open
    // transaction's rows are not in it.
    const Folder folder;
    const auto store = open(folder.file("entente.db"));
    ASSERT_TRUE(add_records(*store, 4, 100));
    auto unfinished = begin(*store);
    unfinished->put_feed({shop_customers, {1}, {1}, {1}, 1});
    for (const char* end : {"", "-wal"}) {
        std::filesystem::copy_file(folder.file("entente.db") + end, folder.file("copy.db") + end);
    }
    const auto copy = open(folder.file("copy.db"));
    EXPECT_EQ(live(*begin(*copy)), 4);
    EXPECT_TRUE(begin(*copy)->feeds().empty());
}

TEST(SqliteStore, a_reader_sees_one_moment_until_it_is_refreshed) {
    const Folder folder;
    const auto store = open(folder.file("entente.db"));
    ASSERT_TRUE(add_records(*store, 1, 10));
    auto reader = SqliteStore::open_reader(folder.file("entente.db"), sample_names());
    ASSERT_TRUE(reader) << reader.error().message();
    {
        auto t = begin(*store);
        t->set_keys({1}, shop_customers, std::vector{Digest{1, 2}}, true);
        t->put_feed({shop_customers, {1}, {}, {}, 1});
        ASSERT_TRUE(t->commit());
    }
    ASSERT_TRUE(add_records(*store, 1, 10));
    auto unfinished = begin(*store);
    unfinished->put_feed({shop_orders, {1}, {}, {}, 1});
    EXPECT_EQ(live(**reader), 1);
    EXPECT_TRUE((*reader)->feeds().empty());
    EXPECT_TRUE((*reader)->carriers(std::vector{Digest{1, 2}}, 9).at(0).empty());
    ASSERT_TRUE((*reader)->refresh());
    EXPECT_EQ(live(**reader), 2);
    EXPECT_EQ((*reader)->feeds().size(), 1u);
    EXPECT_EQ((*reader)->carriers(std::vector{Digest{1, 2}}, 9).at(0).size(), 1u);
    EXPECT_TRUE((*reader)->state());
}

TEST(SqliteStore, a_reader_needs_no_writer_but_a_store) {
    const Folder folder;
    EXPECT_EQ(SqliteStore::open_reader(folder.file("entente.db"), sample_names()).error().kind,
              ErrorKind::not_found);
    EXPECT_FALSE(std::filesystem::exists(folder.file("entente.db")));
    ASSERT_TRUE(add_records(*open(folder.file("entente.db")), 3, 10));
    auto reader = SqliteStore::open_reader(folder.file("entente.db"), sample_names());
    ASSERT_TRUE(reader) << reader.error().message();
    EXPECT_EQ(live(**reader), 3);
    std::ofstream(folder.file("empty.db")).close();
    EXPECT_EQ(SqliteStore::open_reader(folder.file("empty.db"), sample_names()).error().kind,
              ErrorKind::not_found);
}

// Goal: what a process leaves that was killed at its first or last moment can be read and gone on with. Method: the files as
// such a kill leaves them: nothing in the file, nothing but a log, a log without its index, a journal that must be rolled back.
TEST(SqliteStore, what_a_kill_left_is_read_and_gone_on_with) {
    const Folder folder;
    const std::string source = folder.file("source.db");
    const auto writer = open(source);
    ASSERT_TRUE(add_records(*writer, 4, 100));
    const auto copy = [&](const std::string& name, const std::vector<std::string>& ends) {
        for (const auto& end : ends)
            std::filesystem::copy_file(source + end, folder.file(name) + end);
        return folder.file(name);
    };
    const auto without_index = copy("without_index.db", {"", "-wal"});
    EXPECT_EQ(live(**SqliteStore::open_reader(without_index, sample_names())), 4);
    EXPECT_EQ(live(*begin(*open(without_index))), 4);

    const auto log_alone = copy("log_alone.db", {"-wal"});
    std::ofstream(log_alone).close();
    EXPECT_EQ(*age_of(log_alone), Age::none);
    EXPECT_EQ(live(*begin(*open(log_alone))), 0);

    const auto interrupted = folder.file("interrupted.db");
    execute(interrupted, "CREATE TABLE unfinished (a)");
    execute(interrupted, "BEGIN; DROP TABLE unfinished; COMMIT");
    EXPECT_EQ(*age_of(interrupted), Age::none);
    EXPECT_EQ(live(*begin(*open(interrupted))), 0);
    EXPECT_EQ(*age_of(interrupted), Age::today);
}

TEST(SqliteStore, its_age_is_told_before_it_is_opened) {
    const Folder folder;
    const std::string path = folder.file("entente.db");
    EXPECT_EQ(*age_of(path), Age::none);
    EXPECT_FALSE(std::filesystem::exists(path));
    std::ofstream(path).close();
    EXPECT_EQ(*age_of(path), Age::none);
    open(path);
    EXPECT_EQ(*age_of(path), Age::today);
    execute(path, fmt::format("PRAGMA user_version = {}", schema_version - 1));
    EXPECT_EQ(*age_of(path), Age::older);
    const Error error = SqliteStore::open_reader(path, sample_names()).error();
    EXPECT_NE(error.text.find("`entente run` brings it to version"), std::string::npos)
        << error.text;
    execute(path, fmt::format("PRAGMA user_version = {}", schema_version + 1));
    EXPECT_EQ(age_of(path).error().kind, ErrorKind::store);
}

TEST(SqliteStore, a_damaged_row_poisons_the_transaction_and_is_named) {
    const Folder folder;
    {
        const auto store = open(folder.file("entente.db"));
        ASSERT_TRUE(add_records(*store, 1, 10));
        auto t = begin(*store);
        sync::Link link;
        link.id = t->new_link_id();
        link.record = {1};
        link.data_type = shop_people;
        link.entity = {1};
        link.shadows = {{Value("Ann"), {1, {{5}, 0, {5}, shop}, {}}}};
        t->insert(std::span<const sync::Link>(&link, 1));
        ASSERT_TRUE(t->commit());
    }
    const auto expect_damage = [&](const std::string& sql, const std::string& place, auto&& read) {
        execute(folder.file("entente.db"), sql);
        const auto store = open(folder.file("entente.db"));
        auto t = begin(*store);
        read(*t);
        const Result<void> done = t->commit();
        ASSERT_FALSE(done) << sql;
        EXPECT_EQ(done.error().kind, ErrorKind::corrupt);
        EXPECT_NE(done.error().text.find(place), std::string::npos) << done.error().text;
    };
    const auto links = [](sync::Transaction& t) { t.links_of_records(std::vector<RecordId>{{1}}); };
    const auto heads = [](sync::Transaction& t) {
        t.find_records(shop_customers, std::vector<std::string>{"1"});
    };
    const auto records = [](sync::Transaction& t) { t.records(std::vector<RecordId>{{1}}); };
    expect_damage("UPDATE links SET shadows = substr(shadows, 1, 5)", "links 1", links);
    expect_damage("UPDATE links SET data_type = 99", "links 1", links);
    expect_damage("UPDATE records SET digest = x'0102'", "records 1", heads);
    expect_damage("UPDATE records SET digest = x'', state = 9", "9 is no value", heads);
    expect_damage("UPDATE records SET state = 0; DELETE FROM bodies", "bodies 1", records);
}

}  // namespace
}  // namespace entente::store
