// What systems, files and words of the command line hold never drives the terminal, nor forges a line. Method: values, ids, messages
// and names that hold every control character, mark of direction and escape go through every command that prints.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "../report/documents.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "lying_system.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr std::string_view forged = "entente: all systems agree";

std::string utf8(std::uint32_t c) {
    if (c < 0x80) return {static_cast<char>(c)};
    if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))};
    return {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3f)),
            static_cast<char>(0x80 | (c & 0x3f))};
}

// C0 without NUL, DEL, C1, marks of direction, separators of lines.
const std::vector<std::uint32_t> hidden = [] {
    std::vector<std::uint32_t> out{0x061c, 0x200e, 0x200f, 0x2028, 0x2029};
    for (std::uint32_t c = 0x01; c < 0x20; ++c) out.push_back(c);
    for (std::uint32_t c = 0x7f; c <= 0x9f; ++c) out.push_back(c);
    for (std::uint32_t c = 0x202a; c <= 0x202e; ++c) out.push_back(c);
    for (std::uint32_t c = 0x2066; c <= 0x2069; ++c) out.push_back(c);
    return out;
}();

// Escapes at the beginning, where a cut text still shows them; then every character.
std::string hostile(const std::string& word) {
    std::string out = word + "\x1b]0;PWNED\x07\x1b[31m" + utf8(0x9b) + "2J" + utf8(0x202e) +
                      "\rover\n" + std::string(forged) + "\n";
    for (const std::uint32_t c : hidden) out += utf8(c);
    return out + "end";
}

// What it prints that must not be printed, as words.
std::string harm_in(const Finished& ended) {
    std::set<std::string> harm;
    const std::string all = ended.out + ended.err;
    for (const char c : all)
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n')
            harm.insert(fmt::format("byte {:02x}", c));
    for (const std::uint32_t c : hidden)
        if (c != '\n' && all.find(utf8(c)) != std::string::npos)
            harm.insert(fmt::format("U+{:04X}", c));
    if (!text::is_utf8(all)) harm.insert("no UTF-8");
    std::istringstream lines(all);
    for (std::string line; std::getline(lines, line);)
        if (line.starts_with(forged) || line.starts_with("entente: " + std::string(forged)))
            harm.insert("a forged line");
    std::string out;
    for (const auto& one : harm) out += one + "; ";
    return out;
}

class ForeignTextTest : public testing::Test {
protected:
    Finished run_clean(const std::vector<std::string>& words) {
        used_.insert(words.front());
        auto ended = entente(words);
        EXPECT_EQ(harm_in(ended), "")
            << words.front() << " " << words.back() << ": " << ended.out << ended.err;
        return ended;
    }
    // Both forms.
    void run_both(std::vector<std::string> words) {
        run_clean(words);
        words.push_back("--json");
        const auto ended = run_clean(words);
        std::istringstream lines(ended.out);
        for (std::string line; std::getline(lines, line);)
            EXPECT_TRUE(json::read(line).has_value()) << words.front() << ": " << line;
    }

    const Folder folder_;
    const std::string dir_ = folder_.path("w");
    std::set<std::string> used_;
};

// Goal: each command that prints what records hold prints it as escapes, for people and for programs. Method: an edit on both sides,
// which is told with both values; a record whose id is hostile; a value that is refused with a hostile message; and each word of
// the command line.
TEST_F(ForeignTextTest, of_records_is_shown_as_escapes_by_every_command) {
    LyingSystem shop([](const http::Request& request) -> std::optional<http::Response> {
        if (request.method == "GET" || request.body.find("refused") == std::string::npos)
            return std::nullopt;
        return http::Response{422,
                              {{"Content-Type", "application/json"}},
                              json::write(Value(Value::Object{{"error", hostile("no")}}))};
    });
    LyingSystem ledger;
    write_lying_workspace(dir_, shop.url(), ledger.url());
    const std::string id = hostile("c");
    shop.put("1", "Ink BV", "ink@ink.example", "Leiden");
    ledger.put("11", "Ink BV", "ink@ink.example", "Leiden");
    shop.put(id, "Odd " + hostile("o"), "odd@odd.example", hostile("Delft"));
    shop.put("twin-a", "Twin BV", "twin@twin.example", "Delft");
    shop.put("twin-b" + hostile(""), "Twin BV", "twin@twin.example", "Delft");
    ledger.put("t", "Twin BV", "twin@twin.example", "Delft");

    run_both({"check", dir_});
    run_both({"check", dir_, "--live"});
    run_both({"plan", dir_});
    run_both({"run", dir_, "--until-idle"});
    run_clean({"run", dir_, "--until-idle", "--approve"});
    shop.put("1", "Ink BV", "ink@ink.example", hostile("Shop"));
    ledger.put("11", "Ink BV", "ink@ink.example", hostile("Ledger"));
    ledger.put("12", "refused " + hostile(""), "new@new.example", "Gouda");
    run_both({"run", dir_, "--until-idle", "--approve"});
    run_both({"status", dir_});
    run_both({"verify", dir_});
    EXPECT_NE(entente({"history", dir_, "Shop.Customer", "1"}).out.find("\\u001b]0;PWNED"),
              std::string::npos)
        << "what was typed is told";
    for (const std::string& record : {std::string("1"), id})
        run_both({"history", dir_, "Shop.Customer", record});
    run_both({"history", dir_, "Shop." + hostile("x"), hostile("y")});
    run_both({"retry", dir_});
    run_both({"retry", dir_, "Shop.Customer:" + hostile("z")});
    for (const char* act : {"link", "apart"})
        run_both({act, dir_, "Shop.Customer:" + id, "Ledger.Customer:" + hostile("")});
    run_both({"relink", dir_, "Shop.Customer:" + id});
    run_clean({"status", hostile("nowhere")});
    run_clean({hostile("frobnicate")});

    // The names of commands stand indented in the help, behind the word that heads them.
    const std::string help = entente({"--help"}).out;
    std::istringstream lines(help.substr(help.find("Subcommands:")));
    const std::set<std::string> elsewhere{"demo", "sim", "import", "init"};
    std::string line;
    std::getline(lines, line);
    std::size_t commands = 0;
    for (; std::getline(lines, line) && line.starts_with("  "); ++commands) {
        const std::string name = text::trim(line).substr(0, text::trim(line).find(' '));
        EXPECT_TRUE(used_.contains(name) || elsewhere.contains(name)) << "no test of " << name;
    }
    EXPECT_GT(commands, elsewhere.size());
}

