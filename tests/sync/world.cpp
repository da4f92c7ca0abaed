#include "sync/world.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entente::test {
World::World(std::string yaml, std::vector<model::SourceFile> catalog, bool on_disk)
    : catalog_(std::move(catalog)) {
    if (on_disk) folder_.emplace();
    configure(std::move(yaml));
}

void World::configure(std::string yaml) {
    model::LoadInput input;
    input.workspace = {"entente.yaml", std::move(yaml)};
    input.catalog = catalog_;
    input.is_set = [](const model::SecretRef&) { return true; };
    auto loaded = model::load(input);
    for (const auto& diagnostic : loaded.diagnostics)
        if (diagnostic.severity == model::Diagnostic::Severity::error)
            ADD_FAILURE() << diagnostic.text();
    if (!loaded.workspace) throw std::runtime_error("the test's workspace does not load");
    engine_.reset();
    store_.reset();
    workspace_ = *loaded.workspace;
    for (std::size_t i = 0; i < workspace_.systems.size(); ++i) {
        FakeSystem& system = systems_[workspace_.systems[i].name];
        system.index = {static_cast<std::int32_t>(i)};
        system.versions = !workspace_.systems[i].rest.precondition_header.empty();
        system.answers_nothing = workspace_.systems[i].rest.update_verb == "PUT";
    }
    for (const model::DataType& d : workspace_.data_types) {
        FakeSystem& system = systems_.at(workspace_.system(d.system).name);
        const model::Resource& resource = workspace_.resource(d.resource);
        if (resource.create_shows_key) system.key_only.insert(resource.name);
        if (d.create_inside.empty()) continue;
        const ResourceIndex parent = workspace_.data_type(d.parent).resource;
        system.inside[workspace_.resource(parent).name] = {d.create_inside, resource.name,
                                                           d.parent_at};
    }
    store_ = std::move(*store::SqliteStore::open(folder_ ? folder_->file("entente.db") : ":memory:",
                                                 store::names_of(workspace_)));
    open();
}

void World::open(bool approves) {
    effects_.clear();
    repeated_.clear();
    engine_ = std::move(*Engine::open(workspace_, *store_, {.approve = approves}, now_));
}

void World::crash(bool approves) {
    engine_.reset();
    open(approves);
}

std::string World::add(const std::string& name, const std::string& resource,
                       const std::string& text) {
    FakeSystem& system = systems_.at(name);
    const std::string id = std::to_string(system.next_id++);
    Value body = *json::read(text);
    body.set("id", Value(id));
    Value stored = Value::object();
    merge(stored, body, system.next_id);
    now_.ms += 10;
    system.keep(resource, id, std::move(stored), now_);
    return id;
}

void World::edit(const std::string& name, const std::string& resource, const std::string& id,
                 const std::string& path, Value value) {
    FakeRecord& record = systems_.at(name).tables[resource].at(id);
    now_.ms += 10;
    FakeSystem::remember(record, record);
    record.body.set_path(path, std::move(value));
    ++record.version;
    record.modified = now_;
    record.row_version = ++systems_.at(name).last_row_version;
}

void World::remove(const std::string& name, const std::string& resource, const std::string& id) {
    systems_.at(name).tables[resource].erase(id);
}

Value World::value(const std::string& name, const std::string& resource, const std::string& id,
                   const std::string& path) {
    const Value* found = systems_.at(name).tables[resource].at(id).body.at_path(path);
    return found ? *found : Value();
}

int World::total_writes() const {
    int total = 0;
    for (const auto& [name, system] : systems_) total += system.writes;
    return total;
}

bool World::in_window(const std::string& name, const std::string& id) const {
    const FakeSystem& system = systems_.at(name);
    const auto writes = [&](const Call& call) {
        const auto* update = std::get_if<UpdateCall>(&call);
        return update && update->external_id == id && update->precondition.empty();
    };
    return (system.held_back && writes(*system.held_back)) ||
           std::ranges::any_of(effects_, [&](const Effect& e) {
               const auto* read = std::get_if<ReadCall>(&e.call);
               const bool reads_back =
                   e.purpose == Purpose::read_back && read && read->external_id == id;
               return e.system == system.index && (reads_back || writes(e.call));
           });
}

Answer World::execute(FakeSystem& system, const Call& call) {
    if (is_write(call)) now_.ms += 1;
    Answer answer;
    answer.began = answer.ended = now_;
    const std::string resource = workspace_.resource(resource_of(call)).name;
    if (const auto* list = std::get_if<ListCall>(&call)) {
        system.list(resource, *list, answer);
    } else if (const auto* read = std::get_if<ReadCall>(&call)) {
        system.read(resource, read->external_id, answer);
    } else if (const auto* search = std::get_if<SearchCall>(&call)) {
        system.search(resource, *search, answer);
    } else if (std::holds_alternative<RightsCall>(call)) {
        if (system.unreadable.contains(resource)) {
            answer.outcome = Outcome::rejected;
            answer.message = "no right to read " + resource;
        }
    } else if (const auto* create = std::get_if<CreateCall>(&call)) {
        system.create(resource, *create, answer);
    } else {
        system.update(resource, std::get<UpdateCall>(call), answer);
    }
    return answer;
}

Answer World::failure(Outcome outcome, std::string message) const {
    Answer answer;
    answer.began = answer.ended = now_;
    answer.outcome = outcome;
    answer.message = std::move(message);
    return answer;
}

