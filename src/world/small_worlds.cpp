#include <functional>

#include "world/small_world.hpp"

namespace entente::world {
namespace {

using Traits = sim::Traits;

SmallWorld plain(std::string name) {
    SmallWorld world;
    world.name = std::move(name);
    world.systems.resize(2);
    world.systems[0].name = "A";
    world.systems[1].name = "B";
    world.edits = {1, 1};
    return world;
}

using Change = std::function<void(SmallWorld&)>;
using Add = std::function<void(std::string name, const Change& change)>;

void large(SmallWorld& world) {
    world.edits = {2, 2};
    world.at_once = true;
}
void no_versions(SmallWorld& world) {
    world.systems[1].versions = Traits::Versions::none;
}
void silent(SmallWorld& world) {
    world.systems[1].update_answer = Traits::Answer::nothing;
}
void capitals(SmallWorld& world, bool is_declared) {
    world.systems[1].forms[0] = sim::Form::upper;
    world.systems[1].declared[0] = is_declared;
}
void seconds(SmallWorld& world) {
    world.systems[1].granularity = Duration{1'000};
    world.between = Duration{400};
}
void slow_clock(SmallWorld& world, bool is_known) {
    world.systems[1].skew = Duration{-1'500};
    world.knows_clocks = is_known;
}
void late_calls(SmallWorld& world) {
    world.systems[1].late_execution = Duration{10'000};
}
void apart(SmallWorld& world) {
    world.start = SmallWorld::Start::apart;
}
void only_first(SmallWorld& world) {
    world.start = SmallWorld::Start::only_first;
    world.edits = {1, 0};
    late_calls(world);
}

void three_systems(SmallWorld& world) {
    world.systems.resize(3);
    world.systems[2].name = "C";
    world.edits = {1, 1, 1};
    world.at_once = world.is_hasty = true;
}

void add_order(const Add& add) {
    add("an edit each", [](SmallWorld& w) { w.is_quick = true; });
    add("three edits", [](SmallWorld& w) { w.edits = {2, 1}; });
    add("two edits each", large);
    add("two edits each, B's clock behind", [](SmallWorld& w) {
        large(w);
        slow_clock(w, false);
    });
    add("two edits each, B's clock behind and measured", [](SmallWorld& w) {
        large(w);
        slow_clock(w, true);
    });
    add("two edits each, prefer B", [](SmallWorld& w) {
        large(w);
        w.policies = "conflicts: {prefer: [B]}\n";
    });
    add("an edit each, prefer B", [](SmallWorld& w) {
        w.policies = "conflicts: {prefer: [B]}\n";
        w.is_quick = true;
    });
}

// What two systems cannot show: a value that has come a long way meets one that knows only its beginning.
void add_three_systems(const Add& add) {
    using Kind = SmallWorld::Kind;
    const auto with = [&](std::string name, const Change& change) {
        add(std::move(name), [&](SmallWorld& w) {
            three_systems(w);
            change(w);
        });
    };
    with("three systems, C's clock behind", [](SmallWorld& w) {
        w.systems[2].skew = Duration{-2'500};
        w.knows_clocks = false;
    });
    with("three systems, four edits, prefer B", [](SmallWorld& w) {
        w.edits = {1, 1, 2};
        w.policies = "conflicts: {prefer: [B]}\n";
    });
    with("three systems, one value typed by several, B's clock behind", [](SmallWorld& w) {
        w.kinds = {Kind::fresh, Kind::same};
        w.systems[1].skew = Duration{-2'500};
        w.knows_clocks = false;
    });
}

void add_abilities(const Add& add) {
    const auto quick = [&](std::string name, const Change& change) {
        add(std::move(name), [&](SmallWorld& w) {
            change(w);
            w.is_quick = true;
        });
    };
    quick("B answers nothing", silent);
    quick("B answers a part",
          [](SmallWorld& w) { w.systems[1].update_answer = Traits::Answer::part; });
    quick("B has no versions", no_versions);
    quick("B has no versions, answers nothing", [](SmallWorld& w) {
        no_versions(w);
        silent(w);
    });
    quick("B takes whole records", [](SmallWorld& w) { w.systems[1].full_update = true; });
    quick("B writes in capitals, as it says", [](SmallWorld& w) { capitals(w, true); });
    quick("B writes in capitals, unsaid", [](SmallWorld& w) { capitals(w, false); });
    quick("B writes in capitals, as it says, answers nothing", [](SmallWorld& w) {
        capitals(w, true);
        silent(w);
    });
    quick("B tells time in seconds", seconds);
    quick("B has no versions, tells time in seconds", [](SmallWorld& w) {
        no_versions(w);
        seconds(w);
    });
    add("two edits each, B writes in capitals", [](SmallWorld& w) {
        large(w);
        capitals(w, true);
    });
    add("two edits each, B has no versions, answers nothing", [](SmallWorld& w) {
        large(w);
        no_versions(w);
        silent(w);
    });
}

void add_values(const Add& add) {
    using Kind = SmallWorld::Kind;
    const auto with = [&](std::string name, Kind kind, bool is_quick) {
        add(std::move(name), [&](SmallWorld& w) {
            large(w);
            w.edits = {2, 1};
            w.kinds = {Kind::fresh, kind};
            w.is_quick = is_quick;
        });
    };
    with("three edits or clears", Kind::clear, true);
    with("three edits, one value typed by several", Kind::same, false);
    with("three edits, back to the first value", Kind::old, true);
}

// People edit while nobody runs the process.
void add_absences(const Add& add) {
    add("the process is away", [](SmallWorld& w) {
        late_calls(w);
        w.absences = 1;
    });
    add("the process is away, B has no versions", [](SmallWorld& w) {
        late_calls(w);
        no_versions(w);
        w.absences = 1;
    });
    add("the process is away, three edits, prefer B", [](SmallWorld& w) {
        large(w);
        w.edits = {2, 1};
        w.policies = "conflicts: {prefer: [B]}\n";
        w.absences = 1;
    });
}

void add_faults(const Add& add) {
    add("a fault", [](SmallWorld& w) {
        late_calls(w);
        w.faults = 1;
    });
    add("a fault, B has no versions", [](SmallWorld& w) {
        late_calls(w);
        no_versions(w);
        w.faults = 1;
    });
    add("a fault, B answers nothing", [](SmallWorld& w) {
        silent(w);
        w.at_once = true;
        w.faults = 1;
    });
    add("two faults", [](SmallWorld& w) {
        late_calls(w);
        w.at_once = w.is_quick = true;
        w.faults = 2;
    });
    add("a fault, two edits each", [](SmallWorld& w) {
        large(w);
        w.faults = 1;
    });
    add("a fault, three edits, prefer B", [](SmallWorld& w) {
        large(w);
        w.edits = {2, 1};
        w.policies = "conflicts: {prefer: [B]}\n";
        w.faults = 1;
        w.doubles = false;
    });
    add("a crash, three edits, prefer B", [](SmallWorld& w) {
        large(w);
        w.edits = {2, 1};
        w.policies = "conflicts: {prefer: [B]}\n";
        w.crashes = 1;
    });
    add("a fault, three edits, B has no versions, prefer B", [](SmallWorld& w) {
        large(w);
        late_calls(w);
        no_versions(w);
        w.edits = {2, 1};
        w.policies = "conflicts: {prefer: [B]}\n";
        w.faults = 1;
        w.doubles = false;
    });
    add("a crash", [](SmallWorld& w) {
        late_calls(w);
        w.crashes = 1;
    });
    add("a crash, B has no versions", [](SmallWorld& w) {
        late_calls(w);
        no_versions(w);
        w.crashes = 1;
    });
    add("two crashes and a fault", [](SmallWorld& w) {
        late_calls(w);
        w.at_once = true;
        w.crashes = 2;
        w.faults = 1;
    });
}

void add_clocks(const Add& add) {
    add("our clock is set, an edit each", [](SmallWorld& w) {
        w.clock_sets = 1;
        w.clock_step = Duration{7'200'000};
        w.is_quick = true;
    });
    add("our clock is set twice, B has no versions and lags", [](SmallWorld& w) {
        no_versions(w);
        w.systems[1].lag = Duration{500};
        w.clock_sets = 2;
        w.clock_step = Duration{7'200'000};
        w.at_once = true;
    });
}

void add_beginnings(const Add& add) {
    add("first join", [](SmallWorld& w) {
        apart(w);
        w.edits = {1, 0};
    });
    add("first join, a crash", [](SmallWorld& w) {
        apart(w);
        w.at_once = true;
        w.crashes = 1;
    });
    add("create", only_first);
    add("create, made by hand too", [](SmallWorld& w) {
        only_first(w);
        w.edits = {0, 0};
        w.by_hand = true;
    });
    add("create, a fault", [](SmallWorld& w) {
        only_first(w);
        w.edits = {0, 0};
        w.faults = 1;
    });
    add("create with a key, a fault", [](SmallWorld& w) {
        only_first(w);
        w.systems[1].grade = Traits::Grade::keyed;
        w.faults = 1;
        w.at_once = true;
    });
    add("create, a crash", [](SmallWorld& w) {
        only_first(w);
        w.edits = {0, 0};
        w.crashes = 1;
    });
    add("create, a fault and a crash", [](SmallWorld& w) {
        only_first(w);
        w.at_once = true;
        w.crashes = w.faults = 1;
    });
}

}  // namespace

std::vector<SmallWorld> small_worlds() {
    std::vector<SmallWorld> out;
    const auto add = [&](std::string name, const std::function<void(SmallWorld&)>& change) {
        SmallWorld world = plain(std::move(name));
        change(world);
        out.push_back(std::move(world));
    };
    add_order(add);
    add_three_systems(add);
    add_abilities(add);
    add_values(add);
    add_faults(add);
    add_absences(add);
    add_clocks(add);
    add_beginnings(add);
    return out;
}

}  // namespace entente::world
