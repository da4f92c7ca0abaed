#include "model/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace entente::model::yaml {
namespace {

// Places in one file: yaml-cpp counts lines and bytes from 0, people count lines and characters
// from 1.
class Places {
public:
    explicit Places(const SourceFile& file) : file_(file) {
        line_starts_.push_back(0);
        for (std::size_t i = 0; i < file.text.size(); ++i) {
            if (file.text[i] == '\n') line_starts_.push_back(i + 1);
        }
    }

    Mark mark(const YAML::Mark& mark) const {
        if (mark.is_null()) return {file_.path, 1, 1};
        return {file_.path, mark.line + 1,
                static_cast<int>(characters(start_of(mark.line), column(mark))) + 1};
    }
    // Requires: an offset in the file.
    Mark mark(std::size_t offset) const {
        const auto after = std::ranges::upper_bound(line_starts_, offset);
        const auto line = after - line_starts_.begin();
        const std::size_t start = *std::prev(after);
        return {file_.path, static_cast<int>(line),
                static_cast<int>(characters(start, offset - start)) + 1};
    }
    // The text from there to the end of the file.
    std::string_view from(const YAML::Mark& mark) const { return rest(mark.line, column(mark)); }

private:
    static std::size_t column(const YAML::Mark& mark) {
        return static_cast<std::size_t>(std::max(mark.column, 0));
    }
    std::size_t start_of(int line) const {
        const auto last = line_starts_.size() - 1;
        return line_starts_[std::min(static_cast<std::size_t>(std::max(line, 0)), last)];
    }
    std::string_view rest(int line, std::size_t column) const {
        return std::string_view(file_.text)
            .substr(std::min(start_of(line) + column, file_.text.size()));
    }
    // In the first `bytes` of the line that starts there. It goes on from where it was asked last: in a file of one long line
    // every place would be counted from the beginning.
    std::size_t characters(std::size_t start, std::size_t bytes) const {
        if (start != counted_.start || bytes < counted_.bytes) counted_ = {start, 0, 0};
        const std::size_t from = std::min(start + counted_.bytes, file_.text.size());
        counted_.characters +=
            text::length(std::string_view(file_.text).substr(from, bytes - counted_.bytes));
        counted_.bytes = bytes;
        return counted_.characters;
    }

    const SourceFile& file_;
    std::vector<std::size_t> line_starts_;
    struct Counted {
        std::size_t start = 0, bytes = 0, characters = 0;
    };
    mutable Counted counted_;
};

// YAML has no such characters, and yaml-cpp takes a NUL near the start for another encoding.
bool is_forbidden(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

constexpr std::string_view reference_open = "${";

// "${NAME" + "}" of a text that starts with it, for the remedy.
std::string quoted_reference(std::string_view text) {
    const std::size_t end = text.find_first_of("}\n");
    const bool is_closed = end != std::string_view::npos && text[end] == '}';
    return fmt::format("quote it: \"{}\"", is_closed ? text.substr(0, end + 1) : "${NAME}");
}

// Builds the tree. It cannot stop the parser without throwing, so after a hopeless error it only
// ignores.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const Places& places, Diagnostics& diagnostics)
        : places_(places), diagnostics_(diagnostics) {}

    std::optional<Node> take_root() { return std::move(root_); }
    // Deeper or longer than what is read.
    bool is_too_much() const { return is_too_deep_ || is_too_long_; }
    bool reports_unquoted_reference() const { return reports_unquoted_reference_; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (++documents_ != 2) return;
        error(mark, "a second document begins here",
              "a file holds one document; check that this line is indented like those above");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add(leaf(Node::Kind::null, mark), mark);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        error(mark, "aliases are not supported", "write the value out");
        add(leaf(Node::Kind::null, mark), mark);
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        const bool is_plain = tag != "!";
        if (is_plain) refuse_unquoted_reference(mark, value);
        if (is_plain && (value == "~" || value == "null" || value.empty())) {
            return add(leaf(Node::Kind::null, mark), mark);
        }
        Node node = leaf(Node::Kind::scalar, mark);
        node.text = value;
        node.quoted = !is_plain;
        add(std::move(node), mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Node::Kind::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Node::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    // A list or map under construction; a map waits for a key or for the value of `key`.
    struct Open {
        Node node;
        std::optional<Entry> key;
        YAML::Mark mark;
    };

    void error(const YAML::Mark& mark, std::string what, std::string right) {
        diagnostics_.push_back(
            {Diagnostic::Severity::error, places_.mark(mark), std::move(what), std::move(right)});
    }
    Node leaf(Node::Kind kind, const YAML::Mark& mark) const {
        Node node;
        node.kind = kind;
        node.at = places_.mark(mark);
        return node;
    }
    bool ignores() const { return documents_ > 1 || is_too_deep_ || is_too_long_; }
    void refuse_more(const YAML::Mark& mark) {
        is_too_long_ = true;
        error(mark,
              fmt::format("the {} entries before this one are the most of a list or map",
                          limits::config_entries_max),
              "divide it");
    }

    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (anchor != 0) error(mark, "anchors are not supported", "write the value out");
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
        if (tag.empty() || tag == "?" || tag == "!") return;
        error(mark, fmt::format("tags are not supported: {}", tag), "remove the tag");
    }
    // Inside [] and {} a plain ${NAME} ends at its brace: the scalar is then "$" and the brace
    // follows in the file.
    void refuse_unquoted_reference(const YAML::Mark& mark, const std::string& value) {
        const std::string_view rest = places_.from(mark);
        const std::size_t at = rest.substr(0, value.size() + 1).find(reference_open);
        if (at == std::string_view::npos || ignores()) return;
        reports_unquoted_reference_ = true;
        YAML::Mark place = mark;
        place.column += static_cast<int>(at);
        error(place, "`${` must stand in quotes", quoted_reference(rest.substr(at)));
    }

    void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
              YAML::anchor_t anchor) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (open_.size() >= static_cast<std::size_t>(limits::json_depth_max)) {
            if (!is_too_deep_) {
                error(mark, fmt::format("nested deeper than {} levels", limits::json_depth_max),
                      "flatten it");
            }
            is_too_deep_ = true;
        }
        if (!ignores()) open_.push_back({leaf(kind, mark), std::nullopt, mark});
    }
    void close() {
        if (ignores() || open_.empty()) return;
        Open done = std::move(open_.back());
        open_.pop_back();
        add(std::move(done.node), done.mark);
    }

