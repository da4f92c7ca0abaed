// The lists of a system of any traits: what they show, in which order, and a page at a time.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "sim/trait_system.hpp"

namespace entente::sim {
namespace {

// A place in a list: the value that it is ordered by, then the id.
using Place = std::pair<std::int64_t, std::string>;

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [at, code] = std::from_chars(text.data(), end, number);
    if (code != std::errc() || at != end) return std::nullopt;
    return number;
}

std::string cursor_of(const Place& place) {
    return fmt::format("{}.{}", place.first, place.second);
}

// Two places before all rows.
constexpr const char* before_all = "-1.";
constexpr const char* also_before_all = "-2.";
// Behind it a cursor counts the empty pages that its look has been shown.
constexpr char empty_mark = '~';

std::int64_t empty_before(std::string_view cursor) {
    const std::size_t mark = cursor.find(empty_mark);
    return mark == std::string_view::npos ? 0 : number_in(cursor.substr(mark + 1)).value_or(0);
}

std::optional<Place> place_of(std::string_view cursor) {
    cursor = cursor.substr(0, cursor.find(empty_mark));
    const std::size_t dot = cursor.find('.');
    const auto number = number_in(cursor.substr(0, dot));
    if (dot == std::string_view::npos || !number) return std::nullopt;
    return Place{*number, std::string(cursor.substr(dot + 1))};
}

bool is_searched(const std::string& table, const std::string& field) {
    return field == (table == "lines" ? "of" : "code");
}

}  // namespace

Result<TraitSystem::ListQuery> TraitSystem::read_list_query(const std::string& table,
                                                            std::string_view target,
                                                            bool is_feed) const {
    ListQuery out;
    out.is_feed = is_feed;
    const auto [path, text] = http::split_target(target);
    out.path = path;
    out.size = traits_.page_size;
    const auto bad = [](const std::string& name) {
        return fail(ErrorKind::bad_input, "the parameter " + name + " cannot be read");
    };
    for (auto& [name, value] : http::parse_query(text)) {
        if (name == "cursor") {
            if (!place_of(value)) return bad(name);
            out.cursor = value;
            continue;
        }
        out.parameters.emplace_back(name, value);
        if (name == "since") {
            TRY(out.since, parse_instant(value));
        } else if (name == "after" || name == "page" || name == "size") {
            const auto number = number_in(value);
            if (!number || *number < (name == "after" ? 0 : 1)) return bad(name);
            if (name == "after") out.after = *number;
            if (name == "page") out.page = static_cast<int>(*number);
            if (name == "size") out.size = std::min(traits_.page_size, static_cast<int>(*number));
        } else if (name == "sort" && value == "id") {
            out.is_sorted = true;
        } else if (is_searched(table, name)) {
            out.equals.emplace_back(name, value);
        } else {
            return bad(name);
        }
    }
    return out;
}

// What is shown was current later than this.
Instant TraitSystem::seen_since(Instant now) const {
    return mood.stale ? now - traits_.lag : now;
}

bool TraitSystem::is_too_new(const StoredRecord& record, Instant now) const {
    return mood.stale && record.created > now - traits_.visible_after;
}

std::vector<TraitSystem::Row> TraitSystem::rows_of(const std::string& table, const ListQuery& query,
                                                   Instant now) const {
    std::vector<Row> rows;
    if (mood.no_rights) return rows;
    // A feed ends before the first row that it cannot show yet, as whoever reads it never asks for that one again.
    std::int64_t feed_end = INT64_MAX;
    for (const auto& [id, record] : records(table).all_since(seen_since(now))) {
        if (is_too_new(*record, now)) {
            if (query.is_feed) feed_end = std::min(feed_end, record->row_version);
            continue;
        }
        if (query.since && record->modified < *query.since) continue;
        if (query.is_feed && record->row_version <= query.after) continue;
        const bool is_equal = std::ranges::all_of(query.equals, [&](const auto& wanted) {
            const Value* value = record->body.find(wanted.first);
            return value != nullptr && value->is_text() && value->as_text() == wanted.second;
        });
        if (!is_equal) continue;
        const std::int64_t order = query.is_feed                     ? record->row_version
                                   : query.since && !query.is_sorted ? record->modified.ms
                                                                     : 0;
        rows.push_back({{order, id}, record});
    }
    if (query.is_feed)
        std::erase_if(rows, [&](const Row& row) { return row.place.first >= feed_end; });
    if (query.is_feed || query.since || query.is_sorted) {
        std::ranges::sort(rows, {}, &Row::place);
    } else if (traits_.has_ties && !mood.is_steady && query.equals.empty() &&
               counts_.requests % 3 == 2 && !rows.empty()) {
        std::ranges::rotate(rows, rows.begin() + 1);
    }
    return rows;
}

