// A workspace as the engine sees it: systems, resources, data types and flows, compiled from YAML into flat lists that
// refer to each other by index. Immutable once loaded; shared by everything that runs. The order of systems settles ties.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/lens.hpp"
#include "model/model.hpp"

namespace entente::model {

// "${NAME}" or "file:PATH" as configured; a literal secret never gets this far. Resolved when a system is called.
struct SecretRef {
    enum class Kind { environment, file };
    Kind kind = Kind::environment;
    std::string name;
    Mark at;
};

// A query parameter whose value is a pattern with names in braces: `$filter`, "Modified ge datetime'{time}'". An empty
// pattern stands for the one name that is filled in.
struct QueryPattern {
    std::string parameter;
    std::string pattern;
};

// One limit on how often a system may be called. Several hold at once (a minute's and a day's).
struct Quota {
    int requests = 0;
    Duration per{60'000};
    std::string remaining_header, reset_header;  // empty: the system does not tell
    enum class Reset { seconds, epoch_seconds, epoch_milliseconds } reset = Reset::seconds;
};

// What shows that a walk through the pages of a list has met every record. Empty and false: nothing does but that no row came twice.
struct WalkProof {
    std::string total_at;   // path, in a page, of how many records there are
    QueryPattern order;     // sent with every page, for an order by key; {key}
    bool snapshot = false;  // all pages show one moment
};

// How many alternatives of a search one request can hold.
enum class SearchAny { none, one_field, all };

// How an application speaks over HTTP; every key of connector.yaml below `protocol`. The protocols differ in what stands here
// when the file says nothing (load_protocol.hpp). Paths like "error.message" walk bodies.
struct RestProtocol {
    // login
    enum class Login { header, client_credentials } login = Login::header;
    std::string auth_header;  // "X-Api-Key"
    std::string auth_value =
        "{secret}";  // "Bearer {token}"; names in braces are keys of System::secrets
    std::vector<std::string> auth_needs;
    // Client credentials (OAuth2): where a token is given for them, for what, and how long before its end it is renewed.
    std::string token_url;
    std::string token_scope;
    Duration token_renewed_before{60'000};
    // addresses
    std::string record_path = "{path}/{id}";  // of one record; empty: Resource::record_path
    // Reads one record as a list of one: where a wrong id counts as an error, or lists know more than single answers.
    // {key}: the resource's key; {id}. Empty parameter: by record_path.
    QueryPattern read_filter;
    QueryPattern
        select;  // the fields that are read; {fields}: their names with commas between them
    // lists: where the rows are, the first of these paths that leads to a list; none: the body is the list
    std::vector<std::string> rows;
    std::string record_at;  // where the record of a single answer is; empty, or not there: the body
    // offset: of the first row, counted from 0. link: in the body; link_header: in the header Link.
    enum class Paging { none, page, offset, cursor, link, link_header } paging = Paging::none;
    std::string page_parameter, size_parameter, cursor_parameter, next_at;
    int page_size = 100;
    int first_page = 1;
    std::vector<std::pair<std::string, std::string>> list_headers;  // sent with lists and searches
    WalkProof proof;  // of its lists, where a resource says nothing else
    // Searches for one of several things, joined by " or " in one parameter: of one field each, or any.
    SearchAny search_any = SearchAny::none;
    // changes
    std::string modified_at;  // path of the modified time in a record; empty: none
    std::string created_at;   // where the modified time is null until the first change
    Duration modified_granularity{1};
    Duration modified_overlap{0};
    QueryPattern
        modified_filter;    // "changed at or after {time}"; empty parameter: polls are sweeps
    std::string time_zone;  // of times that name none; empty: UTC
    Duration lag{0};        // L: how long an older body may still be shown after a change
    // versions
    std::string
        etag_at;  // path of the version in a record; empty: from the ETag header of single answers
    std::string precondition_header;            // "If-Match"; empty: no conditional write
    std::vector<int> precondition_failed{412};  // to an update, that the version has moved on
    std::vector<std::string> stale_codes;       // the same by code, whatever the status
    // writes
    std::string create_verb = "POST";
    std::string update_verb = "PATCH";
    bool update_full = false;  // true: the whole record is sent, not the changed properties
    bool update_shows_record =
        true;  // the answer to an update holds the record; else it is read back
    std::string idempotency_header;  // grade keyed: the header that makes a repeated create one
    std::vector<std::pair<std::string, std::string>> write_headers;  // sent with every write
    // Several writes in one request (OData's JSON batch): where it is sent, and how many at most; 0: one by one.
    std::string batch_path;
    int batch_max = 0;
    // errors
    std::string error_message_at, error_code_at, error_field_at;
    std::string error_inside_ok_at;  // a member whose presence makes a 200 an error
    std::vector<std::string> already_exists_codes;
    std::vector<std::string> already_exists_texts;  // parts of messages, whatever their case
    // limits
    std::vector<Quota> quotas;
    // Percent of each quota that is kept for people's edits; what is kept shrinks with the time that is left of the quota.
    int for_edits = 25;
    int concurrent = 4;
    // Refused calls (400 to 404) that one resource may cause in this time before the system shuts us out. 0: any number.
    int errors_allowed = 0;
    Duration errors_per{3'600'000};
    // Where the service describes itself (EDMX), below the base URL; empty: it does not.
    std::string metadata_path;
    // What a user may read: asked before an empty list is believed. {resource}: the path without its slash.
    // Empty path: there is no such question.
    std::string rights_path;
    std::vector<QueryPattern> rights_query;
    std::string rights_at;  // path of the boolean in the answer
};

enum class CreateGrade { keyed, searchable, none };
std::string_view name_of(CreateGrade grade);

// A field by which records can be asked for. Several with one parameter are joined by " and ".
struct SearchField {
    std::string path;    // in the record
    QueryPattern query;  // {value}; quotes in it are doubled where the pattern quotes it
};

// Records that no list of their own shows: they stand at `at` in the rows of another list, and have its modified times.
struct ListedInside {
    std::string path;     // of that list; empty: the records have a list of their own
    std::string at;       // "salesOrderLines"
    QueryPattern expand;  // asks for them: $expand, "salesOrderLines($select={fields})"
};

// A list of what was removed, ordered by a row version: the key of each record, and what tells those of this resource from
// others. What it says is looked at before it is believed.
struct RemovalFeed {
    std::string path;    // empty: removals are seen by sweeps only
    std::string key_at;  // of the record that was removed
    std::string row_version_at;
    QueryPattern filter;                                     // "later than {version}"
    std::vector<std::pair<std::string, std::string>> where;  // path = value, as text
};

struct Resource {
    std::string name;  // "customers"
    SystemIndex system;
    std::string path;         // "/api/customers"; empty for a nested list
    std::string record_path;  // of one record, where it depends on the key: "{path}({id})"
    std::string key_at = "id";
    bool key_is_integer = false;
    bool key_is_guid = false;
    CreateGrade grade = CreateGrade::none;
    Duration visible_after{0};   // V
    Duration late_execution{0};  // D
    bool create_shows_key =
        false;  // the answer to a create holds the key and nothing else to go by
    std::vector<SearchField> search;
    WalkProof proof;
    std::vector<std::string>
        fields;  // paths of everything that is declared, for RestProtocol::select
    // A feed of its own, ordered by a row version instead of a time: another path, the version in its rows, and the
    // filter "later than {version}". Empty path: listed at `path` by RestProtocol::modified_filter.
    std::string feed_path;
    std::string row_version_at;
    QueryPattern row_version_filter;
    ListedInside listed_inside;
    RemovalFeed removals;        // not together with a feed of its own
    bool feed_is_whole = false;  // `feed: none`: nobody can ask it what has changed
    ResourceIndex nested_in = ResourceIndex::none();  // a list inside another resource's body
    // A change of a line moves the version of its parent without showing it: the parent is read before it is written.
    bool lines_move_version = false;
    // Path of the field that decides whether edits are refused ("status"): when it changes, what was refused is tried again.
    std::string refusals_at;
    std::string gone_means;  // for people: what it means that a record is not there any more
};

struct Mapping {
    PropertyIndex property;
    Lens lens;
    Mark at;
    std::vector<DataTypeIndex> refers_to;  // reference: the data types it may point to
};

struct DataType {
    std::string name;       // "Order.lines"
    std::string full_name;  // "Shop.Order.lines"
    SystemIndex system;
    ResourceIndex resource;
    ModelIndex model;
    std::vector<Mapping> map;     // in the order of the model's properties
    std::vector<int> mapping_of;  // by property: position in `map`, -1 when not mapped
    std::vector<std::pair<std::string, Value>>
        where;  // path = value: the filter, and what is written on create
    std::vector<std::pair<std::string, Value>>
        on_create;  // path = value: written on create and never looked at again
    // Lines: the data type of the parent, and how a child is found in or points to it.
    DataTypeIndex parent = DataTypeIndex::none();
    std::string
        nested_path;  // nested list: its path in the parent's body ("lines"); its elements' key is Resource::key_at
    std::string parent_at;  // separate resource: path of the parent's id ("order")
    // Separate resource whose first lines are written inside the parent's create: their list there ("SalesOrderLines").
    // What became of them is learned from the lines' own feed.
    std::string create_inside;
    bool lines_required = false;  // (on the parent side) the system refuses a parent without lines
    std::vector<DataTypeIndex> children;  // line data types of this one, nested or separate
    bool creates = true;                  // may cause creates elsewhere
    bool share = true;                    // may be written
    Digest fingerprint;                   // of the mapping; part of every record's digest
    Mark at;                              // where the catalogue declares it

