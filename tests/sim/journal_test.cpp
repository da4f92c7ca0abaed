// What a simulated system wrote down before it answered is what it is after kill -9.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/random.hpp"
#include "fixture.hpp"
#include "sim/journal.hpp"

namespace entente::sim::test {
namespace {

std::string journal_of(const SimOptions& options) {
    return options.directory + "/journal.jsonl";
}

void append(const std::string& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
}

// A random write: mostly good ones, some that are refused, some that change nothing.
void write_something(Client& client, bool is_shop, Random& random, int step) {
    const std::string root = is_shop ? "/api/" : "/v1/";
    const std::string name = is_shop ? "name" : "company_name";
    const std::string code = is_shop ? "sku" : "item_code";
    const std::string title = is_shop ? "title" : "description";
    const std::int64_t n = random.between(0, 30);
    const std::string customer = is_shop ? fmt::format("c-{}", 101 + n) : std::to_string(4001 + n);
    const std::string order = is_shop ? fmt::format("o-{}", 101 + n) : std::to_string(10001 + n);
    const std::string quoted = is_shop ? '"' + customer + '"' : customer;
    switch (random.below(8)) {
        case 0:
            client.send("POST", root + "customers",
                        fmt::format(R"({{"{}":"Name {}"}})", name, step),
                        {{"Idempotency-Key", fmt::format("key {}", random.below(40))}});
            return;
        case 1:
            client.post(root + "products",
                        fmt::format(R"({{"{}":"S{}","{}":"T"}})", code, n, title));
            return;
        case 2:
            client.post(root + "orders",
                        is_shop
                            ? fmt::format(R"({{"number":"W{}","customer_id":{},"lines":[{{)"
                                          R"("product_id":"p-101","quantity":{}}}]}})",
                                          step, quoted, step)
                            : fmt::format(R"({{"reference":"W{}","customer":{}}})", step, quoted));
            return;
        case 3:
            if (!is_shop)
                client.post(root + "order-lines",
                            fmt::format(R"({{"order":{},"product":501}})", order));
            return;
        case 4:
            client.send("DELETE", root + "customers/" + customer, "",
                        {{"If-Match", client.get(root + "customers/" + customer).header("ETag")}});
            return;
        case 5:
            client.send("DELETE", root + "orders/" + order, "",
                        {{"If-Match", client.get(root + "orders/" + order).header("ETag")}});
            return;
        default:
            client.patch_now(root + "customers/" + customer,
                             fmt::format(R"({{"email":"m{}@x.example"}})", random.below(5)));
    }
}

TEST(JournalReload, after_any_writes_a_restarted_system_shows_the_same_bytes_and_counts_on) {
    TemporaryDirectory directory;
    for (const bool is_shop : {true, false}) {
        SimOptions options = is_shop ? shop_options() : erp_options();
        options.records = 60;
        options.directory = directory.path(options.kind);
        Client client(options);
        Random random(7, options.kind);
        for (int round = 0; round < 5; ++round) {
            for (int step = 0; step < 100; ++step) {
                write_something(client, is_shop, random, round * 100 + step);
                client.now = client.now + Duration{random.between(0, 3)};
            }
            const std::string everything = client.everything();
            // The last write writes the counters down; a GET alone is not worth a line.
            client.post(is_shop ? "/api/customers" : "/v1/customers",
                        is_shop ? R"({"name":"Last"})" : R"({"company_name":"Last"})");
            const Value stats = client.stats();
            const std::string last = client.everything();
            EXPECT_NE(everything, last);
            client.restart();
            EXPECT_EQ(json::write(client.stats()), json::write(stats));
            EXPECT_EQ(client.everything(), last);
        }
        // Ids that were given before the restart, also to what is removed, never come back.
        const auto next = [&] {
            return client.post(is_shop ? "/api/customers" : "/v1/customers",
                               is_shop ? R"({"name":"N"})" : R"({"company_name":"N"})");
        };
        const Answer made = next();
        const std::string url = (is_shop ? "/api/customers/" : "/v1/customers/") + made.at("id");
        EXPECT_EQ(client.send("DELETE", url, "", {{"If-Match", made.header("ETag")}}).status, 204);
        client.restart();
        EXPECT_NE(next().at("id"), made.at("id"));
    }
}

TEST(JournalReload, an_idempotency_key_is_kept_for_ever) {
    TemporaryDirectory directory;
    SimOptions options = erp_options();
    options.directory = directory.path("erp");
    Client client(options);
    const auto create = [&] {
        return client.send("POST", "/v1/customers", R"({"company_name":"A"})",
                           {{"Idempotency-Key", "quoted \" key"}});
    };
    const Answer first = create();
    client.patch_now("/v1/customers/4001", R"({"city":"Oslo"})");
    client.restart();
    const Answer again = create();
    EXPECT_EQ(json::write(again.body), json::write(first.body));
    EXPECT_EQ(again.header("ETag"), first.header("ETag"));
    EXPECT_EQ(client.get("/v1/customers").count("data"), 1u);
}

TEST(JournalReload, a_torn_last_line_is_ignored_and_the_next_write_is_sound) {
    TemporaryDirectory directory;
    SimOptions options = shop_options();
    options.directory = directory.path("shop");
    Client client(options);
    client.post("/api/customers", R"({"name":"A"})");
    for (const char* torn :
         {R"({"put":[{"in":"customers","id":102,"at":1,"rec)", "{\"put\":[{\"in\n", "\0\0\n"}) {
        const std::string before = client.everything();
        append(journal_of(options), torn);
        client.restart();
        EXPECT_EQ(client.everything(), before);
        client.post("/api/customers", R"({"name":"B"})");
        const std::string after = client.everything();
        client.restart();
        EXPECT_EQ(client.everything(), after);
    }
}

TEST(JournalReload, a_bad_line_before_the_last_is_an_error_and_nothing_is_cut) {
    TemporaryDirectory directory;
    SimOptions options = shop_options();
    options.directory = directory.path("shop");
    {
        Client client(options);
    }
    append(journal_of(options), "not json\n{\"counters\":[]}\n");
    const auto size = std::filesystem::file_size(journal_of(options));
    const auto made = make_system(options);
    ASSERT_FALSE(made.has_value());
    EXPECT_EQ(made.error().kind, ErrorKind::corrupt);
    EXPECT_EQ(std::filesystem::file_size(journal_of(options)), size);
}

TEST(JournalReload, a_population_that_was_not_loaded_to_its_end_is_loaded_again) {
    TemporaryDirectory directory;
    SimOptions options = erp_options();
    options.records = 40;
    options.directory = directory.path("erp");
    std::string whole;
    {
        Client client(options);
        whole = client.everything();
    }
    std::filesystem::resize_file(journal_of(options),
                                 std::filesystem::file_size(journal_of(options)) / 2);
    Client client(options);
    EXPECT_EQ(client.everything(), whole);
}

TEST(JournalReload, a_journal_wins_over_other_records_and_seeds) {
    TemporaryDirectory directory;
    SimOptions options = shop_options();
    options.records = 40;
    options.directory = directory.path("shop");
    std::string whole;
    {
        Client client(options);
        whole = client.everything();
    }
    options.records = 90;
    options.seed = 5;
    Client client(options);
    EXPECT_EQ(client.everything(), whole);
}

TEST(JournalLock, two_systems_do_not_share_a_directory) {
    TemporaryDirectory directory;
    SimOptions options = shop_options();
    options.directory = directory.path("shop");
    {
        Client client(options);
        const auto second = make_system(options);
        ASSERT_FALSE(second.has_value());
        EXPECT_EQ(second.error().kind, ErrorKind::busy);
    }
    EXPECT_TRUE(make_system(options).has_value());
    options.kind = "custom-erp";
    const auto other = make_system(options);
    ASSERT_FALSE(other.has_value());
    EXPECT_EQ(other.error().kind, ErrorKind::bad_input);
}

// A disk that is full for a while: no file of this process may grow beyond `bytes`.
class FullDisk {
public:
    explicit FullDisk(std::uintmax_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit small{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

TEST(JournalFile, a_write_that_the_disk_refuses_is_answered_with_503_and_did_not_happen) {
    TemporaryDirectory directory;
    SimOptions options = erp_options();
    options.directory = directory.path("erp");
    Client client(options);
    client.post("/v1/customers", R"({"company_name":"A"})");
    const std::string before = client.everything();
    int refused = 0;
    {
        const FullDisk full(std::filesystem::file_size(journal_of(options)) + 50);
        refused += client.post("/v1/customers", R"({"company_name":"B"})").status == 503;
        refused += client.patch_now("/v1/customers/4001", R"({"city":"Oslo"})").status == 503;
        refused += client.patch_now("/v1/customers/4001", "{}").status == 503;
        refused +=
            client.send("DELETE", "/v1/customers/4001", "", {{"If-Match", "\"1\""}}).status == 503;
    }
    EXPECT_EQ(refused, 4);
    EXPECT_EQ(client.everything(), before);
    EXPECT_EQ(*client.stats().find("writes"), Value(1));
    // As if nothing had been tried: neither an id nor a version was used up.
    const Answer made = client.post("/v1/customers", R"({"company_name":"C"})");
    EXPECT_EQ(made.at("id") + " " + made.at("etag"), "4002 2");
    const std::string after = client.everything();
    client.restart();
    EXPECT_EQ(client.everything(), after);
}

}  // namespace
}  // namespace entente::sim::test
