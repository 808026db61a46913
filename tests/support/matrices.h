// What the tests start from: seeded random numbers, and results that still hold something old.
#pragma once

#include "matrix.h"
#include "random.h"

#include <cstddef>
#include <limits>
#include <vector>

namespace support {

// Normal random numbers with this spread; another `random`, other numbers.
inline whirlygig::Matrix random_matrix(whirlygig::Random& random, std::size_t rows,
                                       std::size_t columns, double spread = 1) {
    whirlygig::Matrix matrix(rows, columns);
    for (auto& number : matrix.data())
        number = static_cast<whirlygig::Real>(spread * random.normal());
    return matrix;
}

inline whirlygig::Vector random_vector(whirlygig::Random& random, std::size_t size,
                                       double spread = 1) {
    whirlygig::Vector vector(size);
    for (auto& number : vector.data())
        number = static_cast<whirlygig::Real>(spread * random.normal());
    return vector;
}

inline std::vector<int> random_ids(whirlygig::Random& random, std::size_t count,
                                   std::size_t vocabulary) {
    std::vector<int> ids(count);
    for (int& id : ids)
        id = static_cast<int>(random.below(vocabulary));
    return ids;
}

// A result of an earlier pass. It holds "not a number" everywhere, so whoever adds to it where it
// should be written over, or forgets a number, is found out.
inline whirlygig::Matrix stale_matrix(std::size_t rows, std::size_t columns) {
    return whirlygig::Matrix(rows, columns, std::numeric_limits<whirlygig::Real>::quiet_NaN());
}

// Where a matrix keeps its numbers. A pass that finds its results in the right shape leaves them
// where they are: it asks for no new memory.
inline const whirlygig::Real* address(const whirlygig::Matrix& matrix) {
    return matrix.data().data();
}

} // namespace support
