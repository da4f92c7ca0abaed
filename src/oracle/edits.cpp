#include "oracle/edits.hpp"

#include <algorithm>

#include "oracle/words.hpp"

namespace entente::oracle {

void add_to(Seen& into, const Seen& more) {
    if (into.size() < more.size()) into.resize(more.size());
    for (std::size_t i = 0; i < more.size(); ++i)
        if (more[i]) into[i] = true;
}

void add_to(Seen& into, std::size_t edit) {
    if (into.size() <= edit) into.resize(edit + 1);
    into[edit] = true;
}

bool has(const Seen& seen, std::size_t edit) {
    return edit < seen.size() && seen[edit];
}

bool Edits::was_replaced(std::size_t edit) const {
    return std::ranges::any_of(all, [&](const Edit& other) {
        return has(other.known, edit) ||
               (&other != &all[edit] && !is_empty(other.before) && other.before == all[edit].value);
    });
}

}  // namespace entente::oracle
