#include "rules/values_rules.hpp"

#include <algorithm>
#include <span>

namespace entente::rules {
namespace {

Record& record(State& s, int i) {
    return s.records[static_cast<std::size_t>(i)];
}
const Record& record(const State& s, int i) {
    return s.records[static_cast<std::size_t>(i)];
}

Revision upon(const Revision& base, int rev, int i, Number time) {
    Revision made = base;
    made.rev = static_cast<Number>(rev);
    made.time = std::max(time, base.time);
    *std::ranges::find(made.line, 0) = entry(rev, i);
    return made;
}

void drop_first(Revision& revision, std::ptrdiff_t count) {
    auto& line = revision.line;
    std::fill(std::shift_left(line.begin(), line.end(), count), line.end(), Number{0});
}

std::ptrdiff_t length(const Revision& revision) {
    return std::ranges::find(revision.line, 0) - revision.line.begin();
}

}  // namespace

Number entry(int rev, int record) {
    return static_cast<Number>(rev * 4 + record + 1);
}

bool Engine::beats(const Revision& a, const Revision& b) const {
    if (setup_.prefer.empty()) return a.time > b.time;
    const auto [x, y] = std::ranges::mismatch(a.line, b.line);
    if (x == a.line.end() || *x == 0 || *y == 0) return x != a.line.end() && *x != 0;
    const auto rank = [&](Number e) {
        return std::ranges::find(setup_.prefer, (e - 1) % 4) - setup_.prefer.begin();
    };
    return rank(*x) != rank(*y) ? rank(*x) < rank(*y) : *x > *y;
}

void Engine::take_edit(State& s, int i, const Shown& x) const {
    Record& r = record(s, i);
    if (x.edit == 0 || s.typed[static_cast<std::size_t>(x.edit)].by != i) s.wrong |= phantom;
    const Revision base = r.shadow.revision;
    const Value made{x.value, x.edit, upon(base, ++s.rev, i, x.edit)};
    r.held = 0;
    if (s.entity.revision.rev == base.rev) {
        r.shadow = s.entity = made;
    } else if (s.entity.value == x.value) {
        if (beats(made.revision, s.entity.revision)) {
            s.entity.revision.time = made.revision.time;
            s.entity.revision.line = made.revision.line;
        } else {
            --s.rev;
        }
        r.shadow = {x.value, x.edit, s.entity.revision};
    } else if (beats(made.revision, s.entity.revision)) {
        s.losers |= static_cast<Edits>(1 << s.entity.edit);
        r.shadow = s.entity = made;
    } else {
        s.losers |= static_cast<Edits>(1 << x.edit);
        r.shadow = made;
    }
}

void Engine::take(State& s, int i, const Shown& x) const {
    Record& r = record(s, i);
    r.version = x.version;
    if (x.value != r.shadow.value) {
        take_edit(s, i, x);
        r.is_recent = true;
    }
    settle(s);
}

void Engine::observe(State& s, int i, const Shown& x) const {
    Record& r = record(s, i);
    Intent& intent = r.intent;
    const bool is_comparing = intent.phase == Phase::comparing || intent.phase == Phase::compared;
    if (is_comparing && x.value != r.shadow.value) {
        intent.aside = true;
        intent.told |= static_cast<Edits>(1 << x.edit);
    }
    if (intent.phase != Phase::none) return;
    const bool is_ordered = ability(i).is_conditional && !ability(i).is_untimely;
    if (is_ordered && x.version < r.version) return;
    const bool waits = !ability(i).is_untimely || rules_.waits_for_times;
    if (!is_ordered && waits && r.is_recent && x.value != r.shadow.value) return;
    take(s, i, x);
}

void Engine::share(State& s) const {
    for (Record& r : s.records)
        if (r.shadow.revision.rev == s.entity.revision.rev) r.shadow.revision = s.entity.revision;
}

void Engine::cut(State& s) const {
    Revision& own = s.entity.revision;
    const auto count = static_cast<std::ptrdiff_t>(setup_.records.size());
    const std::span records(s.records.data(), static_cast<std::size_t>(count));
    const auto is_open = [](const Record& r) { return r.intent.phase != Phase::none; };
    if (rules_.cuts_common) {
        if (rules_.cuts_at_rest && std::ranges::any_of(records, is_open)) return;
        std::ptrdiff_t common = length(own) - 1;
        for (const Record& r : records) {
            const Revision& shown = r.shadow.revision;
            const auto differs = std::ranges::mismatch(own.line, shown.line).in1 - own.line.begin();
            common = std::min({common, differs, length(shown) - 1});
        }
        drop_first(own, common);
        for (Record& r : records) drop_first(r.shadow.revision, common);
        return;
    }
    Number oldest = own.rev;
    for (const Record& r : records) oldest = std::min(oldest, r.shadow.revision.rev);
    const auto forget = [&](Revision& revision) {
        const auto keep = std::ranges::find_if(
            revision.line, [&](Number e) { return e == 0 || (e - 1) / 4 >= oldest; });
        drop_first(revision, keep - revision.line.begin());
    };
    forget(own);
    for (Record& r : records) forget(r.shadow.revision);
}

void Engine::settle(State& s) const {
    if (rules_.shares_agreed) share(s);
    cut(s);
    for (Record& r : s.records)
        if (r.shadow.value == s.entity.value && r.shadow.revision.rev != s.entity.revision.rev)
            r.shadow.revision = s.entity.revision;
}

bool Engine::is_needed(const State& s, int i) const {
    const Record& r = record(s, i);
    return r.shadow.revision.rev != s.entity.revision.rev && r.shadow.value != s.entity.value &&
           r.held != s.entity.revision.rev;
}

void Engine::open(State& s, int i) const {
    Record& r = record(s, i);
    r.intent = {};
    r.intent.phase = ability(i).is_conditional ? Phase::ready : Phase::comparing;
    r.intent.sent = s.entity;
    r.intent.base = r.version;
}

void Engine::close(State& s, int i) const {
    record(s, i).intent = {};
}

void Engine::compare(State& s, int i, const Shown& x) const {
    Intent& intent = record(s, i).intent;
    intent.phase = Phase::compared;
    intent.read = x;
    intent.is_sure = !record(s, i).is_recent;
}

void Engine::decide(State& s, int i) const {
    Record& r = record(s, i);
    const Intent intent = r.intent;
    if (intent.aside && rules_.repeats_compare) {
        r.intent.phase = Phase::comparing;
        r.intent.aside = r.intent.is_sure = false;
        r.intent.waits = rules_.waits_to_repeat;
        r.intent.read = {};
    } else if (intent.read.value == r.shadow.value) {
        r.intent.phase = Phase::ready;
    } else {
        close(s, i);
        if (intent.is_sure || !rules_.waits_to_compare) take(s, i, intent.read);
    }
}

void Engine::executed(State& s, int i) const {
    Record& r = record(s, i);
    r.is_recent = true;
    if (!ability(i).answers) {
        r.intent.phase = Phase::reading_back;
        return;
    }
    const Value sent = r.intent.sent;
    close(s, i);
    if (rules_.holds_ignored && r.now.value == r.shadow.value) r.held = sent.revision.rev;
    r.shadow = {r.now.value, r.now.edit, sent.revision};
    r.version = r.now.version;
    settle(s);
}

void Engine::reject(State& s, int i) const {
    record(s, i).held = record(s, i).intent.sent.revision.rev;
    close(s, i);
    settle(s);
}

void Engine::refuse(State& s, int i) const {
    record(s, i).intent.phase = Phase::refused;
    record(s, i).is_recent = true;
}

void Engine::lose(State& s, int i) const {
    ++s.faults;
    Intent& intent = record(s, i).intent;
    intent.again = true;
    // With a precondition the very same request is sent again.
    intent.phase = ability(i).is_conditional ? Phase::ready : Phase::unknown;
    intent.waits = intent.phase == Phase::unknown;
}

bool Engine::believes_read_back(const State& s, int i, const Shown& x) const {
    const Record& r = record(s, i);
    return !rules_.waits_to_read_back || !r.is_recent || x.value == r.intent.sent.value;
}

void Engine::read_back(State& s, int i, const Shown& x) const {
    Record& r = record(s, i);
    const Value sent = r.intent.sent;
    close(s, i);
    r.shadow = {x.value, x.edit, sent.revision};
    r.version = x.version;
    r.is_recent = true;
    if (x.value != sent.value) {
        // Somebody's edit since, or the system's own form: nobody can tell, so a person looks.
        const bool is_there = x.edit == r.now.edit && x.edit != 0;
        if (!is_there && !ability(i).ignores) s.wrong |= hold;
        r.held = sent.revision.rev;
        s.excused |= static_cast<Edits>(1 << x.edit);
    }
    settle(s);
}

bool Engine::may_probe(const State& s, int i) const {
    const Record& r = record(s, i);
    if (r.intent.phase == Phase::refused) return !rules_.waits_after_refusal || !r.is_recent;
    if (r.is_late) return false;
    return !r.intent.waits || (!rules_.waits_for_both && r.intent.was_late);
}

void Engine::probe(State& s, int i, const Shown& x) const {
    Record& r = record(s, i);
    const Intent intent = r.intent;
    close(s, i);
    r.is_recent = true;
    if (x.value == intent.sent.value) {
        r.shadow = {x.value, x.edit, intent.sent.revision};
    } else if (intent.again && x.value != r.shadow.value) {
        s.losers |= static_cast<Edits>(1 << intent.sent.edit);
        r.shadow = intent.sent;
    }
    take(s, i, x);
}

}  // namespace entente::rules
