#include "world/script.hpp"

#include <utility>

namespace entente::world {

std::string_view name_of(Spell::Kind kind) {
    switch (kind) {
        case Spell::Kind::stale:
            return "stale";
        case Spell::Kind::no_rights:
            return "no_rights";
        case Spell::Kind::drifted:
            return "drifted";
        case Spell::Kind::skips_feed:
            return "skips_feed";
        case Spell::Kind::early_stamps:
            return "early_stamps";
        case Spell::Kind::unreachable:
            return "unreachable";
        case Spell::Kind::no_date:
            return "no_date";
        case Spell::Kind::absurd_date:
            return "absurd_date";
        case Spell::Kind::dated:
            return "dated";
        case Spell::Kind::ring:
            return "ring";
        case Spell::Kind::last_again:
            return "last_again";
        case Spell::Kind::empty_pages:
            return "empty_pages";
        case Spell::Kind::too_many:
            return "too_many";
        case Spell::Kind::endless_search:
            return "endless_search";
    }
    std::unreachable();
}

}  // namespace entente::world
