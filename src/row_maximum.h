// The largest number of a row, for softmax.
#pragma once

#include "matrix.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace whirlygig {

// −∞ when there is none, and when there is nothing but NaN. Left to std::max, the compiler would
// compare one number at a time; one of the processor's vectors compares eight.
inline Real row_maximum(const Matrix& matrix, std::size_t row) {
    constexpr Real minus_infinity = -std::numeric_limits<Real>::infinity();
    constexpr std::size_t lanes = 8;
    typedef Real Eight __attribute__((vector_size(lanes * sizeof(Real))));
    const std::size_t columns = matrix.size2();
    const Real* numbers = matrix.data().data() + row * columns;
    Eight largest = Eight{} + minus_infinity, next;
    std::size_t column = 0;
    for (; column + lanes <= columns; column += lanes) {
        std::memcpy(&next, numbers + column, sizeof next);
        largest = next > largest ? next : largest;
    }
    Real maximum = minus_infinity;
    for (std::size_t lane = 0; lane < lanes; ++lane)
        maximum = std::max(maximum, static_cast<Real>(largest[lane]));
    for (; column < columns; ++column)
        maximum = std::max(maximum, numbers[column]);
    return maximum;
}

} // namespace whirlygig
