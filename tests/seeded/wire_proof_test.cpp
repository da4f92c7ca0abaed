// Seeded bugs below the engine: what is sent again, what waits, and what a status means.
#include <algorithm>

#include "connect/budget.hpp"
#include "connect/rest_errors.hpp"
#include "connect/rest_records.hpp"
#include "connect/skew.hpp"
#include "run/lane.hpp"
#include "run/schedule.hpp"
#include "seeded/proof.hpp"

namespace entente::test {
namespace {

const Instant start{1'000'000};

Effect write_of(int intent) {
    Effect effect;
    effect.purpose = Purpose::write;
    effect.intent = IntentId{intent};
    effect.call = CreateCall{ResourceIndex{0}, Value::object(), ""};
    return effect;
}

TEST(WireProof, ignore_retry_after) {
    expect_found(SeededBug::ignore_retry_after, [] {
        connect::Budget budget({{}, 4}, start);
        budget.sent(start);
        budget.answered(start, {429, {{"Retry-After", "30"}}, ""});
        return budget.next_slot(start) == start + Duration{30'000};
    });
}

TEST(WireProof, quota_ignored) {
    expect_found(SeededBug::quota_ignored, [] {
        connect::Budget budget({{{.requests = 1, .per = Duration{1'000}}}, 4}, start);
        budget.sent(start);
        budget.answered(start, {200, {}, ""});
        return !budget.may_send(start);
    });
}

TEST(WireProof, unknown_as_failed) {
    expect_found(SeededBug::unknown_as_failed, [] {
        const auto answer =
            connect::error_answer(model::RestProtocol{}, write_of(1).call, {502, {}, ""});
        return answer.outcome == Outcome::unknown;
    });
}

TEST(WireProof, forbidden_is_login) {
    expect_found(SeededBug::forbidden_is_login, [] {
        const auto answer =
            connect::error_answer(model::RestProtocol{}, write_of(1).call, {403, {}, ""});
        return answer.outcome == Outcome::forbidden;
    });
}

TEST(WireProof, bad_row_stops_page) {
    expect_found(SeededBug::bad_row_stops_page, [] {
        const model::RestProtocol protocol;
        model::Resource resource;
        resource.key_at = "id";
        const auto rows = connect::rows_in({protocol, resource}, "",
                                           {200, {}, R"([{"id":"1"},{"id":null},{"id":"3"}])"});
        return rows && rows->records.size() == 2;
    });
}

TEST(WireProof, absurd_skew_used) {
    expect_found(SeededBug::absurd_skew_used, [] {
        connect::Skew skew;
        const Instant in_73_years = start + Duration{73LL * 365 * 86'400'000};
        skew.seen({{"Date", format_http_date(in_73_years)}}, start, start);
        return skew.estimate() == Duration{0} && skew.absurd().has_value();
    });
}

TEST(WireProof, blind_retry) {
    expect_found(SeededBug::blind_retry, [] {
        run::Lane lane(model::System{}, Random(1, "lane"), start);
        lane.add(write_of(5), start);
        auto call = lane.take(start);
        CHECK(call.has_value(), "a new lane has room");
        Answer answer;
        answer.outcome = Outcome::unknown;
        return lane.failed(*std::move(call), {}, answer, start).has_value();
    });
}

// Two polls of a list in which nothing happens are as far apart as the workspace says.
TEST(WireProof, poll_slackens) {
    expect_found(SeededBug::poll_slackens, [] {
        World world(small_workspace(), small_catalog());
        run::Schedule schedule(world.workspace(), start);
        Duration shortest{1'000'000'000};
        for (const model::System& system : world.workspace().systems)
            shortest = std::min(shortest, system.poll_every);
        for (const sync::FeedDue& due : schedule.take_due(start)) {
            Effect page;
            page.purpose = Purpose::page;
            page.call = ListCall{due.resource, std::nullopt, ""};
            page.sweep = due.sweep;
            schedule.asked(page, start);
            schedule.answered({page, {}}, start);
        }
        return schedule.next_due() == start + shortest;
    });
}

}  // namespace
}  // namespace entente::test
