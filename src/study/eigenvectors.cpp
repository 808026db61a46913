#include "study/eigenvectors.h"

#include "error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace whirlygig {
namespace {

// A turn by an angle, as its cosine and sine.
struct Turn {
    double cosine, sine;

    void apply(double& first, double& second) const {
        const double old = first;
        first = cosine * old - sine * second;
        second = sine * old + cosine * second;
    }
};

// The smaller of the two turns of the axes p and q after which matrix[p][q] is 0.
Turn turn_for(const SymmetricMatrix& matrix, std::size_t p, std::size_t q) {
    const double ratio = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]); // 1 / tan of 2·angle
    const double tangent = (ratio < 0 ? -1 : 1) / (std::abs(ratio) + std::sqrt(ratio * ratio + 1));
    const double cosine = 1 / std::sqrt(tangent * tangent + 1);
    return {cosine, tangent * cosine};
}

void turn_axes(SymmetricMatrix& matrix, SymmetricMatrix& axes, std::size_t p, std::size_t q) {
    const Turn turn = turn_for(matrix, p, q);
    for (auto& row : matrix)
        turn.apply(row[p], row[q]);
    for (std::size_t column = 0; column < matrix.size(); ++column)
        turn.apply(matrix[p][column], matrix[q][column]);
    for (std::size_t column = 0; column < matrix.size(); ++column)
        turn.apply(axes[p][column], axes[q][column]);
}

// The sums of the squares of all numbers, and of those beside the diagonal.
struct Squares {
    double all = 0, beside = 0;
};

Squares squares_of(const SymmetricMatrix& matrix) {
    Squares squares;
    for (std::size_t row = 0; row < matrix.size(); ++row) {
        for (std::size_t column = 0; column < matrix.size(); ++column) {
            const double square = matrix[row][column] * matrix[row][column];
            squares.all += square;
            if (row != column) squares.beside += square;
        }
    }
    return squares;
}

SymmetricMatrix unturned_axes(std::size_t count) {
    SymmetricMatrix axes(count, std::vector<double>(count, 0.0));
    for (std::size_t axis = 0; axis < count; ++axis)
        axes[axis][axis] = 1;
    return axes;
}

} // namespace

Eigenvectors find_eigenvectors(SymmetricMatrix matrix) {
    const std::size_t count = matrix.size();
    for (const auto& row : matrix) {
        if (row.size() != count)
            fail("find_eigenvectors: a row has {} numbers but there are {} rows", row.size(),
                 count);
    }
    SymmetricMatrix axes = unturned_axes(count);
    constexpr double as_good_as_zero = 1e-30; // of squares: 1e-15 of the numbers
    constexpr int most_rounds = 50;           // a handful is usual
    for (int round = 0; round < most_rounds; ++round) {
        const Squares squares = squares_of(matrix);
        if (squares.beside <= as_good_as_zero * squares.all) break;
        for (std::size_t p = 0; p < count; ++p) {
            for (std::size_t q = p + 1; q < count; ++q) {
                if (matrix[p][q] != 0) turn_axes(matrix, axes, p, q);
            }
        }
    }
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return matrix[a][a] > matrix[b][b]; });
    Eigenvectors result;
    for (const std::size_t index : order) {
        result.values.push_back(matrix[index][index]);
        result.vectors.push_back(axes[index]);
    }
    return result;
}

} // namespace whirlygig
