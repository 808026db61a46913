// The way back through every stage once more, as plain loops over doubles. The tests of the
// exercises compare with these; plain_backward_test.cpp proves them by nudging the plain
// stages of plain_loops.h.
#pragma once

#include "support/plain_loops.h"

namespace plain {

// The slope of GELU: with gelu(x) = x · gate(x), it is gate(x) + x · the slope of the gate.
inline double gate(double x) {
    const double z = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
    return 1 / (1 + std::exp(-2 * z));
}
inline double gate_slope(double x) {
    const double z_slope = std::sqrt(2 / std::numbers::pi) * (1 + 3 * 0.044715 * x * x);
    return 2 * gate(x) * (1 - gate(x)) * z_slope;
}
inline double gelu_slope(double x) {
    return gate(x) + x * gate_slope(x);
}

inline Grid gelu_backward(const Grid& gradient, const Grid& hidden) {
    return made(hidden.size(), hidden[0].size(), [&](std::size_t row, std::size_t column) {
        return gradient[row][column] * gelu_slope(hidden[row][column]);
    });
}

inline Grid sum_of_rows(const Grid& grid) {
    return made(1, grid[0].size(), [&](std::size_t, std::size_t column) {
        double sum = 0;
        for (const auto& row : grid)
            sum += row[column];
        return sum;
    });
}

// Probabilities that came of a softmax, and the targets that they were compared with.
inline Grid softmax_cross_entropy_backward(const Grid& gradient_loss, const Grid& probabilities,
                                           const std::vector<std::size_t>& targets) {
    return made(probabilities.size(), probabilities[0].size(),
                [&](std::size_t place, std::size_t token) {
                    if (place >= targets.size()) return 0.0;
                    const double wanted = token == targets[place] ? 1 : 0;
                    return (probabilities[place][token] - wanted) * gradient_loss[place][0];
                });
}

inline Grid softmax_backward(const Grid& gradient, const Grid& probabilities) {
    return made(probabilities.size(), probabilities[0].size(),
                [&](std::size_t row, std::size_t column) {
                    double average = 0;
                    for (std::size_t k = 0; k < probabilities[row].size(); ++k)
                        average += gradient[row][k] * probabilities[row][k];
                    return probabilities[row][column] * (gradient[row][column] - average);
                });
}

} // namespace plain
