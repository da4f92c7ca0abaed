// `entente import` and `entente init` as a person uses them: a folder that `check` takes, or a
// message, status 2 and nothing written.
#include <gtest/gtest.h>

#include <filesystem>

#include "../report/documents.hpp"
#include "base/json.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

namespace fs = std::filesystem;

using report::document_text;
using report::Section;

const std::vector<Section> three{
    {"Customer", "Customer", {{"phone", "telephone", "String"}}, ""},
    {"Order", "Order", {{"number", "reference", "String"}}, ""},
    {"Product",
     "Product",
     {{"sku", "item_code", "String"}, {"price", "sales_price", "Decimal"}},
     ""}};

class ImportCommandTest : public testing::Test {
protected:
    std::string document(const std::string& name, const std::string& text) {
        write_file(folder_.path(name), text);
        return folder_.path(name);
    }
    // Nothing was written, not even aside.
    void expect_untouched() const {
        EXPECT_FALSE(fs::exists(dir_));
        for (const auto& entry : fs::directory_iterator(fs::path(dir_).parent_path())) {
            EXPECT_FALSE(entry.path().filename().string().starts_with(".entente")) << entry.path();
        }
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("w");
};

TEST_F(ImportCommandTest, a_document_becomes_a_workspace_that_check_takes) {
    const auto shop = document("a.rst", document_text("CustomWebshop", "CustomERP", three));
    const auto imported = entente({"import", shop, "--into", dir_});
    ASSERT_EQ(imported.status, 0) << imported.err;
    EXPECT_NE(imported.out.find("CustomWebshop.Order -> CustomERP.Order"), std::string::npos);
    EXPECT_NE(imported.out.find("3 flows"), std::string::npos) << imported.out;
    EXPECT_NE(imported.out.find("entente check " + dir_), std::string::npos);
    const auto check = entente({"check", dir_});
    EXPECT_EQ(check.status, 0) << check.err;
    EXPECT_NE(check.out.find("3 flows:\n"), std::string::npos) << check.out;
    EXPECT_NE(check.out.find("Lines that follow them, 1 flow:"), std::string::npos) << check.out;
    EXPECT_NE(check.out.find("To fill in"), std::string::npos);
}

TEST_F(ImportCommandTest, programs_get_one_object) {
    const auto shop = document("a.rst", document_text("CustomWebshop", "Ledger", three));
    const auto imported = entente({"import", shop, "--into", dir_, "--json"});
    ASSERT_EQ(imported.status, 0) << imported.err;
    const Value out = json_of(imported.out);
    EXPECT_EQ(number(out, "flows"), 3);
    ASSERT_EQ(out.find("systems")->as_list().size(), 2u);
    EXPECT_TRUE(out.find("systems")->as_list()[1].find("drafted")->as_bool());
    for (const Value& file : out.find("files")->as_list()) {
        EXPECT_TRUE(fs::exists(fs::path(dir_) / file.as_text())) << file.as_text();
    }
    const auto check = entente({"check", dir_, "--json"});
    EXPECT_EQ(check.status, 0) << check.out;
    EXPECT_EQ(number(json_of(check.out), "flows"), 3);
}

TEST_F(ImportCommandTest, an_empty_folder_that_exists_is_filled) {
    fs::create_directory(dir_);
    const auto shop = document("a.rst", document_text("CustomWebshop", "CustomERP", three));
    ASSERT_EQ(entente({"import", shop, "--into", dir_ + "/"}).status, 0);
    EXPECT_EQ(entente({"check", dir_}).status, 0);
    EXPECT_EQ(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()), 2);
}

TEST_F(ImportCommandTest, a_folder_that_is_not_empty_is_left_alone) {
    const auto shop = document("a.rst", document_text("CustomWebshop", "CustomERP", three));
    write_file(dir_ + "/mine", "mine");
    for (const auto& words : {std::vector<std::string>{"import", shop, "--into", dir_},
                              std::vector<std::string>{"init", dir_}}) {
        const auto refused = entente(words);
        EXPECT_EQ(refused.status, 2);
        EXPECT_NE(refused.err.find("not empty"), std::string::npos) << refused.err;
    }
    EXPECT_EQ(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()), 1);
    const auto file = entente({"init", dir_ + "/mine"});
    EXPECT_EQ(file.status, 2);
    EXPECT_EQ(read_file(dir_ + "/mine"), "mine");
}

