// docs/CONNECTORS.md is true: its tables hold every key that the loader takes, and no other; its files load as they stand there.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "loading.hpp"

namespace entente::model {
namespace {

using Keys = std::set<std::string>;

std::string page() {
    std::ifstream file(ENTENTE_SOURCE_DIR "/docs/CONNECTORS.md");
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

// By heading ("#### `auth`"): the words in quotes that the rows of its table begin with.
std::map<std::string, Keys> tables() {
    std::map<std::string, Keys> out;
    std::string heading;
    for (const std::string& line : lines_of(page())) {
        if (line.starts_with("#")) heading.clear();
        if (line.starts_with("#### `")) heading = line.substr(6, line.find('`', 6) - 6);
        if (heading.empty() || !line.starts_with("| `")) continue;
        const std::string cell = line.substr(2, line.find(" |", 2) - 2);
        for (std::size_t at = 0; (at = cell.find('`', at)) != std::string::npos;) {
            const std::size_t end = cell.find('`', at + 1);
            out[heading].insert(cell.substr(at + 1, end - at - 1));
            at = end + 1;
        }
    }
    return out;
}

// Like no key that there is, so that the loader answers with all that it knows.
constexpr const char* nonsense = "nothing_is_called_so_anywhere";

// What the loader says it knows, where the text holds a `?`.
Keys known(const std::string& file, std::string text) {
    const auto at = text.find('?');
    CHECK(at != std::string::npos, "a template has a place for a key");
    text.replace(at, 1, fmt::format("{}: 1", nonsense));
    const std::string folder = "catalog/connectors/it/";
    std::vector<SourceFile> overlay{{folder + file, text}};
    if (file != "connector.yaml") {
        overlay.push_back({folder + "connector.yaml", "connector: it\nprotocol: rest\n"});
    }
    const LoadResult result =
        load_text("workspace: w\nsystems: {S: {connector: it}}\n", std::move(overlay));
    Keys out;
    for (const auto& diagnostic : result.diagnostics) {
        if (diagnostic.what.find(nonsense) == std::string::npos) continue;
        constexpr std::string_view begin = "one of: ";
        EXPECT_TRUE(diagnostic.right.starts_with(begin)) << diagnostic.text();
        std::istringstream names(diagnostic.right.substr(begin.size()));
        for (std::string name; std::getline(names, name, ',');) {
            out.insert(name.substr(name.find_first_not_of(' ')));
        }
    }
    EXPECT_FALSE(out.empty()) << text << all_text(result.diagnostics);
    return out;
}

struct Place {
    const char* heading;
    const char* file;
    const char* text;
};

const std::vector<Place>& places() {
    static const std::vector<Place> all{
        {"connector.yaml", "connector.yaml", "connector: it\nprotocol: rest\n?\n"},
        {"settings", "connector.yaml", "connector: it\nprotocol: rest\nsettings: {x: {?}}\n"},
        {"auth", "connector.yaml", "connector: it\nprotocol: rest\nauth: {?}\n"},
        {"auth", "connector.yaml",
         "connector: it\nprotocol: rest\nauth: {kind: client_credentials, ?}\n"},
        {"read", "connector.yaml", "connector: it\nprotocol: rest\nread: {?}\n"},
        {"list", "connector.yaml", "connector: it\nprotocol: rest\nlist: {?}\n"},
        {"paging", "connector.yaml", "connector: it\nprotocol: rest\npaging: {kind: page, ?}\n"},
        {"paging", "connector.yaml", "connector: it\nprotocol: rest\npaging: {kind: offset, ?}\n"},
        {"modified", "connector.yaml", "connector: it\nprotocol: rest\nmodified: {?}\n"},
        {"version", "connector.yaml", "connector: it\nprotocol: rest\nversion: {?}\n"},
        {"create", "connector.yaml", "connector: it\nprotocol: rest\ncreate: {?}\n"},
        {"update", "connector.yaml", "connector: it\nprotocol: rest\nupdate: {?}\n"},
        {"batch", "connector.yaml", "connector: it\nprotocol: rest\nbatch: {?}\n"},
        {"errors", "connector.yaml", "connector: it\nprotocol: rest\nerrors: {?}\n"},
        {"blanks", "connector.yaml", "connector: it\nprotocol: rest\nblanks: {?}\n"},
        {"budget", "connector.yaml", "connector: it\nprotocol: rest\nbudget: {?}\n"},
        {"budget.quotas", "connector.yaml",
         "connector: it\nprotocol: rest\nbudget: {quotas: [{?}]}\n"},
        {"budget.errors", "connector.yaml",
         "connector: it\nprotocol: rest\nbudget: {errors: {?}}\n"},
        {"rights", "connector.yaml", "connector: it\nprotocol: rest\nrights: {?}\n"},
        {"RESOURCE.yaml", "x.yaml", "resource: x\npath: /x\nkey: id\nproperties: {}\n?\n"},
        {"key", "x.yaml", "resource: x\npath: /x\nkey: {?}\nproperties: {}\n"},
        {"create of a resource", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {}\ncreate: {?}\n"},
        {"list of a resource", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {}\nlist: {?}\n"},
        {"feed", "x.yaml", "resource: x\npath: /x\nkey: id\nproperties: {}\nfeed: {?}\n"},
        {"removals", "x.yaml", "resource: x\npath: /x\nkey: id\nproperties: {}\nremovals: {?}\n"},
        {"listed_inside", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {}\nlisted_inside: {?}\n"},
        {"a property", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {f: {type: text, ?}}\n"},
        {"a property", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {f: {type: decimal, ?}}\n"},
        {"a property", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {f: {type: list, ?}}\n"},
        {"a data type", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {}\n"
         "data_types: {D: {model: product, map: {}, ?}}\n"},
        {"a mapping", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {f: {type: text}}\n"
         "data_types: {D: {model: product, map: {name: {path: f, ?}}}}\n"},
        {"inside", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {}\n"
         "data_types: {D: {model: order_line, map: {}, inside: {?}}}\n"},
        {"parent", "x.yaml",
         "resource: x\npath: /x\nkey: id\nproperties: {}\n"
         "data_types: {D: {model: order_line, map: {}, parent: {?}}}\n"},
    };
    return all;
}

std::string text_of(const Keys& keys) {
    return fmt::format("{}", fmt::join(keys, " "));
}

TEST(ConnectorsPage, has_every_key_that_the_loader_takes_and_no_other) {
    std::map<std::string, Keys> loader;
    for (const Place& place : places()) loader[place.heading].merge(known(place.file, place.text));
    // Where nothing but a value stands.
    loader["a mapping"].insert("constant");
    const std::map<std::string, Keys> written = tables();
    for (const auto& [heading, keys] : loader) {
        const auto table = written.find(heading);
        ASSERT_NE(table, written.end()) << "no table of " << heading << ": " << text_of(keys);
        EXPECT_EQ(text_of(table->second), text_of(keys)) << heading;
    }
    for (const auto& [heading, keys] : written) {
        EXPECT_TRUE(loader.contains(heading)) << heading << " is no place in a file";
    }
}

// The blocks that name their file in a first line: "# acme/catalog/connectors/shelf/connector.yaml".
std::vector<SourceFile> files_of_the_example() {
    std::map<std::string, std::string> files;
    std::string* block = nullptr;
    bool is_first = false;
    for (const std::string& line : lines_of(page())) {
        if (line == "```yaml") {
            is_first = true;
            continue;
        }
        if (line.starts_with("```")) block = nullptr;
        constexpr std::string_view folder = "# acme/";
        if (is_first && line.starts_with(folder)) {
            block = &files[line.substr(folder.size())];
            block->clear();  // a later block is how the file stands from then on
        }
        is_first = false;
        if (block != nullptr) *block += line + "\n";
    }
    std::vector<SourceFile> out;
    for (const auto& [path, text] : files) out.push_back({path, text});
    return out;
}

TEST(ConnectorsPage, its_example_loads) {
    std::vector<SourceFile> files = files_of_the_example();
    ASSERT_EQ(files.size(), 3u);
    EXPECT_EQ(files.back().path, "entente.yaml");
    const std::string workspace = files.back().text;
    files.pop_back();
    const LoadResult result = load_text(workspace, files);
    ASSERT_TRUE(result.workspace.has_value()) << all_text(result.diagnostics);
    EXPECT_EQ(result.workspace->flows.size(), 2u);
}

}  // namespace
}  // namespace entente::model
