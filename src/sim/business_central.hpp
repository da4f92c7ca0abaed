// The simulated Business Central, "business-central" of docs/SIMULATED.md: the API v2.0 as its users meet it. Behind
// /v2.0/production/api/v2.0 it serves, in OData v4:
//   $metadata; $batch (JSON, 100 requests at most); companies, and in the one that there is: customers, contacts, items,
//   employees, salesOrders, salesQuotes, salesInvoices (read only) with their lines nested and flat, and the lists
//   currencies, paymentTerms, paymentMethods, shipmentMethods, unitsOfMeasure (read only).
//   $filter, $orderby, $top, $skip, $select, $count, $expand of lines, pages of Prefer: odata.maxpagesize.
// One logs in at POST /TENANT/oauth2/v2.0/token with grant_type=client_credentials, any client_id, the credential as
// client_secret, and a scope that ends with /.default. People in the application come in with the bearer token
// "people:CREDENTIAL", need no login, are not counted, and may release and reopen orders
// (POST salesOrders(ID)/Microsoft.NAV.release, .reopen). Everybody may POST .shipAndInvoice, and .makeOrder of a quote.
// Chosen where the public facts leave it open: a DELETE needs no If-Match; a version of another record is 412, an older
// one of this record 409; an id in a POST body is ignored; what only the system computes is refused; names of choices
// are encoded (_x0020_) both ways; a batch stops at its first refusal unless continue-on-error is preferred; every
// request of a batch counts; Data-Access-Intent: ReadOnly shows records as they were two seconds ago (a removed one is
// gone at once). Not simulated: several requests at a time, Isolation: snapshot, subscriptions.
#pragma once

#include <deque>

#include "sim/business_central_types.hpp"
#include "sim/odata_v4.hpp"
#include "sim/record_system.hpp"

namespace entente::sim {

// So many calls within the five minutes before each, on a clock that may run faster than ours. Pure; time is an argument.
class SlidingWindow {
public:
    // Requires: clock in 1..Quota::clock_max.
    SlidingWindow(std::size_t limit, Duration length, std::int64_t clock);
    // Counts one call; false, and nothing is counted, when there is no room.
    bool take(Instant now);
    // Whole real seconds until there is room again, at least 1. Requires: the window is full.
    std::int64_t seconds_until_one(Instant now) const;

private:
    std::size_t limit_;
    Duration length_;  // in real time
    std::deque<Instant> calls_;
};

class BusinessCentral final : public RecordSystem {
public:
    explicit BusinessCentral(const SimOptions& options);

    http::Response handle(const http::Request& request, Instant now) override;

    static constexpr std::string_view root = "/v2.0/production/api/v2.0/";
    // Of the one company that there is.
    static constexpr std::string_view company = "c0a00000-0000-4000-8000-000000000001";
    // At the pace of its limits, and five seconds at least.
    static constexpr Duration token_life{3'599'000};

private:
    // A part of a path: "salesOrders(ID)" or "salesOrderLines".
    struct Segment {
        std::string name;
        std::optional<std::string> key;
    };
    using Segments = std::vector<Segment>;

    // business_central_door.cpp: who may come in, and where to.
    bool is_authorised(const http::Headers& headers) const override;
    bool is_person(const http::Headers& headers) const;
    bool has_token(const http::Headers& headers, Instant now) const;
    std::string token_of(Instant issued) const;
    http::Response give_token(const http::Request& request, Instant now) const;
    http::Response refuse_with(Trouble trouble, const std::string& text,
                               const std::string& field) const override;
    http::Response refuse_with(const Refusal& refusal) const override;
    using RecordSystem::refuse_with;
    http::Response error(int status, std::string_view code, const std::string& text) const;
    std::optional<http::Response> over_limit(Instant now);
    http::Response enter(const Call& call, std::string_view path);
    http::Response companies(const Call& call, const Segments& path) const;
    http::Response enter_company(const Call& call, const Segments& path);
    http::Response enter_codes(const Call& call, const Segment& target) const;
    http::Response enter_set(std::size_t set, const Call& call);
    http::Response enter_record(std::size_t set, std::int64_t id, const Call& call,
                                const Segments& path);
    http::Response enter_lines(const central::Document& document, std::int64_t id, const Call& call,
                               const Segment& target);
    std::optional<http::Response> check_precondition(const Call& call,
                                                     const Value& record) const override;