TraitSystem::Page TraitSystem::page_of(const std::vector<Row>& rows, const ListQuery& query) const {
    std::size_t first = 0, count = rows.size();
    if (traits_.paging != Traits::Paging::none) count = static_cast<std::size_t>(query.size);
    if (traits_.paging == Traits::Paging::page)
        first = static_cast<std::size_t>(query.page - 1) * count;
    if (const auto place = place_of(query.cursor))
        first = static_cast<std::size_t>(std::ranges::upper_bound(rows, *place, {}, &Row::place) -
                                         rows.begin());
    first = std::min(first, rows.size());
    count = std::min(count, rows.size() - first);
    const bool is_last = first + count == rows.size();
    const bool tells_next =
        traits_.paging == Traits::Paging::cursor || traits_.paging == Traits::Paging::link;
    return {first, count,
            tells_next && !is_last ? cursor_of(rows[first + count - 1].place) : std::string()};
}

// Whatever is asked for next once the mood has passed is answered truly.
void TraitSystem::make_endless(Page& page, const std::vector<Row>& rows, const ListQuery& query) {
    const Mood::Pages lie = query.equals.empty() ? mood.pages : mood.found;
    const bool by_number = traits_.paging == Traits::Paging::page;
    if (traits_.paging == Traits::Paging::none) return;
    const auto size = static_cast<std::size_t>(query.size);
    const std::size_t pages = std::max<std::size_t>(1, (rows.size() + size - 1) / size);
    const std::size_t in_ring = std::max<std::size_t>(1, pages - 1);
    const auto number = static_cast<std::size_t>(query.page - 1);
    const auto begin_at = [&](std::size_t at) {
        page.first = std::min(at * size, rows.size());
        page.count = std::min(size, rows.size() - page.first);
    };
    if (lie == Mood::Pages::ring && by_number) {
        begin_at(number % in_ring);
    } else if (lie == Mood::Pages::ring) {
        // No cursor names itself.
        if (page.first + page.count >= in_ring * size || page.next.empty())
            page.next = query.cursor == before_all ? also_before_all : before_all;
    } else if (lie == Mood::Pages::last_again && by_number) {
        begin_at(std::min(number, pages - 1));
    } else if (lie == Mood::Pages::last_again && page.next.empty()) {
        page.next = query.cursor.empty() ? before_all : query.cursor;
    } else if (lie == Mood::Pages::empty && !by_number) {
        const std::int64_t empty = empty_before(query.cursor) + 1;
        const std::string from = query.cursor.empty() ? before_all : query.cursor;
        page = {0, 0,
                fmt::format("{}{}{}", from.substr(0, from.find(empty_mark)), empty_mark, empty)};
        counts_.empty_in_a_row = std::max(counts_.empty_in_a_row, empty);
    }
}

http::Response TraitSystem::list_page(const std::string& table, const ListQuery& query,
                                      Instant now) {
    const std::vector<Row> rows = rows_of(table, query, now);
    Page page = page_of(rows, query);
    make_endless(page, rows, query);
    Value data = Value::list();
    for (std::size_t i = page.first; i < page.first + page.count; ++i) {
        Value& row = data.as_list().emplace_back(shown(table, *rows[i].record));
        const Ailment* ails = ailment_of_row(table, *rows[i].record, now);
        if (ails) row.set(ails->property, Value(Value::List{Value("no such thing")}));
        witness_.shown(*this, table, rows[i].place.second, ails ? Value() : row, now);
    }
    Value body = Value::object();
    body.set("data", std::move(data));
    const bool is_too_many = mood.pages == Mood::Pages::too_many;
    const std::int64_t more = is_too_many ? 1 + counts_.requests % 2 : 0;
    if (traits_.tells_total) body.set("total", Value(std::ssize(rows) + more));
    if (!page.next.empty()) body.set("next", Value(next_of(query, page.next)));
    return {200, {{"Content-Type", "application/json"}}, json::write(body)};
}

std::string TraitSystem::next_of(const ListQuery& query, const std::string& cursor) const {
    if (traits_.paging == Traits::Paging::cursor) return cursor;
    http::Query parameters = query.parameters;
    parameters.emplace_back("cursor", cursor);
    return query.path + "?" + http::format_query(parameters);
}

Value TraitSystem::shown(const std::string& table, const StoredRecord& record) const {
    Value out = record.body;
    if (traits_.versions != Traits::Versions::none && traits_.versions != Traits::Versions::timed)
        out.set("etag", Value(std::to_string(record.version)));
    if (traits_.feed != Traits::Feed::none)
        out.set("modified", Value(format_instant(record.modified)));
    if (traits_.feed == Traits::Feed::row_version) out.set("row", Value(record.row_version));
    if (mood.drifted && table == "things") {
        Value note = Value::object();
        note.set("text", *out.find("note"));
        out.set("note", std::move(note));
    }
    return out;
}

}  // namespace entente::sim
