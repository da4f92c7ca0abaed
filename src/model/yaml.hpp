// One YAML file as a tree whose every node knows its place. The part of YAML that configuration
// needs and no more: one document, maps with text keys, lists, scalars; anchors, aliases, tags,
// duplicate keys, deep nesting and large files are refused with their place. Scalars stay text:
// what "NO" or "1.10" means is decided by what is expected there.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/loader.hpp"

namespace entente::model::yaml {

struct Entry;

struct Node {
    enum class Kind { null, scalar, list, map };
    Kind kind = Kind::null;
    std::string text;     // scalar
    bool quoted = false;  // scalar: "x" or 'x'; a quoted scalar is text whatever it looks like
    Mark at;
    std::vector<Node> items;     // list
    std::vector<Entry> entries;  // map, in the order of the file

    const Node* find(std::string_view key) const;
    bool is_null() const { return kind == Kind::null; }
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_list() const { return kind == Kind::list; }
    bool is_map() const { return kind == Kind::map; }
    // "nothing", "text", "a list", "a map"
    std::string_view kind_name() const;
};

struct Entry {
    std::string key;
    Mark at;
    Node value;
};

// The tree of a file. nullopt when the syntax is broken or the file is empty: the diagnostics then
// say where and why. Other errors are reported too, and the tree is given as far as it makes sense.
std::optional<Node> parse(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace entente::model::yaml
