#include "connect/rest_records.hpp"

#include "base/json.hpp"
#include "connect/body_path.hpp"
#include "connect/people_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace entente::connect {
namespace {

constexpr std::size_t shown_value_max = 40;

std::string shown(const Value& value) {
    return people_text(json::write(value), shown_value_max);
}

std::unexpected<Error> corrupt(std::string text) {
    return fail(ErrorKind::corrupt, std::move(text));
}

Result<std::string> id_in(const model::Resource& resource, const Value& row) {
    const Value* id = find_at(row, resource.key_at);
    if (id == nullptr || id->is_null()) {
        return corrupt(fmt::format("expected an id at `{}`, found none", resource.key_at));
    }
    if (resource.key_is_integer) {
        if (!id->is_decimal() || !id->as_decimal().is_whole()) {
            return corrupt(fmt::format("expected a whole number at `{}`, found {}", resource.key_at,
                                       shown(*id)));
        }
        TRY(const std::int64_t number, id->as_decimal().to_int());
        return std::to_string(number);
    }
    if (!id->is_text() || id->as_text().empty()) {
        return corrupt(fmt::format("expected text at `{}`, found {}", resource.key_at, shown(*id)));
    }
    return id->as_text();
}

// A version or cursor: text or a number, as text. Empty: there is none.
Result<std::string> token_in(const Value& body, const std::string& path) {
    const Value* token = find_at(body, path);
    if (token == nullptr || token->is_null()) return std::string();
    if (token->is_text()) return token->as_text();
    if (token->is_decimal()) return token->as_decimal().text();
    return corrupt(fmt::format("expected text at `{}`, found {}", path, shown(*token)));
}

Result<std::optional<Instant>> modified_in(const RecordShape& shape, const Value& row) {
    const std::string& path = shape.protocol.modified_at;
    if (path.empty()) return std::nullopt;
    const Value* modified = find_at(row, path);
    // Met in real servers: null until the first change.
    if (modified == nullptr || modified->is_null()) return std::nullopt;
    if (modified->is_text()) {
        if (const Result<Instant> at = parse_modified(modified->as_text(), shape.zone)) return *at;
    }
    return corrupt(fmt::format("expected a time at `{}`, found {}", path, shown(*modified)));
}

// A number, or one in quotes, as OData v2 writes 64 bits.
Result<std::int64_t> row_version_in(const RecordShape& shape, const Value& row) {
    const Value* version = find_at(row, shape.resource.row_version_at);
    if (version != nullptr && version->is_decimal()) {
        const Result<std::int64_t> number = version->as_decimal().to_int();
        if (number && *number > 0) return *number;
    }
    if (version != nullptr && version->is_text()) {
        const Result<Decimal> number = Decimal::parse(version->as_text());
        const Result<std::int64_t> whole = number ? number->to_int() : Result<std::int64_t>(0);
        if (whole && *whole > 0) return *whole;
    }
    return corrupt(fmt::format("expected a row version at `{}`, found {}",
                               shape.resource.row_version_at,
                               version == nullptr ? "none" : shown(*version)));
}

Result<sync::SeenRecord> read_row(const RecordShape& shape, Value row) {
    if (!row.is_object()) return corrupt(fmt::format("expected a record, found {}", shown(row)));
    sync::SeenRecord record;
    TRY(record.external_id, id_in(shape.resource, row));
    if (!shape.protocol.etag_at.empty()) {
        TRY(record.etag, token_in(row, shape.protocol.etag_at));
    }
    TRY(record.modified, modified_in(shape, row));
    if (shape.is_feed) {
        TRY(record.row_version, row_version_in(shape, row));
    }
    record.body = std::move(row);
    return record;
}

Result<void> refuse_duplicates(const std::vector<sync::SeenRecord>& records) {
    std::vector<std::string_view> ids;
    ids.reserve(records.size());
    for (const sync::SeenRecord& record : records) ids.push_back(record.external_id);
    std::ranges::sort(ids);
    const auto twice = std::ranges::adjacent_find(ids);
    if (twice == ids.end()) return {};
    return corrupt(fmt::format("the id {} stands twice in one page", people_text(*twice, 80)));
}

// The size the system really used: some grant less than was asked, and then a full page is not the
// last one.
std::size_t granted_page_size(const model::RestProtocol& protocol, const Value& body) {
    const auto asked = static_cast<std::size_t>(protocol.page_size);
    if (protocol.size_parameter.empty() || !body.is_object()) return asked;
    const Value* told = body.find(protocol.size_parameter);
    if (told == nullptr || !told->is_decimal()) return asked;
    const Result<std::int64_t> size = told->as_decimal().to_int();
    if (!size || *size <= 0) return asked;
    return std::min(asked, static_cast<std::size_t>(*size));
}

Result<std::string> next_page(const model::RestProtocol& protocol, const std::string& cursor,
                              const Value& body, std::size_t rows) {
    if (rows == 0 || rows < granted_page_size(protocol, body)) return std::string();
    int page = protocol.first_page;
    if (!cursor.empty()) {
        const char* const end = cursor.data() + cursor.size();
        const auto [at, code] = std::from_chars(cursor.data(), end, page);
        if (code != std::errc() || at != end || page == std::numeric_limits<int>::max()) {
            return corrupt("a page number that is none");
        }
    }
    return std::to_string(page + 1);
}

Result<std::string> next_cursor(const model::RestProtocol& protocol, const std::string& cursor,
                                const Value& body) {
    TRY(std::string next, token_in(body, protocol.next_at));
    if (!next.empty() && next == cursor) {
        return corrupt(fmt::format("the cursor at `{}` did not move: the list would never end",
                                   protocol.next_at));
    }
    return next;
}

Result<std::string> next_in(const model::RestProtocol& protocol, const std::string& cursor,
                            const Value& body, std::size_t rows) {
    switch (protocol.paging) {
        case model::RestProtocol::Paging::none:
            return std::string();
        case model::RestProtocol::Paging::page:
            return next_page(protocol, cursor, body, rows);
        case model::RestProtocol::Paging::cursor:
        case model::RestProtocol::Paging::link:
            return next_cursor(protocol, cursor, body);
    }
    std::unreachable();
}

// The list of a page: the first of the declared paths that leads to one, or the body itself.
Value* rows_of(const model::RestProtocol& protocol, Value& page) {
    if (protocol.rows.empty()) return page.is_list() ? &page : nullptr;
    for (const std::string& path : protocol.rows) {
        Value* list = find_at(page, path);
        if (list != nullptr && list->is_list()) return list;
    }
    return nullptr;
}

std::string rows_expected(const model::RestProtocol& protocol) {
    if (protocol.rows.empty()) return "expected a list";
    return fmt::format("expected a list at `{}`", fmt::join(protocol.rows, "` or `"));
}

Result<Instant> in_zone(Result<Instant> wall, const TimeZone* zone) {
    if (wall && zone != nullptr) return zone->to_utc(*wall);
    return wall;
}

}  // namespace

