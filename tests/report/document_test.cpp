// The reader of data-flow documents: what it takes, what it keeps, and each refusal with its place.
#include "report/document.hpp"

#include "report/documents.hpp"

namespace entente::report {
namespace {

using Creation = DocumentSection::Creation;

const std::string good = document_text(
    "CustomWebshop", "CustomERP",
    {{"Customer", "Customer", {{"phone", "telephone", "String"}}, ""}, {"Order", "Order", {}, ""}});

TEST(DocumentTest, title_generated_introduction_and_sections_are_read) {
    const auto result = read_text(good);
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    const Document& document = *result.document;
    EXPECT_EQ(document.title, "CustomWebshop to CustomERP Dataflow");
    EXPECT_EQ(document.from, "CustomWebshop");
    EXPECT_EQ(document.to, "CustomERP");
    EXPECT_EQ(document.generated, "2026-11-21 09:00:00");
    EXPECT_EQ(document.introduction, "What flows, and where.");
    ASSERT_EQ(document.sections.size(), 2u);
    EXPECT_EQ(document.sections[0].heading, "CustomWebshop Customer to CustomERP Customer");
    EXPECT_EQ(document.sections[0].from, "Customer");
    EXPECT_EQ(document.sections[0].creation, Creation::always);
    EXPECT_EQ(document.sections[0].at.line, 12);
    ASSERT_EQ(document.sections[0].rows.size(), 1u);
    EXPECT_EQ(document.sections[0].rows[0].from, "phone");
    EXPECT_EQ(document.sections[0].rows[0].to, "telephone");
    EXPECT_EQ(document.sections[0].rows[0].type, "String");
    EXPECT_TRUE(document.sections[1].rows.empty());
    EXPECT_TRUE(result.diagnostics.empty()) << all_text(result.diagnostics);
}

TEST(DocumentTest, windows_line_ends_byte_order_mark_tabs_and_trailing_blanks_are_taken) {
    std::string text = every(good, "     - ", "\t- ");
    text = every(text, "\n", " \t \r\n");
    const auto result = read_text("\xEF\xBB\xBF" + text);
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    EXPECT_EQ(result.document->title, "CustomWebshop to CustomERP Dataflow");
    ASSERT_EQ(result.document->sections.size(), 2u);
    EXPECT_EQ(result.document->sections[0].at.line, 12);
}

TEST(DocumentTest, repeated_sections_and_spellings_are_kept_in_their_order) {
    const auto result = read_text(document_text("Exact Online", "Shop",
                                                {{"Items", "Stock List", {}, ""},
                                                 {"Salesorders", "Order", {}, ""},
                                                 {"Items", "Stock List", {}, ""}}));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    const auto& sections = result.document->sections;
    ASSERT_EQ(sections.size(), 3u);
    EXPECT_EQ(sections[0].from, "Items");
    EXPECT_EQ(sections[0].to, "Stock List");
    EXPECT_EQ(sections[1].from, "Salesorders");
    EXPECT_EQ(sections[2].to, "Stock List");
}

TEST(DocumentTest, a_system_without_a_name_is_taken) {
    const auto result =
        read_text(document_text("Exact Online", "", {{"Items", "Inventory", {}, ""}}));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    EXPECT_EQ(result.document->to, "");
    EXPECT_EQ(result.document->sections[0].to, "Inventory");
    EXPECT_EQ(result.document->sections[0].heading, "Exact Online Items to  Inventory");
}

TEST(DocumentTest, names_that_hold_the_word_to_are_told_apart_by_the_headings) {
    const auto result = read_text(
        document_text("Time to Pay", "CRM", {{"Goods to Deliver", "Things to Do", {}, ""}}));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    EXPECT_EQ(result.document->from, "Time to Pay");
    EXPECT_EQ(result.document->to, "CRM");
    EXPECT_EQ(result.document->sections[0].from, "Goods to Deliver");
    EXPECT_EQ(result.document->sections[0].to, "Things to Do");
}

TEST(DocumentTest, a_system_is_recognised_in_another_spelling) {
    const auto result =
        read_text(every(good, "\nCustomWebshop Order to", "\nCustom webshop Order to"));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    EXPECT_EQ(result.document->sections[1].from, "Order");
    EXPECT_EQ(result.document->sections[1].heading, "Custom webshop Order to CustomERP Order");
    EXPECT_EQ(result.document->sections[1].creation, Creation::always);
}

TEST(DocumentTest, cells_may_be_empty_or_go_on_in_the_next_lines) {
    const auto result = read_text(with(
        good, "   * - phone\n     - telephone\n     - String\n",
        "   * -\n     - telephone\n     -\n\n   * - a long\n       name\n     - b\n     - c\n"));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    const auto& rows = result.document->sections[0].rows;
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].from, "");
    EXPECT_EQ(rows[0].to, "telephone");
    EXPECT_EQ(rows[0].type, "");
    EXPECT_EQ(rows[1].from, "a long name");
}

