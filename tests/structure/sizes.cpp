#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "structure/rules.hpp"

namespace entente::structure {
namespace {

// Preprocessor lines hold unbalanced braces (macros), so they are no part of what is counted.
std::string without_directives(std::string_view code) {
    std::string out;
    bool goes_on = false;
    for (std::string_view line : lines_of(code)) {
        const bool directive = goes_on || line.starts_with('#');
        goes_on = directive && line.ends_with('\\');
        if (!directive) out += line;
        out += '\n';
    }
    return out;
}

std::string_view trimmed(std::string_view s) {
    const std::size_t begin = s.find_first_not_of(" \n\t\r");
    if (begin == std::string_view::npos) return {};
    return s.substr(begin, s.find_last_not_of(" \n\t\r") - begin + 1);
}

// Whether "=" stands before the parenthesis: then the brace is of an initialiser, unless it is an operator's name.
bool is_initialiser(std::string_view before_parenthesis) {
    if (before_parenthesis.find("operator") != std::string_view::npos) return false;
    int angles = 0;  // default template arguments do not count
    for (char c : before_parenthesis) {
        if (c == '<')
            ++angles;
        else if (c == '>')
            --angles;
        else if (c == '=' && angles == 0)
            return true;
    }
    return false;
}

bool is_type(std::string_view head) {
    for (std::string_view keyword : {"class", "struct", "union", "enum"}) {
        const std::size_t at = find_word(head, keyword);
        // "template <class T> void f() {" has its keyword inside angle brackets, a type has it outside.
        if (at != std::string_view::npos && std::ranges::count(head.substr(0, at), '<') ==
                                                std::ranges::count(head.substr(0, at), '>'))
            return true;
    }
    return false;
}

// Where the declaration begins: behind blanks and access labels.
std::size_t declaration_begin(std::string_view code, std::size_t head) {
    for (;;) {
        head = code.find_first_not_of(" \n", head);
        if (head == std::string_view::npos) return code.size();
        const std::size_t before = head;
        for (std::string_view label : {"public:", "protected:", "private:"})
            if (code.substr(head).starts_with(label)) head += label.size();
        if (head == before) return head;
    }
}

enum class Scope {
    container,
    function,
    other
};  // container: a namespace or type, whose members are looked at

Scope scope_of(std::string_view head) {
    if (find_word(head, "namespace") != std::string_view::npos ||
        head.find("extern ") != std::string_view::npos)
        return Scope::container;
    const std::size_t open = head.find('(');
    if (is_type(head.substr(0, open))) return Scope::container;
    if (open == std::string_view::npos || is_initialiser(head.substr(0, open))) return Scope::other;
    return Scope::function;
}

std::string name_of_function(std::string_view head) {
    std::size_t end = head.find('(');
    if (const std::size_t call = head.find("operator()"); call != std::string_view::npos)
        end = call + 10;
    std::string_view before = trimmed(head.substr(0, end));
    std::size_t begin = before.size();
    if (const std::size_t at = before.rfind("operator"); at != std::string_view::npos) begin = at;
    while (begin > 0 && (is_word_character(before[begin - 1]) || before[begin - 1] == ':' ||
                         before[begin - 1] == '~'))
        --begin;
    std::string name(before.substr(begin));
    // TEST(suite, case) is named after its case.
    if (name.starts_with("TEST") || name.starts_with("INSTANTIATE") || name.starts_with("RC_")) {
        const std::size_t close = head.find(')', end);
        name += std::string(head.substr(end, close - end + 1));
    }
    std::erase_if(name, [](char c) { return c == ' ' || c == '\n'; });
    return name;
}

struct Open {
    Scope scope;
    std::size_t head;  // where what the brace belongs to begins
};

// Walks the braces of one file: containers are entered, functions measured, everything else is skipped.
class FunctionFinder {
public:
    explicit FunctionFinder(const Source& source)
        : path_(source.path), code_(without_directives(source.code)) {}

    std::vector<Function> find() {
        for (at_ = 0; at_ < code_.size(); ++at_) {
            const char c = code_[at_];
            if (c == '{')
                opened();
            else if (c == '}')
                closed();
            else if (depth_ == 0)
                between(c);
        }
        return std::move(out_);
    }

private:
    void between(char c) {
        if (c == '(')
            ++parentheses_;
        else if (c == ')')
            --parentheses_;
        else if (c == ';' && parentheses_ == 0)
            head_ = at_ + 1;
    }

