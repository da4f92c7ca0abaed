// What the catalogue's files say, before a workspace uses them: connectors with their resources and
// data types, still referring to each other by name. Made by load_connector and load_resource,
// checked by check_connector, copied into each system of a workspace by load_system. For model, and
// for report's import.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/dialect.hpp"
#include "model/reader.hpp"
#include "model/workspace.hpp"

namespace entente::model {

// One field of a resource's records, as declared under `properties`.
struct FieldDefinition {
    std::string path;
    bool is_list = false;  // a nested list: `elements` are the fields of its elements
    FieldType type = FieldType::text;
    bool is_guid = false;  // a text
    std::optional<int> max;
    bool required = false;
    Access access = Access::write;
    std::optional<int> decimals;
    std::vector<Value> empty_is;
    std::vector<std::string> values;
    std::vector<FieldDefinition> elements;
    Mark at;
};

// The model's list property and the data type that holds its elements: `lines: {path: lines, of:
// Order.lines}`.
struct LinesDefinition {
    PropertyIndex property;
    std::string path;  // empty: the lines are a resource of their own
    std::string of;
    Mark at;
};

struct DataTypeDefinition {
    DataType data_type;  // name, model, map, where, on_create, creates, share, nested_path,
                         // parent_at, create_inside
    std::vector<LinesDefinition> lines;
    std::string parent;  // lines: the parent's data type
    Mark parent_mark;
    Mark inside_mark;           // of create_inside
    std::string key_at = "id";  // nested lines: the key of an element
    bool key_is_integer = false;
    Mark at;
};

struct ResourceDefinition {
    Resource resource;  // without system; `path` may hold {settings}
    std::vector<FieldDefinition> fields;
    std::vector<DataTypeDefinition> data_types;
    std::vector<std::string>
        unreadable;  // data types left out: reported there, not again by their users
    Mark at;
    Mark path_mark;
    Mark feed_mark;      // of feed_path
    Mark listed_mark;    // of listed_inside.path
    Mark removals_mark;  // of removals.path
};

struct SettingDefinition {
    bool is_integer = false;
    bool required = false;
    std::optional<std::string> otherwise;  // the default
    std::optional<std::string> simulated;  // what it is in the simulated system
};

// What stands in a field without a value where the system knows no null. A type that is not listed has null.
struct Blanks {
    std::optional<Value> text, guid, date, instant, number;
};

struct ConnectorDefinition {
    std::string name;
    std::vector<std::string> called;  // names that documents use for it; the engine needs none
    std::string base_url;             // the default; may hold {settings}
    std::vector<std::string> hosts;   // lower case; empty: the host of the base URL is the only one
    std::map<std::string, SettingDefinition> settings;
    RestProtocol rest;
    Dialect dialect = Dialect::plain;
    Blanks blanks;
    std::optional<Duration> poll_every,
        sweep_every;  // what suits its quotas; a system may say otherwise
    std::vector<ResourceDefinition> resources;
    Mark at;
};

// The catalogue, read: models by position, connectors by name.
struct Catalog {
    std::vector<Model> models;
    std::vector<ConnectorDefinition> connectors;
    std::vector<std::string>
        unreadable;  // connectors whose file is broken: reported there, not again by their users

    ModelIndex find_model(std::string_view name) const;
    const ConnectorDefinition* find_connector(std::string_view name) const;
};

}  // namespace entente::model