    const Mapping* mapping(PropertyIndex p) const {
        const int position = mapping_of[p.at()];
        return position < 0 ? nullptr : &map[static_cast<std::size_t>(position)];
    }
    bool is_nested() const { return !nested_path.empty(); }
};

struct System {
    std::string name;       // "Shop"
    std::string connector;  // "custom-shop"
    std::string base_url;
    std::vector<std::string> hosts;  // the only hosts a credential is ever sent to
    RestProtocol rest;
    std::map<std::string, SecretRef> secrets;
    bool simulated = false;  // a demo's system: `run` may start it, on loopback only
    Duration poll_every{5'000};
    Duration sweep_every{3'600'000};
    std::vector<ResourceIndex> resources;
    Mark at;
};

enum class CreateRule { always, never };

struct Flow {
    DataTypeIndex from, to;
    CreateRule create = CreateRule::always;
    bool implied = false;  // lines follow their parents' flow
    Mark at;
};

struct ConflictPolicy {
    bool prefer = false;  // false: latest
    std::vector<SystemIndex>
        order;  // prefer: earlier beats later; unlisted systems come last in workspace order
};

struct Workspace {
    std::string name;
    std::string store_path;  // relative to the workspace's folder
    std::string country;     // default for phones, alpha-2 or empty
    Digest configuration;    // of every text that it was read from
    std::vector<Model> models;
    std::vector<System> systems;
    std::vector<Resource> resources;
    std::vector<DataType> data_types;
    std::vector<Flow> flows;
    std::vector<std::vector<ConflictPolicy>> policies;  // [model][property]

    const Model& model(ModelIndex i) const { return models[i.at()]; }
    const System& system(SystemIndex i) const { return systems[i.at()]; }
    const Resource& resource(ResourceIndex i) const { return resources[i.at()]; }
    const DataType& data_type(DataTypeIndex i) const { return data_types[i.at()]; }
    const ConflictPolicy& policy(ModelIndex m, PropertyIndex p) const {
        return policies[m.at()][p.at()];
    }
    DataTypeIndex find_data_type(std::string_view full_name) const;
    std::vector<DataTypeIndex> data_types_of(ResourceIndex resource) const;
    // The rule of the flow from -> to, or never when there is no such flow.
    CreateRule rule(DataTypeIndex from, DataTypeIndex to) const;
};

}  // namespace entente::model