    void add(Node node, const YAML::Mark& mark) {
        if (ignores()) return;
        if (open_.empty()) {
            root_ = std::move(node);
        } else if (std::max(open_.back().node.items.size(), open_.back().node.entries.size()) >=
                   limits::config_entries_max) {
            refuse_more(mark);
        } else if (open_.back().node.is_list()) {
            open_.back().node.items.push_back(std::move(node));
        } else if (open_.back().key) {
            add_member(open_.back(), std::move(node));
        } else {
            if (!node.is_scalar()) error(mark, "a key must be text", "write `key: value`");
            open_.back().key = Entry{std::move(node.text), node.at, {}};
        }
    }
    void add_member(Open& map, Node value) {
        Entry entry = *std::move(map.key);
        map.key.reset();
        // The parser places a missing value at the start of the next line, where nobody would look
        // for it.
        if (value.is_null()) value.at = entry.at;
        const auto first = std::ranges::find(map.node.entries, entry.key, &Entry::key);
        if (first != map.node.entries.end()) {
            diagnostics_.push_back({Diagnostic::Severity::error, entry.at,
                                    fmt::format("duplicate key '{}'", entry.key),
                                    fmt::format("it stands in line {} already", first->at.line)});
            return;
        }
        entry.value = std::move(value);
        map.node.entries.push_back(std::move(entry));
    }

    const Places& places_;
    Diagnostics& diagnostics_;
    std::vector<Open> open_;
    std::optional<Node> root_;
    int documents_ = 0;
    bool is_too_deep_ = false, is_too_long_ = false;
    bool reports_unquoted_reference_ = false;
};

Diagnostic syntax_error(const Places& places, const YAML::Exception& exception) {
    const Mark at = places.mark(exception.mark);
    if (places.from(exception.mark).starts_with('*')) {
        return {Diagnostic::Severity::error, at, "aliases are not supported",
                "write the value out, in quotes if it begins with *"};
    }
    return {Diagnostic::Severity::error, at, "this is no YAML: " + exception.msg,
            "check indentation, brackets and quotes here and just above"};
}

}  // namespace

const Node* Node::find(std::string_view key) const {
    const auto entry = std::ranges::find(entries, key, &Entry::key);
    return entry == entries.end() ? nullptr : &entry->value;
}

std::string_view Node::kind_name() const {
    switch (kind) {
        case Kind::null:
            return "nothing";
        case Kind::scalar:
            return "text";
        case Kind::list:
            return "a list";
        case Kind::map:
            return "a map";
    }
    return {};
}

std::optional<Node> parse(const SourceFile& file, Diagnostics& diagnostics) {
    const auto refuse = [&](std::string what, std::string right) {
        diagnostics.push_back(
            {Diagnostic::Severity::error, {file.path, 1, 1}, std::move(what), std::move(right)});
        return std::nullopt;
    };
    if (file.text.size() > limits::config_bytes_max) {
        return refuse("the file is too large",
                      fmt::format("at most {} bytes are read", limits::config_bytes_max));
    }
    if (!text::is_utf8(file.text)) return refuse("the file is not UTF-8", "save it as UTF-8");
    const Places places(file);
    if (const auto bad = std::ranges::find_if(file.text, is_forbidden); bad != file.text.end()) {
        diagnostics.push_back({Diagnostic::Severity::error,
                               places.mark(static_cast<std::size_t>(bad - file.text.begin())),
                               fmt::format("a control character (byte {:02x}) stands here",
                                           static_cast<unsigned char>(*bad)),
                               "remove it"});
        return std::nullopt;
    }

    TreeBuilder builder(places, diagnostics);
    try {
        std::istringstream in(file.text);
        YAML::Parser parser(in);
        // Two are enough to know that there is more than one.
        for (int i = 0; i < 2 && parser.HandleNextDocument(builder); ++i) {
        }
    } catch (const YAML::Exception& exception) {
        // An unquoted ${ in a flow map is such an error too, and has its remedy already; so has a
        // bomb.
        if (!builder.reports_unquoted_reference() && !builder.is_too_much()) {
            diagnostics.push_back(syntax_error(places, exception));
        }
        return std::nullopt;
    } catch (const std::exception& exception) {
        return refuse(fmt::format("the file cannot be read: {}", exception.what()), "");
    }
    if (builder.is_too_much()) return std::nullopt;
    std::optional<Node> root = builder.take_root();
    if (!root || root->is_null())
        return refuse("the file is empty", "write its keys, or remove it");
    return root;
}

}  // namespace entente::model::yaml
