// What the tests of the simulated systems share: a system with a clock of its own and short ways to ask it.
#pragma once

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "sim/system.hpp"

namespace entente::sim::test {

struct Answer {
    int status = 0;
    Value body;
    http::Headers headers;

    std::string header(std::string_view name) const {
        return std::string(http::find(headers, name).value_or(""));
    }
    // The text at a path, or its JSON.
    std::string at(std::string_view path) const {
        const Value* value = body.at_path(path);
        if (value == nullptr) return "(absent)";
        return value->is_text() ? value->as_text() : json::write(*value);
    }
    std::size_t count(std::string_view list) const {
        const Value* value = body.find(list);
        return value == nullptr ? 0 : value->as_list().size();
    }
};

class Client {
public:
    explicit Client(SimOptions options) : options_(std::move(options)) { restart(); }

    // As after kill -9: the old one is gone before the new one reads the journal.
    void restart() {
        system_.reset();
        auto made = make_system(options_);
        ASSERT_TRUE(made.has_value()) << made.error().message();
        system_ = *std::move(made);
    }

    Answer send(const std::string& method, const std::string& url, const std::string& body = "",
                http::Headers headers = {}) {
        const bool is_shop = options_.kind == "custom-webshop";
        headers.emplace_back(is_shop ? "X-Api-Key" : "Authorization",
                             is_shop ? options_.credential : "Bearer " + options_.credential);
        return raw({method, url, std::move(headers), body});
    }
    Answer get(const std::string& url) { return send("GET", url); }
    Answer post(const std::string& url, const std::string& body) { return send("POST", url, body); }
    Answer patch(const std::string& url, const std::string& body) {
        return send("PATCH", url, body);
    }
    Answer put(const std::string& url, const std::string& body) { return send("PUT", url, body); }
    // With the version that stands now.
    Answer patch_now(const std::string& url, const std::string& body) {
        return send("PATCH", url, body, {{"If-Match", get(url).header("ETag")}});
    }
    Answer raw(const http::Request& request) {
        const http::Response response = system_->handle(request, now);
        now = now + call_takes;
        Answer answer{response.status, {}, response.headers};
        if (response.body.starts_with('{')) answer.body = json::read(response.body).value();
        return answer;
    }
    Value stats() { return raw({"GET", "/sim/stats", {}, ""}).body; }

    // Everything it shows: all lists, byte for byte.
    std::string everything() {
        const bool is_shop = options_.kind == "custom-webshop";
        std::string all;
        for (const char* path : {"customers", "products", "orders", "order-lines"}) {
            std::string next;
            for (int page = 1; page < 1000; ++page) {
                const std::string url = is_shop ? "/api/" + std::string(path) +
                                                      "?page_size=250&page=" + std::to_string(page)
                                                : "/v1/" + std::string(path) + "?limit=500" + next;
                const Answer answer = get(url);
                if (answer.status == 404) break;  // the shop has no such list
                EXPECT_EQ(answer.status, 200);
                if (answer.status != 200) return "not readable";
                const Value* rows = answer.body.find(is_shop ? "items" : "data");
                all += json::write(*rows) + "\n";
                const Value* cursor = answer.body.find("next");
                if (cursor != nullptr && cursor->is_text()) {
                    next = "&cursor=" + cursor->as_text();
                } else if (!is_shop || rows->as_list().size() < 250) {
                    break;
                }
            }
        }
        return all;
    }

    Instant now{1'795'000'000'000};  // 2026-11-18
    Duration call_takes;

private:
    SimOptions options_;
    std::unique_ptr<SimulatedSystem> system_;
};

// The limits are tested on their own; elsewhere they are too fast to be met.
inline SimOptions shop_options() {
    return {.kind = "custom-webshop", .clock = 1'000'000};
}
inline SimOptions erp_options() {
    return {.kind = "custom-erp", .clock = 1'000'000};
}

inline SimOptions exact_options() {
    return {.kind = "exact-online", .clock = 1'000'000};
}

// A directory of the test's own, empty at first and gone at last.
class TemporaryDirectory {
public:
    TemporaryDirectory() {
        const auto* info = testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::path(testing::TempDir()) /
                (std::string("entente-sim-") + info->name() + "-" + std::to_string(::getpid()));
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    ~TemporaryDirectory() {
        std::error_code
            ignored;  // a left-over directory in the system's temporary folder hurts nobody
        std::filesystem::remove_all(path_, ignored);
    }
    std::string path(const std::string& name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

}  // namespace entente::sim::test