// Goal: what a system says of itself, and a file, drive no terminal either, nor do the files that are written of them.
TEST_F(ForeignTextTest, of_documents_metadata_and_configuration_is_shown_as_escapes) {
    const std::string json_text = json::write(Value(hostile("T")));
    LyingSystem service([](const http::Request&) {
        std::string name = "A" + utf8(0x9b) + "2J" + utf8(0x202e);
        return http::Response{
            200,
            {{"Content-Type", "application/xml"}},
            fmt::format(
                "<?xml version=\"1.0\"?><edmx:Edmx Version=\"4.0\" "
                "xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\"><edmx:DataServices>"
                "<Schema Namespace=\"N\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">"
                "<EntityType Name=\"C\"><Key><PropertyRef Name=\"Id\"/><PropertyRef "
                "Name=\"{0}\"/></Key><Property Name=\"Id\" Type=\"Edm.Int32\"/><Property "
                "Name=\"{0}\" Type=\"Edm.{0}&#10;x: y\"/></EntityType><EntityContainer Name=\"E\">"
                "<EntitySet Name=\"Customers\" EntityType=\"N.C\"/><EntitySet Name=\"{0}\" "
                "EntityType=\"N.C\"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>",
                name)};
    });
    run_clean({"init", "--discover", service.url(), "--into", folder_.path("d")});
    run_clean({"check", folder_.path("d")});
    write_file(folder_.path("a.rst"),
               report::document_text("Custom" + utf8(0x202e) + "Shop", "Led" + utf8(0x9b) + "ger",
                                     {{"Customer",
                                       "Customer" + utf8(0x85),
                                       {{"phone", "tele" + utf8(0x9b) + "phone", "String"}},
                                       ""}}));
    run_both({"import", folder_.path("a.rst"), "--into", folder_.path("i")});
    run_both({"import", folder_.path(hostile("a") + ".rst"), hostile("/b"), "--into",
              folder_.path("j")});
    for (const char* made : {"d", "i"}) {
        if (!std::filesystem::exists(folder_.path(made))) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path(made)))
            if (entry.is_regular_file() && entry.path().extension() != ".rst")
                EXPECT_EQ(harm_in({0, read_file(entry.path()), "", ""}), "") << entry.path();
    }
    write_file(
        dir_ + "/entente.yaml",
        fmt::format("workspace: {0}\nsystems: {{{0}: {{connector: {0}}}}}\n{0}: 1\n", json_text));
    run_both({"check", dir_});
    run_both({"run", dir_});
}

// Goal: an answer that is no answer is quoted as escapes.
TEST_F(ForeignTextTest, of_error_messages_is_shown_as_escapes) {
    LyingSystem shop([](const http::Request&) {
        return http::Response{500, {}, json::write(Value(Value::Object{{"error", hostile("no")}}))};
    });
    LyingSystem ledger([](const http::Request&) {
        return http::Response{200, {}, "<html>\x1b[31m\xff\x9b" + hostile("no")};
    });
    write_lying_workspace(dir_, shop.url(), ledger.url());
    run_both({"check", dir_, "--live"});
    run_both({"plan", dir_, "--give-up-after", "1s"});
    run_both({"run", dir_, "--until-idle", "--approve", "--give-up-after", "1s"});
    run_both({"status", dir_});
    run_both({"verify", dir_});
    run_clean({"init", "--discover", shop.url(), "--into", folder_.path("d")});
}

}  // namespace
}  // namespace entente::e2e
