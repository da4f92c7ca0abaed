// The people who work in the simulated systems while they are synchronised: they change, clear and create records over
// the systems' own HTTP APIs, as a browser would, and write down what they did. Used by the demo and by tests (which
// demand that no edit is lost); never by the engine. Every value they type is unique, so it can be found again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/http.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sim/ledger.hpp"

namespace entente::sim {

enum class Act {
    change_phone,
    change_address,
    change_price,
    change_comment,
    change_quantity,
    clear_value,
    create_customer,
    create_product,
    create_order,
    add_line,
    different_on_both,
    same_on_both,
    // All lines of an order where they are inside it; else one of them is removed and typed again. Done where it is asked for only.
    retype_lines,
};
inline constexpr int acts = 13;
std::string_view name_of(Act act);

// A system as people know it; requests to it have urls in origin form.
struct Workplace {
    std::string name;  // "CustomWebshop"
    std::string kind;  // "custom-webshop", "exact-online", ...
    std::string credential;
};

// Carries a request to the system of that name. An error after a write means that nobody knows whether it happened.
using Fetch =
    std::function<Result<http::Response>(const std::string& system, const http::Request&)>;

class People {
public:
    // Requires: at least one workplace, each of a known kind.
    People(std::uint64_t seed, std::vector<Workplace> workplaces, Fetch fetch);

    // What they type is marked with numbers from here on, for those who begin where others ended.
    void mark_from(std::int64_t number) { last_mark_ = number; }
    // They do not touch these: what waits for a person cannot show that an edit arrives.
    void leave_alone(const std::string& system, const Value& id);
    // All records of the ambiguous, disputed, doubled and questioned things of a truth (docs/SIMULATED.md), and organisations
    // and products that are called like one of them: what was made in one system from a record that waits in another.
    void leave_alone_what_waits(const Value& truth);

    // What was done before something went wrong is always told.
    struct Outcome {
        std::vector<Edit> edits;
        std::optional<Error> error;
    };
    // One act of a random kind; two edits where both sides are changed.
    Outcome act(Instant now);
    // not_found: the systems hold nothing that this could be done to.
    Outcome act(Act act, Instant now);
    // Changes a value of the record that this url of the system names. not_found: it names none, or none of which they
    // know what could be changed.
    Outcome change_at(const std::string& system, std::string_view url, Instant now);

private:
    struct Found {
        std::size_t place = 0;
        std::string resource;
        Value record;
        std::string etag;
    };
    using Place = std::pair<std::size_t, std::string>;  // workplace, resource

    void leave_all_alone(const std::string& system, const Value& ids);
    void remember_names(const Value& identity);
    bool is_left_alone(std::size_t place, const std::string& resource, const Value& row) const;
    Result<void> perform(Act act);
    Result<void> change_one(std::string_view model, std::string_view property);
    Result<void> clear_one();
    Result<void> change_quantity();
    Result<void> change_there(const std::string& system, std::string_view url);
    Result<void> change_both(bool is_same_property);
    Result<void> create_customer();
    Result<void> create_product();
    Result<void> create_order();
    Result<void> add_line();
    Result<void> retype_lines();

    Result<void> change(Found found, std::string_view property, const Value& after);
    Result<void> change_nested_line(const Found& order);
    Result<void> write_change(Found found, const std::string& path, const Value& before,
                              const Value& after, const Value& body);
    Result<void> add_nested_line(const Found& order, const Value& line);
    Result<void> retype_nested_lines(const Found& order);
    Result<void> remove_line(const Found& line);
    void note_removed(const Found& found, const std::string& property, const Value& line);
    Result<Value> create(std::size_t place, std::string_view model, const Value& body);

    Result<Found> pick(std::string_view model, std::optional<std::size_t> place);
    Result<Found> read(std::size_t place, const std::string& resource, const Value& id);
    // The record of the same thing in another system, found as a person would find it: by searching.
    Result<Found> counterpart(const Found& found, std::string_view model);
    Result<void> look_round(const Place& place);
    Result<http::Response> send(std::size_t place, http::Request request);
    void note(Edit edit);

    std::size_t some_place() { return random_.below(workplaces_.size()); }
    Value fresh(std::string_view property);
    std::string mark();

    Random random_;
    std::string salt_;
    std::int64_t last_mark_ = 0;
    std::vector<Workplace> workplaces_;
    Fetch fetch_;
    std::map<Place, std::vector<Value>> known_;  // ids seen, by resource
    std::set<std::pair<std::string, std::string>> untouchable_;
    std::set<std::string>
        names_that_wait_;  // VAT and item numbers and e-mail addresses too; folded
    Outcome outcome_;
    Instant now_;
    Act act_ = Act::change_phone;
};

}  // namespace entente::sim
