// The machine's clock is set while a workspace is run, and between two runs: the process goes on by itself, people are told, and
// what they type arrives meanwhile (G1, G16, G18).
#include <gmock/gmock.h>
#include <signal.h>

#include "crash_world.hpp"
#include "jumping_clock.hpp"

namespace entente::e2e {
namespace {

using testing::HasSubstr;

constexpr std::int64_t ten_years = 10 * 365 * 86'400;

class ClockTest : public testing::Test {
protected:
    void SetUp() override {
        if (!clock_.is_there()) GTEST_SKIP() << "faketime is not installed, or cannot be used";
        ASSERT_EQ(world_.begin("CustomWebshop,CustomERP"), "");
    }
    // What people type now is in both systems while the engine is at work.
    void expect_arrivals() {
        world_.people_work(2);
        Finished verified;
        for (int looks = 0; looks < 30; ++looks) {
            verified = entente({"verify", dir_});
            if (verified.status == 0) return;
            client_.wait(Duration{500});
        }
        FAIL() << verified.out << verified.err;
    }

    const Folder of_clock_;
    JumpingClock clock_{of_clock_.path("clock")};
    CrashWorld world_{20'261'130};
    const std::string& dir_ = world_.dir();
    Client client_;
};

// Goal: a clock that is set ten years ahead in mid run, and back again, stops nothing; `status` tells of it.
TEST_F(ClockTest, that_is_set_while_the_engine_works_stops_nothing) {
    Process engine({"run", dir_}, clock_.options());
    ASSERT_TRUE(engine.says("CustomWebshop.Customer: read")) << engine.err();
    clock_.set(ten_years);
    ASSERT_TRUE(engine.says("Entente: TROUBLE: the clock of this machine was set")) << engine.err();
    ASSERT_TRUE(engine.says("CustomWebshop.Customer: read", 2)) << engine.err();
    expect_arrivals();
    const auto told = entente({"status", dir_});
    EXPECT_THAT(told.out + told.err, HasSubstr("TROUBLE with Entente since "));
    EXPECT_THAT(told.out + told.err, HasSubstr("(our clock): the clock of this machine was set"));

    world_.people_work(1);
    clock_.set(0);
    ASSERT_TRUE(engine.says("back; all waits begin anew")) << engine.err();
    ASSERT_TRUE(engine.says("CustomWebshop.Customer: read", 3)) << engine.err();
    expect_arrivals();
    const Value status = json_of(entente({"status", dir_, "--json"}).last_line);
    const Value* troubles = status.find("troubles");
    ASSERT_TRUE(troubles && troubles->as_list().size() == 1) << entente({"status", dir_}).out;
    const Value& trouble = troubles->as_list().front();
    EXPECT_EQ(trouble.find("kind")->as_text(), "our clock");
    EXPECT_EQ(trouble.find("with")->as_text(), "Entente");
    EXPECT_THAT(trouble.find("cause")->as_text(), HasSubstr("ahead of the clock of this machine"));
    engine.signal(SIGTERM);
    EXPECT_EQ(engine.wait(), 0) << engine.err();
    EXPECT_THAT(world_.violations(), testing::IsEmpty());
}

// Goal: an engine that is killed just after its clock went ten years back, and started anew under either clock, goes on.
TEST_F(ClockTest, that_is_set_between_two_runs_stops_nothing) {
    for (const std::int64_t off : {ten_years, -ten_years, std::int64_t{0}}) {
        clock_.set(off);
        Process engine({"run", dir_}, clock_.options());
        ASSERT_TRUE(engine.says("CustomWebshop.Customer: read")) << engine.err();
        if (off < 0) {
            EXPECT_THAT(engine.out() + engine.err(), HasSubstr("lie ahead of the clock"));
        }
        expect_arrivals();
        world_.people_work(1);
        clock_.set(off - ten_years);
        world_.let_pass(2);
        engine.signal(SIGKILL);
        ASSERT_EQ(engine.wait(), 128 + SIGKILL);
    }
    EXPECT_THAT(world_.violations(), testing::IsEmpty());
    EXPECT_THAT(world_.violations_at_rest(), testing::IsEmpty());
}

}  // namespace
}  // namespace entente::e2e
