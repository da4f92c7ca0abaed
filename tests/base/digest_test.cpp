// Digests are stable (they are stored) and differ with bytes and seed.
#include "base/digest.hpp"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(Digest, a_digest_is_the_same_for_ever) {
    EXPECT_EQ(digest_of("").hex(),
              "99aa06d3014798d86001c324468d497f");  // as published for XXH3-128
    EXPECT_EQ(digest_of("entente").hex(), "ca3b9838a81387eab4f63c9277b6ca34");
}

TEST(Digest, other_bytes_or_another_seed_give_another_digest) {
    EXPECT_NE(digest_of("a"), digest_of("b"));
    EXPECT_NE(digest_of("a"), digest_of("a", 1));
    EXPECT_EQ(digest_of("a"), digest_of("a", 0));
}

TEST(Digest, hex_has_all_its_zeros) {
    EXPECT_EQ((Digest{1, 0xabc}.hex()), "00000000000000010000000000000abc");
}

}  // namespace
}  // namespace entente