Answer World::call(const Effect& effect) {
    const std::string& name = workspace_.system(effect.system).name;
    const auto one = one_with_.find(name);
    FakeSystem& system = systems_.at(one == one_with_.end() ? name : one->second);
    const bool write = is_write(effect.call);
    if (system.down) {
        Answer answer = failure(Outcome::retry_later, "down");
        answer.is_of_system = true;
        return answer;
    }
    ++system.asked[effect.purpose];
    if (const Outcome outcome = system.fails ? system.fails(effect) : Outcome::ok;
        outcome != Outcome::ok)
        return failure(outcome, "it fails");
    if (!write) {
        ++system.reads;
        return execute(system, effect.call);
    }
    if (system.refuses) {
        const auto* create = std::get_if<CreateCall>(&effect.call);
        Answer answer =
            failure(Outcome::rejected,
                    system.refuses(create ? create->body : std::get<UpdateCall>(effect.call).body));
        system.refusals += !answer.message.empty();
        if (!answer.message.empty()) return answer;
    }
    if (system.before_write) std::exchange(system.before_write, nullptr)();
    Fate fate = Fate::fine;
    if (!system.fates.empty()) {
        fate = system.fates.front();
        system.fates.pop_front();
    }
    Answer answer;
    answer.began = answer.ended = now_;
    switch (fate) {
        case Fate::fine:
            return execute(system, effect.call);
        case Fate::reply_lost:
            (void)execute(system, effect.call);
            [[fallthrough]];
        case Fate::request_lost:
            answer.outcome = Outcome::unknown;
            return answer;
        case Fate::late:
            system.held_back = effect.call;
            system.held_until =
                now_ + Duration{1'900};  // within the declared late_execution of 2 s
            answer.outcome = Outcome::unknown;
            return answer;
        case Fate::refused:
            answer.outcome = Outcome::rejected;
            answer.message = "we do not like it";
            return answer;
        case Fate::taken:
            answer.outcome = Outcome::already_exists;
            answer.message = "there is one already";
            return answer;
        case Fate::not_executed:
            answer.outcome = Outcome::retry_later;
            return answer;
    }
    return answer;
}

void World::step(std::vector<Event> events) {
    auto result = engine_->step(events, now_);
    ASSERT_TRUE(result.has_value()) << result.error().message();
    acts_ = std::move(result->acts);
    for (Effect& effect : result->effects) effects_.push_back(std::move(effect));
    for (const Notice& notice : result->notices) {
        ++notices[notice.kind];
        if (!notice.text.empty()) texts.push_back(notice.text);
    }
    if (steps_left_ > 0 && --steps_left_ == 0) {
        steps_left_ = -1;
        crash();
    }
}

ActResult World::say(Act act) {
    step({std::move(act)});
    EXPECT_EQ(acts_.size(), 1u);
    return acts_.empty() ? ActResult{} : acts_.front();
}

void World::settle() {
    for (int round = 0; round < 3000; ++round) {
        if (meanwhile) meanwhile();
        for (auto& [name, system] : systems_)  // a late request is executed when its time has come
            if (system.held_back && system.held_until <= now_) {
                const Call late = *std::exchange(system.held_back, std::nullopt);
                (void)execute(system, late);
            }
        std::vector<Event> events = std::exchange(repeated_, {});
        std::vector<std::size_t> ready;
        for (std::size_t i = 0; i < effects_.size(); ++i)
            if (effects_[i].not_before <= now_) ready.push_back(i);
        // Several answers may come in one step, in any order.
        std::size_t batch = choose && !ready.empty() ? 1 + choose(4) : 1;
        while (!ready.empty() && batch-- > 0) {
            const std::size_t at = choose ? choose(ready.size()) : 0;
            const std::size_t picked = ready[at];
            const Effect effect = effects_[picked];
            effects_.erase(effects_.begin() + static_cast<std::ptrdiff_t>(picked));
            ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(at));
            for (std::size_t& other : ready) other -= other > picked;
            Answer answer = call(effect);
            if (tamper) tamper(effect, answer);
            events.push_back(Answered{effect, std::move(answer)});
            if (repeats && repeats(effect)) repeated_.push_back(events.back());
        }
        for (auto& [name, system] : systems_)
            if (engine_->wants_room(system.index)) events.push_back(Room{system.index, 2});
        if (events.empty() && engine_->next_due() <= now_) events.push_back(TimePassed{});
        if (!events.empty()) {
            step(std::move(events));
            if (::testing::Test::HasFatalFailure()) return;
            continue;
        }
        if (effects_.empty() && repeated_.empty() && engine_->at_rest()) return;
        Instant next = engine_->next_due();
        for (const Effect& e : effects_) next = std::min(next, e.not_before);
        for (const auto& [name, system] : systems_)
            if (system.held_back) next = std::min(next, system.held_until);
        if (next == Instant::never()) break;
        now_ = std::max(now_ + Duration{1}, next);
    }
    FAIL() << "the engine does not come to rest";
}

bool World::is_planned(const std::string& name, Purpose purpose) const {
    return std::ranges::any_of(effects_, [&](const Effect& e) {
        return e.system == systems_.at(name).index && e.purpose == purpose;
    });
}

void World::look(bool sweep) {
    ask(sweep);
    if (!::testing::Test::HasFatalFailure()) settle();
}

void World::ask(bool sweep) {
    now_.ms += 100;
    std::vector<Event> events;
    for (std::size_t i = 0; i < workspace_.resources.size(); ++i)
        if (!workspace_.resources[i].nested_in)
            events.push_back(FeedDue{{static_cast<std::int32_t>(i)}, sweep});
    step(std::move(events));
}

}  // namespace entente::test
