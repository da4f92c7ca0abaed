#include "run/watcher.hpp"

#include <utility>

namespace entente::run {

std::string_view name_of(sync::Purpose purpose) {
    switch (purpose) {
        case sync::Purpose::page:
            return "page";
        case sync::Purpose::check:
            return "check";
        case sync::Purpose::compare:
            return "compare";
        case sync::Purpose::write:
            return "write";
        case sync::Purpose::read_back:
            return "read_back";
        case sync::Purpose::probe:
            return "probe";
        case sync::Purpose::rights:
            return "rights";
        case sync::Purpose::search:
            return "search";
    }
    std::unreachable();
}

std::string_view name_of(Work work) {
    switch (work) {
        case Work::edit:
            return "edits";
        case Work::look:
            return "looks";
        case Work::backfill:
            return "backfill";
        case Work::sweep:
            return "sweeps";
    }
    std::unreachable();
}

std::string_view name_of(sync::Notice::Kind kind) {
    using Kind = sync::Notice::Kind;
    switch (kind) {
        case Kind::swept:
            return "swept";
        case Kind::joined:
            return "joined";
        case Kind::linked:
            return "linked";
        case Kind::edit_seen:
            return "edit_seen";
        case Kind::written:
            return "written";
        case Kind::created:
            return "created";
        case Kind::conflict:
            return "conflict";
        case Kind::first_join:
            return "first_join";
        case Kind::held:
            return "held";
        case Kind::parked:
            return "parked";
        case Kind::gone:
            return "gone";
        case Kind::stopped:
            return "stopped";
        case Kind::refused:
            return "refused";
        case Kind::left:
            return "left";
        case Kind::doubted:
            return "doubted";
        case Kind::troubled:
            return "troubled";
        case Kind::mended:
            return "mended";
    }
    std::unreachable();
}

}  // namespace entente::run
