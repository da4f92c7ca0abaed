// The simulated Exact Online, "exact-online" of docs/SIMULATED.md: one division, OData addresses and envelopes, keys
// that are GUIDs, wall-clock times, quotas per clock minute and day, an error budget, orders and quotations with lines
// that are sets of their own, and feeds of changed lines. People in the application come in with the credential
// "people:TOKEN": neither quota nor error budget nor missing rights concern them.
#pragma once

#include <set>

#include "sim/exact_limits.hpp"
#include "sim/odata.hpp"
#include "sim/record_system.hpp"

namespace entente::sim {

class Exact final : public RecordSystem {
public:
    explicit Exact(const SimOptions& options);

    http::Response handle(const http::Request& request, Instant now) override;

    // The one that there is.
    static constexpr std::int64_t division = 1234567;
    static bool has_set(std::string_view name);

private:
    // Where a path behind the division leads to.
    struct Target {
        std::string endpoint;      // as its error budget is kept: "crm/Accounts"
        std::size_t resource = 0;  // size(): no set
        bool is_feed = false;
        std::optional<std::string> key;  // what stands in the parentheses
    };
    // A page of rows, and the $skiptoken behind it when there are more.
    struct Page {
        std::vector<const Row*> rows;
        std::string next;
    };

    // exact_door.cpp: who may come in, and where to.
    bool is_authorised(const http::Headers& headers) const override;
    bool is_person(const http::Headers& headers) const;
    http::Response refuse_with(Trouble trouble, const std::string& text,
                               const std::string& field) const override;
    http::Response enter(const Call& call, std::string_view path);
    http::Response enter_division(const Call& call, std::string_view rest);
    http::Response count_and_answer(const Call& call, const Target& target);
    http::Response answer_within_rights(const Call& call, const Target& target);
    http::Response answer_for(const Call& call, const Target& target);
    http::Response answer_without_right(const Call& call, const Target& target) const;
    http::Response rights(const Call& call) const;
    http::Response me(const Call& call) const;
    Target target_of(std::string_view path) const;
    void add_quota_headers(http::Response& response) const;

    // exact_list.cpp: what is shown.
    http::Response list(std::size_t resource, const Call& call) const override;
    http::Response feed(std::size_t resource, const Call& call) const;
    http::Response single(std::size_t resource, std::int64_t id, const Call& call) const;
    Page page_of(std::size_t resource, const std::vector<odata::Condition>& conditions,
                 std::int64_t after, std::size_t count) const;
    std::vector<const Row*> candidates(std::size_t resource,
                                       const std::vector<odata::Condition>& conditions) const;
    bool is_usable(std::size_t resource, const odata::Condition& condition) const;
    bool knows(std::size_t resource, const std::string& field) const;
    Value shown(std::size_t resource, const std::string& body, const Call& call,
                const std::vector<std::string>& select, bool with_timestamp) const;
    std::string next_url(const Call& call, const std::string& token, std::size_t shown) const;

    // exact.cpp: what is kept.
    std::optional<std::int64_t> id_number(std::size_t resource,
                                          std::string_view text) const override;
    Value id_value(std::size_t resource, std::int64_t id) const override;
    Accepted<bool> complete(std::size_t resource, Value& record, const Value& sent, bool is_new,
                            const Surroundings& surroundings) override;
    void stamp(std::size_t resource, Value& record, std::optional<Instant> created,
               Instant modified) const override;
    void seal(std::size_t resource, Value& record, std::int64_t id) override;
    Instant place_of(std::size_t resource, const Value& record, Instant modified) const override;
    Accepted<void> add_children(std::size_t resource, std::int64_t id, const Value& sent,
                                const Call& call, std::vector<Change>& changes) override;
    void add_dependants(std::size_t resource, std::int64_t id,
                        std::vector<Change>& changes) const override;
    http::Response show_written(std::size_t resource, int status, const std::string& body,
                                const Call& call) const override;
    void number_account(Value& record) const;
    std::int64_t next_line_number(std::size_t lines, const Value& parent);

    // The last number given out, so that a long order is not read again for each of its lines.
    struct Numbering {
        std::size_t table = 0;
        Value parent;
        std::int64_t last = 0;
    };

    ClockWindow minute_, day_;
    ErrorBudget errors_;
    std::set<std::string> no_rights_;
    std::int64_t clock_;
    Numbering numbering_;
};

// A set of lines: whose they are, and what they are called there.
struct ExactLines {
    std::size_t parent = 0;         // resource
    std::size_t lines = 0;          // resource
    std::string_view navigation;    // "SalesOrderLines"
    std::string_view parent_field;  // of a line: "OrderID"
    std::string_view feed;          // "sync/SalesOrder/SalesOrderLines"
};
// By the header's resource, by the lines' resource; null pointer where there are none.
const ExactLines* lines_within(std::size_t parent);
const ExactLines* lines_as(std::size_t lines);
const ExactLines* lines_fed_by(std::string_view feed);

}  // namespace entente::sim
