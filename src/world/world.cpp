#include "world/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "model/loader.hpp"
#include "world/promised.hpp"

namespace entente::world {
namespace {

constexpr Instant beginning{1'767'225'600'000};  // 2026-01-01
// How long a calm world may take to agree: waits of a minute, several times over.
constexpr Duration calm_max{900'000};
constexpr Duration silence_polls{100};
constexpr Duration a_day{86'400'000};
constexpr int days_max = 3;
// Calls of one thing that always fails, in all of the calm: its bound, a few offers, and what each of these asks.
constexpr std::int64_t ailing_calls_max = 150;
constexpr int sweeps_max = 6;
constexpr Duration sweeps_never{3'600'000};
constexpr Duration polls_settle{180'000};
// So many empty pages, each naming another one, may be followed before a look ends: some systems filter page by page.
constexpr std::int64_t empty_pages_followed_max = 50;

// Whether a system may refuse to create a thing of which some record shows these fields.
bool may_refuse(const sim::Traits& traits, const Value& fields) {
    if (traits.unique_code || std::ranges::count(traits.forms, sim::Form::choosy) == 0) return true;
    for (std::size_t i = 0; i < sim::formed_properties.size(); ++i) {
        const Value* value = fields.find(sim::formed_properties[i]);
        const bool is_unwanted =
            value && value->is_text() && value->as_text().contains(sim::unwanted);
        if (traits.forms[i] == sim::Form::refused ||
            (traits.forms[i] == sim::Form::choosy && is_unwanted))
            return true;
    }
    return false;
}

// Whether it may refuse, ignore or change the value without saying so.
bool may_spoil(const sim::TraitSystem& system, std::string_view property, const Value& value) {
    const sim::Traits& traits = system.traits();
    if (traits.unique_code) return true;
    for (std::size_t i = 0; i < sim::formed_properties.size(); ++i) {
        if (sim::formed_properties[i] != property) continue;
        if (traits.forms[i] == sim::Form::choosy)
            return value.is_text() && value.as_text().contains(sim::unwanted);
        if (traits.forms[i] == sim::Form::refused) return !value.is_null();
        return traits.forms[i] == sim::Form::ignored ||
               (!traits.declared[i] && !(system.stored_form(property, value) == value));
    }
    return false;
}

oracle::SystemSight sight_of(const sim::TraitSystem& system) {
    const sim::Traits& traits = system.traits();
    using Traits = sim::Traits;
    oracle::SystemSight sight;
    sight.name = traits.name;
    // A time is a condition only where it is old enough: else the engine compares, and the window stays.
    sight.is_conditional = traits.versions == Traits::Versions::counter ||
                           traits.versions == Traits::Versions::touched;
    sight.can_deny = traits.versions != Traits::Versions::none;
    sight.asks_rights = traits.rights;
    sight.tells_own_write = sight.is_conditional && traits.update_answer == Traits::Answer::record;
    sight.sends_whole = traits.full_update;
    sight.has_skew = traits.skew.ms != 0;
    // What can be measured is reckoned with: a Date header tells whole seconds.
    constexpr Duration measured{2'000};
    sight.ahead =
        traits.skew < measured && Duration{-traits.skew.ms} < measured ? traits.skew : Duration{0};
    sight.tables = {"things"};
    if (traits.owners) sight.tables.push_back("owners");
    if (traits.lines != Traits::Lines::none) sight.tables.push_back("lines");
    sight.form = [&system](std::string_view property, const Value& value) {
        return system.stored_form(property, value);
    };
    sight.is_difficult = [&traits](std::string_view property) {
        if (traits.unique_code)
            return true;  // refuses every write to one of two things of one code
        for (std::size_t i = 0; i < sim::formed_properties.size(); ++i)
            if (sim::formed_properties[i] == property)
                return traits.forms[i] == sim::Form::refused ||
                       traits.forms[i] == sim::Form::choosy ||
                       traits.forms[i] == sim::Form::ignored ||
                       (traits.forms[i] != sim::Form::as_is && !traits.declared[i]);
        return false;
    };
    for (std::size_t i = 0; i < sim::formed_properties.size(); ++i)
        if (traits.forms[i] == sim::Form::choosy && !traits.unique_code)
            sight.refuses = [chosen = sim::formed_properties[i]](std::string_view property,
                                                                 const Value& value) {
                return property != chosen ||
                       (value.is_text() && text::lower(value.as_text()).contains(sim::unwanted));
            };
    sight.may_spoil = [&system](std::string_view property, const Value& value) {
        return may_spoil(system, property, value);
    };
    sight.lag = std::max(traits.lag, traits.granularity);
    sight.may_refuse = [&traits](const Value& fields) { return may_refuse(traits, fields); };
    return sight;
}

std::vector<oracle::SystemSight> sights_of(
    const std::vector<std::unique_ptr<sim::TraitSystem>>& systems) {
    std::vector<oracle::SystemSight> sights;
    for (const auto& system : systems) sights.push_back(sight_of(*system));
    return sights;
}

std::vector<std::unique_ptr<sim::TraitSystem>> make_systems(const Script& script,
                                                            sim::Witness& witness) {
    std::vector<std::unique_ptr<sim::TraitSystem>> systems;
    for (const sim::Traits& traits : script.systems)
        systems.push_back(std::make_unique<sim::TraitSystem>(traits, witness));
    return systems;
}

}  // namespace

World::World(const Script& script)
    : script_(script),
      timeline_(beginning),
      begins_(beginning),
      systems_(make_systems(script, *this)),
      unreachable_until_(systems_.size()),
      clock_set_at_(systems_.size()),
      backups_(systems_.size()),
      wire_(
          timeline_,
          {.handle = [this](const Flight& flight) { return handle(flight); },
           .leaving = [this](const Flight& flight) { leaving(flight); },
           .moment = [this](const Flight& flight, Event::When when) { moment(flight, when); },
           .is_reachable =
               [this](std::size_t system) { return unreachable_until_[system] <= timeline_.now(); },
           .late_max =
               [this](std::size_t system) { return systems_[system]->traits().late_execution; },
           .spoiled =
               [this](const Flight& flight, sim::Fault fault) {
                   ++counters_[fmt::format("fault {}", sim::name_of(fault))];
                   oracle_.disturbed(static_cast<int>(flight.system));
                   note(fmt::format("{} {}: {}", flight.request.method, flight.request.url,
                                    sim::name_of(fault)));
               },
           .answering = [this](const Flight& flight, const http::Response& response,
                               bool is_own) { answering(flight, response, is_own); }},
          script.seed, systems_.size()),
      process_(
          timeline_, wire_, counters_, script_,
          {.starts = [this] { starting(); },
           .died = [this] { died(); },
           .gives_up = [this](std::string why) { oracle_.verdict().violated(1, std::move(why)); },
           .note = [this](std::string line) { note(std::move(line)); },
           .repeated = [this](const std::string& what) { judge_repeated(what); }}),
      oracle_(sights_of(systems_)) {
    load(static_cast<std::size_t>(script_.at_first));
    schedule();
}

World::~World() = default;

// G9: the same answer once more changes nothing.
void World::judge_repeated(const std::string& difference) {
    oracle_.verdict().check(9, difference.empty(),
                            [&] { return "an answer that came twice changed " + difference; });
}

void World::load(std::size_t systems) {
    const std::vector<sim::Traits> part(
        script_.systems.begin(), script_.systems.begin() + static_cast<std::ptrdiff_t>(systems));
    model::LoadInput input;
    input.workspace = {"entente.yaml", sim::workspace_of(part, script_.policies)};
    input.catalog = sim::catalog_of(part);
    input.is_set = [](const model::SecretRef&) { return true; };
    model::LoadResult loaded = model::load(input);
    CHECK(loaded.workspace.has_value(), "the world's own configuration loads");
    workspace_ = *std::move(loaded.workspace);
    connectors_.clear();
    for (std::size_t i = 0; i < systems; ++i) {
        auto connector =
            connect::RestConnector::open(workspace_, SystemIndex{static_cast<std::int32_t>(i)},
                                         {{"api_key", systems_[i]->secret()}});
        CHECK(connector.has_value(), connector ? "" : connector.error().message());
        connectors_.push_back(*std::move(connector));
    }
    joined_ = systems;
    process_.use(workspace_, connectors_);
}

void World::schedule() {
    for (const Event& event : script_.events) {
        const Instant when = begins_ + event.at;
        if (event.when == Event::When::at)
            timeline_.at(when, [this, &event] { happen(event, nullptr); });
        else
            waiting_.push_back({event, when});
    }
}

void World::note(std::string line) {
    trace_.add(timeline_.now() - begins_, line);
}

// G14: what has arrived in part has no effect.
void World::refuse_half_a_configuration() {
    model::LoadInput input;
    const std::string whole = sim::workspace_of(script_.systems, script_.policies);
    input.workspace = {"entente.yaml", whole.substr(0, whole.find("flows:") - 8)};
    input.catalog = sim::catalog_of(script_.systems);
    input.is_set = [](const model::SecretRef&) { return true; };
    oracle_.verdict().check(14, !model::load(input).workspace.has_value(),
                            [] { return "half a configuration was loaded"; });
}

void World::starting() {
    if (joins_ && joined_ < systems_.size()) {
        refuse_half_a_configuration();
        load(systems_.size());
    }
    waits_.forget();
    set_blind_aside();  // tickets are given anew
}

void World::died() {
    oracle_.died(timeline_.now());
    set_blind_aside();
    shown_.clear();
}

http::Response World::handle(const Flight& flight) {
    sim::TraitSystem& system = *systems_[flight.system];
    asked_at_ = flight.left;
    showing_.clear();
    http::Response response = system.handle(flight.request, timeline_.now());
    const bool is_single = showing_.size() >= 1 && flight.asked == Spoil::Asked::read &&
                           flight.request.url.ends_with("/" + showing_.front().key.id);
    if (is_single) compared_[showing_.front().key].push_back(timeline_.now());
    shown_[flight.number] = std::exchange(showing_, {});
    note(fmt::format("{} {} {} {} -> {} {:x}", system.traits().name, flight.request.method,
                     flight.request.url, flight.request.body, response.status,
                     digest_of(response.body).low));
    const std::int64_t quota = system.traits().quota;
    // What is left of a window is not stored either.
    // Nor is where it stands known at once when its clock is set.
    const Instant known = std::max(process_.started_at(), clock_set_at_[flight.system]);
    const bool counts = timeline_.now() - known >= Duration{2 * system.traits().quota_per.ms};
    if (quota > 0 && counts)
        oracle_.verdict().check(13, system.in_window(timeline_.now()) <= quota, [&] {
            return fmt::format("more than {} requests to {} in a window", quota,
                               system.traits().name);
        });
    const std::int64_t empty = system.counts().empty_in_a_row;
    if (empty > 0)
        oracle_.verdict().check(13, empty <= empty_pages_followed_max, [&] {
            return fmt::format("{} empty pages of {} were followed in one look", empty,
                               system.traits().name);
        });
    return response;
}

void World::leaving(const Flight& flight) {
    const std::string& name = systems_[flight.system]->traits().name;
    waits_.check(flight, name, oracle_.verdict());
    if (flight.asked == Spoil::Asked::read) return;
    if (flight.asked == Spoil::Asked::create &&
        systems_[flight.system]->traits().grade == sim::Traits::Grade::none)
        blind_[flight.number] = thing_asked_for(flight);
    // G10: the intent is durable before the request leaves.
    const bool is_durable = is_promised(flight, process_.store(), workspace_, connectors_);
    oracle_.verdict().check(10, is_durable, [&] {
        return fmt::format("{} {} left for {} before its intent was durable", flight.request.method,
                           flight.request.url, name);
    });
}

// Which thing a create is to make.
std::string World::thing_asked_for(const Flight& flight) const {
    const auto body = json::read(flight.request.body);
    const std::string table = flight.request.url.substr(1);
    return body ? thing_of(static_cast<int>(flight.system), table, *body) : std::string();
}

// The records to which a write of ours is open.
std::set<oracle::RecordKey> World::written_to() {
    std::set<oracle::RecordKey> out;
    auto begun = process_.store().begin();
    if (!begun) return out;
    for (const sync::Intent& intent : (*begun)->intents())
        if (!intent.is_create()) {
            const model::Resource& resource = workspace_.resource(intent.resource);
            out.insert({static_cast<int>(resource.system.at()), resource.name, intent.external_id});
        }
    return out;
}

void World::answering(const Flight& flight, const http::Response& response, bool is_own) {
    if (is_own) blind_.erase(flight.number);
    if (const auto shown = shown_.extract(flight.number); is_own && !shown.empty()) {
        const std::set<oracle::RecordKey> busy = written_to();
        for (const Shown& one : shown.mapped()) {
            const std::size_t slash = one.key.id.find('/');  // a line is written with its thing
            const bool is_busy =
                busy.contains(one.key) ||
                (slash != std::string::npos &&
                 busy.contains({one.key.system, "things", one.key.id.substr(0, slash)}));
            oracle_.shown(one.key, one.fields, timeline_.now(), is_busy);
            const Value* note = one.fields.find("note");
            if (note && note->is_object()) drifted_.try_emplace(one.key, timeline_.now());
        }
    }
    waits_.hear(flight, response, timeline_.now());
}

Outcome World::play(std::function<void(const std::string&)> on_line) {
    trace_.on_line = std::move(on_line);
    if (script_.is_ordered) expect_order();
    // Where nobody sweeps what people did must come along by polls alone. A new process would sweep, so this one lives on.
    const bool by_polls = lives_on_polls();
    timeline_.at(begins_ + script_.calm_from, [this] { end_faults(); });
    process_.drive(Process::Until::time,
                   begins_ + script_.calm_from + (by_polls ? polls_settle : Duration{1}));
    if (by_polls) check_rest(false);
    calm();
    judge_timed(16);
    check_rest(true);
    check_ailing();
    if (script_.goes_on) go_on();
    if (oracle_.verdict().violations().empty()) check_silence();
    finish_counters();
    Outcome outcome;
    outcome.verdict = oracle_.verdict();
    outcome.counters = counters_;
    outcome.digest = trace_.digest();
    outcome.lasted = timeline_.now() - begins_;
    outcome.commits = commits_until_calm_;
    outcome.records = standing();
    outcome.things = things_;
    outcome.sight = sight_;
    for (const auto& system : systems_) outcome.counts.push_back(system->counts());
    outcome.last = trace_.last();
    outcome.values = final_values();
    outcome.history = oracle_.history();
    return outcome;
}

bool World::lives_on_polls() const {
    return std::ranges::all_of(script_.systems, [](const sim::Traits& traits) {
        return traits.sweep_every >= sweeps_never && traits.feed != sim::Traits::Feed::none &&
               traits.paging != sim::Traits::Paging::page;
    });
}

void World::end_faults() {
    is_calm_ = true;
    note("calm");
    waiting_.clear();
    wire_.stop_spoiling();
    process_.stop_crashing();
    commits_until_calm_ = process_.commits();
    for (const auto& system : systems_) {
        system->mood = {.is_steady = true};
        std::erase_if(system->ailments,
                      [](const sim::Ailment& a) { return a.until != Instant::never(); });
        ailing_.push_back(system->counts().ailing);
    }
    std::fill(unreachable_until_.begin(), unreachable_until_.end(), Instant{});
}

void World::calm() {
    // What was refused is offered again within a day; the process is away meanwhile.
    for (int days = 0; days < days_max; ++days) {
        // A sweep that ran while we wrote may have missed what moved between its pages: the truth is the one that finds nothing to do.
        std::int64_t before = -1;
        for (int round = 0; round < sweeps_max && before != writes(); ++round) {
            before = writes();
            process_.drive(Process::Until::idle, timeline_.now() + calm_max);
        }
        const bool is_asleep = is_anything_asleep();
        if (!is_anything_offered() && !is_asleep) return;
        if (is_asleep && days == 0 && wake_what_sleeps()) continue;
        ++counters_["offered again"];
        const Instant later = timeline_.now() + a_day;
        while (timeline_.next(later)) {
        }
    }
    process_.drive(Process::Until::idle, timeline_.now() + calm_max);
}

// What lasts is asked for a few times more, however long it lasts; what has ended stays given up nowhere.
void World::check_ailing() {
    for (std::size_t i = 0; i < systems_.size(); ++i) {
        const std::int64_t asked = systems_[i]->counts().ailing - ailing_[i];
        const auto ails = std::ssize(systems_[i]->ailments);
        oracle_.verdict().check(13, asked <= ails * ailing_calls_max, [&] {
            return fmt::format("{} calls in calm of what always fails in {}", asked,
                               systems_[i]->traits().name);
        });
        if (ails > 0) counters_["asked in vain"] += asked;
    }
}

std::int64_t World::writes() const {
    std::int64_t sum = 0;
    for (const auto& system : systems_) sum += system->counts().writes;
    return sum;
}

void World::set_blind_aside() {
    for (const auto& [number, thing] : blind_) oracle_.set_aside(thing);
    blind_.clear();
}

void World::check_rest(bool is_at_end) {
    set_blind_aside();
    sight_ = look();
    sight_.is_at_end = is_at_end;
    oracle_.judge(sight_);
    for (const std::string& text : sight_.texts)
        for (const auto& system : systems_)
            oracle_.verdict().check(19, text.find(system->secret()) == std::string::npos,
                                    [&] { return "a secret stands in: " + text; });
    for (const auto& system : systems_)
        oracle_.verdict().check(12, system->counts().deletes == 0,
                                [&] { return "we asked " + system->traits().name + " to delete"; });
}

// G8: an agreed world is only polled; whatever is thrown away but the store's links, nothing is made or removed.
void World::check_silence() {
    Duration longest{1};
    for (const auto& system : systems_) longest = std::max(longest, system->traits().poll_every);
    oracle_.expect_silence(8, "in an agreed world");
    const CallsSoFar before = calls_so_far();
    process_.drive(Process::Until::time, timeline_.now() + Duration{silence_polls.ms * longest.ms});
    judge_calls_at_rest(before);
    oracle_.expect_silence(10, "after a restart in an agreed world");
    process_.drive(Process::Until::idle, timeline_.now() + calm_max);
    process_.forget_cursors();
    oracle_.expect_silence(6, "after all cursors were thrown away");
    process_.drive(Process::Until::idle, timeline_.now() + calm_max);
}

}  // namespace entente::world
