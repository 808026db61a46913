// What is often done wrong in the exercises of layer_norm.cpp, and what comes out of it.
#pragma once

#include "support/matrix_mistakes.h"

namespace mistakes {

using Row = std::vector<double>;

struct Statistics {
    double mean, spread;
};

inline double sum_of(const Row& row) {
    double sum = 0;
    for (const double number : row)
        sum += number;
    return sum;
}

// The sum of the squared distances from `centre`.
inline double squares(const Row& row, double centre) {
    double sum = 0;
    for (const double number : row)
        sum += (number - centre) * (number - centre);
    return sum;
}

inline Statistics statistics_of(const Row& row, double epsilon) {
    const auto width = static_cast<double>(row.size());
    const double mean = sum_of(row) / width;
    return {mean, std::sqrt(squares(row, mean) / width + epsilon)};
}

inline Row all_numbers(const Grid& grid) {
    Row all;
    for (const Row& row : grid)
        all.insert(all.end(), row.begin(), row.end());
    return all;
}

// The mistakes in one row's mean and spread, each as a grid (1, 2).
inline Mistakes row_statistics(const Grid& input, std::size_t row, double epsilon) {
    const Row& numbers = input[row];
    const auto width = static_cast<double>(numbers.size());
    const auto rows = static_cast<double>(input.size());
    const auto [mean, spread] = statistics_of(numbers, epsilon);
    const double sum = sum_of(numbers), around_mean = squares(numbers, mean);
    const auto around = [&](double centre) {
        return Grid{{centre, std::sqrt(squares(numbers, centre) / width + epsilon)}};
    };
    const auto with_spread = [mean = mean](double other) { return Grid{{mean, other}}; };
    double distances = 0;
    for (const double number : numbers)
        distances += std::abs(number - mean);
    const Row all = all_numbers(input);
    const auto of = [&](const Row& others) {
        const Statistics wrong = statistics_of(others, epsilon);
        return Grid{{wrong.mean, wrong.spread}};
    };
    Mistakes mistakes = {
        {"The variance divides by the width less one; here it should divide by the width.",
         with_spread(std::sqrt(around_mean / (width - 1) + epsilon))},
        {"The sum of the squared distances is not divided by the width; the variance is their "
         "mean.",
         with_spread(std::sqrt(around_mean + epsilon))},
        {"The spread is the variance itself; it should be its square root.",
         with_spread(around_mean / width + epsilon)},
        {"epsilon is forgotten; it should be added to the variance, under the root.",
         with_spread(std::sqrt(around_mean / width))},
        {"epsilon is added after the root; it should be added to the variance, under the root.",
         with_spread(std::sqrt(around_mean / width) + epsilon)},
        {"The mean is not subtracted before squaring; the variance is about the distances from the "
         "mean.",
         with_spread(std::sqrt(squares(numbers, 0) / width + epsilon))},
        {"The distances are not squared, only without their sign; the variance is the mean of "
         "their squares.",
         with_spread(std::sqrt(distances / width + epsilon))},
        {"The sum is not divided by the width, so it is no mean.", around(sum)},
        {"The sum is divided by the number of rows; the mean of a row divides by the width.",
         around(sum / rows)},
        {"The mean and the spread are those of row 0; they should be those of the row that is "
         "asked for.",
         of(input[0])},
        {"The mean and the spread are those of the whole matrix; they should be those of one row.",
         of(all)},
        {"The mean is 0 in the result, though the spread is right.", Grid{{0, spread}}},
        {"Mean and spread are exchanged; the mean comes first.", Grid{{spread, mean}}},
    };
    if (row < numbers.size()) {
        const Grid turned = plain::transpose(input);
        mistakes.push_back(
            {"The mean and the spread are those of a column; they should be those of "
             "a row.",
             of(turned[row])});
    }
    return mistakes;
}

// Each row becomes what number(normalised, gain, shift, column's statistics…) says.
struct NormExample {
    Grid input, gain, shift; // (T, d), (1, d), (1, d)
    double epsilon;
};

template <class Number> // of (input, statistics of its row, gain, shift)
Grid normed(const NormExample& e, Number number) {
    return made(e.input.size(), e.input[0].size(), [&](std::size_t row, std::size_t column) {
        return number(e.input[row][column], statistics_of(e.input[row], e.epsilon),
                      e.gain[0][column], e.shift[0][column]);
    });
}

// As it should be done, but with statistics(row, column).
template <class Of>
Grid normed_with(const NormExample& e, Of statistics) {
    return made(e.input.size(), e.input[0].size(), [&](std::size_t row, std::size_t column) {
        const Statistics some = statistics(row, column);
        return (e.input[row][column] - some.mean) / some.spread * e.gain[0][column] +
               e.shift[0][column];
    });
}

inline Mistakes wrong_statistics(const NormExample& e) {
    const Grid columns = plain::transpose(e.input);
    const Row all = all_numbers(e.input);
    return {
        {"Every row is normalised with the mean and the spread of row 0; each row has its own.",
         normed_with(
             e, [&](std::size_t, std::size_t) { return statistics_of(e.input[0], e.epsilon); })},
        {"Mean and spread are taken down the columns; they should be those of each row.",
         normed_with(e,
                     [&](std::size_t, std::size_t column) {
                         return statistics_of(columns[column], e.epsilon);
                     })},
        {"Mean and spread are those of the whole matrix; they should be those of each row.",
         normed_with(e, [&](std::size_t, std::size_t) { return statistics_of(all, e.epsilon); })},
        {"epsilon is ignored; parameters.epsilon should be passed to row_statistics.",
         normed_with(e,
                     [&](std::size_t row, std::size_t) { return statistics_of(e.input[row], 0); })},
    };
}

inline Mistakes layer_norm_forward(const NormExample& e, const Grid& before) {
    using S = Statistics;
    const auto each = [&](auto number) { return normed(e, number); };
    const Grid right = each([](double x, S s, double gain, double shift) {
        return (x - s.mean) / s.spread * gain + shift;
    });
    Mistakes mistakes = {
        {"The gain is forgotten; the normalised number should be multiplied by its column's gain.",
         each([](double x, S s, double, double shift) { return (x - s.mean) / s.spread + shift; })},
        {"The shift is forgotten; it should be added at the end.",
         each([](double x, S s, double gain, double) { return (x - s.mean) / s.spread * gain; })},
        {"Gain and shift are both forgotten.",
         each([](double x, S s, double, double) { return (x - s.mean) / s.spread; })},
        {"Gain and shift are exchanged; the gain multiplies, the shift is added.",
         each([](double x, S s, double gain, double shift) {
             return (x - s.mean) / s.spread * shift + gain;
         })},
        {"The shift is added before the gain multiplies; it should be added last.",
         each([](double x, S s, double gain, double shift) {
             return ((x - s.mean) / s.spread + shift) * gain;
         })},
        {"The mean is not subtracted.", each([](double x, S s, double gain, double shift) {
             return x / s.spread * gain + shift;
         })},
        {"Nothing is divided by the spread.", each([](double x, S s, double gain, double shift) {
             return (x - s.mean) * gain + shift;
         })},
        {"Only the mean is divided by the spread: the difference needs brackets around it.",
         each([](double x, S s, double gain, double shift) {
             return (x - s.mean / s.spread) * gain + shift;
         })},
        {"The numbers are multiplied by the spread; they should be divided by it.",
         each([](double x, S s, double gain, double shift) {
             return (x - s.mean) * s.spread * gain + shift;
         })},
        {"The numbers are divided by the variance; it should be by the spread, which is already "
         "its root.",
         each([](double x, S s, double gain, double shift) {
             return (x - s.mean) / (s.spread * s.spread) * gain + shift;
         })},
        {"The numbers are divided by the root of the spread; the spread is a root already.",
         each([](double x, S s, double gain, double shift) {
             return (x - s.mean) / std::sqrt(s.spread) * gain + shift;
         })},
    };
    mistakes = joined(mistakes, wrong_statistics(e));
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

} // namespace mistakes
