// What a person sees of each kind of simulated system: where its lists are, how one logs in, and which field holds
// what. Data and pure functions; used by People only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/value.hpp"

namespace entente::sim {

struct Desk {
    std::string_view kind;
    std::string_view root;
    std::string_view auth_header, auth_prefix;
    std::string_view first_page;    // query
    std::string_view write_method;  // of a change
    std::string_view lines_at;  // where a new order has its lines; empty: they are made one by one
};

const Desk* find_desk(std::string_view kind);
// Empty: it is nested in its parent.
std::string_view resource_of(std::string_view kind, std::string_view model);
std::string_view model_of(const Desk& desk, std::string_view resource);
// Empty: that kind of system has no such field. Requires: a field of the model.
std::string_view path_of(std::string_view kind, std::string_view model, std::string_view property);

std::string list_url(const Desk& desk, std::string_view resource, std::string_view query);
std::string record_url(const Desk& desk, std::string_view resource, const Value& id);
// The resource and the id that a record's url names; nullopt: it is none.
std::optional<std::pair<std::string, std::string>> record_at(const Desk& desk,
                                                             std::string_view url);
// The list of those whose field is `text`.
std::string search_url(const Desk& desk, std::string_view resource, std::string_view path,
                       const std::string& text);
// The record, or what shows it, within the body of an answer.
Result<Value> record_in(const Desk& desk, const http::Response& response);
// Null pointer: it has none.
const Value* id_of(const Desk& desk, std::string_view resource, const Value& record);
// Null pointer: the page has none.
const Value* rows_of(const Value& page);
// The query of the page after this one; nullopt: it was the last.
std::optional<std::string> next_query(const Desk& desk, const Value& page, int number);
// What a change of the record is conditional on; empty: nothing.
std::string version_in(const http::Response& response, const Value& record);
// Whether no value stands there; some systems show an empty text.
bool is_blank(const Value& value);
// An id as it stands in a url.
std::string id_text(const Value& id);
Error refusal_of(const http::Response& response, const std::string& url);

}  // namespace entente::sim
