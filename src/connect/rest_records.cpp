#include "connect/rest_records.hpp"

#include "base/json.hpp"
#include "base/seeded_bug.hpp"
#include "base/text.hpp"
#include "connect/body_path.hpp"
#include "connect/people_text.hpp"
#include "connect/time_of_change.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
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
    // Met in real servers: numbers in a list whose other ids are texts.
    if (!resource.key_is_guid && id->is_decimal() && id->as_decimal().is_whole())
        return id->as_decimal().text();
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
    if (modified == nullptr) return std::nullopt;
    if (auto at = time_of_change(*modified, shape.zone)) return *at;
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

// Reads the rows of one page, each by itself.
class PageRows {
public:
    PageRows(const RecordShape& shape, RestRows& out) : shape_(shape), out_(out) {}

    // `why`: what the text of this row cannot be read for; empty: nothing.
    void take(std::size_t number, Value row, std::string why) {
        number_ = number;
        if (shape_.is_of_removals) {
            const std::size_t before = out_.records.size();
            if (const auto taken = take_removal(shape_, row, out_.records); !taken)
                leave("", taken.error().text);
            else if (out_.records.size() == before)
                ++out_.passed_over;
        } else if (shape_.is_inside) {
            take_inside(row, std::move(why));
        } else {
            take_record(std::move(row), std::nullopt, std::move(why));
        }
    }

    void leave_out_twins() {
        std::vector<std::size_t> order(out_.records.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        const auto id = [&](std::size_t i) -> const std::string& {
            return out_.records[i].external_id;
        };
        std::ranges::stable_sort(order, {}, id);
        std::vector<bool> is_left(out_.records.size());
        for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
            bool differ = false;
            for (end = begin; end < order.size() && id(order[end]) == id(order[begin]); ++end)
                differ |= out_.records[order[end]].body != out_.records[order[begin]].body;
            if (!differ) continue;
            for (std::size_t i = begin; i < end; ++i) is_left[order[i]] = true;
            number_ = numbers_[order[begin + 1]];
            leave(id(order[begin]),
                  fmt::format("{} rows of one page have this id and differ", end - begin));
        }
        std::size_t kept = 0;
        for (std::size_t i = 0; i < is_left.size(); ++i) {
            if (is_left[i]) continue;
            if (kept != i) out_.records[kept] = std::move(out_.records[i]);
            ++kept;
        }
        out_.records.resize(kept);
    }

private:
    void leave(std::string id, std::string why) {
        out_.bad_rows.push_back({number_, std::move(id), std::move(why)});
    }

    void leave_many(std::string why) {
        leave("", std::move(why));
        out_.bad_rows.back().hides_many = true;
    }

    void take_record(Value row, std::optional<Instant> modified, std::string why) {
        std::string id;
        if (Result<std::string> read = id_in(shape_.resource, row)) id = *std::move(read);
        if (!why.empty()) return leave(std::move(id), std::move(why));
        Result<sync::SeenRecord> record = read_row(shape_, std::move(row));
        if (!record) return leave(std::move(id), std::move(record).error().text);
        if (modified) record->modified = modified;
        out_.records.push_back(*std::move(record));
        numbers_.push_back(number_);
    }

    // The records of this row stand in it, and have its time.
    void take_inside(Value& row, std::string why) {
        if (!why.empty()) return leave_many(std::move(why));
        const auto modified = modified_in(shape_, row);
        if (!modified) return leave_many(modified.error().text);
        Value* inside = find_at(row, shape_.resource.listed_inside.at);
        if (inside == nullptr || !inside->is_list()) {
            return leave_many(
                fmt::format("expected a list at `{}`", shape_.resource.listed_inside.at));
        }
        if (inside->as_list().empty()) ++out_.passed_over;
        for (Value& element : inside->as_list()) take_record(std::move(element), *modified, "");
    }

    const RecordShape& shape_;
    RestRows& out_;
    std::size_t number_ = 0;
    std::vector<std::size_t> numbers_;  // of the rows of out_.records
};

// A flaw of a page's text: in which of its rows, and what it is for people.
struct RowFlaw {
    std::size_t row = 0;
    std::string why;
};

// None: it stands elsewhere in the page.
std::optional<RowFlaw> flaw_in_row(const json::Flaw& flaw, const Value& page, const Value* list) {
    const Value* here = &page;
    for (std::size_t i = 0; here != nullptr && i < flaw.path.size(); ++i) {
        if (here == list) {
            const std::vector<std::string> inside(flaw.path.begin() + static_cast<int>(i) + 1,
                                                  flaw.path.end());
            const std::string where = people_text(fmt::format("{}", fmt::join(inside, ".")), 80);
            const std::size_t row = std::stoul(flaw.path[i]);
            return RowFlaw{row,
                           where.empty() ? flaw.why : fmt::format("{} at `{}`", flaw.why, where)};
        }
        here =
            here->is_list() ? &here->as_list()[std::stoul(flaw.path[i])] : here->find(flaw.path[i]);
    }
    return std::nullopt;
}

}  // namespace

Result<RestRows> rows_in(const RecordShape& shape, const std::string& cursor,
                         const http::Response& response) {
    const std::string expected = rows_expected(shape.protocol);
    Result<json::Flawed> read = json::read_flawed(response.body);
    if (!read) {
        return corrupt(fmt::format("{}, found {} ({})", expected, beginning_of(response.body),
                                   read.error().text));
    }
    Value& page = read->value;
    Value* list = rows_of(shape.protocol, page);
    if (list == nullptr) {
        return corrupt(fmt::format("{}, found {}", expected, beginning_of(response.body)));
    }
    std::map<std::size_t, std::string> flaws;
    for (const json::Flaw& flaw : read->flaws) {
        auto in_row = flaw_in_row(flaw, page, list);
        if (!in_row) {
            return corrupt(fmt::format(
                "{}, found {} ({} at `{}`)", expected, beginning_of(response.body), flaw.why,
                people_text(fmt::format("{}", fmt::join(flaw.path, ".")), 80)));
        }
        flaws.try_emplace(in_row->row, std::move(in_row->why));
    }
    RestRows out;
    const std::size_t rows = list->as_list().size();
    TRY(out.next, next_in(shape.protocol, {cursor, page, response.headers, rows}));
    TRY(out.total, total_in(shape, page));
    out.records.reserve(rows);
    PageRows reader(shape, out);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto flaw = flaws.find(i);
        reader.take(i + 1, std::move(list->as_list()[i]),
                    flaw == flaws.end() ? "" : std::move(flaw->second));
    }
    // What came back can be removed again.
    if (!shape.is_of_removals) reader.leave_out_twins();
    if (SEEDED_WHERE(bad_row_stops_page, !out.bad_rows.empty()))
        return corrupt(out.bad_rows.front().why);
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
    std::string version(http::find(headers, "ETag").value_or(""));
    // A proxy that packs an answer marks its tag, and the application behind it knows the tag without that mark only.
    const std::string packed_as = text::lower(http::find(headers, "Content-Encoding").value_or(""));
    for (const char mark : {'-', ';', ':'}) {
        const std::string suffix = fmt::format("{}{}\"", mark, packed_as);
        if (!packed_as.empty() && text::lower(version).ends_with(suffix))
            version.replace(version.size() - suffix.size(), suffix.size(), "\"");
    }
    return bare_version(protocol, version);
}

}  // namespace entente::connect
