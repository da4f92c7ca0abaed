// Documents that were cut, scrambled or never were any: the reader and the importer say what is
// wrong or take them, whatever the bytes.
#include "base/random.hpp"
#include "report/documents.hpp"

namespace entente::report {
namespace {

constexpr int mutations = 150;

std::vector<std::string> originals() {
    return {document_text("CustomWebshop", "CustomERP",
                          {{"Customer", "Customer", {{"phone", "telephone", "String"}}, ""},
                           {"Order", "Order", {}, ""}}),
            document_text("Exact Online", "", {{"Items", "Inventory", {}, ""}}),
            document_text("A to B", "Ü to C",
                          {{"X to Y",
                            "Z",
                            {{"a", "b", "nvarchar(20)"}, {"", "", ""}},
                            "Every A to B X to Y is synced to Ü to C Z when it is new."}})};
}

// Either it is read or there is an error; both never, none never.
void expect_a_verdict(const std::string& text) {
    const auto result = read_text(text);
    EXPECT_NE(result.document.has_value(), has_errors(result.diagnostics)) << text;
    for (const auto& diagnostic : result.diagnostics) {
        EXPECT_GT(diagnostic.at.line, 0);
        EXPECT_GT(diagnostic.at.column, 0);
        EXPECT_FALSE(diagnostic.what.empty());
    }
    const auto imported = import_documents(
        {.workspace = "w", .documents = {{"flow.txt", text}}, .catalog = model::shipped_catalog()});
    EXPECT_NE(imported.files.empty(), !has_errors(imported.diagnostics))
        << text << all_text(imported.diagnostics);
    // What was taken must load: the importer says so itself, with diagnostics of its own files.
    EXPECT_EQ(all_text(imported.diagnostics).find("entente.yaml:"), std::string::npos)
        << text << all_text(imported.diagnostics);
    EXPECT_EQ(all_text(imported.diagnostics).find("catalog/"), std::string::npos)
        << text << all_text(imported.diagnostics);
}

std::string scrambled(std::string text, Random& random) {
    constexpr std::string_view odd = "\n\r\t -*=\"':{}#,[]&\\%@`|>!~\xC3\xBC\x01.";
    const auto changes = random.between(1, 8);
    for (std::int64_t i = 0; i < changes && !text.empty(); ++i) {
        const std::size_t at = random.below(text.size());
        const std::size_t size = std::min<std::size_t>(random.below(40), text.size() - at);
        switch (random.below(4)) {
            case 0:
                text[at] = odd[random.below(odd.size())];
                break;
            case 1:
                text.erase(at, size);
                break;
            case 2:
                text.insert(at, text.substr(random.below(text.size()), size));
                break;
            default:
                text.insert(at, 1, odd[random.below(odd.size())]);
        }
    }
    return text;
}

TEST(DocumentNoiseTest, a_document_cut_anywhere_gets_a_verdict) {
    for (const std::string& text : originals()) {
        for (std::size_t size = 0; size < text.size(); size += 7) {
            expect_a_verdict(text.substr(0, size));
        }
    }
}

TEST(DocumentNoiseTest, a_scrambled_document_gets_a_verdict) {
    Random random(7, "scrambled documents");
    for (const std::string& text : originals()) {
        for (int i = 0; i < mutations; ++i) expect_a_verdict(scrambled(text, random));
    }
}

TEST(DocumentNoiseTest, names_with_any_character_get_a_verdict) {
    Random random(7, "odd names");
    constexpr std::string_view odd = "ab1 \x7F-_.:#'\"{}[],&*!|>%@`\\/?=~$()";
    const auto name = [&] {
        std::string out;
        const auto size = random.between(1, 9);
        for (std::int64_t i = 0; i < size; ++i) out += odd[random.below(odd.size())];
        // What some readers of YAML take for the end of a line, and a mark that some drop.
        constexpr std::string_view rare[] = {"\xC2\x85", "\xE2\x80\xA8", "\xEF\xBB\xBF",
                                             "\xC3\xA9"};
        if (random.chance(30)) out += rare[random.below(std::size(rare))];
        return out;
    };
    for (int i = 0; i < mutations; ++i) {
        expect_a_verdict(document_text(
            name(), name(),
            {{name(), "Customer", {{name(), name(), name()}, {name(), name(), "String"}}, ""},
             {"Order", name(), {{name(), name(), "int"}}, ""}}));
    }
}

TEST(DocumentNoiseTest, bytes_of_any_kind_get_a_verdict) {
    Random random(7, "bytes");
    for (int i = 0; i < mutations; ++i) {
        std::string bytes;
        const auto size = random.below(300);
        for (std::uint64_t j = 0; j < size; ++j) bytes += static_cast<char>(random.below(256));
        expect_a_verdict(bytes);
    }
}

}  // namespace
}  // namespace entente::report