struct Rule {
    std::string sentence;
    Creation creation;
    std::string condition;
};

class RuleTest : public testing::TestWithParam<Rule> {};

TEST_P(RuleTest, says_what_is_created) {
    const auto result = read_text(document_text("A", "B", {{"X", "Y", {}, GetParam().sentence}}));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    const auto& section = result.document->sections[0];
    EXPECT_EQ(section.creation, GetParam().creation);
    EXPECT_EQ(section.condition, GetParam().condition);
    EXPECT_TRUE(section.unknown_sentences.empty()) << section.unknown_sentences.front();
}

INSTANTIATE_TEST_SUITE_P(
    sentences, RuleTest,
    testing::Values(Rule{"Every A X will be synchronized with a B Y.", Creation::always, ""},
                    Rule{"Each A X is synchronised with the B Y", Creation::always, ""},
                    Rule{"Every A X will be\nsynchronized with an B\nY.", Creation::always, ""},
                    Rule{"No A X will be synchronized with a B Y.", Creation::never, ""},
                    Rule{"Every A X will never be synchronized with a B Y.", Creation::never, ""},
                    Rule{"Every A X will be synchronized with a B Y only when it is won.",
                         Creation::when, "it is won"},
                    Rule{"Every A X will be synchronized with a B Y if status is Open.",
                         Creation::when, "status is Open"}));

TEST(DocumentTest, an_unknown_sentence_is_kept_and_told_with_its_place) {
    const auto result = read_text(
        with(good, "Every CustomWebshop Customer will be synchronized with a CustomERP Customer.",
             "Every CustomWebshop Customer will be synchronized with a CustomERP Customer. The\n"
             "moon is full."));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    const auto& section = result.document->sections[0];
    EXPECT_EQ(section.creation, Creation::always);
    ASSERT_EQ(section.unknown_sentences.size(), 1u);
    EXPECT_EQ(section.unknown_sentences[0], "The moon is full.");
    EXPECT_TRUE(has(result.diagnostics, "flow.txt:14:78", {"The moon is full."}))
        << all_text(result.diagnostics);
}

TEST(DocumentTest, a_sentence_about_other_data_types_says_nothing_here) {
    const auto result = read_text(
        with(good, "Every CustomWebshop Customer will be", "Every CustomWebshop Product will be"));
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    EXPECT_EQ(result.document->sections[0].creation, Creation::unsaid);
    EXPECT_TRUE(has(result.diagnostics, "flow.txt:14:1", {"CustomWebshop Product"}));
}

TEST(DocumentTest, a_file_that_is_no_text_is_refused) {
    expect_error(read_text(std::string("\x7f"
                                       "ELF\0\1\2",
                                       7)),
                 "flow.txt:1:1", {"no text in UTF-8"});
    expect_error(read_text("\xFF\xFE"
                           "C\0u\0"),
                 "flow.txt:1:1", {"no text in UTF-8"});
    expect_error(read_text("M\xFCller to CRM Dataflow\n======\n"), "flow.txt:1:1", {"UTF-8"});
}

TEST(DocumentTest, a_file_without_headings_is_refused) {
    expect_error(read_text(""), "flow.txt:1:1", {"no heading", "A to B Dataflow"});
    expect_error(read_text("dear reader,\n\nhello\n"), "flow.txt:1:1", {"no heading"});
}

TEST(DocumentTest, a_file_that_is_too_large_is_refused_before_it_is_parsed) {
    expect_error(read_text(std::string(document_bytes_max + 1, 'a')), "flow.txt:1:1",
                 {"larger than 1024 kB"});
}

// A megabyte of headings is noise: it ends early, and with few messages.
TEST(DocumentTest, noise_is_refused_with_few_messages) {
    std::string noise = "A to B Dataflow\n===\n";
    while (noise.size() < document_bytes_max - 20) noise += "a to b\n---\nx\n";
    const auto headings = read_text(noise);
    EXPECT_FALSE(headings.document);
    EXPECT_LE(headings.diagnostics.size(), 101u);

    std::string rows = good;
    while (rows.size() < document_bytes_max - 20) rows += "   * - a\n";
    const auto table = read_text(with(rows, "\n\n\n   * - a", "\n   * - a"));
    EXPECT_FALSE(table.document);
    EXPECT_LE(table.diagnostics.size(), 101u);
    EXPECT_TRUE(has_errors(table.diagnostics));
}

