#include "sim/draft.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace entente::sim {
namespace {

constexpr Instant year_begin{1'761'955'200'000};  // 2025-11-01T00:00:00Z
constexpr Instant year_end{1'793'491'200'000};    // 2026-11-01T00:00:00Z
constexpr std::int64_t day_ms = 86'400'000;

std::size_t share_of(std::size_t count, int percent) {
    return (count * static_cast<std::size_t>(percent) + 50) / 100;
}

void give_ids_in(std::vector<Slot>& slots, bool is_shop, std::int64_t first, Random& random) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const Slot& slot = slots[i];
        if (!(is_shop ? slot.lives_in_shop() : slot.lives_in_erp())) continue;
        places.push_back(i);
        if (slot.quirk == Quirk::doubled && slot.is_odd_in_shop == is_shop) places.push_back(i);
    }
    shuffle(places, random);
    for (const std::size_t place : places) {
        auto& ids = is_shop ? slots[place].shop_ids : slots[place].erp_ids;
        ids.push_back(first++);
    }
}

}  // namespace

std::vector<Slot> plan(std::size_t count, Shares shares, Random& random) {
    std::vector<Slot> slots(count);
    const std::size_t both = (count * 7 + 9) / 10;
    const std::size_t rest = count - both;
    for (std::size_t i = both; i < count; ++i) {
        slots[i].home = i < both + rest / 2 ? Home::webshop : Home::erp;
    }
    // An ambiguous or crossed record needs a rival of its own that lives in the ERP only.
    const std::size_t rivals = rest - rest / 2;
    const std::size_t ambiguous = std::min(share_of(both, shares.ambiguous), rivals);
    const std::size_t crossed = std::min(share_of(both, shares.crossed), rivals - ambiguous);
    const std::size_t doubled = share_of(both, shares.doubled);
    const std::size_t second_key = share_of(both, shares.second_key);
    std::size_t at = 0;
    for (const auto& [quirk, number] :
         {std::pair(Quirk::ambiguous, ambiguous), std::pair(Quirk::crossed, crossed),
          std::pair(Quirk::doubled, doubled), std::pair(Quirk::second_key, second_key)}) {
        for (std::size_t i = 0; i < number && at < both; ++i, ++at) slots[at].quirk = quirk;
    }
    for (Slot& slot : slots) slot.is_odd_in_shop = random.chance(50);
    shuffle(slots, random);
    return slots;
}

void give_ids(std::vector<Slot>& slots, std::int64_t first_shop, std::int64_t first_erp,
              Random& random) {
    give_ids_in(slots, true, first_shop, random);
    give_ids_in(slots, false, first_erp, random);
}

Instant Moments::next() {
    while (true) {  // a year holds 31.5 billion of them
        const std::int64_t ms = random_.between(year_begin.ms, year_end.ms - 1);
        if (used_.insert(ms).second) return {ms};
    }
}

Instant Moments::created_before(Instant modified) {
    return modified - Duration{random_.between(0, 400 * day_ms)};
}

std::string fill_pattern(std::string_view pattern, Random& random) {
    std::string out;
    for (const char c : pattern) {
        if (c == '#') {
            out += static_cast<char>('0' + random.below(10));
        } else if (c == '@') {
            out += static_cast<char>('A' + random.below(26));
        } else {
            out += c;
        }
    }
    return out;
}

std::string change_digit(std::string text, Random& random) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] >= '0' && text[i] <= '9') places.push_back(i);
    }
    CHECK(!places.empty(), "a text whose digit is changed has one");
    char& digit = text[pick(places, random)];
    digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random.below(9))) % 10);
    return text;
}

Value money(std::int64_t cents) {
    const auto number = Decimal::parse(fmt::format("{}.{:02}", cents / 100, cents % 100));
    CHECK(number.has_value(), "an amount is a number");
    return Value(*number);
}

Value quantity_of(const OrderLine& line) {
    const auto number = Decimal::parse(line.quantity);
    CHECK(number.has_value(), "a quantity is a number");
    return Value(*number);
}

Value shop_id(std::string_view letters, std::int64_t id) {
    return Value(fmt::format("{}{}", letters, id));
}

std::string_view kind_of(const Slot& slot) {
    if (slot.quirk == Quirk::ambiguous) return "ambiguous";
    if (slot.quirk == Quirk::doubled) return "double";
    switch (slot.home) {
        case Home::both:
            return "both";
        case Home::webshop:
            return "webshop";
        case Home::erp:
            return "erp";
        case Home::exact:
            break;
    }
    return slot.exact_ids.empty() ? "quotation" : "exact";
}

Thing thing_of(std::string_view model, const Slot& slot, std::string_view shop_letters) {
    Thing thing;
    thing.model = model;
    thing.kind = kind_of(slot);
    thing.is_disputed = slot.is_disputed;
    for (const std::int64_t id : slot.shop_ids)
        thing.webshop_ids.push_back(shop_id(shop_letters, id));
    for (const std::int64_t id : slot.erp_ids) thing.erp_ids.emplace_back(id);
    return thing;
}

void add_identity(Identity& identity, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    auto at = std::ranges::find(identity, name, [](const auto& p) { return p.first; });
    if (at == identity.end()) {
        at = identity.insert(at, {std::string(name), {}});
    }
    if (std::ranges::find(at->second, value) == at->second.end()) at->second.push_back(value);
}

void note_asked(Thing& thing, const Slot& slot, Shown shown) {
    if (!slot.is_asked) return;
    shown.mark = text::upper(text::without_spaces(shown.mark));
    thing.asked.push_back(std::move(shown));
}

}  // namespace entente::sim
