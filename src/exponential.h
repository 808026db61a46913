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

// Within two units in the last place of float, but 0 below −86, where floats lose their precision.
// exp(−∞) is 0, exp of NaN is NaN. The tests' double build uses std::exp.
inline Real exponential(Real x) {
    if constexpr (std::is_same_v<Real, double>) return std::exp(x);
    constexpr Real smallest = -86, largest = Real(88.72283); // exp(largest) is the largest float
    Real within = x >= smallest ? x : smallest;
    within = within < largest ? within : largest;
    // 1. x = n · ln 2 + rest, where n is a whole number and |rest| ≤ ln 2 / 2. The product with
    //    ln 2 is taken in two parts, the first of which is exact.
    constexpr Real log2_of_e = Real(1.44269504), ln2_high = Real(0.693359375);
    constexpr Real ln2_low = Real(-2.12194440e-4);
    const Real n = std::floor(within * log2_of_e + Real(0.5));
    const Real rest = (within - n * ln2_high) - n * ln2_low;
    // 2. exp(rest) = 1 + rest + rest²/2! + … + rest⁷/7!; what follows is too small to matter.
    Real sum = Real(1.0 / 5040);
    sum = sum * rest + Real(1.0 / 720);
    sum = sum * rest + Real(1.0 / 120);
    sum = sum * rest + Real(1.0 / 24);
    sum = sum * rest + Real(1.0 / 6);
    sum = sum * rest + Real(0.5);
    sum = sum * rest + 1;
    sum = sum * rest + 1;
    // 3. exp(x) = exp(rest) · 2ⁿ; a float whose bits are (exponent + 127) · 2²³ is a power of two.
    //    2ⁿ⁻¹, because 2¹²⁸ is no float.
    const auto bits = (static_cast<std::int32_t>(n) + 126) * (std::int32_t{1} << 23);
    Real result = sum * static_cast<Real>(std::bit_cast<float>(bits)) * 2;
    result = x > largest ? std::numeric_limits<Real>::infinity() : result;
    result = x < smallest ? 0 : result;
    return std::isnan(x) ? x : result;
}

} // namespace whirlygig
