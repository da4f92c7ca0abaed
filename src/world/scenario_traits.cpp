#include "world/scenario_traits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace entente::world {
namespace {

using sim::Form;
using sim::Traits;

const Traits& plain() {
    static const Traits traits;
    return traits;
}

struct Ability {
    std::string pattern;
    std::function<void(Traits&, const Pieces&)> take;
    std::function<std::vector<Pieces>(const Traits&)> tell;  // empty: it is as in a plain one
};

template <class T>
Ability choice(std::string pattern, T Traits::* field, T value) {
    return {std::move(pattern), [=](Traits& t, const Pieces&) { t.*field = value; },
            [=](const Traits& t) -> std::vector<Pieces> {
                if (t.*field != value || plain().*field == value) return {};
                return {Pieces{}};
            }};
}

Ability time(std::string pattern, Duration Traits::* field) {
    return {std::move(pattern), [=](Traits& t, const Pieces& p) { t.*field = time_of(p[0]); },
            [=](const Traits& t) -> std::vector<Pieces> {
                if (t.*field == plain().*field) return {};
                return {Pieces{words_of(t.*field)}};
            }};
}

// A clock beside the true time: `sign` 1 ahead, -1 behind.
Ability skew(std::string pattern, std::int64_t sign) {
    return {std::move(pattern),
            [=](Traits& t, const Pieces& p) { t.skew = {sign * time_of(p[0]).ms}; },
            [=](const Traits& t) -> std::vector<Pieces> {
                if (t.skew.ms * sign <= 0) return {};
                return {Pieces{words_of(Duration{t.skew.ms * sign})}};
            }};
}

Ability quota(std::string pattern, bool tells_wait) {
    return {std::move(pattern),
            [=](Traits& t, const Pieces& p) {
                t.quota = static_cast<int>(count_of(p[0]));
                t.quota_per = time_of(p[1]);
                t.tells_wait = tells_wait;
            },
            [=](const Traits& t) -> std::vector<Pieces> {
                if (t.quota == 0 || t.tells_wait != tells_wait) return {};
                return {Pieces{std::to_string(t.quota), words_of(t.quota_per)}};
            }};
}

Ability form(std::string pattern, Form form, bool is_declared) {
    if (!is_declared) pattern += ", untold";
    return {std::move(pattern),
            [=](Traits& t, const Pieces& p) {
                const auto found = std::ranges::find(sim::formed_properties, p[0]);
                const auto at = static_cast<std::size_t>(found - sim::formed_properties.begin());
                t.forms[at] = form;
                t.declared[at] = is_declared;
            },
            [=](const Traits& t) {
                std::vector<Pieces> out;
                for (std::size_t i = 0; i < t.forms.size(); ++i)
                    if (t.forms[i] == form && t.declared[i] == is_declared &&
                        !(form == Form::as_is && is_declared))
                        out.push_back({std::string(sim::formed_properties[i])});
                return out;
            }};
}

void add_forms(std::vector<Ability>& all) {
    for (const bool is_declared : {true, false}) {
        all.push_back(form("stores {property} as it is", Form::as_is, is_declared));
        all.push_back(form("stores {property} in capitals", Form::upper, is_declared));
        all.push_back(form("stores {property} trimmed", Form::trimmed, is_declared));
        all.push_back(form("stores {property} cut to 12 characters", Form::cut, is_declared));
        all.push_back(form("stores {property} rounded to 2 decimals", Form::rounded, is_declared));
        all.push_back(form("ignores changes of {property}", Form::ignored, is_declared));
        all.push_back(form("refuses {property}", Form::refused, is_declared));
        all.push_back(form("refuses an unwanted {property}", Form::choosy, is_declared));
    }
}

std::vector<Ability> make_abilities() {
    using T = Traits;
    std::vector<Ability> all{
        choice("counts versions", &T::versions, T::Versions::counter),
        choice("keeps no versions", &T::versions, T::Versions::none),
        choice("touches a record once more after each of our writes", &T::versions,
               T::Versions::touched),
        choice("takes its time of change for the version", &T::versions, T::Versions::timed),
        choice("takes a key with a create", &T::grade, T::Grade::keyed),
        choice("can be searched for what was created", &T::grade, T::Grade::searchable),
        choice("has no way to find a lost create", &T::grade, T::Grade::none),
        choice("answers an update with the record", &T::update_answer, T::Answer::record),
        choice("answers an update with nothing", &T::update_answer, T::Answer::nothing),
        choice("answers an update with a part of the record", &T::update_answer, T::Answer::part),
        choice("answers a create with the id alone", &T::create_shows_key, true),
        choice("takes whole records only", &T::full_update, true),
        choice("lists changes by time", &T::feed, T::Feed::modified),
        choice("lists changes by row version", &T::feed, T::Feed::row_version),
        choice("lists no changes", &T::feed, T::Feed::none),
        time("shows times to {time}", &T::granularity),
        choice("shows lists as a whole", &T::paging, T::Paging::none),
        choice("shows pages by number", &T::paging, T::Paging::page),
        choice("shows pages by cursor", &T::paging, T::Paging::cursor),
        choice("shows pages by link", &T::paging, T::Paging::link),
        {"shows {count} records on a page",
         [](T& t, const Pieces& p) { t.page_size = static_cast<int>(count_of(p[0])); },
         [](const T& t) -> std::vector<Pieces> {
             if (t.page_size == plain().page_size) return {};
             return {Pieces{std::to_string(t.page_size)}};
         }},
        choice("shows lists in an order with ties", &T::has_ties, true),
        choice("tells how many records a list has", &T::tells_total, true),
        choice("is asked for lists in the order of the key", &T::sorts_by_key, true),
        choice("has no lines", &T::lines, T::Lines::none),
        choice("has lines inside things", &T::lines, T::Lines::inside),
        choice("has lines beside things", &T::lines, T::Lines::beside),
        choice("has lines beside things, made with them too", &T::lines, T::Lines::with_parent),
        choice("has owners", &T::owners, true),
        choice("can be asked for our rights", &T::rights, true),
        choice("takes a code only once", &T::unique_code, true),
        time("lags up to {time}", &T::lag),
        time("hides new records up to {time}", &T::visible_after),
        time("executes what it did not answer up to {time} late", &T::late_execution),
        skew("has a clock {time} ahead", 1),
        skew("has a clock {time} behind", -1),
        quota("allows {count} requests in {time}", true),
        quota("allows {count} requests in {time}, and does not tell when to come back", false),
        time("is polled every {time}", &T::poll_every),
        time("is swept every {time}", &T::sweep_every)};
    add_forms(all);
    return all;
}

const std::vector<Ability>& abilities() {
    static const std::vector<Ability> all = make_abilities();
    return all;
}

}  // namespace

std::expected<void, Closest> take_ability(std::string_view ability, Traits& traits) {
    Closest closest;
    for (const Ability& known : abilities()) {
        const auto pieces = fit(known.pattern, ability, {});
        if (pieces) {
            known.take(traits, *pieces);
            return {};
        }
        closest.add(pieces.error());
    }
    return std::unexpected(closest);
}

std::vector<std::string> abilities_of(const Traits& traits) {
    std::vector<std::string> out;
    for (const Ability& known : abilities())
        for (const Pieces& pieces : known.tell(traits)) out.push_back(fill(known.pattern, pieces));
    return out;
}

}  // namespace entente::world