TEST(DocumentTest, a_title_must_name_two_systems_and_end_in_dataflow) {
    const std::string title = "CustomWebshop to CustomERP Dataflow";
    expect_error(read_text(with(good, title, "CustomWebshop to CustomERP")), "flow.txt:2:1",
                 {"does not end in Dataflow", "A to B Dataflow"});
    expect_error(read_text(with(good, title, "CustomWebshop Dataflow")), "flow.txt:2:1",
                 {"names no two systems"});
    expect_error(read_text(with(good, title, "to Dataflow")), "flow.txt:2:1",
                 {"names no two systems"});
    expect_error(read_text(with(good, title, "CustomERP to Custom ERP Dataflow")), "flow.txt:2:1",
                 {"one system twice"});
}

TEST(DocumentTest, a_heading_must_name_two_data_types_of_the_titles_systems) {
    const std::string heading = "CustomWebshop Order to CustomERP Order\n";
    expect_error(read_text(with(good, heading, "CustomWebshop Order and CustomERP Order\n")),
                 "flow.txt:31:1", {"has no ` to `", "CustomWebshop X to CustomERP Y"});
    expect_error(read_text(with(good, heading, "CustomWebshop Order to WebCRM Order\n")),
                 "flow.txt:31:1", {"not about the title's systems"});
    expect_error(read_text(with(good, heading, "CustomWebshop to CustomERP Order\n")),
                 "flow.txt:31:1", {"not about the title's systems"});
}

// Taken for text, it would hand its table to the section above.
TEST(DocumentTest, a_heading_that_is_too_long_is_refused) {
    const std::string heading = "CustomWebshop Order to CustomERP Order\n";
    expect_error(read_text(with(good, heading, std::string(301, 'x') + "\n")), "flow.txt:31:1",
                 {"longer than 300"});
}

TEST(DocumentTest, a_section_must_have_a_body) {
    const auto text = "A to B Dataflow\n===\n\nA X to B Y\n---\n\n\nA Z to B Z\n---\n";
    expect_error(read_text(text), "flow.txt:4:1", {"is empty", "A X to B Y"});
    expect_error(read_text(text), "flow.txt:8:1", {"is empty", "A Z to B Z"});
    expect_error(read_text("A to B Dataflow\n===\n"), "flow.txt:1:1", {"no section"});
}

TEST(DocumentTest, a_table_must_have_its_three_columns) {
    expect_error(read_text(with(good, "     - CustomERP Data Type\n", "")), "flow.txt:23:6",
                 {"2 columns instead of three"});
    expect_error(read_text(with(good, "CustomERP Customer Property", "CustomERP Order Property")),
                 "flow.txt:24:6", {"column 2", "CustomERP Customer Property"});
    expect_error(read_text(with(good, "     - telephone\n", "     - telephone\n     - more\n")),
                 "flow.txt:26:6", {"4 columns"});
    expect_error(read_text(with(good, "     - telephone\n", "telephone\n")), "flow.txt:26:6",
                 {"1 column "});
    expect_error(read_text(with(good, "   :header-rows: 1\n", "   a b\n")), "flow.txt:21:4",
                 {"neither an option nor a row"});
    expect_error(read_text(good.substr(0, good.find("   * - "))), "flow.txt:20:1", {"no header"});
}

TEST(DocumentTest, all_errors_of_a_file_are_told_at_once) {
    std::string text = with(good, "CustomERP Customer Property", "Wrong");
    text = with(text, "CustomWebshop Order to CustomERP Order\n", "Something else\n");
    const auto result = read_text(text);
    expect_error(result, "flow.txt:24:6", {"Wrong"});
    expect_error(result, "flow.txt:31:1", {"Something else"});
}

TEST(DocumentTest, a_part_of_another_style_is_left_alone_and_told) {
    const auto result = read_text(good + underlined("Remarks", '~') + "none\n");
    ASSERT_TRUE(result.document) << all_text(result.diagnostics);
    EXPECT_EQ(result.document->sections.size(), 2u);
    EXPECT_NE(all_text(result.diagnostics).find("`Remarks`"), std::string::npos);
}

TEST(DocumentTest, the_documents_beside_the_project_are_read) {
    const auto seeds = seed_documents();
    if (seeds.empty()) GTEST_SKIP() << "there are no documents beside the project";
    const std::vector<std::size_t> sections{4, 3, 4, 4, 3};
    ASSERT_EQ(seeds.size(), sections.size());
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        model::Diagnostics diagnostics;
        const auto document = read_document(seeds[i], diagnostics);
        ASSERT_TRUE(document) << all_text(diagnostics);
        EXPECT_TRUE(diagnostics.empty()) << all_text(diagnostics);
        EXPECT_EQ(document->sections.size(), sections[i]);
        for (const auto& section : document->sections) {
            EXPECT_EQ(section.creation, Creation::always) << section.heading;
        }
    }
}

}  // namespace
}  // namespace entente::report
