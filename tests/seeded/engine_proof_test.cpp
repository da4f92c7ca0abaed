// Seeded bugs of the engine that the stories of tests/sync never meet, because their systems do not lag, leave nothing out and
// share one clock. Each has a story of its own here.
#include "seeded/proof.hpp"
#include "sync/merge.hpp"

namespace entente::test {
namespace {

bool is_page_of(const World& world, const Effect& effect, const std::string& system) {
    return effect.purpose == Purpose::page &&
           world.workspace().system(effect.system).name == system;
}

TEST(EngineProof, own_write) {
    // A shows our older value while the reply is lost, and B, whose page comes first, has moved on.
    expect_found(SeededBug::own_write, [] {
        Linked is;
        World& world = is.world;
        world.edit("B", "things", is.b, "name", "first");
        world["A"].before_write = [&] { world.edit("B", "things", is.b, "name", "second"); };
        world["A"].fates.push_back(Fate::reply_lost);
        bool looked = false;
        world.meanwhile = [&] {
            if (looked || is.text("A", is.a, "name") != "first") return;
            looked = true;
            world.choose = [](std::size_t count) { return count - 1; };
            world.poll();
            world.choose = nullptr;
        };
        world.poll();
        world.poll();
        return looked && is.is_named("second");
    });
}

TEST(EngineProof, confirm) {
    // A replica shows the body from before our write once more, with the time of the new one.
    expect_found(SeededBug::confirm, [] {
        Linked is(catalog_with("catalog/connectors/plain/connector.yaml", "granularity: 1ms",
                               "granularity: 1ms, lag: 2s"));
        World& world = is.world;
        world.edit("B", "things", is.b, "name", "new");
        world.poll();
        world.tamper = [&](const Effect& effect, Answer& answer) {
            if (!is_page_of(world, effect, "A")) return;
            for (SeenRecord& seen : answer.records)
                if (seen.body.find("name")) seen.body.set("name", Value("one"));
        };
        world.poll();
        world.tamper = nullptr;
        return is.is_named("new");
    });
}

TEST(EngineProof, old_page_believed) {
    // A page on its way since before our write.
    expect_found(SeededBug::old_page_believed, [] {
        Linked is;
        World& world = is.world;
        world.edit("B", "things", is.b, "name", "new");
        world.poll();
        world.tamper = [&](const Effect& effect, Answer& answer) {
            if (!is_page_of(world, effect, "A")) return;
            answer.began.ms -= 5'000;
            for (SeenRecord& seen : answer.records)
                if (seen.body.find("name")) seen.body.set("name", Value("one"));
        };
        world.poll();
        world.tamper = nullptr;
        return is.is_named("new");
    });
}

TEST(EngineProof, max_agree) {
    // Both typed the same; who typed last has to be remembered.
    expect_found(SeededBug::max_agree, [] {
        Entity entity;
        entity.properties.resize(1);
        Shadow first, second;
        const Author a{SystemIndex{0}, DataTypeIndex{0}}, b{SystemIndex{1}, DataTypeIndex{1}};
        const Value value("same");
        (void)take_edit(entity, PropertyIndex{0}, first, LinkId{1}, value, value, false,
                        Instant{10}, a, {});
        (void)take_edit(entity, PropertyIndex{0}, second, LinkId{2}, value, value, true,
                        Instant{20}, b, {});
        return entity.properties[0].revision.stamp.t == Instant{20};
    });
}

TEST(EngineProof, keep_unseen) {
    // B answers our write without the note; neither that nor its next page is an edit of it.
    expect_found(SeededBug::keep_unseen, [] {
        Linked is;
        World& world = is.world;
        world.tamper = [](const Effect& effect, Answer& answer) {
            if (!std::holds_alternative<UpdateCall>(effect.call)) return;
            for (SeenRecord& seen : answer.records)
                std::erase_if(seen.body.as_object(),
                              [](const auto& member) { return member.first == "note"; });
        };
        const int edits = world.notices[Notice::Kind::edit_seen];
        world.edit("A", "things", is.a, "name", "new");
        world.poll();
        world.tamper = nullptr;
        world.sweep();
        return world.notices[Notice::Kind::edit_seen] == edits + 1;
    });
}

TEST(EngineProof, park_unstuck) {
    // C takes no names: what it shows instead is nobody's edit.
    expect_found(SeededBug::park_unstuck, [] {
        Linked is(small_catalog(), "books");
        World& world = is.world;
        world.sweep();
        world.tamper = [&](const Effect& effect, Answer&) {
            if (!std::holds_alternative<UpdateCall>(effect.call)) return;
            for (const std::string resource : {"orders", "quotes"})
                for (auto& [id, record] : world["C"].tables[resource])
                    record.body.set("name", Value("ODD"));
        };
        world.edit("A", "things", is.a, "name", "new");
        world.poll();
        world.poll();
        return is.is_named("new");
    });
}

TEST(EngineProof, short_wait) {
    // The create is executed late, and the index shows it later still.
    expect_found(SeededBug::short_wait, [] {
        World world(small_workspace(), small_catalog());
        std::optional<Instant> sent;
        world.tamper = [&](const Effect& effect, Answer& answer) {
            if (std::holds_alternative<CreateCall>(effect.call) && !sent) sent = answer.began;
            if (std::holds_alternative<SearchCall>(effect.call) && sent &&
                answer.began < *sent + Duration{2'900})
                answer.records.clear();
        };
        world["A"].fates.push_back(Fate::late);
        world.add("B", "things", R"({"code":"T1","name":"one"})");
        world.sweep();
        return world.count("A", "things") == 1;
    });
}

TEST(EngineProof, null_for_missing) {
    // A shows its record without the note.
    expect_found(SeededBug::null_for_missing, [] {
        Linked is;
        World& world = is.world;
        std::erase_if(world["A"].tables["things"].at(is.a).body.as_object(),
                      [](const auto& member) { return member.first == "note"; });
        world.edit("A", "things", is.a, "name", "new");
        world.poll();
        return is.is_named("new") && is.text("B", is.b, "note") == "n";
    });
}

TEST(EngineProof, delete_on_absence) {
    // One list shows nothing; the record is there.
    expect_found(SeededBug::delete_on_absence, [] {
        Linked is;
        is.world["A"].unreadable.insert("things");
        is.world.sweep();
        return is.world.notices[Notice::Kind::gone] == 0;
    });
}

TEST(EngineProof, full_body) {
    // A person edits another property between our look and our write.
    expect_found(SeededBug::full_body, [] {
        Linked is;
        World& world = is.world;
        world.edit("B", "things", is.b, "name", "new");
        world["A"].before_write = [&] { world.edit("A", "things", is.a, "note", "mine"); };
        world.poll();
        world.poll();
        return is.is_named("new") && is.text("A", is.a, "note") == "mine";
    });
}

TEST(EngineProof, skew_ignored) {
    // B's clock is an hour ahead; A's edit is the later one.
    expect_found(SeededBug::skew_ignored, [] {
        Linked is;
        World& world = is.world;
        world.tamper = [&](const Effect& effect, Answer& answer) {
            if (world.workspace().system(effect.system).name != "B") return;
            answer.skew = Duration{3'600'000};
            for (SeenRecord& seen : answer.records) *seen.modified = *seen.modified + answer.skew;
        };
        world.sweep();
        world.edit("B", "things", is.b, "name", "earlier");
        world.edit("A", "things", is.a, "name", "later");
        world.sweep();
        world.sweep();
        return is.is_named("later");
    });
}

}  // namespace
}  // namespace entente::test