Result<Instant> parse_modified(const std::string& text, const TimeZone* zone) {
    if (const Result<Instant> at = parse_instant(text)) return at;
    if (is_date(text)) return in_zone(parse_instant(text + "T00:00:00Z"), zone);
    if (const Result<Instant> at = parse_odata_date(text)) {
        // With an offset behind them the milliseconds are of UTC.
        return text.find_first_of("+-", text.find('(') + 2) == std::string::npos ? in_zone(at, zone)
                                                                                 : at;
    }
    return in_zone(parse_instant(text + "Z"), zone);
}

Result<RestRows> rows_in(const RecordShape& shape, const std::string& cursor,
                         const std::string& body) {
    const std::string expected = rows_expected(shape.protocol);
    Result<Value> page = json::read(body);
    if (!page) {
        return corrupt(
            fmt::format("{}, found {} ({})", expected, beginning_of(body), page.error().text));
    }
    Value* list = rows_of(shape.protocol, *page);
    if (list == nullptr) {
        return corrupt(fmt::format("{}, found {}", expected, beginning_of(body)));
    }
    RestRows out;
    TRY(out.next, next_in(shape.protocol, cursor, *page, list->as_list().size()));
    out.records.reserve(list->as_list().size());
    for (Value& row : list->as_list()) {
        Result<sync::SeenRecord> record = read_row(shape, std::move(row));
        if (!record) {
            return corrupt(fmt::format("row {}: {}", out.records.size() + 1, record.error().text));
        }
        out.records.push_back(*std::move(record));
    }
    TRY_VOID(refuse_duplicates(out.records));
    return out;
}

Result<sync::SeenRecord> record_in(const RecordShape& shape, Value body,
                                   const http::Headers& headers) {
    Value* inner =
        shape.protocol.record_at.empty() ? nullptr : find_at(body, shape.protocol.record_at);
    Value row = inner == nullptr ? std::move(body) : std::move(*inner);
    TRY(sync::SeenRecord record, read_row(shape, std::move(row)));
    if (record.etag.empty()) record.etag = http::find(headers, "ETag").value_or("");
    return record;
}

}  // namespace entente::connect
