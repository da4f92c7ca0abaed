// A small world in which somebody says something of records: link, apart, relink, retry.
#pragma once

#include <array>

#include "sync/world.hpp"

namespace entente::test {

class Says : public ::testing::Test {
protected:
    explicit Says(std::string yaml = small_workspace(),
                  std::vector<model::SourceFile> catalog = small_catalog())
        : world(std::move(yaml), std::move(catalog)) {}

    Act::Named named(const std::string& type, const std::string& id) {
        return {world.workspace().find_data_type(type), id};
    }
    ActResult say(Act::Kind kind, std::vector<Act::Named> records) {
        Act act;
        act.kind = kind;
        act.records = std::move(records);
        act.by = "anna";
        return world.say(std::move(act));
    }
    ActResult link(const Act::Named& a, const Act::Named& b) {
        return say(Act::Kind::link, {a, b});
    }
    ActResult apart(const Act::Named& a, const Act::Named& b) {
        return say(Act::Kind::apart, {a, b});
    }
    Act::Named thing(const std::string& system, const std::string& id) {
        return named(system + ".Thing", id);
    }
    std::map<ParkReason, std::int64_t> parked() { return world.store()->parked_counts(); }
    void look_often() {
        for (int i = 0; i < 3; ++i) world.sweep();
    }
    // What the person's words come to in the history of the record's thing.
    std::string said_of(const std::string& type, const std::string& id) {
        const DataTypeIndex d = world.workspace().find_data_type(type);
        auto store = world.store();
        const auto head =
            store->find_records(world.workspace().data_type(d).resource, std::array{id}).at(0);
        std::string out;
        for (const Link& l : store->links_of_records(std::array{head->id}))
            for (const HistoryEvent& event : store->history(l.entity, 100))
                if (event.kind == HistoryEvent::Kind::said) out += event.text + "\n";
        return out;
    }

    World world;
};

}  // namespace entente::test
