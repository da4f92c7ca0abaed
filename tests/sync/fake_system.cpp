// The systems of the small world: what they keep, show and answer.
#include <algorithm>

#include "sync/world.hpp"

namespace entente::test {
namespace {

bool same(const Value& a, const Value& b) {
    for (const auto& [key, value] : a.as_object()) {
        const Value* other = b.find(key);
        if (!other || !(*other == value)) return false;
    }
    return a.as_object().size() == b.as_object().size();
}

}  // namespace

void merge(Value& into, const Value& patch, int& next_id) {
    for (const auto& [key, value] : patch.as_object()) {
        Value* old = into.find(key);
        if (value.is_object() && old && old->is_object()) {
            merge(*old, value, next_id);
        } else if (value.is_list()) {
            Value list = value;
            for (Value& element : list.as_list())
                if (element.is_object() && !element.find("id")) element.set("id", Value(next_id++));
            into.set(key, std::move(list));
        } else {
            into.set(key, value);
        }
    }
}

FakeRecord& FakeSystem::keep(const std::string& resource, const std::string& id, Value body,
                             Instant now) {
    return tables[resource][id] = {std::move(body), 1, now, ++last_row_version, {}};
}

void FakeSystem::remember(FakeRecord& record, FakeRecord was) {
    was.before.clear();
    record.before = {std::move(was)};
}

const FakeRecord& FakeSystem::shown_at(const FakeRecord& record, Instant now) const {
    const bool lags = !record.before.empty() && now < record.modified + lag;
    return lags ? record.before.front() : record;
}

void FakeSystem::show(const std::string& id, const FakeRecord& r, Answer& answer) const {
    const std::int64_t granule = std::max<std::int64_t>(version_granule.ms, 1);
    const Instant modified{r.modified.ms / granule * granule};
    answer.records.push_back({id, r.body, version_of(r), modified, r.row_version});
}

void FakeSystem::read(const std::string& resource, const std::string& id, Answer& answer) {
    if (const auto found = tables[resource].find(id); found != tables[resource].end())
        show(id, shown_at(found->second, answer.ended), answer);
    else
        answer.outcome = Outcome::not_found;
}

std::string FakeSystem::version_of(const FakeRecord& record) const {
    if (!versions) return {};
    return std::to_string(version_granule.ms == 0 ? record.version
                                                  : record.modified.ms / version_granule.ms);
}

void FakeSystem::list(const std::string& resource, const ListCall& call, Answer& answer) {
    constexpr std::size_t page = 3;  // small, so that every test pages
    const std::size_t skip = call.cursor.empty() ? 0 : std::stoul(call.cursor);
    std::size_t at = 0;
    if (unreadable.contains(resource)) return;
    if (call.is_of_removals) {
        for (const auto& [version, id] : removed[resource]) {
            if (version <= call.since_version.value_or(0)) continue;
            answer.records.push_back({.external_id = id, .row_version = version});
        }
        return;
    }
    for (const auto& [id, newest] : tables[resource]) {
        const FakeRecord& record = shown_at(newest, answer.ended);
        if (call.since && record.modified < *call.since) continue;
        if (call.since_version && record.row_version <= *call.since_version) continue;
        if (at++ < skip) continue;
        if (answer.records.size() == page) {
            answer.next = std::to_string(skip + page);
            return;
        }
        show(id, record, answer);
        if (!lists_show_versions) answer.records.back().etag.clear();
    }
}

void FakeSystem::search(const std::string& resource, const SearchCall& call, Answer& answer) {
    ++searches;
    constexpr std::size_t page = 3;
    const std::size_t skip = call.cursor.empty() ? 0 : std::stoul(call.cursor);
    std::size_t at = 0;
    for (const auto& [id, newest] : tables[resource]) {
        const FakeRecord& record = shown_at(newest, answer.ended);
        const auto has_all = [&](const SearchTerms& terms) {
            return std::ranges::all_of(terms, [&](const auto& term) {
                const Value* found = record.body.at_path(term.first);
                return found && *found == term.second;
            });
        };
        const bool equal = has_all(call.equals) || std::ranges::any_of(call.others, has_all);
        if (!equal || at++ < skip) continue;
        if (answer.records.size() == page) {
            answer.next = std::to_string(skip + page);
            return;
        }
        show(id, record, answer);
    }
}

void FakeSystem::create(const std::string& resource, const CreateCall& call, Answer& answer) {
    const auto known = answered_keys.find(call.idempotency_key);
    if (!call.idempotency_key.empty() && known != answered_keys.end()) {
        return show(known->second, tables[resource].at(known->second), answer);
    }
    if (!answers_with.empty()) return show(answers_with, tables[resource].at(answers_with), answer);
    const std::string id =
        reused_id.empty() ? std::to_string(next_id++) : std::exchange(reused_id, "");
    Value sent = call.body;
    if (const auto lines = inside.find(resource); lines != inside.end()) {
        const auto& [list, line_resource, parent_at] = lines->second;
        if (Value* held = sent.find(list); held && held->is_list())
            for (Value& line : held->as_list()) {
                const std::string line_id = std::to_string(next_id++);
                line.set("id", Value(line_id));
                line.set(parent_at, Value(id));
                keep(line_resource, line_id, line, answer.ended);
            }
        std::erase_if(sent.as_object(), [&](const auto& member) { return member.first == list; });
    }
    Value body = Value::object();
    merge(body, sent, next_id);
    body.set("id", Value(id));
    keep(resource, id, std::move(body), answer.ended);
    ++creates;
    ++writes;
    if (!call.idempotency_key.empty()) answered_keys[call.idempotency_key] = id;
    show(id, tables[resource].at(id), answer);
    if (!key_only.contains(resource)) return;
    answer.complete = false;
    answer.records.front().body = Value::object();
    answer.records.front().body.set("id", Value(id));
}

void FakeSystem::update(const std::string& resource, const UpdateCall& call, Answer& answer) {
    auto& table = tables[resource];
    if (!table.contains(call.external_id)) {
        answer.outcome = Outcome::not_found;
        return;
    }
    FakeRecord& record = table.at(call.external_id);
    if (!call.precondition.empty() && call.precondition != version_of(record)) {
        answer.outcome = Outcome::precondition_failed;
        return;
    }
    FakeRecord before = record;
    Value sent = call.body;
    std::erase_if(sent.as_object(), [&](const auto& m) { return ignored.contains(m.first); });
    for (auto& [name, value] : sent.as_object())
        if (value.is_text()) value = Value(value.as_text().substr(0, longest));
    merge(record.body, sent, next_id);
    ++writes;
    if (!same(before.body, record.body)) {
        remember(record, std::move(before));
        ++record.version;
        record.modified = answer.ended;
        record.row_version = ++last_row_version;
    }
    if (!answers_nothing) show(call.external_id, record, answer);
    if (answers_nothing && tells_version) answer.version = version_of(record);
}

}  // namespace entente::test
