// A server that nobody here has written (json-server, from npm) against a simulated ERP, through a
// connector that is YAML alone: tests/e2e/third_party. It gives versions, times of change and
// idempotency keys to nobody, so what it is told twice it does twice (G3, G6, G10).
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

#include "base/json.hpp"
#include "json_server.hpp"
#include "process.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr int shared = 4;    // customers that both have at first
constexpr int own = 26;      // and those that only one has
constexpr int products = 4;  // all shared
constexpr int orders_each = 9;
constexpr int page_size = 7;  // of the connector

constexpr const char* yaml = R"(workspace: third-party
systems:
  Shelf:
    connector: json-server
    base_url: {}
  ERP:
    connector: custom-erp
    base_url: {}
    auth: {{token: "file:{}"}}
)";

// A field of a row; `of`: the table whose row it points to.
struct Column {
    std::string field, of;
};
struct Table {
    std::string path, rows;
    std::vector<Column> columns;  // the first one tells rows apart, but for lines
};

const std::vector<Table>& shelf_tables() {
    static const std::vector<Table> tables{
        {"/customers",
         "",
         {{"email", ""},
          {"name", ""},
          {"phone", ""},
          {"street", ""},
          {"postalCode", ""},
          {"city", ""},
          {"country", ""}}},
        {"/products", "", {{"sku", ""}, {"name", ""}, {"price", ""}, {"currency", ""}}},
        {"/orders",
         "",
         {{"number", ""}, {"customerId", "/customers"}, {"date", ""}, {"comment", ""}}},
        {"/orderLines",
         "",
         {{"orderId", "/orders"}, {"productId", "/products"}, {"quantity", ""}, {"price", ""}}},
    };
    return tables;
}

const std::vector<Table>& erp_tables() {
    static const std::vector<Table> tables{
        {"/v1/customers",
         "data",
         {{"email", ""},
          {"company_name", ""},
          {"telephone", ""},
          {"street", ""},
          {"postal_code", ""},
          {"city", ""},
          {"country_code", ""}}},
        {"/v1/products",
         "data",
         {{"item_code", ""}, {"description", ""}, {"sales_price", ""}, {"currency_code", ""}}},
        {"/v1/orders",
         "data",
         {{"reference", ""}, {"customer", "/v1/customers"}, {"order_date", ""}, {"remarks", ""}}},
        {"/v1/order-lines",
         "data",
         {{"order", "/v1/orders"}, {"product", "/v1/products"}, {"qty", ""}, {"price", ""}}},
    };
    return tables;
}

Value object(std::vector<Value::Member> members) {
    return Value(Value::Object(std::move(members)));
}

// Names that have to be written in an address to be searched for.
std::string name_of(int customer) {
    static const std::vector<std::string> kinds{"Bakkerij", "Café Noël &", "50% + 1 =", "Zaal #",
                                                "Wie? Wat/"};
    return fmt::format("{} {:02}", kinds[static_cast<std::size_t>(customer) % kinds.size()],
                       customer);
}
std::string email_of(int customer) {
    return fmt::format("desk+{:02}@example.org", customer);
}
std::string sku_of(int product) {
    return fmt::format("SKU/{} & CO", product);
}

// Customers are numbered through both systems: first the shared ones, then the shelf's, then the
// ERP's.
constexpr int shelf_end = shared + own;
constexpr int erp_end = shared + 2 * own;

Value shelf_at_first() {
    Value::List customers, sold, orders, lines;
    for (int i = 0; i < shelf_end; ++i)
        customers.push_back(object({{"id", i + 1},
                                    {"name", name_of(i)},
                                    {"email", email_of(i)},
                                    {"phone", fmt::format("+31 20 12345{:02}", i)},
                                    {"city", "Utrecht"},
                                    {"country", "NL"}}));
    for (int i = 0; i < products; ++i)
        sold.push_back(object({{"id", i + 1},
                               {"sku", sku_of(i)},
                               {"name", fmt::format("Loaf {}", i)},
                               {"price", i + 1},
                               {"currency", "EUR"}}));
    for (int i = 0; i < orders_each; ++i) {
        orders.push_back(object({{"id", i + 1},
                                 {"number", fmt::format("S&{}", i)},
                                 {"customerId", i * 3 + 1},
                                 {"date", "2026-11-21"},
                                 {"comment", "by hand"}}));
        for (int line = 0; line < 2; ++line)
            lines.push_back(object({{"id", 2 * i + line + 1},
                                    {"orderId", i + 1},
                                    {"productId", (i + line) % products + 1},
                                    {"quantity", i + 1},
                                    {"price", line + 1}}));
    }
    return object({{"customers", std::move(customers)},
                   {"products", std::move(sold)},
                   {"orders", std::move(orders)},
                   {"orderLines", std::move(lines)}});
}

