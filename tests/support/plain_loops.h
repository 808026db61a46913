// Every stage once more, as slowly and plainly as it can be written down: loops over doubles.
// The tests compare the transformer with these loops. Nothing here calls the code under test.
#pragma once

#include "support/grid.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace plain {

using support::Grid;

constexpr double infinity = std::numeric_limits<double>::infinity();

inline Grid zeros(std::size_t rows, std::size_t columns) {
    return Grid(rows, std::vector<double>(columns, 0.0));
}

// A grid whose numbers are number(row, column).
template <class Number>
Grid made(std::size_t rows, std::size_t columns, Number number) {
    Grid result = zeros(rows, columns);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column)
            result[row][column] = number(row, column);
    }
    return result;
}

inline Grid transpose(const Grid& a) {
    Grid result = zeros(a.at(0).size(), a.size());
    for (std::size_t row = 0; row < a.size(); ++row) {
        for (std::size_t column = 0; column < a[row].size(); ++column)
            result[column][row] = a[row][column];
    }
    return result;
}

inline Grid product(const Grid& a, const Grid& b) {
    Grid result = zeros(a.size(), b.at(0).size());
    for (std::size_t row = 0; row < a.size(); ++row) {
        for (std::size_t column = 0; column < b[0].size(); ++column) {
            for (std::size_t k = 0; k < b.size(); ++k)
                result[row][column] += a[row].at(k) * b[k][column];
        }
    }
    return result;
}

inline Grid add(Grid a, const Grid& b) {
    for (std::size_t row = 0; row < a.size(); ++row) {
        for (std::size_t column = 0; column < a[row].size(); ++column)
            a[row][column] += b.at(row).at(column);
    }
    return a;
}

// The sum of all numbers, each times its weight. Seen as a loss, its gradient by `values` is
// `weights`: that is how the tests of backward functions choose any gradient to start from.
inline double weighted_sum(const Grid& weights, const Grid& values) {
    double sum = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
        for (std::size_t column = 0; column < values[row].size(); ++column)
            sum += weights.at(row).at(column) * values[row][column];
    }
    return sum;
}

inline Grid linear(const Grid& input, const Grid& weights, const Grid& bias) {
    Grid output = product(input, weights);
    for (auto& row : output) {
        for (std::size_t column = 0; column < row.size(); ++column)
            row[column] += bias[0].at(column);
    }
    return output;
}

inline Grid layer_norm(const Grid& input, const Grid& gain, const Grid& shift, double epsilon) {
    Grid output = input;
    for (auto& row : output) {
        const auto width = static_cast<double>(row.size());
        double mean = 0, variance = 0;
        for (const double number : row)
            mean += number / width;
        for (const double number : row)
            variance += (number - mean) * (number - mean) / width;
        for (std::size_t column = 0; column < row.size(); ++column) {
            const double normalised = (row[column] - mean) / std::sqrt(variance + epsilon);
            row[column] = gain[0].at(column) * normalised + shift[0].at(column);
        }
    }
    return output;
}

// The tanh form, written with one exponential: (1 + tanh z) / 2 = 1 / (1 + exp(−2z)).
inline double gelu(double x) {
    const double z = std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x);
    return x / (1 + std::exp(-2 * z));
}

inline Grid gelu(Grid hidden) {
    for (auto& row : hidden) {
        for (double& number : row)
            number = gelu(number);
    }
    return hidden;
}

inline Grid softmax(Grid scores) {
    for (auto& row : scores) {
        double largest = -infinity, sum = 0;
        for (const double score : row)
            largest = std::max(largest, score);
        for (const double score : row)
            sum += std::exp(score - largest);
        for (double& score : row)
            score = std::exp(score - largest) / sum;
    }
    return scores;
}

// The last query may look at every key, the one before it at all but the last key, and so on.
inline Grid causal_mask(Grid scaled) {
    for (std::size_t from_last = 0; from_last < scaled.size(); ++from_last) {
        auto& row = scaled[scaled.size() - 1 - from_last];
        for (std::size_t hidden = 0; hidden < from_last; ++hidden)
            row.at(row.size() - 1 - hidden) = -infinity;
    }
    return scaled;
}

inline Grid scale(Grid scores, std::size_t head_width) {
    for (auto& row : scores) {
        for (double& score : row)
            score /= std::sqrt(static_cast<double>(head_width));
    }
    return scores;
}

struct Head {
    Grid queries, keys, values, scores, scaled, masked, attention_weights, mixed;
};

// One head from queries, keys and values on. Without a mask, `masked` stays empty.
inline Head attention(const Grid& queries, const Grid& keys, const Grid& values, bool causal) {
    Head head{queries, keys, values, {}, {}, {}, {}, {}};
    head.scores = product(queries, transpose(keys));
    head.scaled = scale(head.scores, queries.at(0).size());
    if (causal) head.masked = causal_mask(head.scaled);
    head.attention_weights = softmax(causal ? head.masked : head.scaled);
    head.mixed = product(head.attention_weights, values);
    return head;
}

// A row for each target: how surprising it is.
inline Grid cross_entropy(const Grid& probabilities, const std::vector<int>& targets) {
    Grid loss;
    for (std::size_t place = 0; place < targets.size(); ++place) {
        const auto target = static_cast<std::size_t>(targets[place]);
        loss.push_back({-std::log(probabilities.at(place).at(target))});
    }
    return loss;
}

} // namespace plain
