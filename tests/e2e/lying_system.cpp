#include "lying_system.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "world.hpp"

namespace entente::e2e {
namespace {

constexpr const char* connector_yaml = R"(connector: {}
protocol: rest
list: {{rows: data}}
paging: {{kind: page, page: page, size: size, page_size: 100, first_page: 1}}
modified: {{property: modified, granularity: 1ms, overlap: 5s, filter: since}}
update: {{verb: PATCH}}
errors: {{message: error}}
)";

constexpr const char* resource_yaml = R"(resource: customers
path: /customers
key: {property: id, type: text}
create: {grade: searchable, search: [email, name], visible_after: 0s, late_execution: 1s}
properties:
  name: {type: text, required: true}
  email: {type: text}
  city: {type: text}
  modified: {type: instant, access: read}
data_types:
  Customer:
    model: organisation
    map: {name: name, email: email, address.city: city}
)";

http::Response json_answer(int status, const Value& body) {
    return {status, {{"Content-Type", "application/json"}}, json::write(body)};
}

http::Response not_there() {
    return json_answer(404, Value(Value::Object{{"error", "no such record"}}));
}

// The parameter's value as it was before it was written into the query; empty when it is not there.
std::string parameter(const std::string& query, const std::string& name) {
    const std::string sign = "&" + name + "=";
    const std::string whole = "&" + query;
    const auto at = whole.find(sign);
    if (at == std::string::npos) return {};
    const auto begin = at + sign.size();
    return http::percent_decode(whole.substr(begin, whole.find('&', begin) - begin));
}

}  // namespace

LyingSystem::LyingSystem(Lie lie) : lie_(std::move(lie)) {
    auto listener = serve::listen("127.0.0.1", 0,
                                  [this](const http::Request& request) {
                                      if (lie_) {
                                          if (auto lie = lie_(request)) return *std::move(lie);
                                      }
                                      return answer(request);
                                  },
                                  {});
    CHECK(listener.has_value(), "a free port is found");
    listener_ = *std::move(listener);
    thread_ = std::thread([this] { listener_->run(); });
}

LyingSystem::~LyingSystem() {
    listener_->stop();
    thread_.join();
}

void LyingSystem::put(const std::string& id, const std::string& name, const std::string& email,
                      const std::string& city) {
    const std::lock_guard lock(mutex_);
    rows_[id] = Value(
        Value::Object{{"id", id},
                      {"name", name},
                      {"email", email},
                      {"city", city},
                      {"modified", fmt::format("2026-01-02T03:04:{:02}.000Z", ++modified_ % 60)}});
}

std::size_t LyingSystem::rows() const {
    const std::lock_guard lock(mutex_);
    return rows_.size();
}

std::string LyingSystem::url() const {
    return fmt::format("http://127.0.0.1:{}", listener_->port());
}

http::Response LyingSystem::answer(const http::Request& request) {
    const std::lock_guard lock(mutex_);
    const auto question = request.url.find('?');
    const std::string path = request.url.substr(0, question);
    const std::string query = question == std::string::npos ? "" : request.url.substr(question + 1);
    const std::string list_path = "/customers";
    if (path == list_path && request.method == "GET") return list(query);
    if (path == list_path) return change(fmt::format("n{}", rows_.size() + 1), request.body);
    if (!path.starts_with(list_path + "/")) return not_there();
    const std::string id = http::percent_decode(path.substr(list_path.size() + 1));
    const auto found = rows_.find(id);
    if (found == rows_.end()) return not_there();
    return request.method == "GET" ? json_answer(200, found->second) : change(id, request.body);
}

http::Response LyingSystem::list(const std::string& query) const {
    Value rows = Value::list();
    const std::string page = parameter(query, "page");
    for (const auto& [id, row] : rows_) {
        bool is_asked_for = page.empty() || page == "1";
        for (const std::string field : {"email", "name"}) {
            const std::string wanted = parameter(query, field);
            is_asked_for &= wanted.empty() || row.find(field)->as_text() == wanted;
        }
        if (is_asked_for) rows.as_list().push_back(row);
    }
    return json_answer(200, Value(Value::Object{{"data", std::move(rows)}}));
}

http::Response LyingSystem::change(const std::string& id, const std::string& body) {
    const Value sent = json_of(body);
    Value& row = rows_[id];
    if (row.is_null())
        row = Value(Value::Object{{"id", id}, {"name", ""}, {"email", ""}, {"city", ""}});
    for (const auto& [key, value] : sent.as_object()) row.set(key, value);
    row.set("modified", fmt::format("2026-01-02T03:05:{:02}.000Z", ++modified_ % 60));
    return json_answer(200, row);
}

void write_lying_workspace(const std::string& dir, const std::string& shop_url,
                           const std::string& ledger_url, const std::string& more) {
    for (const char* name : {"shop", "ledger"}) {
        const std::string folder = fmt::format("{}/catalog/connectors/{}", dir, name);
        write_file(folder + "/connector.yaml", fmt::format(connector_yaml, name));
        write_file(folder + "/customers.yaml", resource_yaml);
    }
    write_file(dir + "/entente.yaml",
               fmt::format("workspace: lies\ncountry: NL\nsystems:\n"
                           "  Shop: {{connector: shop, base_url: \"{}\", poll_every: 1s, "
                           "sweep_every: 5s{}}}\n"
                           "  Ledger: {{connector: ledger, base_url: \"{}\", poll_every: 1s, "
                           "sweep_every: 5s}}\n",
                           shop_url, more, ledger_url));
}

}  // namespace entente::e2e
