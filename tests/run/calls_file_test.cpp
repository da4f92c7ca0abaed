// The file in which a run leaves what its calls came to: what is written is read, and what is not ours is nothing.
#include "run/calls_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "run/files.hpp"
#include "world.hpp"

namespace entente::run::test {
namespace {

class CallsFileTest : public testing::Test {
protected:
    CallsFileTest() {
        std::string made = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
        CHECK(::mkdtemp(made.data()) != nullptr, "a temporary folder can be made");
        folder_ = made;
    }
    ~CallsFileTest() override { std::filesystem::remove_all(folder_); }

    std::filesystem::path folder_;
};

// Goal: `status` tells what the run knew, and what time has given back since. Method: a window that ends, one that does not.
TEST_F(CallsFileTest, what_a_run_has_left_is_read_as_it_stands_now) {
    const auto path = calls_path(folder_ / "entente.db");
    const auto window = [](Instant ends) {
        return model::QuotaUse{
            .requests = 60, .per = Duration{60'000}, .used = 20, .refills = false, .ends = ends};
    };
    CallsBySystem calls;
    calls["Shop"] = {{1, 2, 3, 4},
                     {window(start + Duration{5'000}), window(start + Duration{50'000})}};
    ASSERT_TRUE(write_calls(path, calls, start));
    const auto read = read_calls(path, start + Duration{10'000});
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read.at("Shop").made, (std::array<std::int64_t, works>{1, 2, 3, 4}));
    ASSERT_EQ(read.at("Shop").quotas.size(), 2u);
    EXPECT_EQ(read.at("Shop").quotas[0].used, 0);
    EXPECT_EQ(read.at("Shop").quotas[1].used, 20);
}

TEST_F(CallsFileTest, no_file_and_a_file_that_is_not_ours_tell_nothing) {
    const auto path = folder_ / "calls.json";
    EXPECT_TRUE(read_calls(path, start).empty());
    for (const char* text :
         {"", "[]", "{}", R"({"at":1,"systems":{}})", R"({"at":"x","systems":[]})"}) {
        ASSERT_TRUE(write_private_file(path, text));
        EXPECT_TRUE(read_calls(path, start).empty()) << text;
    }
}

}  // namespace
}  // namespace entente::run::test
