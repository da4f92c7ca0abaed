#include "world/company.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sim/desk.hpp"
#include "sim/generator.hpp"

namespace entente::world {
namespace {

// People type so many marks in one deed, at most.
constexpr std::int64_t marks_per_deed = 10;
constexpr int tries_max = 100;

const sim::SystemKind& known(std::string_view kind) {
    const sim::SystemKind* found = sim::find_kind(kind);
    CHECK(found != nullptr, "a company has systems of known kinds");
    return *found;
}

}  // namespace

std::string_view name_of_kind(std::string_view kind) {
    return known(kind).name;
}

Company::Company(const CompanyPlan& plan, std::uint64_t seed) : plan_(plan), seed_(seed) {
    std::vector<std::pair<std::string, std::string>> names;
    for (const std::string& kind : plan.kinds) {
        Place place{std::string(known(kind).name), kind, fmt::format("login-of-{}", kind), nullptr};
        auto system = sim::make_system({.kind = kind,
                                        .records = plan.records,
                                        .seed = seed,
                                        .clock = plan.clock,
                                        .credential = place.credential});
        CHECK(system.has_value(), system ? "" : system.error().message());
        place.system = *std::move(system);
        names.emplace_back(kind, place.name);
        places_.push_back(std::move(place));
    }
    truth_ = sim::truth_of(sim::generate(seed, plan.records), sim::names_by_kind(names));
}

std::map<std::string, std::string> Company::secrets(std::size_t system) const {
    std::map<std::string, std::string> secrets;
    for (const std::string_view secret : known(kind(system)).secrets)
        secrets.emplace(secret, credential(system));
    return secrets;
}

std::string Company::workspace_yaml(const std::string& policies) const {
    std::string text = "workspace: company\nstore: state/entente.db\nsystems:\n";
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const sim::SystemKind& described = known(kind(i));
        std::vector<std::string> logins;
        for (const std::string_view secret : described.secrets)
            logins.push_back(fmt::format("{}: \"${{LOGIN}}\"", secret));
        text += fmt::format(
            "  {}:\n    connector: {}\n    base_url: http://127.0.0.1:{}{}\n    simulated: true\n"
            "    auth: {{{}}}\n    poll_every: {}ms\n    sweep_every: {}ms\n",
            name(i), kind(i), i + 1, described.base_path, fmt::join(logins, ", "),
            plan_.poll_every.ms, plan_.sweep_every.ms);
        if (!described.settings.empty())
            text += fmt::format("    settings: {}\n", described.settings);
    }
    return text + "flows: derived\n" + (policies.empty() ? "conflicts: latest\n" : policies);
}

http::Response Company::handle(std::size_t system, const http::Request& request, Instant now) {
    return places_[system].system->handle(request, now);
}

std::size_t Company::number_of(const std::string& name) const {
    const auto at = std::ranges::find(places_, name, &Place::name);
    CHECK(at != places_.end(), "people work in the company's systems");
    return static_cast<std::size_t>(at - places_.begin());
}

http::Response Company::ask(std::size_t system, const http::Request& request,
                            const LetPass& let_pass) {
    http::Response response = handle(system, request, let_pass(Duration{0}));
    for (int tries = 0; response.status == 429 && tries < tries_max; ++tries)
        response = handle(system, request, let_pass(Duration{1'000}));
    return response;
}

// Others for each deed, so that what one does depends on no other.
sim::People Company::people_of(const Deed& deed, Instant now) {
    std::vector<sim::Workplace> workplaces;
    for (const Place& place : places_)
        workplaces.push_back({place.name, place.kind, place.credential});
    sim::People people(Random(seed_, fmt::format("deed {}", deed.number)).next(), workplaces,
                       [this, now](const std::string& name, const http::Request& request) {
                           return handle(number_of(name), request, now);
                       });
    people.mark_from(deed.number * marks_per_deed);
    people.leave_alone_what_waits(truth_);
    return people;
}

void Company::note(const sim::People::Outcome& outcome) {
    ledger_.insert(ledger_.end(), outcome.edits.begin(), outcome.edits.end());
}

void Company::work(const Deed& deed, Instant now) {
    note(people_of(deed, now).act(deed.act, now));
}

void Company::change(const Deed& deed, std::size_t system, const http::Request& request,
                     Instant now) {
    note(people_of(deed, now).change_at(name(system), request.url, now));
}

bool Company::is_about_record(std::size_t system, const http::Request& request) const {
    const sim::Desk& desk = *sim::find_desk(kind(system));
    const auto named = sim::record_at(desk, request.url);
    return named && !sim::model_of(desk, named->first).empty();
}

Value Company::shown_to_people(const sim::Edit& edit, const LetPass& let_pass) {
    const std::size_t system = number_of(edit.system);
    const sim::Desk& desk = *sim::find_desk(kind(system));
    http::Request request{"GET", sim::record_url(desk, edit.resource, edit.id), {}, {}};
    request.headers = {
        {std::string(desk.auth_header), std::string(desk.auth_prefix) + credential(system)}};
    const http::Response response = ask(system, request, let_pass);
    return response.status == 200 ? sim::record_in(desk, response).value_or(Value()) : Value();
}

Result<checker::Verdict> Company::check(const LetPass& let_pass) {
    constexpr std::string_view origin = "http://127.0.0.1:";
    checker::Input input;
    for (std::size_t i = 0; i < places_.size(); ++i)
        input.systems.push_back(
            {name(i), kind(i), fmt::format("{}{}", origin, i + 1), credential(i)});
    input.truth = truth_;
    input.ledger = Value::list();
    for (const sim::Edit& edit : ledger_) input.ledger.as_list().push_back(sim::to_json(edit));
    input.fetch = [&](const http::Request& request) -> Result<http::Response> {
        const std::size_t path = request.url.find('/', origin.size());
        const auto port = std::stoul(request.url.substr(origin.size(), path - origin.size()));
        return ask(port - 1, {request.method, request.url.substr(path), request.headers, ""},
                   let_pass);
    };
    return checker::check(input);
}

}  // namespace entente::world
