// How the checker reads the lists of each kind of system.
#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "base/json.hpp"
#include "sim/checker_parts.hpp"

namespace entente::checker {
namespace {

constexpr std::size_t pages_max = 1'000'000;

// "http://127.0.0.1:4010" of whatever follows it.
std::string_view origin_of(std::string_view url) {
    const std::size_t host = url.find("//");
    return url.substr(0, host == std::string_view::npos ? host : url.find('/', host + 2));
}

const Value* rows_of(const Value& page) {
    for (const std::string_view path : {"items", "data", "d.results", "d", "value"}) {
        const Value* rows = page.at_path(path);
        if (rows != nullptr && rows->is_list()) return rows;
    }
    return nullptr;
}

// Path and query of the page behind this one; nullopt: it was the last.
std::optional<std::string> next_target(const Book& book, std::string_view path, const Value& page,
                                       std::size_t number) {
    const Value* link = page.at_path("d.__next");
    if (link == nullptr) link = page.find("@odata.nextLink");
    if (link != nullptr && link->is_text()) {
        const std::string& url = link->as_text();
        return url.substr(origin_of(url).size());
    }
    const Value* next = page.find("next");
    if (next != nullptr && next->is_text()) {
        return fmt::format("{}?{}&cursor={}", path, book.first_page, next->as_text());
    }
    const Value* size = page.find("page_size");
    const Value* rows = rows_of(page);
    if (size != nullptr && rows != nullptr && Value(rows->as_list().size()) == *size) {
        return fmt::format("{}?page_size={}&page={}", path, rows->as_list().size(), number + 1);
    }
    return std::nullopt;
}

}  // namespace

const Book* book_of(std::string_view kind) {
    const auto* at = std::ranges::find(books, kind, &Book::kind);
    return at == std::end(books) ? nullptr : at;
}

std::span<const Column> identity_columns(std::string_view model) {
    return std::ranges::find(books[0].sheets, model, &Sheet::model)->columns;
}

std::string id_text(const Value& id) {
    return id.is_text() ? id.as_text() : json::write(id);
}

std::vector<Shelf> shelves_of(const std::vector<System>& systems) {
    std::vector<Shelf> shelves;
    // Things that are referred to come first: a reference is compared as the thing it leads to.
    for (const std::string_view model : {"organisation", "product", "order"}) {
        for (const System& system : systems) {
            for (const Sheet& sheet : book_of(system.kind)->sheets) {
                if (sheet.model == model) shelves.push_back({&system, &sheet});
            }
        }
    }
    return shelves;
}

Result<std::vector<Value>> read_rows(const System& system, std::string_view path,
                                     const Fetch& fetch) {
    const Book& book = *book_of(system.kind);
    std::vector<Value> all;
    std::string target(path);
    if (!book.first_page.empty()) target += fmt::format("?{}", book.first_page);
    for (std::size_t page = 1; page <= pages_max; ++page) {
        http::Request request{"GET", std::string(origin_of(system.url)) + target, {}, {}};
        request.headers.emplace_back(book.auth_header,
                                     std::string(book.auth_prefix) + system.credential);
        TRY(const http::Response response, fetch(request));
        if (response.status != 200) {
            return fail(response.status == 429 ? ErrorKind::retry_later : ErrorKind::drift,
                        fmt::format("answered {}", response.status), request.url);
        }
        TRY(const Value body, json::read(response.body));
        const Value* rows = rows_of(body);
        if (rows == nullptr) return fail(ErrorKind::drift, "the page has no rows", request.url);
        all.insert(all.end(), rows->as_list().begin(), rows->as_list().end());
        const auto next = next_target(book, path, body, page);
        if (!next) return all;
        target = *next;
    }
    return fail(ErrorKind::drift, "the list does not end", std::string(path));
}

}  // namespace entente::checker
