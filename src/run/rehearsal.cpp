#include "run/rehearsal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.hpp"

namespace entente::run {

namespace {

constexpr std::size_t samples_max = 5;
constexpr int page_size = 500;
// Ids of records that are not there: no system gives out such a number, and people see what it is.
constexpr std::int64_t first_number = 9'000'000'000'000;
constexpr std::string_view id_prefix = "planned-";

sync::Answer answered(std::vector<sync::SeenRecord> records) {
    sync::Answer answer;
    answer.records = std::move(records);
    return answer;
}

sync::SeenRecord shown(const sync::Record& record) {
    auto body = json::read(record.body);
    CHECK(body.has_value(), "a stored body is the JSON we wrote");
    return {record.external_id, std::move(*body), record.etag, record.modified};
}

// Lays the patch over the body as systems do: groups member by member, lists as a whole.
void lay_over(Value& body, const Value& patch, const std::string& at,
              std::vector<report::PlannedChange>& changes) {
    for (const auto& [key, value] : patch.as_object()) {
        const std::string path = at.empty() ? key : at + "." + key;
        Value* old = body.find(key);
        if (value.is_object() && old && old->is_object()) {
            lay_over(*old, value, path, changes);
            continue;
        }
        if (!old || !(*old == value)) changes.push_back({path, old ? *old : Value(), value});
        body.set(key, value);
    }
}

std::string text_of(const Value& key) {
    return key.is_text() ? key.as_text() : json::write(key);
}

}  // namespace

Rehearsal::Rehearsal(const model::Workspace& workspace, store::Snapshot& store)
    : workspace_(workspace), store_(store) {
    rehearsed_.calls.resize(workspace.systems.size());
}

void Rehearsal::saw(const sync::Effect& effect, const sync::Answer& answer) {
    const bool is_end = effect.purpose == sync::Purpose::page && effect.sweep &&
                        answer.outcome == sync::Outcome::ok && answer.next.empty();
    if (is_end) read_whole_.insert(sync::resource_of(effect.call));
}

// The call that begins a write says whether it is a backfill's.
void Rehearsal::count(const sync::Effect& effect) {
    if (effect.backfill) backfill_.insert(effect.intent);
    if (!sync::is_write(effect.call) || backfill_.erase(effect.intent) == 0) return;
    ++rehearsed_.calls[effect.system.at()].backfill;
}

std::optional<sync::Answer> Rehearsal::answer(const sync::Effect& effect, Instant now) {
    count(effect);
    auto& calls = rehearsed_.calls[effect.system.at()];
    std::optional<sync::Answer> out;
    if (const auto* creating = std::get_if<sync::CreateCall>(&effect.call)) {
        ++calls.creates;
        out = create(*creating, now);
    } else if (const auto* updating = std::get_if<sync::UpdateCall>(&effect.call)) {
        ++calls.updates;
        out = update(*updating, now);
    } else if (const auto* listing = std::get_if<sync::ListCall>(&effect.call)) {
        if (!read_whole_.contains(listing->resource)) return std::nullopt;
        out = list(*listing, effect.sweep);
    } else if (const auto* reading = std::get_if<sync::ReadCall>(&effect.call)) {
        const bool is_real = effect.purpose == sync::Purpose::check &&
                             !is_imagined(reading->resource, reading->external_id);
        if (is_real) return std::nullopt;
        ++calls.reads;
        out = read(*reading);
    } else if (const auto* searching = std::get_if<sync::SearchCall>(&effect.call)) {
        ++calls.reads;
        out = search(*searching);
    } else {
        return std::nullopt;
    }
    out->began = out->ended = now;
    return out;
}

bool Rehearsal::is_imagined(ResourceIndex resource, const std::string& id) const {
    return workspace_.resource(resource).key_is_integer
               ? id.size() == std::to_string(first_number).size() && id.starts_with('9')
               : id.starts_with(id_prefix);
}

Value Rehearsal::new_key(ResourceIndex resource) {
    ++last_id_;
    return workspace_.resource(resource).key_is_integer
               ? Value(first_number + last_id_)
               : Value(fmt::format("{}{}", id_prefix, last_id_));
}

// Elements of nested lists get the keys that a system would give them.
void Rehearsal::add_keys(ResourceIndex resource, Value& body) {
    for (const auto& line : workspace_.data_types) {
        if (!line.is_nested() || workspace_.data_type(line.parent).resource != resource) continue;
        const Value* list = body.at_path(line.nested_path);
        if (!list || !list->is_list()) continue;
        const auto& key_at = workspace_.resource(line.resource).key_at;
        Value keyed = *list;
        for (Value& element : keyed.as_list())
            if (element.is_object() && !element.at_path(key_at))
                element.set_path(key_at, new_key(line.resource));
        body.set_path(line.nested_path, std::move(keyed));
    }
}

// Lines that go into a resource of their own leave the parent's body.
void Rehearsal::keep_lines(ResourceIndex parents, const std::string& parent_id, Value& body) {
    for (const auto& line : workspace_.data_types) {
        if (line.create_inside.empty() || workspace_.data_type(line.parent).resource != parents)
            continue;
        const Value* list = body.at_path(line.create_inside);
        if (!list || !list->is_list()) continue;
        auto& kept = lines_[{line.resource, parent_id}];
        for (Value element : list->as_list()) {
            const Value key = new_key(line.resource);
            element.set_path(workspace_.resource(line.resource).key_at, key);
            element.set_path(line.parent_at, Value(parent_id));
            kept.push_back({text_of(key), std::move(element), "", std::nullopt});
        }
        body.set_path(line.create_inside, Value());
    }
}

sync::Answer Rehearsal::create(const sync::CreateCall& call, Instant now) {
    const auto& resource = workspace_.resource(call.resource);
    auto& samples = rehearsed_.creates[call.resource];
    if (samples.size() < samples_max) samples.push_back({"", call.body, {}});
    const Value key = new_key(call.resource);
    sync::SeenRecord made{text_of(key), call.body, "planned", now};
    made.body.set_path(resource.key_at, key);
    add_keys(call.resource, made.body);
    keep_lines(call.resource, made.external_id, made.body);
    if (!resource.create_shows_key) return answered({std::move(made)});
    sync::SeenRecord key_only{made.external_id, Value::object(), "", std::nullopt};
    to_read_back_[{call.resource, made.external_id}] = std::move(made);
    auto answer = answered({std::move(key_only)});
    answer.complete = false;
    return answer;
}

std::optional<sync::Record> Rehearsal::stored(ResourceIndex resource, const std::string& id) {
    for (const auto& head : store_.find_records(resource, std::array{id})) {
        if (!head) continue;
        auto records = store_.records(std::array{head->id});
        if (!records.empty()) return std::move(records.front());
    }
    return std::nullopt;
}

sync::Answer Rehearsal::update(const sync::UpdateCall& call, Instant now) {
    auto& samples = rehearsed_.updates[call.resource];
    const auto record = stored(call.resource, call.external_id);
    if (!record) {
        sync::Answer gone;
        gone.outcome = sync::Outcome::not_found;
        return gone;
    }
    sync::SeenRecord seen = shown(*record);
    report::PlannedWrite write{call.external_id, {}, {}};
    lay_over(seen.body, call.body, "", write.changes);
    const bool is_worth_showing = !is_imagined(call.resource, call.external_id);
    if (is_worth_showing && samples.size() < samples_max) samples.push_back(std::move(write));
    add_keys(call.resource, seen.body);
    if (seen.modified) seen.modified = std::max(*seen.modified, now);
    const ResourceIndex resource = call.resource;
    if (workspace_.system(workspace_.resource(resource).system).rest.update_shows_record)
        return answered({std::move(seen)});
    to_read_back_[{resource, call.external_id}] = std::move(seen);
    return answered({});
}

sync::Answer Rehearsal::read(const sync::ReadCall& call) {
    if (const auto made = to_read_back_.extract({call.resource, call.external_id})) {
        return answered({std::move(made.mapped())});
    }
    if (const auto record = stored(call.resource, call.external_id))
        return answered({shown(*record)});
    sync::Answer gone;
    gone.outcome = sync::Outcome::not_found;
    return gone;
}

// Nothing has changed since everything was read: what a search could find is known and matched. Only lines that a create
// has just made are still to be seen.
sync::Answer Rehearsal::search(const sync::SearchCall& call) {
    for (const auto& [path, value] : call.equals) {
        if (auto made = lines_.extract({call.resource, text_of(value)}))
            return answered(std::move(made.mapped()));
    }
    return answered({});
}

// A poll finds nothing new; a sweep finds what the engine knows.
sync::Answer Rehearsal::list(const sync::ListCall& call, bool sweep) {
    if (!sweep) return answered({});
    const RecordId after{call.cursor.empty() ? 0 : std::stoll(call.cursor)};
    const auto heads = store_.live_records(call.resource, after, page_size);
    std::vector<RecordId> ids;
    for (const auto& head : heads) ids.push_back(head.id);
    std::vector<sync::SeenRecord> seen;
    for (const auto& record : store_.records(ids)) seen.push_back(shown(record));
    auto answer = answered(std::move(seen));
    if (static_cast<int>(heads.size()) == page_size)
        answer.next = std::to_string(heads.back().id.value);
    return answer;
}

}  // namespace entente::run
