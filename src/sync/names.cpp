#include "sync/call.hpp"
#include "sync/state.hpp"

namespace entente::sync {

bool is_write(const Call& call) {
    return std::holds_alternative<CreateCall>(call) || std::holds_alternative<UpdateCall>(call);
}

ResourceIndex resource_of(const Call& call) {
    return std::visit([](const auto& c) { return c.resource; }, call);
}

std::string_view name_of(ParkReason reason) {
    switch (reason) {
        case ParkReason::ambiguous:
            return "ambiguous";
        case ParkReason::duplicate:
            return "duplicate";
        case ParkReason::recreated:
            return "recreated";
        case ParkReason::create_failed:
            return "create_failed";
        case ParkReason::create_unknown:
            return "create_unknown";
        case ParkReason::unreadable:
            return "unreadable";
        case ParkReason::unsure:
            return "unsure";
        case ParkReason::retyped:
            return "retyped";
    }
    return "?";
}

std::string_view name_of(Trouble::Kind kind) {
    switch (kind) {
        case Trouble::Kind::clock:
            return "clock";
        case Trouble::Kind::our_clock:
            return "our clock";
        case Trouble::Kind::rights:
            return "rights";
        case Trouble::Kind::list:
            return "list";
        case Trouble::Kind::removals:
            return "removals";
        case Trouble::Kind::search:
            return "search";
        case Trouble::Kind::rows:
            return "rows";
    }
    return "?";
}

std::string_view name_of(HistoryEvent::Kind kind) {
    using Kind = HistoryEvent::Kind;
    switch (kind) {
        case Kind::linked:
            return "linked";
        case Kind::edit:
            return "edit";
        case Kind::agreed:
            return "agreed";
        case Kind::conflict:
            return "conflict";
        case Kind::first_join:
            return "first_join";
        case Kind::write:
            return "write";
        case Kind::create:
            return "create";
        case Kind::held:
            return "held";
        case Kind::released:
            return "released";
        case Kind::parked:
            return "parked";
        case Kind::gone:
            return "gone";
        case Kind::back:
            return "back";
        case Kind::stopped:
            return "stopped";
        case Kind::tried:
            return "tried";
        case Kind::left:
            return "left";
        case Kind::said:
            return "said";
    }
    return "?";
}

}  // namespace entente::sync
