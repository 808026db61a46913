// Comparisons that show what is wrong: which number first, and a part of both matrices around it.
#pragma once

#include "error.h"
#include "matrix.h"
#include "support/grid.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace support {

constexpr bool real_is_double = std::is_same_v<whirlygig::Real, double>;

// How far rounding may move a number, in proportion to the largest number of its matrix.
constexpr double rounding = real_is_double ? 1e-12 : 1e-5;

// The line of the test that asks, for the message.
struct Here {
    const char* file = __builtin_FILE();
    int line = __builtin_LINE();
};

inline double largest_number(const Grid& grid) {
    double largest = 0;
    for (const auto& row : grid) {
        for (const double number : row) {
            if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
        }
    }
    return largest;
}

inline std::string shape_text(const Grid& grid) {
    return fmt::format("({}, {})", grid.size(), grid.empty() ? 0 : grid[0].size());
}

// Equal infinities agree; "not a number" agrees with nothing.
inline bool agree(double got, double expected, double allowed) {
    return got == expected || std::abs(got - expected) <= allowed;
}

// As it is shown: "not a number" and 0 without a sign.
inline double without_sign(double number) {
    if (std::isnan(number)) return std::numeric_limits<double>::quiet_NaN();
    return number == 0 ? 0 : number;
}

// "0.2 but should be 0.125", with as many digits as it takes to tell the two apart.
inline std::string got_and_expected(double got, double expected) {
    const auto with = [](double number, int digits) {
        return fmt::format("{:.{}g}", without_sign(number), digits);
    };
    const int digits = with(got, 6) == with(expected, 6) ? 9 : 6;
    return with(got, digits) + " but should be " + with(expected, digits);
}

// A few rows and columns from (row, column) on; `marked` says which numbers get a star.
template <class Marked>
std::string picture(const Grid& grid, std::size_t row, std::size_t column, Marked marked) {
    std::string text;
    const std::size_t rows = std::min(grid.size(), row + 6);
    for (std::size_t r = row; r < rows; ++r) {
        text += fmt::format("  row {:<3}", r);
        const std::size_t columns = std::min(grid[r].size(), column + 6);
        for (std::size_t c = column; c < columns; ++c)
            text += fmt::format("{:>12.5g}{}", without_sign(grid[r][c]), marked(r, c) ? '*' : ' ');
        text += columns < grid[r].size() ? " ...\n" : "\n";
    }
    return text + (rows < grid.size() ? "  ...\n" : "");
}

inline bool same_shape(const Grid& a, const Grid& b) {
    const auto as_long = [](const auto& x, const auto& y) { return x.size() == y.size(); };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), as_long);
}

// Which numbers do not agree within allowed(got, expected), with a picture of both around the
// first of them; empty when all agree.
template <class Allowed>
std::string disagreement(const Grid& got, const Grid& expected, Allowed allowed) {
    if (!same_shape(got, expected))
        return fmt::format("the shape is {} but should be {}\n", shape_text(got),
                           shape_text(expected));
    const auto wrong = [&](std::size_t row, std::size_t column) {
        const double a = got[row][column], b = expected[row][column];
        return !agree(a, b, allowed(a, b));
    };
    std::size_t count = 0, first_row = 0, first_column = 0;
    for (std::size_t row = got.size(); row-- > 0;) {
        for (std::size_t column = got[row].size(); column-- > 0;) {
            if (!wrong(row, column)) continue;
            ++count;
            first_row = row;
            first_column = column;
        }
    }
    if (count == 0) return "";
    // Two places to the left and above show what stands around the first wrong number.
    const std::size_t top = first_row - std::min<std::size_t>(first_row, 2);
    const std::size_t left = first_column - std::min<std::size_t>(first_column, 2);
    const std::string from = left > 0 ? fmt::format(", columns from {} on", left) : "";
    return fmt::format(
        "row {}, column {} is {}\n"
        "wrong numbers: {} of {}, marked * below{}\n"
        "got:\n{}expected:\n{}",
        first_row, first_column,
        got_and_expected(got[first_row][first_column], expected[first_row][first_column]), count,
        got.size() * got[0].size(), from, picture(got, top, left, wrong),
        picture(expected, top, left, wrong));
}

// Fails at `here` unless every two numbers agree within allowed(got, expected).
template <class Allowed>
void expect_agreement(const Grid& got, const Grid& expected, Allowed allowed, Here here) {
    const std::string wrong = disagreement(got, expected, allowed);
    if (!wrong.empty()) ADD_FAILURE_AT(here.file, here.line) << wrong;
}

// Fails unless both have the same shape and no number is further off than `tolerance` times the
// largest expected number.
inline void expect_close(const Grid& got, const Grid& expected, double tolerance = rounding,
                         Here here = {}) {
    const double allowed = tolerance * largest_number(expected);
    expect_agreement(
        got, expected, [&](double, double) { return allowed; }, here);
}

template <class Numbers> // Matrix or Vector
void expect_close(const Numbers& got, const Grid& expected, double tolerance = rounding,
                  Here here = {}) {
    expect_close(to_grid(got), expected, tolerance, here);
}

// Fails unless both have the same shape and exactly the same numbers.
template <class Numbers> // Matrix or Vector
void expect_equal(const Numbers& got, const Grid& expected, Here here = {}) {
    expect_close(to_grid(got), expected, 0, here);
}

// Fails unless `action` throws an Error whose sentence holds each of these words.
template <class Action>
void expect_error(Action action, const std::vector<std::string>& words, Here here = {}) {
    try {
        action();
    } catch (const whirlygig::Error& error) {
        const std::string sentence = error.what();
        for (const std::string& word : words) {
            if (sentence.find(word) != std::string::npos) continue;
            ADD_FAILURE_AT(here.file, here.line)
                << "the error should speak of \"" << word << "\" but says:\n  " << sentence;
        }
        return;
    }
    ADD_FAILURE_AT(here.file, here.line) << "this should have been refused with an Error";
}

} // namespace support
