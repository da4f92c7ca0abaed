#include "world/draw_traits.hpp"

#include <utility>

namespace entente::world {
namespace {

using sim::Form;
using sim::Traits;

Form draw_form(bool is_number, bool with_habits, Random& random, bool& declared) {
    declared = true;
    if (with_habits && random.chance(12)) {
        const std::uint64_t habit = random.below(3);
        if (habit == 0) return Form::refused;
        if (habit == 1) return Form::ignored;
        declared = false;
        return is_number ? Form::rounded : Form::upper;
    }
    if (random.chance(60)) return Form::as_is;
    if (is_number) return Form::rounded;
    constexpr Form forms[] = {Form::upper, Form::trimmed, Form::cut};
    return forms[random.below(3)];
}

void draw_time(Traits& traits, Random& random) {
    if (random.chance(40)) traits.lag = {random.between(200, 3'000)};
    if (random.chance(40)) traits.visible_after = {random.between(200, 4'000)};
    if (random.chance(60)) traits.late_execution = {random.between(500, 6'000)};
    if (random.chance(30)) traits.skew = {random.between(-600'000, 600'000)};
    if (random.chance(40)) traits.granularity = {1'000};
    if (random.chance(30)) {
        traits.quota = static_cast<int>(random.between(12, 60));
        traits.quota_per = {random.between(2, 6) * 1'000};
        traits.tells_wait = random.chance(70);
    }
    traits.poll_every = {random.between(5, 20) * 100};
    traits.sweep_every = {random.between(8, 30) * 1'000};
}

}  // namespace

Traits draw_traits(std::string name, Random& random, bool with_habits) {
    Traits traits;
    traits.name = std::move(name);
    constexpr Traits::Versions versions[] = {Traits::Versions::none, Traits::Versions::counter,
                                             Traits::Versions::counter, Traits::Versions::touched};
    traits.versions = versions[random.below(4)];
    constexpr Traits::Grade grades[] = {Traits::Grade::keyed, Traits::Grade::searchable,
                                        Traits::Grade::searchable, Traits::Grade::none};
    traits.grade = grades[random.below(4)];
    traits.update_answer = static_cast<Traits::Answer>(random.below(3));
    traits.create_shows_key = random.chance(25);
    traits.full_update = random.chance(20);
    constexpr Traits::Feed feeds[] = {Traits::Feed::modified, Traits::Feed::modified,
                                      Traits::Feed::row_version, Traits::Feed::none};
    traits.feed = feeds[random.below(4)];
    traits.paging = static_cast<Traits::Paging>(random.below(4));
    traits.page_size = static_cast<int>(random.between(2, 5));
    traits.lines =
        random.chance(50) ? Traits::Lines::none : static_cast<Traits::Lines>(random.between(1, 3));
    if (traits.feed != Traits::Feed::none && random.chance(8))
        traits.versions = Traits::Versions::timed;
    traits.owners = random.chance(50);
    traits.rights = random.chance(30);
    traits.unique_code = random.chance(25);
    for (std::size_t i = 0; i < traits.forms.size(); ++i) {
        bool declared = true;
        const bool is_number = sim::formed_properties[i] == "amount";
        traits.forms[i] = draw_form(is_number, with_habits, random, declared);
        traits.declared[i] = declared;
    }
    draw_time(traits, random);
    return traits;
}

void draw_lists(Traits& traits, Random& random) {
    const bool has_ties = random.chance(25), tells_total = random.chance(35);
    const bool sorts_by_key = random.chance(25);
    const bool is_counted = traits.paging == Traits::Paging::page;
    traits.has_ties = has_ties && is_counted;
    traits.tells_total = tells_total;
    traits.sorts_by_key = sorts_by_key;
}

}  // namespace entente::world
