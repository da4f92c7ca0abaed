// Reading whole resources for reports: page by page, patient with a system that throttles, honest
// about one that fails.
#include "run/http_reader.hpp"

#include <gtest/gtest.h>

#include "world.hpp"

namespace entente::run::test {
namespace {

class HttpReaderTest : public testing::Test {
protected:
    HttpReaderTest() : workspace_(two_systems()), transport_(clock_) {
        auto& rest = workspace_.systems[0].rest;
        rest.paging = model::RestProtocol::Paging::page;
        rest.page_parameter = "page";
        rest.size_parameter = "size";
        rest.page_size = 2;
        connectors_ = connectors_of(workspace_);
    }
    Result<int> read() {
        HttpReader reader(workspace_, connectors_, transport_, clock_);
        return reader.read_all(
            shop_things, [&](const sync::SeenRecord& seen) { ids_.push_back(seen.external_id); });
    }

    model::Workspace workspace_;
    std::vector<connect::RestConnector> connectors_;
    FakeClock clock_;
    FakeTransport transport_;
    std::vector<std::string> ids_;
};

Reply pages(const http::Request& request) {
    const bool first = request.url.find("page=1") != std::string::npos;
    return http::Response{200, {}, first ? R"([{"id":"a"},{"id":"b"}])" : R"([{"id":"c"}])"};
}

// Goal: every page is read, and the requests are counted.
TEST_F(HttpReaderTest, reads_every_page) {
    transport_.answer = pages;
    EXPECT_EQ(read().value(), 2);
    EXPECT_EQ(ids_, (std::vector<std::string>{"a", "b", "c"}));
}

// Goal: 429 is waited out as asked. Method: the first two answers are 429 with ten seconds.
TEST_F(HttpReaderTest, waits_as_long_as_it_is_asked_to) {
    int asked = 0;
    transport_.answer = [&](const http::Request& request) -> Reply {
        if (++asked <= 2) return http::Response{429, {{"Retry-After", "10"}}, ""};
        return pages(request);
    };
    EXPECT_EQ(read().value(), 4);
    EXPECT_GE((clock_.now() - start).ms, 20'000);
    EXPECT_EQ(ids_.size(), 3u) << "nothing is read twice";
}

// Goal: a system that stays away is an error that names it, after a bounded number of tries.
TEST_F(HttpReaderTest, gives_up_on_a_system_that_stays_away) {
    transport_.answer = [](const http::Request&) -> Reply {
        return std::unexpected(refused_connection());
    };
    const auto failed = read();
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().where.find("Shop"), std::string::npos);
    EXPECT_LE(transport_.requests.size(), 10u);
}

// Goal: a refused login is told at once.
TEST_F(HttpReaderTest, does_not_hammer_a_system_that_refuses_us) {
    transport_.answer = [](const http::Request&) -> Reply { return http::Response{401, {}, "{}"}; };
    const auto failed = read();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::auth);
    EXPECT_EQ(transport_.requests.size(), 1u);
}

}  // namespace
}  // namespace entente::run::test
