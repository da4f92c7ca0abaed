#include "sim/trait_system.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace entente::sim {
namespace {

constexpr std::size_t cut_length = 12;
constexpr int rounded_digits = 2;
// How much earlier than the change an early stamp is, and one of a new record that polls never show.
constexpr Duration early_by{3'000};
constexpr Duration long_before{3'600'000};
constexpr std::array<const char*, 3> table_names{"things", "owners", "lines"};

Instant floored(Instant t, Duration granularity) {
    const std::int64_t rest = t.ms % granularity.ms;
    return {t.ms - (rest < 0 ? rest + granularity.ms : rest)};
}

Value text_in(Form form, const std::string& given) {
    switch (form) {
        case Form::upper:
            return Value(text::upper(given));
        case Form::trimmed:
            return Value(text::trim(given));
        case Form::cut:
            return Value(text::truncate(given, cut_length));
        case Form::as_is:
        case Form::rounded:
        case Form::ignored:
        case Form::refused:
        case Form::choosy:
            return Value(given);
    }
    std::unreachable();
}

}  // namespace

TraitSystem::TraitSystem(Traits traits, Witness& witness)
    : traits_(std::move(traits)), witness_(witness) {
    CHECK(traits_.granularity.ms > 0 && traits_.page_size > 0 && traits_.quota_per.ms > 0,
          "traits that no system can have");
}

std::string TraitSystem::secret() const {
    return "secret-of-" + traits_.name;
}

bool TraitSystem::has_table(const std::string& name) const {
    using Lines = Traits::Lines;
    if (name == "owners") return traits_.owners;
    if (name == "lines")
        return traits_.lines == Lines::beside || traits_.lines == Lines::with_parent;
    return name == "things";
}

const TraitTable& TraitSystem::records(const std::string& table) const {
    CHECK(std::ranges::find(table_names, table) != table_names.end(), "a table that there is");
    return table == "things" ? state_.things : table == "owners" ? state_.owners : state_.lines;
}

TraitTable& TraitSystem::records(const std::string& table) {
    return const_cast<TraitTable&>(std::as_const(*this).records(table));
}

bool TraitSystem::is_removed(const std::string& table, const std::string& id) const {
    return records(table).find_removed(id) != nullptr;
}

const std::map<std::string, StoredRecord>& TraitSystem::table(const std::string& name) const {
    return records(name).live();
}

Value TraitSystem::stored_form(std::string_view property, const Value& value) const {
    const auto found = std::ranges::find(formed_properties, property);
    if (found == formed_properties.end()) return value;
    const Form form = traits_.forms[static_cast<std::size_t>(found - formed_properties.begin())];
    if (value.is_text()) return text_in(form, value.as_text());
    if (value.is_decimal() && form == Form::rounded)
        return Value(value.as_decimal().rounded(rounded_digits));
    return value;
}

void TraitSystem::stamp(StoredRecord& record, bool is_new, Instant now) {
    if (mood.skips_feed && !is_new) return;
    Duration before{0};
    if (mood.early_stamps) before = early_by;
    if (mood.skips_feed) before = long_before;
    record.modified = floored(now + skew() + mood.dated - before, traits_.granularity);
    record.row_version = mood.skips_feed ? 1 : ++state_.row_version;
}

void TraitSystem::insert(const std::string& table, const std::string& id, Value body,
                         const Origin& origin, Instant now) {
    StoredRecord record;
    record.body = std::move(body);
    record.created = record.changed = now;
    stamp(record, true, now);
    records(table).add(id, record);
    touch_later(table, id, origin);
    tell(Change::Kind::created, table, id, Value(), std::move(record.body), origin, now);
}

void TraitSystem::replace(const std::string& table, const std::string& id, Value body,
                          const Origin& origin, Instant now) {
    StoredRecord record = records(table).live().at(id);
    if (record.body == body) return;
    Value before = std::exchange(record.body, std::move(body));
    ++record.version;
    record.changed = now;
    stamp(record, false, now);
    records(table).change(id, record, now, traits_.lag);
    touch_later(table, id, origin);
    tell(Change::Kind::changed, table, id, std::move(before), std::move(record.body), origin, now);
}

void TraitSystem::touch_later(const std::string& table, const std::string& id,
                              const Origin& origin) {
    if (!origin.by_person && traits_.versions == Traits::Versions::touched)
        state_.touched.emplace(table, id);
}

void TraitSystem::settle_touched(Instant now) {
    for (const auto& [table, id] : std::exchange(state_.touched, {})) {
        const StoredRecord* found = records(table).find(id);
        if (found == nullptr) continue;
        StoredRecord record = *found;
        ++record.version;
        stamp(record, false, now);
        records(table).change(id, std::move(record), now, traits_.lag);
    }
}

void TraitSystem::tell(Change::Kind kind, const std::string& table, const std::string& id,
                       Value before, Value after, const Origin& origin, Instant now) {
    witness_.changed(*this, {kind, origin.by_person, table, id, std::move(before), std::move(after),
                             origin.sent, now});
}

std::string TraitSystem::add(const std::string& table, Value body, Instant now) {
    settle_touched(now);
    CHECK(has_table(table), "people add to a table that there is");
    const std::string id = records(table).new_id(traits_.name);
    Value stored = empty_body(table, id);
    for (auto& [field, value] : stored.as_object()) {
        const Value* given = field == "id" ? nullptr : body.find(field);
        if (given != nullptr) value = field == "lines" ? lines_from(*given, value) : *given;
    }
    insert(table, id, std::move(stored), {.by_person = true, .sent = {}}, now);
    return id;
}

void TraitSystem::edit(const std::string& table, const std::string& id, const std::string& field,
                       Value value, Instant now) {
    settle_touched(now);
    Value body = records(table).live().at(id).body;
    Value* member = body.find(field);
    CHECK(member != nullptr && field != "id", "people edit a field that there is");
    *member = field == "lines" ? lines_from(value, *member) : std::move(value);
    replace(table, id, std::move(body), {.by_person = true, .sent = {}}, now);
}

void TraitSystem::remove(const std::string& table, const std::string& id, Instant now) {
    settle_touched(now);
    const Origin person{.by_person = true, .sent = {}};
    const Value before = records(table).live().at(id).body;
    if (table == "things" && has_table("lines")) {
        std::vector<std::string> lines;
        for (const auto& [line, record] : state_.lines.live())
            if (*record.body.find("of") == Value(id)) lines.push_back(line);
        for (const std::string& line : lines) {
            const Value gone = state_.lines.live().at(line).body;
            state_.lines.remove(line, now, traits_.lag);
            tell(Change::Kind::removed, "lines", line, gone, Value(), person, now);
        }
        state_.removed_with[id] = std::move(lines);
    }
    records(table).remove(id, now, traits_.lag);
    tell(Change::Kind::removed, table, id, before, Value(), person, now);
}

void TraitSystem::bring_back(const std::string& table, const std::string& id, Instant now) {
    settle_touched(now);
    records(table).bring_back(id);
    StoredRecord record = records(table).live().at(id);
    ++record.version;
    record.changed = now;
    stamp(record, false, now);
    records(table).change(id, record, now, Duration{0});
    tell(Change::Kind::returned, table, id, Value(), std::move(record.body),
         {.by_person = true, .sent = {}}, now);
    if (table != "things") return;
    for (const std::string& line : std::exchange(state_.removed_with[id], {}))
        if (state_.lines.find_removed(line) != nullptr) bring_back("lines", line, now);
}

std::shared_ptr<const void> TraitSystem::backup() const {
    return std::make_shared<const State>(state_);
}

void TraitSystem::restore(const std::shared_ptr<const void>& backup, Instant now) {
    const State old = std::exchange(state_, *std::static_pointer_cast<const State>(backup));
    state_.row_version = old.row_version;
    for (const char* name : table_names) {
        const std::string table = name;
        const TraitTable& before = table == "things"   ? old.things
                                   : table == "owners" ? old.owners
                                                       : old.lines;
        records(name).forget_older();
        records(name).count_on_from(before);
        tell_restored(table, before, now);
    }
}

void TraitSystem::tell_restored(const std::string& table, const TraitTable& old, Instant now) {
    const Origin person{.by_person = true, .sent = {}};
    for (const auto& [id, record] : old.live()) {
        const StoredRecord* restored = records(table).find(id);
        if (restored == nullptr) {
            tell(Change::Kind::removed, table, id, record.body, Value(), person, now);
        } else if (!(restored->body == record.body)) {
            tell(Change::Kind::changed, table, id, record.body, restored->body, person, now);
        }
    }
    for (const auto& [id, record] : records(table).live())
        if (old.find(id) == nullptr)
            tell(Change::Kind::returned, table, id, Value(), record.body, person, now);
}

}  // namespace entente::sim
