// While nobody knows what became of a create, only what could be that create waits (G1, G6). Method: A executes a request up to
// ten minutes late, so that for as long nobody knows; what people type there meanwhile goes its way at once, or waits.
#include "sync/world.hpp"

namespace entente::test {
namespace {

constexpr Duration late{600'000};
constexpr Duration at_once{10'000};

class Suspect : public ::testing::Test {
protected:
    World world{small_workspace(),
                small_catalog_where("catalog/connectors/plain/things.yaml", "late_execution: 2s",
                                    "late_execution: 10min")};
    Instant lost_at, typed_at;

    // Our create in A is lost, then `type` does something, and the resources are polled. Until when `is_done` is not so.
    Duration time_until(Fate fate, const std::function<void()>& type,
                        const std::function<bool()>& is_done, bool dies = false) {
        world.sweep();
        world["A"].fates = {fate};
        world.add("B", "things", R"({"code":"T1","mail":"a@x.nl","name":"one"})");
        Instant done{};
        bool typed = false;
        world.meanwhile = [&] {
            if (!typed && world.is_planned("A", Purpose::probe)) {
                typed = true;
                type();
                typed_at = world.now();
                if (dies) world.crash();
                world.ask(false);
            }
            if (typed && done.ms == 0 && is_done()) done = world.now();
        };
        world.poll();
        world.meanwhile = nullptr;
        EXPECT_TRUE(typed);
        EXPECT_NE(done.ms, 0);
        return done - typed_at;
    }
};

TEST_F(Suspect, a_record_that_is_certainly_another_goes_its_way_at_once) {
    const auto unrelated = [&] {
        world.add("A", "things", R"({"code":"X9","email":"z@y.nl","name":"typed"})");
    };
    const auto waited =
        time_until(Fate::request_lost, unrelated, [&] { return world.count("B", "things") == 2; });
    EXPECT_LT(waited, at_once);
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
    EXPECT_EQ(world["A"].creates, 1);
}

TEST_F(Suspect, so_it_does_when_the_process_has_died_meanwhile) {
    const auto unrelated = [&] {
        world.add("A", "things", R"({"code":"X9","email":"z@y.nl","name":"typed"})");
    };
    const auto waited = time_until(
        Fate::request_lost, unrelated, [&] { return world.count("B", "things") == 2; }, true);
    EXPECT_LT(waited, at_once);
    EXPECT_EQ(world["A"].creates, 1);
}

TEST_F(Suspect, other_things_are_created_there_meanwhile) {
    const auto another = [&] {
        world.add("B", "things", R"({"code":"X9","mail":"z@y.nl","name":"typed"})");
    };
    const auto waited =
        time_until(Fate::request_lost, another, [&] { return world.count("A", "things") == 1; });
    EXPECT_LT(waited, at_once);
    world.sweep();
    EXPECT_EQ(world.count("A", "things"), 2u);
    EXPECT_EQ(world.count("B", "things"), 2u);
}

class Alike : public Suspect, public ::testing::WithParamInterface<const char*> {};

// Method: what appears has the code of ours in capitals of another kind, or cut, or nothing that could be compared.
TEST_P(Alike, a_record_that_could_be_ours_waits) {
    const auto waited = time_until(
        Fate::request_lost, [&] { world.add("A", "things", GetParam()); },
        [&] {
            const auto counts = world.store()->counts(world.workspace().find_data_type("A.Thing"));
            return counts.records >= 1 && counts.pending == 0;
        });
    EXPECT_GE(waited, Duration{late.ms - at_once.ms});
}

INSTANTIATE_TEST_SUITE_P(Records, Alike,
                         ::testing::Values(R"({"code":" t1 ","email":null,"name":"typed"})",
                                           R"({"code":"T","email":"q@q.nl"})",
                                           R"({"code":null,"email":null,"name":"typed"})",
                                           R"({"code":"X9","email":"A@X.NL"})"));

TEST_F(Suspect, what_was_created_is_found_though_others_came_and_were_matched_meanwhile) {
    const auto others = [&] {
        world.add("A", "things", R"({"code":"X9","email":"z@y.nl","name":"typed"})");
        world.add("B", "things", R"({"code":"Y9","mail":"y@y.nl","name":"typed too"})");
    };
    const auto waited =
        time_until(Fate::reply_lost, others, [&] { return world.count("B", "things") == 3; });
    EXPECT_LT(waited, at_once);
    world.sweep();
    EXPECT_EQ(world["A"].creates, 2);
    EXPECT_EQ(world.count("A", "things"), 3u);
    EXPECT_EQ(world.count("B", "things"), 3u);
}

// Goal: a create waits while a record there, which itself waits, may be that very thing. Method: the suspect has the e-mail of
// what is lost and the code of what is new in B.
TEST_F(Suspect, nothing_is_created_that_a_suspect_may_be) {
    const auto both = [&] {
        world.add("A", "things", R"({"code":"N1","email":"a@x.nl","name":"typed"})");
        world.add("B", "things", R"({"code":"N1","name":"new"})");
    };
    time_until(Fate::request_lost, both, [&] {
        const auto counts = world.store()->counts(world.workspace().find_data_type("A.Thing"));
        return counts.records >= 1 && counts.pending == 0;
    });
    for (int i = 0; i < 3; ++i) world.sweep();
    EXPECT_LE(world.count("A", "things"), 2u);
}

}  // namespace
}  // namespace entente::test