std::string text_of(const Value* value) {
    if (value == nullptr || value->is_null()) return "-";
    return value->is_text() ? value->as_text() : json::write(*value);
}

// Creates that were sent to the system without idempotency keys and not heard of since.
int creates_in_the_dark(const std::string& workspace) {
    sqlite3* file = nullptr;
    int found = -1;
    const auto take = [](void* into, int, char** cells, char**) {
        *static_cast<int*>(into) = std::stoi(cells[0]);
        return 0;
    };
    if (sqlite3_open((workspace + "/state/entente.db").c_str(), &file) == SQLITE_OK)
        sqlite3_exec(file,
                     "select count(*) from intents where record = 0 and idempotency_key = '' and "
                     "phase = 1",
                     take, &found, nullptr);
    sqlite3_close(file);
    return found;
}

class ThirdPartyTest : public testing::Test {
protected:
    void SetUp() override {
        const Absence absence = absence_of("server.js", "json-server");
        if (absence.left_out) GTEST_SKIP() << absence.why;
        ASSERT_EQ(absence.why, "");
        write_file(dir_ + "/shelf.json", json::write(shelf_at_first()));
        shelf_ = std::make_unique<JsonServer>(dir_ + "/shelf.json");
        start_erp();
        write_file(dir_ + "/erp.key", erp_.credential);
        std::filesystem::permissions(dir_ + "/erp.key", std::filesystem::perms::owner_read);
        write_file(dir_ + "/entente.yaml", fmt::format(fmt::runtime(yaml), shelf_->system().url,
                                                       erp_.url, dir_ + "/erp.key"));
        std::filesystem::copy(ENTENTE_SOURCE_DIR "/tests/e2e/third_party/catalog",
                              dir_ + "/catalog", std::filesystem::copy_options::recursive);
    }

    void start_erp() {
        erp_process_ = start_empty(erp_);
        ASSERT_FALSE(erp_.url.empty()) << erp_process_->err();
        fill_erp();
    }

    void fill_erp() {
        std::vector<Value> customers, sold;
        for (int i = 0; i < erp_end; ++i) {
            if (i >= shared && i < shelf_end) continue;
            customers.push_back(post_erp("/v1/customers", {{"company_name", name_of(i)},
                                                           {"email", email_of(i)},
                                                           {"street", fmt::format("Dam {}", i)},
                                                           {"postal_code", "1012 JS"}}));
        }
        for (int i = 0; i < products; ++i)
            sold.push_back(post_erp("/v1/products", {{"item_code", sku_of(i)},
                                                     {"description", fmt::format("Loaf {}", i)},
                                                     {"sales_price", i + 1},
                                                     {"currency_code", "EUR"}}));
        for (int i = 0; i < orders_each; ++i) {
            const Value order =
                post_erp("/v1/orders", {{"reference", fmt::format("E#{}?", i)},
                                        {"customer", customers[static_cast<std::size_t>(i * 3)]},
                                        {"order_date", "2026-11-20"}});
            for (int line = 0; line < 2; ++line)
                post_erp("/v1/order-lines",
                         {{"order", order},
                          {"product", sold[static_cast<std::size_t>((i + line) % products)]},
                          {"qty", i + 1},
                          {"price", line + 1}});
        }
    }
    // The id it gave.
    Value post_erp(const std::string& path, std::vector<Value::Member> members) {
        const auto answer = client_.send(erp_, "POST", path, object(std::move(members)));
        EXPECT_EQ(answer.status, 201) << answer.body;
        const Value made = json_of(answer.body);
        const Value* id = made.find("id");
        return id == nullptr ? Value() : *id;
    }

    // A row by the value of one of its fields; null when there is none.
    Value find(const DemoSystem& system, const Table& table, const std::string& value) {
        for (const Value& row : rows(system, table)) {
            if (text_of(row.find(table.columns.front().field)) == value) return row;
        }
        return {};
    }
    Value::List rows(const DemoSystem& system, const Table& table) {
        const bool is_erp = !table.rows.empty();
        const Value page = client_.get(system, table.path + (is_erp ? "?limit=500" : ""));
        const Value* found = is_erp ? page.find(table.rows) : &page;
        return found != nullptr && found->is_list() ? found->as_list() : Value::List{};
    }
    Value shelf_row(int table, const std::string& value) {
        return find(shelf_->system(), shelf_tables()[static_cast<std::size_t>(table)], value);
    }
    Value erp_row(int table, const std::string& value) {
        return find(erp_, erp_tables()[static_cast<std::size_t>(table)], value);
    }

