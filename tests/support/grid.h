// A Grid is a matrix as plainly as C++ can say it: rows of doubles. What the tests expect is
// computed with Grids and never with the code under test; a vector is a Grid of one row.
#pragma once

#include "matrix.h"

#include <cstddef>
#include <vector>

namespace support {

using Grid = std::vector<std::vector<double>>;

inline Grid to_grid(const whirlygig::Matrix& matrix) {
    Grid grid(matrix.size1(), std::vector<double>(matrix.size2()));
    for (std::size_t row = 0; row < matrix.size1(); ++row) {
        for (std::size_t column = 0; column < matrix.size2(); ++column)
            grid[row][column] = matrix(row, column);
    }
    return grid;
}

inline Grid to_grid(const whirlygig::Vector& vector) {
    Grid grid(1);
    for (std::size_t index = 0; index < vector.size(); ++index)
        grid[0].push_back(vector(index));
    return grid;
}

inline whirlygig::Matrix to_matrix(const Grid& grid) {
    whirlygig::Matrix matrix(grid.size(), grid.empty() ? 0 : grid[0].size());
    for (std::size_t row = 0; row < matrix.size1(); ++row) {
        for (std::size_t column = 0; column < matrix.size2(); ++column)
            matrix(row, column) = static_cast<whirlygig::Real>(grid[row][column]);
    }
    return matrix;
}

// Of a single row.
inline whirlygig::Vector to_vector(const Grid& row) {
    whirlygig::Vector vector(row.at(0).size());
    for (std::size_t index = 0; index < vector.size(); ++index)
        vector(index) = static_cast<whirlygig::Real>(row[0][index]);
    return vector;
}

// What an addition made of `before` has added to it.
inline Grid difference(Grid after, const Grid& before) {
    for (std::size_t row = 0; row < after.size(); ++row) {
        for (std::size_t column = 0; column < after[row].size(); ++column)
            after[row][column] -= before.at(row).at(column);
    }
    return after;
}

template <class Numbers> // Matrix or Vector
Grid difference(const Numbers& after, const Numbers& before) {
    return difference(to_grid(after), to_grid(before));
}

} // namespace support
