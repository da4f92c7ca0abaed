#include "connect/rest_records.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
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

Result<std::optional<Instant>> time_in(const RecordShape& shape, const Value& row,
                                       const std::string& path) {
    if (path.empty()) return std::nullopt;
    const Value* modified = find_at(row, path);
    if (modified == nullptr || modified->is_null()) return std::nullopt;
    if (modified->is_text()) {
        if (const Result<Instant> at = parse_modified(modified->as_text(), shape.zone)) return *at;
    }
    return corrupt(fmt::format("expected a time at `{}`, found {}", path, shown(*modified)));
}

Result<std::optional<Instant>> modified_in(const RecordShape& shape, const Value& row) {
    TRY(std::optional<Instant> modified, time_in(shape, row, shape.protocol.modified_at));
    // Met in real servers: null until the first change.
    return modified ? modified : time_in(shape, row, shape.protocol.created_at);
}

// A number, or one in quotes, as OData v2 writes 64 bits.
Result<std::int64_t> row_version_in(const Value& row, const std::string& path) {
    const Value* version = find_at(row, path);
    if (version != nullptr && version->is_decimal()) {
        const Result<std::int64_t> number = version->as_decimal().to_int();
        if (number && *number > 0) return *number;
    }
    if (version != nullptr && version->is_text()) {
        const Result<Decimal> number = Decimal::parse(version->as_text());
        const Result<std::int64_t> whole = number ? number->to_int() : Result<std::int64_t>(0);
        if (whole && *whole > 0) return *whole;
    }
    return corrupt(fmt::format("expected a row version at `{}`, found {}", path,
                               version == nullptr ? "none" : shown(*version)));
}

// One version has one form: some systems quote it in a header and show it bare in a body.
std::string bare_version(const model::RestProtocol& protocol, std::string_view version) {
    const bool is_tag = http::find({{protocol.precondition_header, ""}}, "If-Match").has_value();
    const bool is_quoted =
        version.size() >= 2 && version.starts_with('"') && version.ends_with('"');
    return std::string(is_tag && is_quoted ? version.substr(1, version.size() - 2) : version);
}