    void edit_shelf(int table, const std::string& value, std::vector<Value::Member> members) {
        const std::string path = shelf_tables()[static_cast<std::size_t>(table)].path + "/" +
                                 text_of(shelf_row(table, value).find("id"));
        EXPECT_EQ(client_.send(shelf_->system(), "PATCH", path, object(std::move(members))).status,
                  200);
    }
    void edit_erp(int table, const std::string& value, std::vector<Value::Member> members) {
        const Value row = erp_row(table, value);
        const auto answer = client_.fetch(
            {.method = "PATCH",
             .url = erp_.url + erp_tables()[static_cast<std::size_t>(table)].path + "/" +
                    text_of(row.find("id")),
             .headers = {{"Content-Type", "application/json"},
                         {"Authorization", "Bearer " + erp_.credential},
                         {"If-Match", fmt::format("\"{}\"", text_of(row.find("etag")))}},
             .body = json::write(object(std::move(members)))});
        ASSERT_TRUE(answer.has_value());
        EXPECT_EQ(answer->status, 200) << answer->body;
    }

    // What a system shows, in words that do not depend on its ids, sorted.
    std::vector<std::string> told(const DemoSystem& system, const std::vector<Table>& tables) {
        std::vector<std::string> all;
        std::map<std::string, std::map<std::string, std::string>> names;
        for (std::size_t t = 0; t < tables.size(); ++t) {
            for (const Value& row : rows(system, tables[t])) {
                std::string text = fmt::format("{}", t);
                for (const Column& column : tables[t].columns) {
                    std::string cell = text_of(row.find(column.field));
                    if (!column.of.empty()) cell = names[column.of][cell];
                    text += " | " + cell;
                }
                const std::string& name = tables[t].columns.front().field;
                names[tables[t].path][text_of(row.find("id"))] = text_of(row.find(name));
                all.push_back(std::move(text));
            }
        }
        std::ranges::sort(all);
        return all;
    }

