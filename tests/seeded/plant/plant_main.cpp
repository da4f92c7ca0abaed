// Runs the tests that it is linked with while one bug is awake: ENTENTE_PLANT=name. Without it none is.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "base/seeded_bug.hpp"

int main(int count, char** words) {
    ::testing::InitGoogleTest(&count, words);
    if (const char* name = std::getenv("ENTENTE_PLANT")) {
        const auto bug = entente::seeded_bug_named(name);
        if (!bug) {
            std::fprintf(stderr, "%s is no seeded bug\n", name);
            return 2;
        }
        entente::plant(bug);
    }
    const int status = RUN_ALL_TESTS();
    std::printf("reached %lld\n", static_cast<long long>(entente::times_reached()));
    return status;
}
