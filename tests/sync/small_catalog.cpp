#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr const char* thing_model = R"(
model: thing
properties:
  code: {type: text}
  email: {type: email}
  name: {type: text}
  note: {type: text}
  owner: {type: reference, to: owner}
  lines: {type: list, of: line}
match: [[code], [email]]
)";

constexpr const char* owner_model = R"(
model: owner
properties:
  code: {type: text, required: true}
match: [[code]]
)";

constexpr const char* line_model = R"(
model: line
properties:
  text: {type: text, required: true}
  quantity: {type: decimal}
match: [[text, quantity], [text]]
)";

constexpr const char* plain = R"(
connector: plain
protocol: rest
auth: {header: X-Api-Key, value: "{api_key}", needs: [api_key]}
modified: {property: updated, granularity: 1ms, overlap: 1s, filter: since}
update: {verb: PATCH}
)";

constexpr const char* versioned = R"(
connector: versioned
protocol: rest
auth: {header: X-Api-Key, value: "{api_key}", needs: [api_key]}
modified: {property: updated, granularity: 1ms, overlap: 1s, filter: since}
version: {etag: etag, precondition: If-Match}
create: {verb: POST, idempotency: Key}
update: {verb: PATCH}
)";

constexpr const char* owners = R"(
resource: owners
path: /owners
key: id
create: {grade: searchable, search: [code], visible_after: 0s, late_execution: 1s}
properties:
  code: {type: text, required: true}
data_types:
  Owner: {model: owner, map: {code: code}}
)";

constexpr const char* plain_things = R"(
resource: things
path: /things
key: id
create: {grade: searchable, search: [code, email], visible_after: 1s, late_execution: 2s}
properties:
  code: {type: text}
  email: {type: text}
  name: {type: text}
  note: {type: text}
  owner: {type: text}
  lines: {type: list, properties: {text: {type: text, required: true}, quantity: {type: decimal}}}
data_types:
  Thing:
    model: thing
    map: {code: code, email: email, name: name, note: note, owner: {path: owner, reference: Owner}, lines: {path: lines, of: Thing.lines}}
  Thing.lines:
    model: line
    inside: {data_type: Thing, path: lines, key: id}
    map: {text: text, quantity: quantity}
)";

constexpr const char* versioned_things = R"(
resource: things
path: /things
key: id
create: {grade: keyed}
properties:
  code: {type: text}
  mail: {type: text}
  name: {type: text, max: 12}
  note: {type: text}
  owner: {type: text}
data_types:
  Thing:
    model: thing
    map: {code: code, email: mail, name: name, note: note, owner: {path: owner, reference: Owner}, lines: {of: Thing.lines}}
)";

constexpr const char* versioned_lines = R"(
resource: lines
path: /lines
key: id
create: {grade: keyed}
properties:
  thing: {type: text, required: true}
  text: {type: text, required: true}
  quantity: {type: decimal}
data_types:
  Thing.lines:
    model: line
    parent: {data_type: Thing, path: thing}
    map: {text: text, quantity: quantity}
)";

// An application that is hard to write to: two resources are one thing, creates show their key only, lines are made with their
// parent, updates answer nothing, lines have a feed by row version, and who may not read sees nothing.
constexpr const char* books = R"(
connector: books
protocol: rest
auth: {header: X-Api-Key, value: "{api_key}", needs: [api_key]}
modified: {property: updated, granularity: 1ms, overlap: 1s, filter: since}
update: {verb: PUT}
rights: {path: /rights, query: {of: "{resource}"}, at: may}
)";

constexpr const char* books_of_things = R"(
resource: {0}
path: /{0}
key: id
create: {grade: searchable, search: [code], visible_after: 0s, late_execution: 2s, answer: key}
properties:
  code: {type: text}
  name: {type: text}
  note: {type: text}
  owner: {type: text, access: read_create}
  rows: {type: list, properties: {text: {type: text}, quantity: {type: decimal}}}
data_types:
  {1}:
    model: thing{2}
    map: {code: code, name: name, note: note, owner: {path: owner, reference: Owner}, lines: {of: {1}.lines}}
)";

