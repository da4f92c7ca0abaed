#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "structure/rules.hpp"

namespace entente::structure {
namespace {

using Allowed = std::map<std::string, std::set<std::string>, std::less<>>;

// What each part may include and link besides itself. The checker judges a demo from outside: it must not be able to
// share a mistake with the engine.
const Allowed& arrows() {
    static const Allowed allowed{
        {"base", {}},
        {"model", {"base"}},
        {"sync", {"base", "model"}},
        {"store", {"base", "model", "sync"}},
        {"connect", {"base", "model", "sync"}},
        {"report", {"base", "model", "sync"}},
        {"run", {"base", "model", "sync", "store", "connect", "report"}},
        {"serve", {"base"}},
        {"sim", {"base", "model"}},
        {"checker", {"base"}},
        {"oracle", {"base"}},
        {"world", {"base", "model", "sync", "store", "connect", "run", "sim", "checker", "oracle"}},
        {"app",
         {"base", "model", "sync", "store", "connect", "report", "run", "serve", "sim", "checker"}},
    };
    return allowed;
}

// "src/sync/engine.cpp" and "sync/engine.hpp" -> "sync"; what is named checker* is a part of its own.
std::string part_of(std::string_view path) {
    if (path.starts_with("src/")) path.remove_prefix(4);
    if (path.starts_with("sim/checker")) return "checker";
    return std::string(path.substr(0, path.find('/')));
}

bool may_use(const std::string& from, const std::string& to) {
    return from == to || arrows().at(from).contains(to);
}

struct Include {
    std::string name;
    bool own = false;  // in quotes
    int line = 0;
};

std::vector<Include> includes_of(const Source& source) {
    std::vector<Include> out;
    int number = 0;
    for (std::string_view line : lines_of(source.code)) {
        ++number;
        if (!line.starts_with('#') || line.find("include") == std::string_view::npos) continue;
        const std::size_t open = line.find_first_of("\"<");
        if (open == std::string_view::npos) continue;
        const bool own = line[open] == '"';
        const std::size_t close = line.find(own ? '"' : '>', open + 1);
        if (close == std::string_view::npos) continue;
        out.push_back({std::string(line.substr(open + 1, close - open - 1)), own, number});
    }
    return out;
}

struct Library {
    std::string_view header;  // how the name of its headers begins
    std::vector<std::string_view> owners;
};

const std::vector<Library>& libraries() {
    static const std::vector<Library> all{
        {"sqlite3", {"src/store/"}},   {"curl/", {"src/connect/"}},
        {"yaml-cpp/", {"src/model/"}}, {"expat", {"src/model/"}},
        {"simdjson", {"src/base/"}},   {"unicode/", {"src/base/"}},
        {"xxhash", {"src/base/"}},     {"CLI/", {"src/app/"}},
        {"boost/", {"src/serve/"}},    {"phonenumbers/", {"src/base/phone.cpp"}},
    };
    return all;
}

bool is_in_place(const Library& library, const Source& source) {
    const auto owns = [&](std::string_view owner) { return source.is_in(owner); };
    if (std::ranges::any_of(library.owners, owns)) return true;
    // Boost is slow to compile: elsewhere it may be hidden in a source file, never shown in a header.
    const bool hidden = library.header == "boost/" && !source.is_header();
    return hidden && (source.is_in("src/run/") || source.is_in("src/connect/"));
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    for (char c : text) {
        const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
        if (!blank) word += c;
        if (blank && !word.empty()) out.push_back(std::exchange(word, {}));
    }
    if (!word.empty()) out.push_back(std::move(word));
    return out;
}

struct Command {
    std::string name;
    std::vector<std::string> arguments;
    int line = 0;
};

std::vector<Command> commands_of(std::string_view cmake) {
    std::string text;
    for (std::string_view line : lines_of(cmake)) {
        text += std::string(line.substr(0, line.find('#')));
        text += '\n';
    }
    std::vector<Command> out;
    for (std::size_t open = text.find('('); open != std::string::npos;
         open = text.find('(', open)) {
        std::size_t begin = open;
        while (begin > 0 && is_word_character(text[begin - 1])) --begin;
        const std::size_t close = text.find(')', open);
        if (close == std::string::npos) break;
        out.push_back({text.substr(begin, open - begin),
                       words_of(std::string_view(text).substr(open + 1, close - open - 1)),
                       line_at(text, open)});
        open = close;
    }
    return out;
}

std::optional<std::string> library_part(std::string_view target) {
    constexpr std::string_view prefix = "entente_";
    if (!target.starts_with(prefix)) return std::nullopt;
    return std::string(target.substr(prefix.size()));
}

}  // namespace

Findings includes_against_the_arrows(std::span<const Source> sources) {
    Findings out;
    for (const Source& source : sources) {
        if (!source.is_in("src/")) continue;
        const std::string from = part_of(source.path);
        if (!arrows().contains(from)) {
            out.push_back(
                {source.path, 1, "the folder '" + from + "' has no place in the architecture"});
            continue;
        }
        for (const Include& include : includes_of(source)) {
            if (!include.own) continue;
            const std::string to = part_of(include.name);
            if (!arrows().contains(to))
                out.push_back(
                    {source.path, include.line,
                     "'" + include.name + "' is not named from src/, as in \"base/error.hpp\""});
            else if (!may_use(from, to))
                out.push_back({source.path, include.line,
                               from + " must not know " + to + " ('" + include.name + "')"});
        }
    }
    return out;
}

Findings libraries_out_of_place(std::span<const Source> sources) {
    Findings out;
    for (const Source& source : sources) {
        if (!source.is_in("src/")) continue;
        for (const Include& include : includes_of(source))
            for (const Library& library : libraries())
                if (include.name.starts_with(library.header) && !is_in_place(library, source))
                    out.push_back({source.path, include.line,
                                   "<" + include.name + "> belongs to " +
                                       std::string(library.owners.front()) + " only"});
    }
    return out;
}

Findings links_against_the_arrows(const std::string& path, std::string_view cmake) {
    Findings out;
    for (const Command& command : commands_of(cmake)) {
        const bool declares = command.name == "entente_library";
        if ((!declares && command.name != "target_link_libraries") || command.arguments.empty())
            continue;
        const std::string& target = command.arguments.front();
        const auto from = declares ? std::optional(target) : library_part(target);
        if (!from || from->starts_with("$")) continue;
        if (!arrows().contains(*from)) {
            out.push_back({path, command.line,
                           "the library of '" + *from + "' has no place in the architecture"});
            continue;
        }
        for (const std::string& argument : command.arguments) {
            const auto to = library_part(argument);
            if (!to || *to == *from) continue;
            if (!arrows().contains(*to) || !may_use(*from, *to))
                out.push_back({path, command.line, *from + " must not link " + *to});
        }
    }
    return out;
}

}  // namespace entente::structure
