// What the checker's parts hand to each other: where records are, what they show, and the things that the truth knows.
// Internal to the checker.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/checker.hpp"
#include "sim/checker_tables.hpp"

namespace entente::checker {

using Key = std::pair<std::string, std::string>;    // system, id
using Values = std::map<std::string, std::string>;  // property -> folded value, "" for none

// A resource of a system that shows things of one model: a thing has at most one record there.
struct Shelf {
    const System* system = nullptr;
    const Sheet* sheet = nullptr;
};

struct Record {
    std::size_t shelf = 0;
    std::string id;
    Values values;
    std::vector<Values> lines;
    std::size_t side = 0;   // of a thing in question
    bool is_asked = false;  // it waits for a person
};

// Records of a thing in question that are one beyond doubt. The side of which more systems know stands for the thing and goes
// wherever the thing is not; each record of the others waits for a person.
struct Side {
    std::set<std::string> identity;                    // "property value"
    std::map<std::size_t, std::set<std::string>> ids;  // by shelf
};

struct Thing {
    std::string model, kind;
    bool is_disputed = false;
    bool is_new = false;                              // made by people after the truth was written
    std::map<std::size_t, std::int64_t> truth_count;  // by shelf
    std::vector<std::size_t> members;                 // records
    bool is_own = false;                              // of one system, beyond what all share
    std::string why;                                  // it is in question
    std::vector<Side> sides;
    bool waits() const { return kind == "ambiguous"; }
    // Nothing is made of a quotation that names no order.
    bool stays_alone() const { return kind == "quotation"; }
};

const Book* book_of(std::string_view kind);
// As every kind of system has them: any will do to see which properties identify a thing.
std::span<const Column> identity_columns(std::string_view model);
std::string id_text(const Value& id);

// All shelves of all systems, those of a model beside each other. Requires: known kinds.
std::vector<Shelf> shelves_of(const std::vector<System>& systems);

// Every row of a list, page by page. drift: it is none. Otherwise what the fetch function returned, or corrupt.
Result<std::vector<Value>> read_rows(const System& system, std::string_view path,
                                     const Fetch& fetch);

// Which thing a record shows: by what the truth says, else by what it shows itself.
class Known {
public:
    // bad_input: a truth that is none.
    Result<void> read_truth(const Value& truth, const std::vector<Shelf>& shelves);
    void read_ledger(const Value& ledger, const std::vector<Shelf>& shelves);

    std::vector<Thing> things;
    std::map<std::string, std::map<Key, std::size_t>> thing_of;  // by model
    std::set<Key> made_by_people;
    std::set<Key> priced_by_people;  // where the API can write a price
    std::int64_t records = 0;

    // How many of these identity values are those of each thing.
    std::map<std::size_t, int> votes(const std::string& model, const Values& values) const;
    // Of a thing in question: the side whose identity these values show most of; `own` where no other has more.
    std::size_t side_shown(const Thing& thing, const Values& values, std::size_t own) const;

    // A thing that nobody told of. Gives its place.
    std::size_t add_new(const std::string& model, const Values& values);

private:
    Result<void> read_thing(const Value& entry, const std::vector<Shelf>& shelves);
    Result<void> read_sides(Thing& thing, const Value& question, const std::vector<Shelf>& shelves);
    Result<void> place(Thing& thing, const Value& records, const std::vector<Shelf>& shelves);
    void identify(const std::string& model, std::string_view property, const std::string& folded,
                  std::size_t thing);

    std::map<std::string, std::set<std::size_t>> identity_;  // "model property value" -> things
};

// Two records of one thing, seen beside each other.
struct Pair {
    const Record& left;
    const Record& right;
    const Shelf& left_shelf;
    const Shelf& right_shelf;
    bool compares_price;  // where the API of one of them cannot write it
    // What of the things referred to one of the two systems cannot name yet: its record there waits for a person.
    const std::set<std::string>& asked_left;
    const std::set<std::string>& asked_right;
};
bool agree_in_identity(const Pair& pair);
// A value or line that differs.
struct Difference {
    std::string property;  // "phone", "lines.quantity"; "line": it is in one of them only
    std::string text;
};
std::vector<Difference> differences(const Pair& pair);
// "ExactOnline 5a1e...": how a record is called in explanations.
std::string place_of(const Record& record, const Shelf& shelf);

}  // namespace entente::checker
