// Gradients without any rule of calculus: change one number a little, up and down, and look how
// far the result moves.
#pragma once

#include "support/expect.h"
#include "support/grid.h"

namespace support {

// The slope of `function`, from a Grid to one number, by every number of `at` (central differences:
// their error shrinks with the square of the step).
template <class Function>
Grid slopes(Grid at, Function function) {
    constexpr double step = 1e-5;
    Grid result = at;
    for (std::size_t row = 0; row < at.size(); ++row) {
        for (std::size_t column = 0; column < at[row].size(); ++column) {
            const double number = at[row][column];
            at[row][column] = number + step;
            const double above = function(at);
            at[row][column] = number - step;
            const double below = function(at);
            at[row][column] = number;
            result[row][column] = (above - below) / (2 * step);
        }
    }
    return result;
}

// Fails unless `got`, computed by a backward function, agrees with the slopes. In double, a
// millionth of the larger of the two is allowed. In float, rounding decides.
inline void expect_gradient(const Grid& got, const Grid& expected, Here here = {}) {
    const double largest = largest_number(expected);
    const auto allowed = [&](double a, double b) {
        if (real_is_double) return 1e-6 * std::max(std::abs(a), std::abs(b)) + 1e-8;
        return rounding * largest + 1e-6;
    };
    expect_agreement(got, expected, allowed, here);
}

template <class Numbers> // Matrix or Vector
void expect_gradient(const Numbers& got, const Grid& expected, Here here = {}) {
    expect_gradient(to_grid(got), expected, here);
}

} // namespace support
