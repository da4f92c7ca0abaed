// How a RecordSystem begins, and the small readers of its requests.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "sim/record_system.hpp"

namespace entente::sim {

Result<void> RecordSystem::start(const SimOptions& options) {
    if (!options.directory.empty()) {
        TRY(const bool is_loaded, books_.open(options.directory));
        if (is_loaded) return {};
    }
    if (options.records > 0) {
        const std::string& kind = description_.kind;
        TRY_VOID(load(options.again ? generate_again(options.seed, options.records, kind)
                                    : records_of(generate_named(options.population, options.seed,
                                                                options.records),
                                                 kind)));
    }
    return books_.finish_load(static_cast<std::int64_t>(options.seed), options.records);
}

Result<void> RecordSystem::load(const std::vector<GeneratedRecord>& records) {
    constexpr std::size_t batch = 1000;
    std::vector<Change> changes;
    for (const GeneratedRecord& generated : records) {
        const std::size_t resource = resource_named(generated.resource);
        CHECK(resource < books_.size(), "the generator knows the resources");
        // References look into the tables: a batch ends where the next resource begins.
        if (changes.size() >= batch || (!changes.empty() && changes.back().table != resource)) {
            TRY_VOID(books_.load(changes));
            changes.clear();
        }
        Accepted<Value> record = new_record(resource, generated.id, generated.fields, {true, {}});
        CHECK(record.has_value(), record.error().field + " " + record.error().text);
        stamp(resource, *record, generated.created, generated.modified);
        seal(resource, *record, generated.id);
        std::int64_t& next = counters().next_ids[resource];
        next = std::max(next, generated.id + 1);
        changes.push_back(
            {resource, generated.id, row_of(resource, generated.id, generated.modified, *record)});
    }
    return changes.empty() ? Result<void>{} : books_.load(changes);
}

std::string format_time(Instant t) {
    std::string s = format_instant(t);
    if (!s.contains('.')) s.insert(s.size() - 1, ".000");
    return s;
}

http::Response json_response(int status, std::string body) {
    return {.status = status,
            .headers = {{"Content-Type", "application/json"}},
            .body = std::move(body)};
}

const std::string* parameter(const http::Query& query, std::string_view name) {
    const auto at = std::ranges::find(query, name, &http::Query::value_type::first);
    return at == query.end() ? nullptr : &at->second;
}

std::string origin_of(const http::Request& request) {
    return fmt::format("http://{}", http::find(request.headers, "Host").value_or("127.0.0.1"));
}

std::string unknown_parameter(const http::Query& query,
                              std::initializer_list<std::string_view> known) {
    for (const auto& [name, value] : query) {
        if (std::ranges::find(known, name) == known.end()) return name;
    }
    return {};
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::int64_t> number_parameter(const http::Query& query, std::string_view name,
                                             std::int64_t otherwise, std::int64_t max) {
    const std::string* text = parameter(query, name);
    if (text == nullptr) return otherwise;
    const auto number = parse_whole(*text);
    return number && *number >= 1 && *number <= max ? number : std::nullopt;
}

}  // namespace entente::sim