    // Both show the same, each thing once, and so many things.
    void expect_agreement(int customers, int orders) {
        const auto there = told(shelf_->system(), shelf_tables());
        const auto here = told(erp_, erp_tables());
        std::vector<std::string> differ;
        std::ranges::set_symmetric_difference(there, here, std::back_inserter(differ));
        EXPECT_TRUE(differ.empty()) << fmt::format("{}", fmt::join(differ, "\n"));
        const auto twice = std::ranges::adjacent_find(there);
        EXPECT_TRUE(twice == there.end()) << *twice;
        EXPECT_EQ(std::ranges::count(there, '0', [](const auto& t) { return t[0]; }), customers);
        EXPECT_EQ(std::ranges::count(there, '2', [](const auto& t) { return t[0]; }), orders);
        EXPECT_EQ(there.size(), static_cast<std::size_t>(customers + products + 3 * orders));
        const auto verify = entente({"verify", dir_});
        EXPECT_EQ(verify.status, 0) << verify.out << verify.err;
    }
    void expect_the_rest_and_agreement() {
        const auto run = entente({"run", dir_, "--until-idle", "--json"});
        ASSERT_EQ(run.status, 0) << run.err << run.out;
        const Value done = json_of(run.last_line);
        EXPECT_EQ(number(done, "held"), 0) << run.last_line;
        EXPECT_EQ(*done.find("parked"), Value::object()) << run.last_line;
        expect_agreement(erp_end, 2 * orders_each);
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("workspace");
    DemoSystem erp_{"ERP", "custom-erp", "", "third-party-key", 0};
    Client client_;
    std::unique_ptr<Process> erp_process_;
    std::unique_ptr<JsonServer> shelf_;
};

// Goal: what both have is found, what one has is created in the other, with its references and
// lines; then there is nothing left to write.
TEST_F(ThirdPartyTest, is_joined_by_yaml_alone) {
    const auto run = entente({"run", dir_, "--until-idle", "--approve", "--json"});
    ASSERT_EQ(run.status, 0) << run.err << run.out;
    const Value done = json_of(run.last_line);
    EXPECT_EQ(number(done, "created"), 2 * own + 2 * orders_each + 4 * orders_each);
    EXPECT_EQ(number(done, "held"), 0) << run.last_line;
    EXPECT_TRUE(shelf_->answered(fmt::format("_page={}", erp_end / page_size + 1), 1))
        << shelf_->log();
    expect_agreement(erp_end, 2 * orders_each);

    const auto again = entente({"run", dir_, "--until-idle", "--json"});
    ASSERT_EQ(again.status, 0) << again.err;
    for (const char* system : {"Shelf", "ERP"})
        EXPECT_EQ(
            number(json_of(again.last_line), fmt::format("api_calls.{}.by_purpose.write", system)),
            0)
            << again.last_line;
}

// Goal: edits, clears, references and new records travel both ways, also when both sides edit one
// record.
TEST_F(ThirdPartyTest, and_every_kind_of_edit_travels_both_ways) {
    ASSERT_EQ(entente({"run", dir_, "--until-idle", "--approve"}).status, 0);

    edit_shelf(0, email_of(5), {{"city", "Delft"}, {"phone", nullptr}});
    edit_shelf(2, "E#2?", {{"customerId", *shelf_row(0, email_of(7)).find("id")}});
    edit_shelf(0, email_of(1), {{"name", "Named by the shelf"}});
    EXPECT_EQ(client_
                  .send(shelf_->system(), "POST", "/customers",
                        object({{"name", "New here"}, {"email", "new@shelf.example"}}))
                  .status,
              201);

    edit_erp(0, email_of(erp_end - 1), {{"street", nullptr}, {"city", "Gouda"}});
    edit_erp(2, "S&1", {{"customer", *erp_row(0, email_of(9)).find("id")}, {"remarks", nullptr}});
    edit_erp(0, email_of(1), {{"postal_code", "9999 ZZ"}});
    post_erp("/v1/orders", {{"reference", "placed by phone"},
                            {"customer", post_erp("/v1/customers", {{"company_name", "New there"},
                                                                    {"email", "new@erp.example"}})},
                            {"order_date", "2026-11-22"}});

    const auto run = entente({"run", dir_, "--until-idle", "--json"});
    ASSERT_EQ(run.status, 0) << run.err << run.out;
    EXPECT_EQ(number(json_of(run.last_line), "conflicts"), 0) << run.last_line;

    const Value in_erp = erp_row(0, email_of(5));
    EXPECT_EQ(text_of(in_erp.find("city")), "Delft");
    EXPECT_EQ(text_of(in_erp.find("telephone")), "-");
    EXPECT_EQ(*erp_row(2, "E#2?").find("customer"), *erp_row(0, email_of(7)).find("id"));
    const Value on_shelf = shelf_row(0, email_of(erp_end - 1));
    EXPECT_EQ(text_of(on_shelf.find("city")), "Gouda");
    EXPECT_EQ(text_of(on_shelf.find("street")), "-");
    EXPECT_EQ(*shelf_row(2, "S&1").find("customerId"), *shelf_row(0, email_of(9)).find("id"));
    EXPECT_EQ(text_of(shelf_row(2, "S&1").find("comment")), "-");
    EXPECT_EQ(text_of(shelf_row(0, email_of(1)).find("postalCode")), "9999 ZZ");
    EXPECT_EQ(text_of(erp_row(0, email_of(1)).find("company_name")), "Named by the shelf");
    EXPECT_EQ(*shelf_row(2, "placed by phone").find("customerId"),
              *shelf_row(0, "new@erp.example").find("id"));
    EXPECT_TRUE(erp_row(0, "new@shelf.example").is_object());
}

// Goal: a create that was under way when the engine died is neither forgotten nor done twice.
// Method: the server is frozen in the middle of the first sync, so that its answers are certain not
// to arrive; the engine is killed, and the server, thawed, does what still lies in its socket. Again
// until a create was under way.
TEST_F(ThirdPartyTest, and_an_engine_killed_in_mid_write_doubles_nothing) {
    constexpr int kills_max = 12;
    int in_the_dark = 0;
    for (int kill = 0; kill < kills_max && in_the_dark == 0; ++kill) {
        Process engine({"run", dir_, "--until-idle", "--approve"});
        ASSERT_TRUE(shelf_->answered("POST /", shelf_->answers("POST /") + 2)) << engine.err();
        shelf_->freeze();
        engine.signal(SIGKILL);
        ASSERT_EQ(engine.wait(), 128 + SIGKILL) << "it was done too early";
        in_the_dark = creates_in_the_dark(dir_);
        shelf_->thaw();
    }
    EXPECT_GT(in_the_dark, 0);
    EXPECT_LT(rows(shelf_->system(), shelf_tables()[3]).size(), 4u * orders_each) << "in mid write";
    expect_the_rest_and_agreement();
}

// Goal: a server that dies in mid write and comes back with its file is taken up by the same engine,
// and nothing is doubled.
TEST_F(ThirdPartyTest, and_a_server_killed_in_mid_write_is_taken_up_again) {
    Process engine({"run", dir_, "--until-idle", "--approve"});
    ASSERT_TRUE(shelf_->answered("POST /", 5)) << engine.err();
    shelf_->kill();
    const Value left = json_of(read_file(dir_ + "/shelf.json"));
    EXPECT_LT(left.find("orderLines")->as_list().size(), 4u * orders_each) << "in mid write";
    shelf_->start();
    ASSERT_EQ(engine.wait(), 0) << engine.err() << engine.out();
    expect_the_rest_and_agreement();
}

}  // namespace
}  // namespace entente::e2e
