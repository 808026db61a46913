// What is often done wrong in the exercises of matrix.cpp, and what comes out of it.
#pragma once

#include "support/plain_loops.h"
#include "support/teach.h"

namespace mistakes {

using plain::made;
using support::Grid;
using support::Mistakes;

// Each is a grid with the shape of `right`: at some places what is right, at the others what stood
// there before the call. Nothing can be said when the result had another shape then.
inline Mistakes left_out(const Grid& right, const Grid& before) {
    if (!support::same_shape(right, before)) return {};
    const std::size_t rows = right.size(), columns = right[0].size();
    const auto only_where = [&](auto is_written) {
        return made(rows, columns, [&](std::size_t row, std::size_t column) {
            return is_written(row, column) ? right[row][column] : before[row][column];
        });
    };
    return {
        {"Your loop over the rows stops one row too early, so the last row keeps its old numbers; "
         "the last row must be written too.",
         only_where([&](std::size_t row, std::size_t) { return row + 1 < rows; })},
        {"Your loop over the columns stops one column too early, so the last column keeps its old "
         "numbers; the last column must be written too.",
         only_where([&](std::size_t, std::size_t column) { return column + 1 < columns; })},
        {"Your loop over the rows starts at 1, so row 0 keeps its old numbers; rows are counted "
         "from 0.",
         only_where([](std::size_t row, std::size_t) { return row > 0; })},
        {"Your loop over the columns starts at 1, so column 0 keeps its old numbers; columns are "
         "counted from 0.",
         only_where([](std::size_t, std::size_t column) { return column > 0; })},
        {"Only row 0 is written; a second loop must go through all the rows.",
         only_where([](std::size_t row, std::size_t) { return row == 0; })},
        {"Only column 0 is written; a second loop must go through all the columns.",
         only_where([](std::size_t, std::size_t column) { return column == 0; })},
        {"Only the diagonal is written, where row and column have the same number; rows and "
         "columns need a loop each, one inside the other.",
         only_where([](std::size_t row, std::size_t column) { return row == column; })},
        {"Nothing is written into the result: it holds what stood in it before.", before},
    };
}

// The result of adding each number of `right` to the number that stood in its place.
inline Mistakes added(const Grid& right, const Grid& before) {
    if (!support::same_shape(right, before)) return {};
    return {{"Your code adds to what stood in the result before; old numbers must be written over.",
             plain::add(before, right)}};
}

inline Grid times(const Grid& grid, double factor) {
    return made(grid.size(), grid[0].size(),
                [&](std::size_t row, std::size_t column) { return grid[row][column] * factor; });
}

inline Mistakes joined(Mistakes first, const Mistakes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

inline Mistakes fill(const Grid& before, double value) {
    const std::size_t rows = before.size(), columns = before[0].size();
    const auto everywhere = [&](auto number) { return made(rows, columns, number); };
    const Grid right(rows, std::vector<double>(columns, value));
    return joined(
        left_out(right, before),
        {
            {"The value is added to the numbers that are there; it should take their place.",
             plain::add(right, before)},
            {"The numbers that are there are multiplied by the value; it should take their place.",
             everywhere(
                 [&](std::size_t row, std::size_t column) { return before[row][column] * value; })},
            {"Every number becomes 0; every number should become the value that the function is "
             "given.",
             plain::zeros(rows, columns)},
        });
}

inline Mistakes add(const Grid& a, const Grid& b, const Grid& before) {
    const std::size_t rows = a.size(), columns = a[0].size();
    const auto everywhere = [&](auto number) {
        return made(rows, columns, [&](std::size_t row, std::size_t column) {
            return number(a[row][column], b[row][column]);
        });
    };
    const Grid right = plain::add(a, b);
    Mistakes mistakes = {
        {"a is taken twice and b not at all; each sum is a number of a plus a number of b.",
         everywhere([](double x, double) { return x + x; })},
        {"b is taken twice and a not at all; each sum is a number of a plus a number of b.",
         everywhere([](double, double y) { return y + y; })},
        {"b is subtracted from a; the two should be added.",
         everywhere([](double x, double y) { return x - y; })},
        {"The numbers of a and b are multiplied; they should be added.",
         everywhere([](double x, double y) { return x * y; })},
        {"Only a is copied into the sum; the numbers of b are still to be added.", a},
        {"Only b is copied into the sum; the numbers of a are still to be added.", b},
    };
    if (rows == columns)
        mistakes.push_back({"Row and column of b are exchanged; the number in row 0, column 1 of b "
                            "belongs to the one in row 0, column 1 of a.",
                            plain::add(a, plain::transpose(b))});
    return joined(joined(mistakes, left_out(right, before)), added(right, before));
}

} // namespace mistakes