TEST_F(ImportCommandTest, files_that_cannot_be_used_are_told_at_once_and_nothing_is_written) {
    const auto good = document("a.rst", document_text("CustomWebshop", "CustomERP", three));
    document("b/a.rst", "");
    const auto big = document("big.rst", std::string(10 << 20, 'x'));
    const auto refused = entente({"import", good, folder_.path("none.rst"), folder_.path("b"), big,
                                  folder_.path("b/../a.rst"), "--into", dir_});
    EXPECT_EQ(refused.status, 2);
    for (const char* said : {"none.rst: No such file", "/b: is no plain file",
                             "big.rst: is larger than 1024 kB", "a.rst: is named twice"}) {
        EXPECT_NE(refused.err.find(said), std::string::npos) << said << " in " << refused.err;
    }
    expect_untouched();
}

TEST_F(ImportCommandTest, mistakes_in_documents_are_told_with_their_places) {
    const auto good = document("a.rst", document_text("CustomWebshop", "CustomERP", three));
    const auto again = document("b.rst", read_file(good));
    const auto lacks = document(
        "c.rst", document_text("CustomERP", "CustomWebshop", {{"Debtor", "Customer", {}, ""}}));
    const auto twice = entente({"import", good, again, "--into", dir_});
    EXPECT_EQ(twice.status, 2);
    EXPECT_NE(twice.err.find("same document"), std::string::npos) << twice.err;
    const auto refused = entente({"import", good, lacks, "--into", dir_, "--json"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_NE(refused.err.find("c.rst:12:1"), std::string::npos) << refused.err;
    EXPECT_NE(refused.err.find("Customer, Order, Product"), std::string::npos) << refused.err;
    EXPECT_FALSE(json_of(refused.out).find("imported")->as_bool());
    expect_untouched();
}

TEST_F(ImportCommandTest, a_folder_that_cannot_be_made_is_told) {
    const auto good = document("a.rst", document_text("CustomWebshop", "CustomERP", three));
    const auto refused = entente({"import", good, "--into", good + "/w"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_FALSE(refused.err.empty());
    const ProcessOptions full_disk{.environment = {}, .file_bytes_max = 100};
    const auto full = entente({"import", good, "--into", dir_}, full_disk);
    EXPECT_NE(full.status, 0);
    expect_untouched();
}

TEST_F(ImportCommandTest, a_workspace_to_fill_in_is_written_and_taken_by_check) {
    const auto made = entente({"init", dir_});
    ASSERT_EQ(made.status, 0) << made.err;
    const auto check = entente({"check", dir_});
    EXPECT_EQ(check.status, 0) << check.err;
    EXPECT_NE(check.out.find("To fill in"), std::string::npos) << check.out;
    EXPECT_NE(check.out.find("6 flows:\n"), std::string::npos) << check.out;
}

// Goal: documents name a pair in one direction; an edit on the other side arrives all the same, and
// creates nothing against the direction. Method: a demo whose flows are those of an imported
// document from the ERP to the shop; a person edits and adds in the shop.
TEST_F(ImportCommandTest, edits_travel_against_the_flow_and_creates_do_not) {
    const auto erp_first = document("a.rst", document_text("CustomERP", "CustomWebshop",
                                                           {{"Customer", "Customer", {}, ""},
                                                            {"Order", "Order", {}, ""},
                                                            {"Product", "Product", {}, ""}}));
    const std::string demo = folder_.path("demo");
    ASSERT_EQ(entente({"import", erp_first, "--into", dir_}).status, 0);
    ASSERT_EQ(entente({"demo", "--once", "--records", "30", "--seed", "7", "--systems",
                       "CustomWebshop,CustomERP", "--dir", demo})
                  .status,
              0);
    const std::string imported = read_file(dir_ + "/entente.yaml");
    const std::string flows = imported.substr(imported.find("flows:"));
    const std::string yaml = read_file(demo + "/entente.yaml");
    write_file(demo + "/entente.yaml", yaml.substr(0, yaml.find("flows:")) + flows);

    Systems systems(demo);
    Client client;
    const auto& shop = systems["CustomWebshop"];
    const Value order = client.get(shop, "/api/orders?page_size=250").find("items")->as_list()[0];
    const std::string customer = order.find("customer_id")->as_text();
    ASSERT_EQ(client
                  .send(shop, "PATCH", "/api/customers/" + customer,
                        json_of(R"({"phone":"+31 20 7654321"})"))
                  .status,
              200);
    ASSERT_EQ(client
                  .send(shop, "POST", "/api/customers",
                        json_of(R"({"name":"Only In The Shop","email":"only@shop.example"})"))
                  .status,
              201);
    const auto run = entente({"run", demo, "--until-idle", "--approve"});
    ASSERT_TRUE(came_to_rest(run)) << run.err << run.out;
    const auto customers = json::write(client.get(systems["CustomERP"], "/v1/customers?limit=500"));
    EXPECT_NE(customers.find("+31 20 7654321"), std::string::npos);
    EXPECT_EQ(customers.find("Only In The Shop"), std::string::npos);
}

// Goal: a document about a system that takes tokens, batches and preconditions is followed as it is, in all its flows. Method:
// the simulated systems, no further word of configuration.
TEST_F(ImportCommandTest, an_imported_document_runs_on_simulated_systems) {
    const auto text = document("a.rst", document_text("Customwebshop", "Businesscentral",
                                                      {{"Customer", "Customers company", {}, ""},
                                                       {"Order", "Salesorders", {}, ""},
                                                       {"Product", "Items", {}, ""}}));
    const auto imported = entente({"import", text, "--into", dir_});
    ASSERT_EQ(imported.status, 0) << imported.err;
    EXPECT_EQ(entente({"check", dir_}).status, 0);
    const auto planned = entente({"plan", dir_, "--simulated", "--records", "90", "--seed", "3"});
    EXPECT_EQ(planned.status, 0) << planned.err;
    const auto ran = entente({"run", dir_, "--simulated", "--approve", "--until-idle"});
    ASSERT_TRUE(came_to_rest(ran)) << ran.err << ran.out;
    const auto verified = entente({"verify", dir_, "--simulated", "--json"});
    EXPECT_EQ(verified.status, 0) << verified.err << verified.out;
    const Value verdict = json_of(verified.last_line);
    for (const auto& flow : verdict.find("pairs")->as_list()[0].find("flows")->as_list()) {
        EXPECT_GT(number(flow, "agree"), 10) << verified.last_line;
    }
}

TEST_F(ImportCommandTest, the_documents_beside_the_project_become_workspaces) {
    const auto seeds = report::seed_documents();
    if (seeds.empty()) GTEST_SKIP() << "there are no documents beside the project";
    std::vector<std::string> files;
    for (const auto& seed : seeds) files.push_back(document(seed.path, seed.text));
    const auto both = entente({"import", files[0], files[1], "--into", dir_});
    ASSERT_EQ(both.status, 0) << both.err;
    const auto check = entente({"check", dir_});
    EXPECT_EQ(check.status, 0) << check.err;
    EXPECT_NE(check.out.find("7 flows:\n"), std::string::npos) << check.out;
    for (std::size_t i = 2; i < files.size(); ++i) {
        const std::string dir = folder_.path("w" + std::to_string(i));
        const auto imported = entente({"import", files[i], "--into", dir});
        EXPECT_EQ(imported.status, 0) << imported.err;
        EXPECT_EQ(entente({"check", dir}).status, 0);
    }
}

}  // namespace
}  // namespace entente::e2e