    // business_central_batch.cpp: many requests in one.
    http::Response batch(const Call& call);
    Value answer_one(const Value& one, const Call& call);

    // business_central_actions.cpp: what is done to documents as wholes.
    http::Response act(std::size_t set, std::int64_t id, const Call& call, std::string_view action);
    http::Response set_status(std::int64_t id, const Call& call, std::string_view status);
    http::Response turn_into(std::size_t to, std::size_t from, std::int64_t id, const Call& call);
    Value copied(const Value& from, std::size_t to, std::int64_t id) const;
    void settle(const Call& call);
    void settle(const std::vector<const Row*>& rows, const Call& call);

    // business_central_list.cpp: what is shown.
    struct Question;
    http::Response list(std::size_t set, const Call& call) const override;
    // The lines of one document, or of any where the filter names it.
    http::Response list_within(std::size_t set, const Call& call,
                               std::optional<std::string> parent) const;
    http::Response single(std::size_t set, std::int64_t id, const Call& call) const;
    http::Response list_codes(const Call& call, std::vector<Value> rows,
                              const edm::Entity& entity) const;
    std::expected<Question, std::string> question_of(const Call& call,
                                                     const edm::Entity& entity) const;
    std::vector<const Row*> candidates(std::size_t set, const Question& question) const;
    std::vector<const Row*> found(std::size_t set, const Question& question) const;
    struct Page;
    Page page_of(std::size_t set, const Question& question) const;
    std::string next_link(const Call& call, const Question& question, const Row& last) const;
    Value shown(std::size_t set, const Row& row, const Question& question) const;
    http::Response show_written(std::size_t set, int status, const std::string& body,
                                const Call& call) const override;

    // business_central.cpp: what is kept.
    std::optional<std::int64_t> id_number(std::size_t set, std::string_view text) const override;
    Value id_value(std::size_t set, std::int64_t id) const override;
    Accepted<Value> translated(std::size_t set, Value sent, bool is_new) const override;
    Accepted<bool> complete(std::size_t set, Value& record, const Value& sent, bool is_new,
                            const Surroundings& surroundings) override;
    void stamp(std::size_t set, Value& record, std::optional<Instant> created,
               Instant modified) const override;
    void seal(std::size_t set, Value& record, std::int64_t id) override;
    void give_number(std::size_t set, Value& record, std::int64_t id) const;
    // Remembers what was, for those who read the replica.
    http::Response commit(std::vector<Change> changes, const std::string& key, int status,
                          const Call& call) override;
    // The row as whoever calls sees it; null pointer: it is not there yet.
    const Row* seen(std::size_t set, const Row& row, const Call& call) const;

    // business_central_documents.cpp: orders, quotes, invoices and their lines.
    Accepted<void> complete_document(Value& record, const Value& sent, bool is_new) const;
    Accepted<void> complete_line(const central::Document& document, Value& record,
                                 const Value& sent, bool is_new,
                                 const Surroundings& surroundings) const;
    Accepted<void> choose_customer(Value& record, const Value& sent, bool is_new) const;
    Accepted<void> choose_item(Value& record, const Value& sent) const;
    Accepted<void> add_children(std::size_t set, std::int64_t id, const Value& sent,
                                const Call& call, std::vector<Change>& changes) override;
    void add_dependants(std::size_t set, std::int64_t id,
                        std::vector<Change>& changes) const override;
    Accepted<void> add_consequences(std::size_t set, std::int64_t id, const Call& call,
                                    std::vector<Change>& changes) override;
    Accepted<void> touch_header(const central::Document& document, const Call& call,
                                std::vector<Change>& changes);
    void rename_copies(std::size_t set, std::int64_t id, std::vector<Change>& changes) const;
    std::vector<Value> lines_of(const central::Document& document, const Value& header,
                                const std::vector<Change>& changes) const;
    std::optional<Value> record_with(std::size_t set, std::string_view property,
                                     const std::string& value) const;
    std::optional<Value> record_at(std::size_t set, std::string_view guid) const;

    // What a record was like before its last changes; no row: it was not there.
    struct Past {
        Instant until;  // the replica shows it so
        std::size_t set = 0;
        std::int64_t id = 0;
        std::optional<Row> row;
    };

    SlidingWindow window_;
    Duration life_;  // of a token
    std::deque<Past> past_;
};

}  // namespace entente::sim