constexpr const char* books_of_lines = R"(
resource: {0}-lines
path: /{0}-lines
key: id
create: {grade: searchable, search: [of], visible_after: 0s, late_execution: 2s}
feed: {path: /changes/{0}-lines, row_version: stamp, filter: {parameter: after, value: "{version}"}}
properties:
  of: {type: text, required: true}
  text: {type: text}
  quantity: {type: decimal}
data_types:
  {1}.lines:
    model: line
    parent: {data_type: {1}, path: of, inside: rows}
    map: {text: text, quantity: quantity}
)";

// Nobody can ask it what has changed.
constexpr const char* silent = R"(
connector: silent
protocol: rest
auth: {header: X-Api-Key, value: "{api_key}", needs: [api_key]}
update: {verb: PATCH}
)";

constexpr const char* silent_things = R"(
resource: things
path: /things
key: id
create: {grade: searchable, search: [code], visible_after: 0s, late_execution: 2s}
properties:
  code: {type: text}
  name: {type: text}
  note: {type: text}
data_types:
  Thing: {model: thing, map: {code: code, name: name, note: note}}
)";

std::string filled(std::string text, const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string hole = "{" + std::to_string(i) + "}";
        for (std::size_t at = 0; (at = text.find(hole, at)) != std::string::npos;)
            text.replace(at, hole.size(), words[i]);
    }
    return text;
}

}  // namespace

std::vector<model::SourceFile> small_catalog() {
    return {
        {"catalog/models/thing.yaml", thing_model},
        {"catalog/models/owner.yaml", owner_model},
        {"catalog/models/line.yaml", line_model},
        {"catalog/connectors/plain/connector.yaml", plain},
        {"catalog/connectors/plain/owners.yaml", owners},
        {"catalog/connectors/plain/things.yaml", plain_things},
        {"catalog/connectors/versioned/connector.yaml", versioned},
        {"catalog/connectors/versioned/owners.yaml", owners},
        {"catalog/connectors/versioned/things.yaml", versioned_things},
        {"catalog/connectors/versioned/lines.yaml", versioned_lines},
        {"catalog/connectors/books/connector.yaml", books},
        {"catalog/connectors/books/owners.yaml", owners},
        {"catalog/connectors/books/quotes.yaml",
         filled(books_of_things, {"quotes", "Quote", "\n    creates: no"})},
        {"catalog/connectors/books/quote-lines.yaml", filled(books_of_lines, {"quotes", "Quote"})},
        {"catalog/connectors/books/orders.yaml", filled(books_of_things, {"orders", "Order", ""})},
        {"catalog/connectors/books/order-lines.yaml", filled(books_of_lines, {"orders", "Order"})},
        {"catalog/connectors/silent/connector.yaml", silent},
        {"catalog/connectors/silent/things.yaml", silent_things}};
}

std::vector<model::SourceFile> small_catalog_where(const std::string& path, const std::string& from,
                                                   const std::string& to) {
    auto catalog = small_catalog();
    for (model::SourceFile& file : catalog) {
        if (file.path != path) continue;
        const auto at = file.text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        if (at != std::string::npos) file.text.replace(at, from.size(), to);
    }
    return catalog;
}

std::string small_workspace(const std::string& more, const std::string& systems) {
    std::string text = R"(
workspace: small
store: state/entente.db
systems:
  A:
    connector: plain
    base_url: http://127.0.0.1:1
    auth: {api_key: "${KEY}"}
  B:
    connector: versioned
    base_url: http://127.0.0.1:2
    auth: {api_key: "${KEY}"}
)";
    int port = 3;
    for (const std::string& name :
         {std::string("books"), std::string("silent"), std::string("again")}) {
        if (!systems.contains(name)) continue;
        const std::string system = name == "books" ? "C" : name == "silent" ? "D" : "E";
        text += "  " + system + ":\n    connector: " + (name == "again" ? "versioned" : name) +
                "\n    base_url: http://127.0.0.1:" + std::to_string(port++) +
                "\n    auth: {api_key: \"${KEY}\"}\n";
    }
    return text + "flows: derived\n" + more;
}

}  // namespace entente::test
