// The systems side by side, reached by name as the checker and the people reach them; time moves with every call.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "sim/checker.hpp"
#include "sim/people.hpp"

namespace entente::sim::test {

class World {
public:
    struct Place {
        std::string name;
        SimOptions options;
        std::string host() const { return "http://" + name; }
    };

    explicit World(std::int64_t records, bool with_exact = false) {
        add("CustomWebshop", shop_options(), records);
        add("CustomERP", erp_options(), records);
        if (with_exact) add("ExactOnline", exact_options(), records);
    }
    void add(const std::string& name, SimOptions options, std::int64_t records) {
        options.records = records;
        places_.push_back({name, options});
        systems_.emplace(name, options);
    }

    Client& shop() { return at("CustomWebshop"); }
    Client& erp() { return at("CustomERP"); }
    Client& exact() { return at("ExactOnline"); }
    Client& at(const std::string& name) { return systems_.at(name); }

    http::Response carry(const std::string& system, const http::Request& request) {
        Client& client = systems_.at(system);
        client.now = now;
        now = now + Duration{1};
        const Answer answer = client.raw(request);
        return {answer.status, answer.headers,
                answer.body.is_null() ? "" : json::write(answer.body)};
    }

    checker::Verdict judge(const Value& truth, const Value& ledger = {}) {
        checker::Input input;
        for (const Place& place : places_) {
            input.systems.push_back({place.name, place.options.kind, place.host(), "secret"});
        }
        input.truth = truth;
        input.ledger = ledger;
        input.fetch = [&](const http::Request& request) -> Result<http::Response> {
            for (const Place& place : places_) {
                if (!request.url.starts_with(place.host() + "/")) continue;
                http::Request origin = request;
                origin.url = request.url.substr(place.host().size());
                return carry(place.name, origin);
            }
            return fail(ErrorKind::not_found, "there is no such system", request.url);
        };
        const auto verdict = checker::check(input);
        EXPECT_TRUE(verdict.has_value()) << (verdict ? "" : verdict.error().message());
        return verdict.value_or(checker::Verdict{});
    }

    People people(std::uint64_t seed) {
        std::vector<Workplace> workplaces;
        for (const Place& place : places_) {
            workplaces.push_back({place.name, place.options.kind, "secret"});
        }
        return People(seed, std::move(workplaces),
                      [this](const std::string& system, const http::Request& request)
                          -> Result<http::Response> { return carry(system, request); });
    }

    Instant now{1'795'000'000'000};

private:
    std::vector<Place> places_;
    std::map<std::string, Client> systems_;
};

}  // namespace entente::sim::test
