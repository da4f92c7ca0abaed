// The facts of organisations: names, numbers and addresses that no two of them share.
#include <fmt/core.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "sim/draft.hpp"

namespace entente::sim {
namespace {

// Both systems can hold it, also after a double space.
constexpr std::size_t name_length_max = 55;
constexpr int tries_max = 1000;

std::string draw_name(const words::Country& country, std::string_view city, int attempt,
                      Random& random) {
    std::string name(pick(words::families(), random));
    // Short names first; partners and places are added only where those are taken.
    if (attempt > 4) name += fmt::format(" & {}", pick(words::families(), random));
    name += fmt::format(" {}", pick(words::trades(), random));
    if (attempt > 1) name += fmt::format(" {}", city);
    return name + fmt::format(" {}", pick(country.legal_forms, random));
}

class Draughtsman {
public:
    explicit Draughtsman(std::uint64_t seed)
        : names_(seed, "organisation names"), numbers_(seed, "organisation numbers") {}

    // Only what is asked is misspelled; otherwise half of those that are found by the second key.
    void plan_slips() { are_slips_planned_ = true; }

    void go_on_with(Random names, Random numbers) {
        names_ = names;
        numbers_ = numbers;
    }

    Organisation draft(const Slot& slot) {
        Organisation o;
        o.slot = slot;
        o.country = &pick(words::countries(), names_);
        const words::Place& place = pick(o.country->places, names_);
        o.city = place.city;
        o.postal_code = fill_pattern(place.postal, numbers_);
        o.street = street_of(*o.country);
        name(o);
        o.vat = unique_number(o.country->vat, vats_);
        const std::string phone_pattern(static_cast<std::size_t>(o.country->phone_digits - 1), '#');
        o.phone = unique_number("2" + phone_pattern, phones_);
        misspell(o);
        return o;
    }

private:
    std::string street_of(const words::Country& country) {
        std::string street(pick(country.streets, names_));
        const std::string number = std::to_string(1 + numbers_.below(180));
        return street.replace(street.find('%'), 1, number);
    }

    void name(Organisation& o) {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            o.name = draw_name(*o.country, o.city, attempt, names_);
            if (text::length(o.name) > name_length_max) continue;
            const std::string folded = text::fold_organisation(o.name);
            if (!folds_.add(folded)) continue;
            o.email = email_for(folded);
            if (emails_.add(o.email)) return;
        }
        CHECK(false, "there are names enough for every organisation");
    }

    // A host that nobody can own: "example" is reserved, so no mail ever leaves.
    std::string email_for(const std::string& folded) {
        std::string host;
        for (const char c : folded) {
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) host += c;
        }
        return fmt::format("{}@{}.example", pick(words::mailboxes(), names_), host);
    }

    std::string unique_number(std::string_view pattern, Unique& used) {
        for (int attempt = 0; attempt < tries_max; ++attempt) {
            std::string number = fill_pattern(pattern, numbers_);
            if (used.add(number)) return number;
        }
        CHECK(false, "there are numbers enough for every organisation");
        return {};
    }

    // With another number on one side, only a person can know whether it is one organisation.
    void misspell(Organisation& o) {
        if (o.slot.quirk != Quirk::second_key) return;
        if (are_slips_planned_ ? !o.slot.is_asked : numbers_.chance(50)) return;
        for (int attempt = 0; attempt < tries_max && o.misspelled_vat.empty(); ++attempt) {
            std::string slip = change_digit(o.vat, numbers_);
            if (vats_.add(slip)) o.misspelled_vat = std::move(slip);
        }
        o.slot.is_asked = !o.misspelled_vat.empty();
    }

    Random names_, numbers_;
    bool are_slips_planned_ = false;
    Unique folds_, emails_, vats_, phones_;
};

// A branch office of the same name, at the same address but for the street, with a VAT number of its own.
void make_branch_of(const Organisation& o, Organisation& branch) {
    branch.country = o.country;
    branch.name = o.name;
    branch.email = o.email;
    branch.postal_code = o.postal_code;
    branch.city = o.city;
}

// Each ambiguous or crossed one has a rival that lives in the ERP only: a branch office, of which the shop's record, having
// no VAT number, says as much as of the right one; or another organisation, whose e-mail address the shop's record shows.
void find_rivals(std::vector<Organisation>& organisations) {
    std::size_t next = 0;
    for (Organisation& o : organisations) {
        if (o.slot.quirk != Quirk::ambiguous && o.slot.quirk != Quirk::crossed) continue;
        while (organisations[next].slot.home != Home::erp) ++next;
        Organisation& rival = organisations[next++];
        if (o.slot.quirk == Quirk::ambiguous) {
            make_branch_of(o, rival);
            rival.slot.is_disputed = true;
        } else {
            o.other_email = rival.email;
            rival.slot.is_crossed = true;
        }
    }
}

}  // namespace

std::vector<Organisation> draft_organisations(std::uint64_t seed, Amount amount) {
    Random planning(seed, "organisation plan");
    std::vector<Slot> slots = plan(
        amount.shared, {.second_key = 10, .ambiguous = 3, .crossed = 2, .doubled = 2}, planning);
    give_ids(slots, 101, 4001, planning);
    Draughtsman draughtsman(seed);
    std::vector<Organisation> organisations;
    organisations.reserve(amount.shared + amount.exact_only);
    for (const Slot& slot : slots) organisations.push_back(draughtsman.draft(slot));
    draughtsman.go_on_with(Random(seed, "exact organisation names"),
                           Random(seed, "exact organisation numbers"));
    for (std::size_t i = 0; i < amount.exact_only; ++i) {
        organisations.push_back(draughtsman.draft({.home = Home::exact}));
    }
    find_rivals(organisations);
    return organisations;
}

std::vector<Organisation> draft_organisations(std::uint64_t seed, const std::vector<Slot>& slots) {
    Draughtsman draughtsman(seed);
    draughtsman.plan_slips();
    std::vector<Organisation> organisations;
    organisations.reserve(slots.size());
    for (const Slot& slot : slots) organisations.push_back(draughtsman.draft(slot));
    return organisations;
}

}  // namespace entente::sim