Result<sync::SeenRecord> read_row(const RecordShape& shape, Value row) {
    if (!row.is_object()) return corrupt(fmt::format("expected a record, found {}", shown(row)));
    sync::SeenRecord record;
    TRY(record.external_id, id_in(shape.resource, row));
    if (!shape.protocol.etag_at.empty()) {
        TRY(const std::string version, token_in(row, shape.protocol.etag_at));
        record.etag = bare_version(shape.protocol, version);
    }
    TRY(record.modified, modified_in(shape, row));
    if (shape.is_feed) {
        TRY(record.row_version, row_version_in(row, shape.resource.row_version_at));
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

// What a cursor of digits counts; `first` where it is empty.
Result<std::int64_t> count_in(const std::string& cursor, std::int64_t first) {
    if (cursor.empty()) return first;
    std::int64_t count = 0;
    const char* const end = cursor.data() + cursor.size();
    const auto [at, code] = std::from_chars(cursor.data(), end, count);
    const bool is_count = code == std::errc() && at == end && count < std::int64_t{1} << 48;
    if (!is_count) return corrupt("a page number that is none");
    return count;
}

Result<std::string> next_page(const model::RestProtocol& protocol, const std::string& cursor,
                              const Value& body, std::size_t rows) {
    if (rows == 0 || rows < granted_page_size(protocol, body)) return std::string();
    TRY(const std::int64_t page, count_in(cursor, protocol.first_page));
    return std::to_string(page + 1);
}

// A system may give less than it was asked for: only a page without rows is certainly the last.
Result<std::string> next_offset(const std::string& cursor, std::size_t rows) {
    if (rows == 0) return std::string();
    TRY(const std::int64_t offset, count_in(cursor, 0));
    return std::to_string(offset + static_cast<std::int64_t>(rows));
}

// RFC 8288: <https://host/path?page=2>; rel="next", <...>; rel="last".
std::string next_link_header(const http::Headers& headers) {
    const auto header = http::find(headers, "Link");
    std::string_view rest = header.value_or("");
    while (true) {
        const std::size_t open = rest.find('<');
        const std::size_t close = rest.find('>', open);
        if (open == std::string_view::npos || close == std::string_view::npos) return {};
        const std::string_view link = rest.substr(open + 1, close - open - 1);
        rest.remove_prefix(close + 1);
        const std::string parameters = text::lower(rest.substr(0, rest.find('<')));
        const bool is_next = parameters.contains("rel=\"next\"") || parameters.contains("rel=next");
        if (is_next) return std::string(link);
    }
}

Result<std::string> moved(const std::string& cursor, std::string next, std::string_view at) {
    if (!next.empty() && next == cursor) {
        return corrupt(
            fmt::format("the cursor at `{}` did not move: the list would never end", at));
    }
    return next;
}

// What is needed of a page to know where the next one is.
struct PageEnd {
    const std::string& cursor;
    const Value& body;
    const http::Headers& headers;
    std::size_t rows;
};

Result<std::string> next_in(const model::RestProtocol& protocol, const PageEnd& page) {
    switch (protocol.paging) {
        case model::RestProtocol::Paging::none:
            return std::string();
        case model::RestProtocol::Paging::page:
            return next_page(protocol, page.cursor, page.body, page.rows);
        case model::RestProtocol::Paging::offset:
            return next_offset(page.cursor, page.rows);
        case model::RestProtocol::Paging::link_header:
            return moved(page.cursor, next_link_header(page.headers), "Link");
        case model::RestProtocol::Paging::cursor:
        case model::RestProtocol::Paging::link: {
            TRY(std::string next, token_in(page.body, protocol.next_at));
            return moved(page.cursor, std::move(next), protocol.next_at);
        }
    }
    std::unreachable();
}

// A page that does not tell it, though it should, is a page of another shape.
Result<std::optional<std::int64_t>> total_in(const RecordShape& shape, const Value& page) {
    if (!shape.tells_total) return std::nullopt;
    const std::string& at = shape.resource.proof.total_at;
    const Value* total = find_at(page, at);
    if (total != nullptr && total->is_decimal() && total->as_decimal().is_whole()) {
        TRY(const std::int64_t number, total->as_decimal().to_int());
        if (number >= 0) return number;
    }
    return corrupt(fmt::format("expected a number of records at `{}`, found {}", at,
                               total == nullptr ? "none" : shown(*total)));
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

namespace {

// Rows about records of other resources are passed over.
Result<void> take_removal(const RecordShape& shape, const Value& row,
                          std::vector<sync::SeenRecord>& out) {
    const model::RemovalFeed& removals = shape.resource.removals;
    for (const auto& [path, wanted] : removals.where) {
        TRY(const std::string found, token_in(row, path));
        if (found != wanted) return {};
    }
    sync::SeenRecord removed;
    TRY(removed.external_id, token_in(row, removals.key_at));
    if (removed.external_id.empty()) {
        return corrupt(fmt::format("expected a key at `{}`, found none", removals.key_at));
    }
    TRY(removed.row_version, row_version_in(row, removals.row_version_at));
    out.push_back(std::move(removed));
    return {};
}

// The records of one row: itself, or those that stand in it and have its time.
Result<void> take_row(const RecordShape& shape, Value row, std::vector<sync::SeenRecord>& out) {
    if (shape.is_of_removals) return take_removal(shape, row, out);
    if (!shape.is_inside) {
        TRY(sync::SeenRecord record, read_row(shape, std::move(row)));
        out.push_back(std::move(record));
        return {};
    }
    if (!row.is_object()) return corrupt(fmt::format("expected a record, found {}", shown(row)));
    TRY(const std::optional<Instant> modified, modified_in(shape, row));
    Value* inside = find_at(row, shape.resource.listed_inside.at);
    if (inside == nullptr || !inside->is_list()) {
        return corrupt(fmt::format("expected a list at `{}`", shape.resource.listed_inside.at));
    }
    for (Value& element : inside->as_list()) {
        TRY(sync::SeenRecord record, read_row(shape, std::move(element)));
        record.modified = modified;
        out.push_back(std::move(record));
    }
    return {};
}

}  // namespace

Result<RestRows> rows_in(const RecordShape& shape, const std::string& cursor,
                         const http::Response& response) {
    const std::string expected = rows_expected(shape.protocol);
    Result<Value> page = json::read(response.body);
    if (!page) {
        return corrupt(fmt::format("{}, found {} ({})", expected, beginning_of(response.body),
                                   page.error().text));
    }
    Value* list = rows_of(shape.protocol, *page);
    if (list == nullptr) {
        return corrupt(fmt::format("{}, found {}", expected, beginning_of(response.body)));
    }
    RestRows out;
    const std::size_t rows = list->as_list().size();
    TRY(out.next, next_in(shape.protocol, {cursor, *page, response.headers, rows}));
    TRY(out.total, total_in(shape, *page));
    out.records.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t before = out.records.size();
        const auto taken = take_row(shape, std::move(list->as_list()[i]), out.records);
        if (!taken) return corrupt(fmt::format("row {}: {}", i + 1, taken.error().text));
        if (out.records.size() == before) ++out.passed_over;
    }
    // What came back can be removed again.
    if (!shape.is_of_removals) TRY_VOID(refuse_duplicates(out.records));
    return out;
}

Result<sync::SeenRecord> record_in(const RecordShape& shape, Value body,
                                   const http::Headers& headers) {
    Value* inner =
        shape.protocol.record_at.empty() ? nullptr : find_at(body, shape.protocol.record_at);
    Value row = inner == nullptr ? std::move(body) : std::move(*inner);
    TRY(sync::SeenRecord record, read_row(shape, std::move(row)));
    if (record.etag.empty()) record.etag = version_in(shape.protocol, headers);
    return record;
}

std::string version_in(const model::RestProtocol& protocol, const http::Headers& headers) {
    return bare_version(protocol, http::find(headers, "ETag").value_or(""));
}

}  // namespace entente::connect