    void opened() {
        if (depth_ > 0) {
            ++depth_;
            return;
        }
        Open open{Scope::other, head_};
        if (parentheses_ == 0)
            open.scope = scope_of(trimmed(std::string_view(code_).substr(head_, at_ - head_)));
        open_.push_back(open);
        if (open.scope == Scope::container)
            head_ = at_ + 1;
        else
            depth_ = 1;
    }

    void closed() {
        if (depth_ > 1 || open_.empty()) {
            --depth_;
            return;
        }
        depth_ = 0;
        const Open open = open_.back();
        open_.pop_back();
        if (parentheses_ > 0) return;  // a braced argument
        head_ = at_ + 1;
        if (open.scope != Scope::function) return;
        const std::size_t next = code_.find_first_not_of(" \n", at_ + 1);
        const char follows = next == std::string::npos ? '\0' : code_[next];
        // "x_{1}, y_{2} {": a member's brace, the body comes later.
        if (follows == ',' || follows == '{')
            head_ = open.head;
        else
            keep(open.head);
    }

    void keep(std::size_t head) {
        const std::size_t begin = declaration_begin(code_, head);
        const int line = line_at(code_, begin);
        out_.push_back({path_, name_of_function(std::string_view(code_).substr(begin, at_ - begin)),
                        line, line_at(code_, at_) - line + 1});
    }

    std::string path_;
    std::string code_;
    std::size_t at_ = 0;
    std::size_t head_ = 0;  // behind the last thing that was complete
    int depth_ = 0;         // braces within something that is skipped
    int parentheses_ = 0;
    std::vector<Open> open_;
    std::vector<Function> out_;
};

struct Entry {
    std::string name;  // "path" or "path function"
    int lines = 0;
    bool used = false;
};

std::vector<Entry> entries_of(std::string_view ratchet) {
    std::vector<Entry> out;
    for (std::string_view line : lines_of(ratchet)) {
        line = trimmed(line);
        const std::size_t space = line.rfind(' ');
        if (line.empty() || line.starts_with('#') || space == std::string_view::npos) continue;
        Entry entry{std::string(line.substr(0, space)), 0, false};
        std::from_chars(line.data() + space + 1, line.data() + line.size(), entry.lines);
        out.push_back(std::move(entry));
    }
    return out;
}

struct Measured {
    std::string path;
    int line = 0;
    std::string name;  // as entries are named
    int lines = 0;
};

Findings judge(std::span<const Measured> all, int limit, std::string_view ratchet) {
    std::vector<Entry> entries = entries_of(ratchet);
    Findings out;
    for (const Measured& measured : all) {
        if (measured.lines <= limit) continue;
        const auto entry = std::ranges::find(entries, measured.name, &Entry::name);
        if (entry == entries.end() || measured.lines > entry->lines)
            out.push_back({measured.path, measured.line,
                           measured.name + " has " + std::to_string(measured.lines) +
                               " lines, at most " +
                               std::to_string(entry == entries.end() ? limit : entry->lines) +
                               " are allowed"});
        else if (measured.lines < entry->lines)
            out.push_back({measured.path, measured.line,
                           "well done: set the exception of " + measured.name + " to " +
                               std::to_string(measured.lines)});
        if (entry != entries.end()) entry->used = true;
    }
    for (const Entry& entry : entries)
        if (!entry.used)
            out.push_back(
                {entry.name.substr(0, entry.name.find(' ')), 1,
                 "well done: the exception of " + entry.name + " is not needed any more"});
    return out;
}

}  // namespace

std::vector<Function> functions_of(const Source& source) {
    return FunctionFinder(source).find();
}

Findings long_functions(std::span<const Source> sources, std::string_view ratchet) {
    std::vector<Measured> all;
    for (const Source& source : sources)
        for (const Function& f : functions_of(source))
            all.push_back({f.path, f.line, f.path + " " + f.name, f.lines});
    return judge(all, function_lines_max, ratchet);
}

Findings long_files(std::span<const Source> sources, std::string_view ratchet) {
    std::vector<Measured> all;
    for (const Source& source : sources)
        all.push_back(
            {source.path, 1, source.path, static_cast<int>(lines_of(source.text).size())});
    return judge(all, file_lines_max, ratchet);
}

}  // namespace entente::structure
