// The sentences of scenario files as patterns that both read and write them: "{system} lags up to {time}". A pattern is text with
// pieces in braces; (a|b) stands for either word. What a piece may be is known by its name:
//   system     one of the names given            property   name, note, amount (those that a system may treat in its own way)
//   word       letters, digits and _             asked      call, read, create, update, write
//   thing      T1, owner O1, that record         subject    a thing, or: line "text" of a thing
//   value      JSON                              text       a JSON text
//   fields     name "x", amount 5                time       2.5 s, 300 ms, 2 min
//   count      digits, or: no                    where      everywhere, or: in A, B
//   names      A, B                              rest       all that follows
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "base/value.hpp"

namespace entente::world {

using Pieces = std::vector<std::string>;  // as they stand in the line, in order
using Names = std::vector<std::string>;   // of the systems

// Where a line leaves a pattern, and what would have gone on.
struct Misfit {
    std::size_t at = 0;
    std::string expected;
};

std::expected<Pieces, Misfit> fit(std::string_view pattern, std::string_view line,
                                  const Names& names);
// Requires: as many pieces as the pattern has, each as its kind is written.
std::string fill(std::string_view pattern, const Pieces& pieces);

// What a sentence is told that fits none: the expectations of those patterns that went furthest.
class Closest {
public:
    void add(const Misfit& misfit);
    std::size_t at() const { return at_; }
    std::string expected() const;  // "'adds', 'removes' or a thing (T1, owner O1)"

private:
    std::size_t at_ = 0;
    std::vector<std::string> expected_;
};

// What the pieces mean. Requires: a piece of that kind.
Duration time_of(std::string_view piece);
std::string words_of(Duration time);
std::int64_t count_of(std::string_view piece);
Value value_of(std::string_view piece);
Value fields_of(std::string_view piece);
std::string words_of_fields(const Value& fields);
int system_of(std::string_view piece, const Names& names);
std::vector<int> systems_of(std::string_view piece, const Names& names);  // `where`, `names`
// Table and code of a thing; "that record": an empty code.
std::pair<std::string, std::string> thing_of(std::string_view piece);
std::string words_of_thing(std::string_view table, std::string_view code);

}  // namespace entente::world
