#include "oracle/edits.hpp"

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

}  // namespace entente::oracle
