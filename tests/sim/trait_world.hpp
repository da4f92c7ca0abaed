// One simulated system of any traits behind the connector that describes it, and a witness that keeps what it is told.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "connect/rest_connector.hpp"
#include "model/loader.hpp"
#include "sim/trait_system.hpp"

namespace entente::test {

class Recorder : public sim::Witness {
public:
    struct Shown {
        std::string table, id;
        Value body;
    };
    std::vector<sim::Change> changes;
    std::vector<Shown> shown_bodies;

    void changed(const sim::TraitSystem& system, const sim::Change& change) override;
    void shown(const sim::TraitSystem& system, const std::string& table, const std::string& id,
               const Value& body, Instant at) override;
};

sim::Traits random_traits(Random& random, const std::string& name);
model::LoadResult load(const std::vector<sim::Traits>& systems);

class TraitWorld {
public:
    explicit TraitWorld(sim::Traits traits);

    Recorder recorder;
    sim::TraitSystem system;
    Instant now{1'800'000'000'000};

    // Carries a call as the runner does; the resource by its name in the catalogue.
    sync::Answer carry(const sync::Call& call);
    ResourceIndex resource(const std::string& name) const;
    sync::Answer create(const std::string& table, const std::string& body, std::string key = "");
    sync::Answer update(const std::string& id, const std::string& body, std::string version = "");
    sync::Answer read(const std::string& id, const std::string& table = "things");
    sync::Answer search(const std::string& field, const std::string& value,
                        const std::string& table = "things");
    // All pages. A failed page ends it.
    std::vector<sync::SeenRecord> list(std::optional<Instant> since = {},
                                       std::optional<std::int64_t> since_version = {},
                                       const std::string& table = "things");

    // A person's, and what is stored.
    std::string add(const std::string& body, const std::string& table = "things");
    void edit(const std::string& id, const std::string& field, Value value);
    Value stored(const std::string& id, const std::string& field,
                 const std::string& table = "things") const;
    // A request without a connector.
    http::Response send(const std::string& method, const std::string& url,
                        const std::string& body = "", http::Headers headers = {});

private:
    model::Workspace workspace_;
    std::optional<connect::RestConnector> connector_;
};

}  // namespace entente::test
