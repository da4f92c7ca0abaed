#include "world/shrink.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "world/play.hpp"

namespace entente::world {
namespace {

using Events = std::vector<Event>;

bool is_join(const Event& event) {
    return std::holds_alternative<Join>(event.what);
}

// The system that the event is about; -1: none.
int* system_in(Event& event) {
    if (auto* act = std::get_if<Act>(&event.what)) return &act->system;
    if (auto* spoil = std::get_if<Spoil>(&event.what)) return &spoil->system;
    if (auto* spell = std::get_if<Spell>(&event.what)) return &spell->system;
    if (auto* lasting = std::get_if<Lasting>(&event.what)) return &lasting->system;
    if (auto* set = std::get_if<ClockSet>(&event.what); set && set->system != ClockSet::ours)
        return &set->system;
    return nullptr;
}

std::string code_in(const Event& event) {
    const auto* act = std::get_if<Act>(&event.what);
    return act ? act->code : std::string();
}

// Who joins later needs an event that says when, and the other way round.
Script whole(Script script) {
    const auto systems = static_cast<int>(script.systems.size());
    if (std::ranges::none_of(script.events, is_join)) script.at_first = systems;
    if (script.at_first == systems) std::erase_if(script.events, is_join);
    return script;
}

Script without_system(Script script, int gone) {
    std::erase_if(script.events, [gone](Event& event) {
        const int* system = system_in(event);
        return (system && *system == gone) ||
               (event.when != Event::When::at && event.system == gone);
    });
    for (Event& event : script.events) {
        if (int* system = system_in(event); system && *system > gone) --*system;
        if (event.system > gone) --event.system;
    }
    const auto place = script.systems.begin() + gone;
    if (script.policies.contains(place->name)) script.policies.clear();
    script.systems.erase(place);
    if (gone < script.at_first) --script.at_first;
    return script;
}

using sim::Traits;
using Simplify = void (*)(Traits&);

// Each puts one trait back to what a system of which nothing is said has.
const std::vector<Simplify>& simplifications() {
    static const Traits plain;
    static const std::vector<Simplify> all{
        [](Traits& t) { t = Traits{.name = t.name}; },
        [](Traits& t) { t.versions = plain.versions; },
        [](Traits& t) { t.grade = plain.grade; },
        [](Traits& t) { t.update_answer = plain.update_answer; },
        [](Traits& t) { t.create_shows_key = plain.create_shows_key; },
        [](Traits& t) { t.full_update = plain.full_update; },
        [](Traits& t) { t.feed = plain.feed; },
        [](Traits& t) { t.granularity = plain.granularity; },
        [](Traits& t) { t.paging = plain.paging; },
        [](Traits& t) { t.page_size = plain.page_size; },
        [](Traits& t) { t.lines = plain.lines; },
        [](Traits& t) { t.owners = plain.owners; },
        [](Traits& t) { t.rights = plain.rights; },
        [](Traits& t) { t.unique_code = plain.unique_code; },
        [](Traits& t) { t.forms[0] = plain.forms[0], t.declared[0] = plain.declared[0]; },
        [](Traits& t) { t.forms[1] = plain.forms[1], t.declared[1] = plain.declared[1]; },
        [](Traits& t) { t.forms[2] = plain.forms[2], t.declared[2] = plain.declared[2]; },
        [](Traits& t) { t.lag = plain.lag; },
        [](Traits& t) { t.visible_after = plain.visible_after; },
        [](Traits& t) { t.late_execution = plain.late_execution; },
        [](Traits& t) { t.skew = plain.skew; },
        [](Traits& t) { t.quota = plain.quota, t.quota_per = plain.quota_per; },
        [](Traits& t) { t.tells_wait = plain.tells_wait; },
        [](Traits& t) { t.poll_every = plain.poll_every; },
        [](Traits& t) { t.sweep_every = plain.sweep_every; }};
    return all;
}

class Shrinker {
public:
    Shrinker(Script script, const Fails& fails) : best_(std::move(script)), fails_(fails) {}

    Script run() {
        bool is_smaller = true;
        while (is_smaller && asked_ < shrink_questions_max) {
            is_smaller = drop_systems();
            is_smaller |= drop_things();
            is_smaller |= drop_events();
            is_smaller |= simplify_frame();
            is_smaller |= simplify_systems();
            is_smaller |= simplify_events();
        }
        return std::move(best_);
    }

private:
    bool keep_if_failing(Script smaller) {
        if (asked_ >= shrink_questions_max) return false;
        smaller = whole(std::move(smaller));
        ++asked_;
        if (!fails_(smaller)) return false;
        best_ = std::move(smaller);
        return true;
    }

