// exp(x), for the loops over whole matrices that softmax and GELU are made of.
//
// std::exp takes one number at a time. This one is made of nothing but additions and
// multiplications, without a branch, so in a loop the compiler computes 4, 8 or 16 at once.
#pragma once

#include "matrix.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace whirlygig {

// What is in the parentheses is computed as it stands there. Elsewhere in the loops over matrices
// the compiler may take sums apart and put them together in another order.
inline Real as_it_stands(Real sum) {
#if __has_builtin(__builtin_assoc_barrier)
    return __builtin_assoc_barrier(sum);
#else
    return sum;
#endif
}

// Within two units in the last place of float from −87.3 to 88.3; 0 below, ∞ above. exp of NaN is
// NaN. The tests' double build uses std::exp.
inline Real exponential(Real x) {
    if constexpr (std::is_same_v<Real, double>) return std::exp(x);
    // 1. x = n · ln 2 + rest, where n is a whole number and |rest| ≤ ln 2 / 2. The product with
    //    ln 2 is taken in two parts, the first of which is exact.
    constexpr Real log2_of_e = Real(1.44269504), ln2_high = Real(0.693359375);
    constexpr Real ln2_low = Real(-2.12194440e-4);
    const Real n = std::floor(x * log2_of_e + Real(0.5));
    const Real rest = as_it_stands(x - n * ln2_high) - n * ln2_low;
    // 2. exp(rest) = 1 + rest + rest²/2! + … + rest⁷/7!; what follows is too small to matter.
    Real sum = Real(1.0 / 5040);
    sum = sum * rest + Real(1.0 / 720);
    sum = sum * rest + Real(1.0 / 120);
    sum = sum * rest + Real(1.0 / 24);
    sum = sum * rest + Real(1.0 / 6);
    sum = sum * rest + Real(0.5);
    sum = sum * rest + 1;
    sum = sum * rest + 1;
    // 3. exp(x) = exp(rest) · 2ⁿ; a float whose bits are (n + 127) · 2²³ is 2ⁿ. Between 2²³ and 2²⁴
    //    there are no floats but whole numbers, so that the lowest bits of one count them.
    constexpr float counter = 3 << 22;
    const float counted = counter + 127 + static_cast<float>(n);
    const float power = std::bit_cast<float>(std::bit_cast<std::uint32_t>(counted) << 23);
    Real result = sum * static_cast<Real>(power);
    // Further out n has no room in eight bits.
    result = x > Real(88.3) ? std::numeric_limits<Real>::infinity() : result;
    result = x < Real(-87.3) ? 0 : result;
    return result;
}

} // namespace whirlygig
