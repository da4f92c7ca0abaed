// The catalogue's own systems inside the deterministic world, with the people who work in them. What the wire brings is handled by
// the simulated systems themselves, bytes in, bytes out; people use the same APIs, but their network works. Knows nothing of the
// engine. Which kinds of systems there are, sim/system.hpp tells.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checker.hpp"
#include "sim/ledger.hpp"
#include "sim/people.hpp"
#include "sim/system.hpp"
#include "world/script.hpp"

namespace entente::world {

// What a system of that kind is called in the workspace. Requires: a kind that there is.
std::string_view name_of_kind(std::string_view kind);

class Company {
public:
    // Requires: kinds that there are, each once. `seed`: of the records and of what people do.
    Company(const CompanyPlan& plan, std::uint64_t seed);

    std::size_t size() const { return places_.size(); }
    const std::string& name(std::size_t system) const { return places_[system].name; }
    const std::string& kind(std::size_t system) const { return places_[system].kind; }
    const std::string& credential(std::size_t system) const { return places_[system].credential; }
    // The login, by what its connector calls it.
    std::map<std::string, std::string> secrets(std::size_t system) const;
    // entente.yaml; system i is at port i + 1 of the wire.
    std::string workspace_yaml(const std::string& policies) const;

    http::Response handle(std::size_t system, const http::Request& request, Instant now);

    // What was done is in the ledger; nothing, if there is nothing to do it to.
    void work(const Deed& deed, Instant now);
    // The same of a deed in the record that a request is about.
    void change(const Deed& deed, std::size_t system, const http::Request& request, Instant now);
    // Whether people change records like the one that the request is about; not if it is about none.
    bool is_about_record(std::size_t system, const http::Request& request) const;
    const std::vector<sim::Edit>& ledger() const { return ledger_; }

    // Lets time go by, and says when it is then: who looks round at rest waits where a quota is used up.
    using LetPass = std::function<Instant(Duration)>;
    // The record that a person edited, as people see it now; null: it is not there.
    Value shown_to_people(const sim::Edit& edit, const LetPass& let_pass);
    // The checker's findings over the generator's truth and the ledger.
    Result<checker::Verdict> check(const LetPass& let_pass);

private:
    struct Place {
        std::string name, kind, credential;
        std::unique_ptr<sim::SimulatedSystem> system;
    };
    sim::People people_of(const Deed& deed, Instant now);
    void note(const sim::People::Outcome& outcome);
    std::size_t number_of(const std::string& name) const;
    http::Response ask(std::size_t system, const http::Request& request, const LetPass& let_pass);

    const CompanyPlan plan_;
    const std::uint64_t seed_;
    std::vector<Place> places_;
    Value truth_;
    std::vector<sim::Edit> ledger_;
};

}  // namespace entente::world
