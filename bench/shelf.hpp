// A system made of arithmetic: so many customers, each computed from its number when it is asked for, in the form of
// custom-webshop or custom-erp. It answers as fast as text can be put together and holds nothing but what was changed, so
// that a measurement shows the engine and not the system. Both kinds show the same organisations, equal in every property.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http.hpp"
#include "base/time.hpp"

namespace entente::bench {

enum class ShelfKind { webshop, erp };
// The first system of a measurement is a webshop, the others are ERPs.
inline ShelfKind kind_of(std::size_t system) {
    return system == 0 ? ShelfKind::webshop : ShelfKind::erp;
}

class Shelf {
public:
    Shelf(ShelfKind kind, std::int64_t records) : kind_(kind), records_(records) {}

    // Lists, single reads, and PATCH (the ERP's demands If-Match). Resources other than customers are empty.
    http::Response handle(const http::Request& request, Instant now);

    // Somebody renames every customer here.
    void rename_all(Instant now);
    std::int64_t patches() const { return patches_; }
    // The name that a record shows, by its number.
    std::string name(std::int64_t number) const;
    std::string id(std::int64_t number) const;
    std::string etag(std::int64_t number) const;

private:
    struct Change {
        std::string name;
        int version = 1;
        Instant modified;
    };

    http::Response list(const http::Query& query) const;
    http::Response patch(std::int64_t number, const http::Request& request, Instant now);
    std::vector<std::int64_t> changed_since(Instant since) const;
    std::pair<std::int64_t, std::int64_t> window(const http::Query& query) const;
    void append(std::string& out, std::int64_t number) const;
    void append_webshop(std::string& out, std::int64_t number) const;
    void append_erp(std::string& out, std::int64_t number) const;
    std::string page_end(std::int64_t first, std::int64_t count, std::int64_t total) const;

    ShelfKind kind_;
    std::int64_t records_;
    std::int64_t patches_ = 0;
    std::map<std::int64_t, Change> changes_;  // by number
};

}  // namespace entente::bench
