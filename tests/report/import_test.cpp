// Documents become the files of a workspace that loads, with exactly their flows.
#include "report/import.hpp"

#include "model/workspace.hpp"
#include "report/documents.hpp"

namespace entente::report {
namespace {

using State = ImportedFlow::State;

Imported import_texts(const std::vector<std::string>& texts) {
    ImportInput input{.workspace = "acme", .documents = {}, .catalog = model::shipped_catalog()};
    for (const std::string& text : texts) {
        input.documents.push_back({std::to_string(input.documents.size() + 1) + ".txt", text});
    }
    return import_documents(input);
}

const std::string* file_of(const Imported& imported, const std::string& path) {
    const auto file = std::ranges::find(imported.files, path, &model::SourceFile::path);
    return file == imported.files.end() ? nullptr : &file->text;
}

model::LoadResult load_files(const Imported& imported) {
    model::LoadInput input;
    input.workspace = imported.files.front();
    input.catalog.assign(model::shipped_catalog().begin(), model::shipped_catalog().end());
    for (const auto& file : imported.files) {
        if (file.path.starts_with("catalog/")) input.overlay.push_back(file);
    }
    input.is_set = [](const model::SecretRef&) { return true; };
    return model::load(input);
}

// "A.X -> B.Y", in the order of the workspace, without those of lines.
std::vector<std::string> flows_of(const Imported& imported) {
    const auto loaded = load_files(imported);
    EXPECT_TRUE(loaded.workspace) << all_text(loaded.diagnostics);
    std::vector<std::string> flows;
    if (!loaded.workspace) return flows;
    for (const auto& flow : loaded.workspace->flows) {
        if (flow.implied) continue;
        flows.push_back(loaded.workspace->data_type(flow.from).full_name + " -> " +
                        loaded.workspace->data_type(flow.to).full_name +
                        (flow.create == model::CreateRule::always ? "" : " never"));
    }
    return flows;
}

void expect_refused(const Imported& imported, const std::string& place,
                    const std::vector<std::string>& parts) {
    EXPECT_TRUE(imported.files.empty());
    EXPECT_TRUE(has_errors(imported.diagnostics));
    EXPECT_TRUE(has(imported.diagnostics, place, parts)) << all_text(imported.diagnostics);
}

using Strings = std::vector<std::string>;

TEST(ImportTest, flows_are_exactly_those_of_the_documents) {
    const auto imported = import_texts(
        {document_text("CustomWebshop", "CustomERP",
                       {{"Product", "Product", {}, ""}, {"Customer", "Customer", {}, ""}})});
    EXPECT_EQ(flows_of(imported), (Strings{"CustomWebshop.Product -> CustomERP.Product",
                                           "CustomWebshop.Customer -> CustomERP.Customer"}));
    EXPECT_TRUE(imported.warnings.empty()) << all_text(imported.warnings);
}

TEST(ImportTest, names_match_whatever_their_case_blanks_and_hyphens) {
    const auto imported = import_texts(
        {document_text("custom webshop", "Custom-Erp", {{"CUSTOMER", "customer", {}, ""}})});
    ASSERT_EQ(imported.systems.size(), 2u);
    EXPECT_EQ(imported.systems[0].name, "customwebshop");
    EXPECT_EQ(imported.systems[0].connector, "custom-webshop");
    EXPECT_EQ(imported.systems[1].name, "Custom-Erp");
    EXPECT_FALSE(imported.systems[1].is_draft);
    EXPECT_EQ(flows_of(imported), (Strings{"customwebshop.Customer -> Custom-Erp.Customer"}));
}

TEST(ImportTest, one_system_in_two_spellings_stays_one) {
    const auto imported = import_texts(
        {document_text("CustomWebshop", "CustomERP", {{"Customer", "Customer", {}, ""}}),
         document_text("Custom ERP", "Customwebshop", {{"Order", "Order", {}, ""}})});
    EXPECT_EQ(imported.systems.size(), 2u);
    EXPECT_EQ(flows_of(imported), (Strings{"CustomWebshop.Customer -> CustomERP.Customer",
                                           "CustomERP.Order -> CustomWebshop.Order"}));
}

TEST(ImportTest, a_pair_named_twice_is_one_flow_and_both_sections_are_kept) {
    const auto imported = import_texts({document_text("CustomWebshop", "CustomERP",
                                                      {{"Order", "Order", {}, ""},
                                                       {"Customer", "Customer", {}, ""},
                                                       {"Order", "order", {}, ""}})});
    EXPECT_EQ(flows_of(imported).size(), 2u);
    ASSERT_EQ(imported.documents.size(), 1u);
    ASSERT_EQ(imported.documents[0].flows.size(), 3u);
    EXPECT_EQ(imported.documents[0].flows[2].state, State::repeated);
    const auto* kept = file_of(imported, "documents/01-CustomWebshop-to-CustomERP.yaml");
    ASSERT_NE(kept, nullptr);
    EXPECT_NE(kept->find("spelled: {from: Order, to: order}"), std::string::npos) << *kept;
}

TEST(ImportTest, a_document_is_kept_byte_for_byte) {
    const std::string text = every(
        document_text("CustomWebshop", "CustomERP", {{"Order", "Order", {}, ""}}), "\n", "\r\n");
    const auto imported = import_texts({text});
    const auto* kept = file_of(imported, "documents/01-CustomWebshop-to-CustomERP.rst");
    ASSERT_NE(kept, nullptr);
    EXPECT_EQ(*kept, text);
}

TEST(ImportTest, rules_of_creation_are_taken_over) {
    const auto imported = import_texts({document_text(
        "CustomWebshop", "CustomERP",
        {{"Customer",
          "Customer",
          {},
          "No CustomWebshop Customer will be synchronized with a CustomERP Customer."},
         {"Order",
          "Order",
          {},
          "Every CustomWebshop Order will be synchronized with a CustomERP Order only when paid."},
         {"Product", "Product", {}, "Products matter."}})});
    EXPECT_EQ(flows_of(imported), (Strings{"CustomWebshop.Customer -> CustomERP.Customer never",
                                           "CustomWebshop.Order -> CustomERP.Order never",
                                           "CustomWebshop.Product -> CustomERP.Product never"}));
    EXPECT_EQ(imported.warnings.size(), 2u) << all_text(imported.warnings);
    EXPECT_NE(all_text(imported.warnings).find("only when paid"), std::string::npos);
}

TEST(ImportTest, one_flow_with_two_rules_is_refused) {
    expect_refused(import_texts({document_text(
                       "CustomWebshop", "CustomERP",
                       {{"Order", "Order", {}, ""},
                        {"Order",
                         "Order",
                         {},
                         "No CustomWebshop Order will be synchronized with a CustomERP Order."}})}),
                   "1.txt:28:1", {"by one section and not by another", "1.txt:12"});
}

TEST(ImportTest, a_data_type_that_a_known_system_lacks_is_refused_with_those_it_has) {
    expect_refused(
        import_texts(
            {document_text("CustomWebshop", "CustomERP",
                           {{"Customer", "Debtor", {}, ""}, {"Invoice", "Order", {}, ""}})}),
        "1.txt:12:1", {"CustomERP has no data type `Debtor`", "Customer, Order, Product"});
}

TEST(ImportTest, two_known_data_types_of_different_models_are_refused) {
    expect_refused(import_texts({document_text("CustomWebshop", "CustomERP",
                                               {{"Customer", "Order", {}, ""}})}),
                   "1.txt:12:1", {"of model organisation", "of model order"});
}

TEST(ImportTest, the_same_text_twice_is_refused) {
    const auto text = document_text("CustomWebshop", "CustomERP", {{"Order", "Order", {}, ""}});
    expect_refused(import_texts({text, text}), "2.txt:1:1", {"same document as 1.txt"});
}

TEST(ImportTest, rows_between_known_systems_are_checked_against_the_catalogue) {
    const auto imported =
        import_texts({document_text("CustomWebshop", "CustomERP",
                                    {{"Customer",
                                      "Customer",
                                      {{"phone", "telephone", "String"},
                                       {"Address.Zip", "postal_code", "Edm.String"},
                                       {"email", "telephone", "String"},
                                       {"nmae", "company_name", "String"},
                                       {"vat_id", "", ""},
                                       {"vat_id", "vat_number", "Boolean"}},
                                      ""}})});
    ASSERT_FALSE(imported.files.empty()) << all_text(imported.diagnostics);
    EXPECT_EQ(imported.warnings.size(), 4u) << all_text(imported.warnings);
    EXPECT_TRUE(
        has(imported.warnings, "1.txt:32:6", {"email and phone", "`email` flows with `email`"}))
        << all_text(imported.warnings);
    EXPECT_TRUE(has(imported.warnings, "1.txt:35:6", {"no property `nmae`", "'name'"}));
    EXPECT_TRUE(has(imported.warnings, "1.txt:38:6", {"one side only"}));
    EXPECT_TRUE(has(imported.warnings, "1.txt:41:6", {"Boolean", "declares text"}));
}

TEST(ImportTest, an_unknown_system_gets_a_draft_with_the_models_of_its_counterparts) {
    const auto imported = import_texts({document_text(
        "CustomWebshop", "Ledger 9",
        {{"Customer",
          "Relations (all)",
          {{"email", "Mail", "String(80)"}, {"phone", "Number", "Boolean"}, {"", "Remark", "Memo"}},
          ""},
         {"Order",
          "Deals",
          {{"customer_id", "RelationId", "Guid"}, {"number", "No", "Int32"}},
          ""}})});
    ASSERT_FALSE(imported.files.empty()) << all_text(imported.diagnostics);
    EXPECT_TRUE(imported.systems[1].is_draft);
    EXPECT_EQ(imported.systems[1].name, "Ledger9");
    const auto loaded = load_files(imported);
    ASSERT_TRUE(loaded.workspace) << all_text(loaded.diagnostics);
    const auto& workspace = *loaded.workspace;
    const auto& relations =
        workspace.data_type(workspace.find_data_type("Ledger9.Relations (all)"));
    EXPECT_EQ(workspace.model(relations.model).name, "organisation");
    ASSERT_EQ(relations.map.size(), 1u);
    EXPECT_EQ(relations.map[0].lens.path, "Mail");
    EXPECT_EQ(relations.map[0].lens.max, 80);
    const auto& deals = workspace.data_type(workspace.find_data_type("Ledger9.Deals"));
    ASSERT_EQ(deals.map.size(), 2u);
    EXPECT_EQ(deals.map[1].lens.path, "RelationId");
    EXPECT_EQ(deals.map[1].refers_to.size(), 1u);
    const auto* draft = file_of(imported, "catalog/connectors/ledger-9/relations-all.yaml");
    ASSERT_NE(draft, nullptr);
    EXPECT_NE(draft->find("Number: {type: boolean}  # the document says Boolean"),
              std::string::npos)
        << *draft;
    EXPECT_NE(draft->find("phone is phone: say which value means which"), std::string::npos);
    EXPECT_NE(draft->find("Remark: {type: text}"), std::string::npos);
}

// Nobody can run a draft by giving it an address only.
TEST(ImportTest, a_draft_is_to_fill_in_until_a_person_says_it_is_reviewed) {
    const auto imported =
        import_texts({document_text("CustomWebshop", "Ledger", {{"Customer", "Debtors", {}, ""}})});
    const auto text = all_text(load_files(imported).diagnostics);
    EXPECT_NE(text.find("Ledger needs the setting reviewed"), std::string::npos) << text;
    EXPECT_NE(text.find("Ledger has no base_url"), std::string::npos) << text;
}

TEST(ImportTest, between_two_unknown_systems_names_and_neighbours_tell_the_model) {
    const auto imported = import_texts({document_text("Alpha", "Beta",
                                                      {{"Clients", "Parties", {}, ""},
                                                       {"Widgets", "Gadgets", {}, ""},
                                                       {"Parties", "Parties", {}, ""},
                                                       {"Order lines", "Rows", {}, ""}})});
    ASSERT_FALSE(imported.files.empty()) << all_text(imported.diagnostics);
    EXPECT_EQ(flows_of(imported),
              (Strings{"Alpha.Clients -> Beta.Parties", "Alpha.Parties -> Beta.Parties"}));
    EXPECT_EQ(imported.documents[0].flows[1].state, State::left_out);
    EXPECT_EQ(imported.documents[0].flows[3].state, State::left_out);
    EXPECT_TRUE(has(imported.warnings, "1.txt:28:1", {"left out"})) << all_text(imported.warnings);
    EXPECT_NE(imported.files[0].text.find("# - {from: Alpha.Widgets, to: Beta.Gadgets"),
              std::string::npos)
        << imported.files[0].text;
}

TEST(ImportTest, a_system_without_a_name_gets_one_and_says_so) {
    const auto imported =
        import_texts({document_text("CustomWebshop", "", {{"Product", "Stock", {}, ""}})});
    EXPECT_EQ(flows_of(imported), (Strings{"CustomWebshop.Product -> Unnamed.Stock"}));
    EXPECT_TRUE(has(imported.diagnostics, "1.txt:2:1", {"Unnamed"}));
    EXPECT_NE(file_of(imported, "documents/01-CustomWebshop-to-Unnamed.yaml"), nullptr);
}

TEST(ImportTest, names_that_yaml_gives_a_meaning_survive) {
    const auto imported = import_texts(
        {document_text("CustomWebshop", "No",
                       {{"Customer", "null: {a}", {{"email", "#mail, [x]", "text"}}, ""},
                        {"Order", "Connector", {{"number", "true", "text"}}, ""}})});
    EXPECT_EQ(flows_of(imported), (Strings{"CustomWebshop.Customer -> No.null: {a}",
                                           "CustomWebshop.Order -> No.Connector"}));
    EXPECT_NE(file_of(imported, "catalog/connectors/no/connector-2.yaml"), nullptr);
}

TEST(ImportTest, what_a_flow_refers_to_and_does_not_flow_is_told) {
    const auto lonely =
        import_texts({document_text("CustomWebshop", "CustomERP", {{"Order", "Order", {}, ""}})});
    EXPECT_TRUE(has(lonely.warnings, "1.txt:12:1", {"refers to organisation", "CustomERP"}));
    EXPECT_TRUE(has(lonely.warnings, "1.txt:12:1", {"refers to product", "CustomERP"}));
    const auto whole = import_texts({document_text("CustomWebshop", "CustomERP",
                                                   {{"Order", "Order", {}, ""},
                                                    {"Customer", "Customer", {}, ""},
                                                    {"Product", "Product", {}, ""}})});
    EXPECT_TRUE(whole.warnings.empty()) << all_text(whole.warnings);
}

TEST(ImportTest, a_draft_that_sounds_like_lines_is_told) {
    const auto imported =
        import_texts({document_text("Crm", "CustomWebshop", {{"Quotationline", "Order", {}, ""}})});
    EXPECT_EQ(flows_of(imported), (Strings{"Crm.Quotationline -> CustomWebshop.Order"}));
    EXPECT_TRUE(has(imported.warnings, "1.txt:12:1", {"sounds like lines", "`parent`"}));
}

TEST(ImportTest, a_second_document_about_a_pair_counts_and_is_told) {
    const auto imported = import_texts(
        {document_text("CustomWebshop", "CustomERP", {{"Customer", "Customer", {}, ""}}),
         document_text("CustomWebshop", "Custom ERP", {{"Product", "Product", {}, ""}})});
    EXPECT_EQ(flows_of(imported).size(), 2u);
    EXPECT_TRUE(has(imported.diagnostics, "2.txt:2:1", {"1.txt", "same two systems"}));
    EXPECT_NE(file_of(imported, "documents/02-CustomWebshop-to-CustomERP.yaml"), nullptr);
}

TEST(ImportTest, long_names_make_files_that_a_disk_takes) {
    const std::string name(70, 'n');
    const auto imported = import_texts(
        {document_text("CustomWebshop", name, {{"Order", name + " " + name, {}, ""}})});
    ASSERT_FALSE(imported.files.empty()) << all_text(imported.diagnostics);
    for (const auto& file : imported.files) EXPECT_LT(file.path.size(), 200u) << file.path;
}

TEST(ImportTest, all_errors_of_all_documents_are_told_at_once) {
    const auto imported = import_texts({"nonsense", document_text("A", "A", {{"X", "Y", {}, ""}})});
    expect_refused(imported, "1.txt:1:1", {"no heading"});
    expect_refused(imported, "2.txt:2:1", {"one system twice"});
}

TEST(ImportTest, the_documents_beside_the_project_come_to_their_flows) {
    const auto seeds = seed_documents();
    if (seeds.empty()) GTEST_SKIP() << "there are no documents beside the project";
    const Imported first =
        import_documents({"acme", {seeds[0], seeds[1]}, model::shipped_catalog()});
    EXPECT_EQ(flows_of(first), (Strings{"CustomWebshop.Order -> ExactOnline.Quotations",
                                        "CustomWebshop.Customer -> ExactOnline.Accounts",
                                        "CustomWebshop.Order -> ExactOnline.SalesOrders",
                                        "CustomWebshop.Product -> ExactOnline.Items",
                                        "CustomWebshop.Customer -> CustomERP.Customer",
                                        "CustomWebshop.Order -> CustomERP.Order",
                                        "CustomWebshop.Product -> CustomERP.Product"}))
        << all_text(first.diagnostics);
    const Imported all = import_documents({"acme", seeds, model::shipped_catalog()});
    EXPECT_EQ(flows_of(all).size(), 17u) << all_text(all.diagnostics);
    EXPECT_EQ(all.documents.size(), 5u);
}

}  // namespace
}  // namespace entente::report