    bool drop_systems() {
        bool dropped = false;
        for (int i = static_cast<int>(best_.systems.size()) - 1; i >= 0 && best_.systems.size() > 2;
             --i) {
            Script smaller = without_system(best_, i);
            if (smaller.at_first >= 1) dropped |= keep_if_failing(std::move(smaller));
        }
        return dropped;
    }

    bool drop_things() {
        std::set<std::string> codes;
        for (const Event& event : best_.events) codes.insert(code_in(event));
        codes.erase("");
        bool dropped = false;
        for (const std::string& code : codes) {
            Script smaller = best_;
            std::erase_if(smaller.events,
                          [&](const Event& event) { return code_in(event) == code; });
            dropped |= keep_if_failing(std::move(smaller));
        }
        return dropped;
    }

    // Delta debugging: ever smaller parts of what is left, from the end, where less hangs on them.
    bool drop_events() {
        bool dropped = false;
        for (std::size_t part = (best_.events.size() + 1) / 2; part > 0; part /= 2) {
            std::size_t end = best_.events.size();
            while (end > 0) {
                const std::size_t begin = end > part ? end - part : 0;
                Script smaller = best_;
                smaller.events.erase(smaller.events.begin() + static_cast<std::ptrdiff_t>(begin),
                                     smaller.events.begin() + static_cast<std::ptrdiff_t>(end));
                dropped |= keep_if_failing(std::move(smaller));
                end = std::min(begin, best_.events.size());
            }
        }
        return dropped;
    }

    bool simplify_frame() {
        bool simpler = false;
        const auto attempt = [&](bool is_needed, auto change) {
            if (!is_needed) return;
            Script smaller = best_;
            change(smaller);
            simpler |= keep_if_failing(std::move(smaller));
        };
        attempt(best_.on_sqlite, [](Script& s) { s.on_sqlite = false; });
        attempt(best_.repeated_percent > 0, [](Script& s) { s.repeated_percent = 0; });
        attempt(!best_.policies.empty(), [](Script& s) { s.policies.clear(); });
        attempt(std::ranges::any_of(best_.events, is_join),
                [](Script& s) { s.at_first = static_cast<int>(s.systems.size()); });
        attempt(best_.seed != 1, [](Script& s) { s.seed = 1; });
        constexpr std::int64_t spare_ms = 1'000;
        std::int64_t last = 0;
        for (const Event& event : best_.events) last = std::max(last, event.at.ms);
        for (const std::int64_t end : {last + spare_ms, best_.calm_from.ms / 2})
            attempt(end > last && end < best_.calm_from.ms,
                    [end](Script& s) { s.calm_from = {end}; });
        return simpler;
    }

    bool simplify_systems() {
        bool simpler = false;
        for (std::size_t i = 0; i < best_.systems.size(); ++i)
            for (const Simplify simplify : simplifications()) {
                Script smaller = best_;
                simplify(smaller.systems[i]);
                if (smaller.systems[i] == best_.systems[i]) continue;
                simpler |= keep_if_failing(std::move(smaller));
            }
        return simpler;
    }

    bool simplify_events() {
        bool simpler = false;
        for (std::size_t i = 0; i < best_.events.size(); ++i) {
            simpler |= drop_fields(i);
            simpler |= round_time(i);
        }
        return simpler;
    }

    bool drop_fields(std::size_t at) {
        const auto* added = std::get_if<Act>(&best_.events[at].what);
        if (!added) return false;
        bool simpler = false;
        const Value fields = added->fields;
        for (const auto& [name, value] : fields.as_object()) {
            Script smaller = best_;
            std::get<Act>(smaller.events[at].what).fields.erase(name);
            simpler |= keep_if_failing(std::move(smaller));
        }
        return simpler;
    }

    bool round_time(std::size_t at) {
        for (const std::int64_t step : {1'000, 100}) {
            Script smaller = best_;
            Duration& time = smaller.events[at].at;
            if (time.ms % step == 0) return false;
            time.ms -= time.ms % step;
            if (keep_if_failing(std::move(smaller))) return true;
        }
        return false;
    }

    Script best_;
    const Fails& fails_;
    int asked_ = 0;
};

}  // namespace

Fails violates(int guarantee) {
    return [guarantee](const Script& script) {
        const Outcome outcome = play(script);
        return std::ranges::any_of(
            outcome.verdict.violations(),
            [&](const oracle::Violation& violation) { return violation.guarantee == guarantee; });
    };
}

Script shrink(Script script, const Fails& fails) {
    return Shrinker(std::move(script), fails).run();
}

}  // namespace entente::world
