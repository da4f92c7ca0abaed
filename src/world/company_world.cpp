#include "world/company_world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "model/loader.hpp"
#include "world/parts.hpp"
#include "world/promised.hpp"

namespace entente::world {
namespace {

// The generator's records are older.
constexpr Instant beginning{1'793'600'000'000};  // 2026-11-02
// How long a calm world may take to agree: a late execution of a minute, several times over.
constexpr Duration calm_max{3'600'000};
constexpr std::int64_t silence_polls = 100;
constexpr int sweeps_max = 6;

}  // namespace

CompanyWorld::CompanyWorld(const Script& script)
    : script_(script),
      timeline_(beginning),
      begins_(beginning),
      company_(*script.company, script.seed),
      unreachable_until_(company_.size()),
      wire_(
          timeline_,
          {.handle = [this](const Flight& flight) { return handle(flight); },
           .leaving = [this](const Flight& flight) { leaving(flight); },
           .moment = [this](const Flight& flight, Event::When when) { moment(flight, when); },
           .is_reachable =
               [this](std::size_t system) { return unreachable_until_[system] <= timeline_.now(); },
           .late_max = [this](std::size_t system) { return late_max(system); },
           .spoiled = [this](const Flight& flight, sim::Fault fault) { spoiled(flight, fault); },
           .answering = [this](const Flight& flight, const http::Response& response,
                               bool) { answering(flight, response); }},
          script.seed, company_.size()),
      process_(
          timeline_, wire_, counters_, script_,
          {.starts = [this] { waits_.forget(); },
           .died = [] {},
           .gives_up = [this](std::string why) { judge_.verdict().violated(1, std::move(why)); },
           .note = [this](const std::string& line) { note(line); },
           .repeated =
               [this](const std::string& what) {
                   judge_.verdict().check(9, what.empty(), [&] {
                       return "an answer that came twice changed " + what;
                   });
               }}),
      judge_(company_) {
    load();
    for (const Event& event : script_.events) {
        if (event.when == Event::When::at)
            timeline_.at(begins_ + event.at, [this, &event] { happen(event, nullptr); });
        else
            waiting_.push_back(event);
    }
}

void CompanyWorld::load() {
    model::LoadInput input;
    input.workspace = {"entente.yaml", company_.workspace_yaml(script_.policies)};
    const auto shipped = model::shipped_catalog();
    input.catalog.assign(shipped.begin(), shipped.end());
    input.is_set = [](const model::SecretRef&) { return true; };
    model::LoadResult loaded = model::load(input);
    CHECK(loaded.workspace.has_value(), loaded.diagnostics.front().text());
    workspace_ = *std::move(loaded.workspace);
    for (std::size_t i = 0; i < company_.size(); ++i) {
        auto connector = connect::RestConnector::open(
            workspace_, SystemIndex{static_cast<std::int32_t>(i)}, company_.secrets(i));
        CHECK(connector.has_value(), connector ? "" : connector.error().message());
        if (connector->token_login()) judge_.logs_in_by_token(i);
        connectors_.push_back(*std::move(connector));
    }
    process_.use(workspace_, connectors_);
}

void CompanyWorld::note(const std::string& line) {
    trace_.add(timeline_.now() - begins_, line);
}

void CompanyWorld::happen(const Event& event, const Flight* about) {
    if (is_calm_) return;
    if (const auto* spoil = std::get_if<Spoil>(&event.what)) return wire_.spoil(*spoil);
    if (const auto* spell = std::get_if<Spell>(&event.what)) return begin(*spell);
    if (const auto* death = std::get_if<Crash>(&event.what)) return process_.crash(*death);
    const auto* deed = std::get_if<Deed>(&event.what);
    CHECK(deed != nullptr, "in a company there are deeds, spoiled calls, bad times and crashes");
    work(*deed, about);
}

void CompanyWorld::work(const Deed& deed, const Flight* about) {
    if (process_.is_away()) ++counters_["done while away"];
    const std::size_t before = company_.ledger().size();
    if (deed.is_in_that_record && about)
        company_.change(deed, about->system, about->request, timeline_.now());
    else
        company_.work(deed, timeline_.now());
    for (std::size_t i = before; i < company_.ledger().size(); ++i)
        note("a person: " + json::write(sim::to_json(company_.ledger()[i])));
}

void CompanyWorld::moment(const Flight& flight, Event::When when) {
    if (is_calm_) return;
    const auto parts = parts_of(flight, connectors_[flight.system]);
    const auto about = std::ranges::find_if(parts, [&](const Flight& part) {
        return company_.is_about_record(part.system, part.request);
    });
    const auto due = std::ranges::find_if(waiting_, [&](const Event& event) {
        const auto* deed = std::get_if<Deed>(&event.what);
        return event.when == when && event.system == static_cast<int>(flight.system) &&
               begins_ + event.at <= timeline_.now() &&
               (!deed || !deed->is_in_that_record || about != parts.end());
    });
    if (due == waiting_.end()) return;
    const Event event = *due;
    waiting_.erase(due);
    happen(event, about == parts.end() ? nullptr : &*about);
}

void CompanyWorld::begin(const Spell& spell) {
    CHECK(spell.kind == Spell::Kind::unreachable, "the catalogue's systems have no moods");
    ++counters_["fault unreachable"];
    note(company_.name(static_cast<std::size_t>(spell.system)) + " cannot be reached");
    unreachable_until_[static_cast<std::size_t>(spell.system)] = timeline_.now() + spell.lasts;
}

// What the connector tells the engine, so that nothing is executed later.
Duration CompanyWorld::late_max(std::size_t system) const {
    Duration least{calm_max};
    for (const model::Resource& resource : workspace_.resources)
        if (resource.system.at() == system && !resource.nested_in)
            least = std::min(least, resource.late_execution);
    return least;
}

void CompanyWorld::spoiled(const Flight& flight, sim::Fault fault) {
    ++counters_[fmt::format("fault {}", sim::name_of(fault))];
    note(fmt::format("{} {}: {}", flight.request.method, flight.request.url, sim::name_of(fault)));
    const bool is_blind_change =
        flight.asked == Spoil::Asked::update && !http::find(flight.request.headers, "If-Match");
    if (fault == sim::Fault::late && is_blind_change) seen_[flight.number] = look_at(flight);
}

http::Response CompanyWorld::look_at(const Flight& flight) {
    return company_.handle(flight.system, {"GET", flight.request.url, flight.request.headers, ""},
                           timeline_.now());
}

// A late change without a version overwrites what nobody can have seen: no engine could prevent that, so it is not executed.
bool CompanyWorld::is_outdated(const Flight& flight) {
    const auto seen = seen_.extract(flight.number);
    return !seen.empty() && seen.mapped().body != look_at(flight).body;
}

http::Response CompanyWorld::handle(const Flight& flight) {
    if (is_outdated(flight)) return {};
    http::Response response = company_.handle(flight.system, flight.request, timeline_.now());
    const auto parts = parts_of(flight, connectors_[flight.system]);
    const auto answers = answers_to_parts(response, parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i)
        judge_.executed(parts[i], answers[i], timeline_.now());
    note(fmt::format("{} {} {} {} -> {} {:x}", company_.name(flight.system), flight.request.method,
                     flight.request.url, flight.request.body, response.status,
                     digest_of(response.body).low));
    return response;
}

void CompanyWorld::leaving(const Flight& flight) {
    const std::string& name = company_.name(flight.system);
    waits_.check(flight, name, judge_.verdict());
    const auto parts = parts_of(flight, connectors_[flight.system]);
    if (parts.size() > 1) ++counters_["batch"];
    if (flight.is_login) ++counters_["login"];
    judge_.leaving(flight, parts);
    for (const Flight& part : parts) {
        if (part.asked == Spoil::Asked::read) continue;
        judge_.verdict().check(
            10, is_promised(part, process_.store(), workspace_, connectors_), [&] {
                return fmt::format("{} {} left for {} before its intent was durable",
                                   part.request.method, part.request.url, name);
            });
    }
}

void CompanyWorld::answering(const Flight& flight, const http::Response& response) {
    const std::size_t parts = parts_of(flight, connectors_[flight.system]).size();
    for (const http::Response& answer : answers_to_parts(response, parts))
        waits_.hear(flight, answer, timeline_.now());
}

Outcome CompanyWorld::play(std::function<void(const std::string&)> on_line) {
    trace_.on_line = std::move(on_line);
    timeline_.at(begins_ + script_.calm_from, [this] { end_faults(); });
    process_.drive(Process::Until::time, begins_ + script_.calm_from + Duration{1});
    rest();
    if (judge_.verdict().violations().empty()) check_silence();
    counters_["edits"] += static_cast<std::int64_t>(company_.ledger().size());
    counters_["window"] += judge_.windows();
    counters_["writes"] += judge_.writes();
    counters_["creates"] += judge_.creates();
    counters_["requests"] += judge_.requests();
    Outcome outcome;
    outcome.verdict = judge_.verdict();
    outcome.counters = counters_;
    outcome.digest = trace_.digest();
    outcome.lasted = timeline_.now() - begins_;
    outcome.last = trace_.last();
    outcome.commits = commits_until_calm_;
    return outcome;
}

void CompanyWorld::end_faults() {
    is_calm_ = true;
    note("calm");
    waiting_.clear();
    wire_.stop_spoiling();
    process_.stop_crashing();
    commits_until_calm_ = process_.commits();
    std::ranges::fill(unreachable_until_, Instant{});
}

// A sweep that ran while we wrote may have missed what moved between its pages: the truth is the one that finds nothing to do.
void CompanyWorld::rest() {
    std::int64_t before = -1;
    for (int round = 0; round < sweeps_max && before != judge_.writes(); ++round) {
        before = judge_.writes();
        process_.drive(Process::Until::idle, timeline_.now() + calm_max);
    }
    const Told told = told_by(process_.store(), workspace_, counters_);
    for (const std::string& line : told.lines) note(line);
    judge_.judge(told, [this](Duration duration) { return let_pass(duration); });
}

Instant CompanyWorld::let_pass(Duration duration) {
    const Instant until = timeline_.now() + duration;
    while (timeline_.next(until)) {
    }
    return timeline_.now();
}

// G8: an agreed company is only polled; whatever is thrown away but the store's links, nothing is written.
void CompanyWorld::check_silence() {
    judge_.expect_silence(8, "in an agreed company");
    process_.drive(Process::Until::time,
                   timeline_.now() + Duration{silence_polls * script_.company->poll_every.ms});
    judge_.expect_silence(10, "after a restart in an agreed company");
    process_.drive(Process::Until::idle, timeline_.now() + calm_max);
    process_.forget_cursors();
    judge_.expect_silence(6, "after all cursors were thrown away");
    process_.drive(Process::Until::idle, timeline_.now() + calm_max);
}

}  // namespace entente::world
