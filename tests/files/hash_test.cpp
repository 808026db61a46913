#include "files/hash.h"

#include <gtest/gtest.h>

#include <string_view>

using whirlygig::hash_bytes;

// The test vectors of FNV-1a with 64 bits that its authors publish.
TEST(Hash, GivesThePublishedValues) {
    EXPECT_EQ(hash_bytes(""), 0xcbf29ce484222325u);
    EXPECT_EQ(hash_bytes("a"), 0xaf63dc4c8601ec8cu);
    EXPECT_EQ(hash_bytes("foobar"), 0x85944171f73967e8u);
}

TEST(Hash, ContinuesFromAnEarlierHash) {
    EXPECT_EQ(hash_bytes("bar", hash_bytes("foo")), hash_bytes("foobar"));
    EXPECT_NE(hash_bytes("foo", hash_bytes("bar")), hash_bytes("foobar"));
}

TEST(Hash, CountsEveryByteAsUnsigned) {
    // 0xff: (offset basis xor 255) times the prime, modulo 2^64, worked out apart from the code.
    EXPECT_EQ(hash_bytes("\xff"), 0xaf64724c8602eb6eu);
    EXPECT_NE(hash_bytes(std::string_view("\0", 1)), hash_bytes(""));
}
