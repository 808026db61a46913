// A fingerprint of bytes, to notice that two files or two sets of parameters differ. It is quick
// and the same on every machine, but no protection against someone who wants two to be equal.
#pragma once

#include <cstdint>
#include <string_view>

namespace whirlygig {

// The 64 bit hash FNV-1a. A hash handed on as `start` continues it: the hash of "ab" is
// hash_bytes("b", hash_bytes("a")). Source of the method and of both numbers: Fowler, Noll and Vo,
// http://www.isthe.com/chongo/tech/comp/fnv/
constexpr std::uint64_t hash_bytes(std::string_view bytes,
                                   std::uint64_t start = 0xcbf29ce484222325) {
    std::uint64_t hash = start;
    for (const char byte : bytes) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3;
    }
    return hash;
}

} // namespace whirlygig
