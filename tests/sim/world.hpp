// Both systems side by side, reached by name as the checker and the people reach them; time moves with every call.
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
    explicit World(std::int64_t records) {
        for (SimOptions options : {shop_options(), erp_options()}) {
            options.records = records;
            systems_.emplace(options.kind == "custom-erp" ? "CustomERP" : "CustomWebshop", options);
        }
    }

    Client& shop() { return systems_.at("CustomWebshop"); }
    Client& erp() { return systems_.at("CustomERP"); }

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
        input.systems = {{"CustomWebshop", "custom-webshop", "http://shop", "secret"},
                         {"CustomERP", "custom-erp", "http://erp", "secret"}};
        input.truth = truth;
        input.ledger = ledger;
        input.fetch = [&](const http::Request& request) -> Result<http::Response> {
            http::Request origin = request;
            const bool is_shop = request.url.starts_with("http://shop");
            origin.url =
                request.url.substr(std::string(is_shop ? "http://shop" : "http://erp").size());
            return carry(is_shop ? "CustomWebshop" : "CustomERP", origin);
        };
        const auto verdict = checker::check(input);
        EXPECT_TRUE(verdict.has_value()) << (verdict ? "" : verdict.error().message());
        return verdict.value_or(checker::Verdict{});
    }

    People people(std::uint64_t seed) {
        return People(
            seed,
            {{"CustomWebshop", "custom-webshop", "secret"}, {"CustomERP", "custom-erp", "secret"}},
            [this](const std::string& system, const http::Request& request)
                -> Result<http::Response> { return carry(system, request); });
    }

    Instant now{1'795'000'000'000};

private:
    std::map<std::string, Client> systems_;
};

}  // namespace entente::sim::test
