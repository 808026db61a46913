// A matrix as text: a label before each row, two lines of labels above the columns and, where a row
// is wider than the terminal, several bands of columns below each other.
#pragma once

#include "terminal/number_style.h"
#include "terminal/terminal.h"
#include "trace/trace.h"

#include <functional>
#include <string>
#include <vector>

namespace whirlygig {

enum class Shading {
    none,
    around_zero, // by the share of the largest number
    of_whole,    // each number is a share of 1
};

struct ColumnLabel {
    std::string number; // in the first line
    std::string word;   // in the second line; it may be empty
};

struct MatrixPicture {
    Numbers numbers = {};
    std::vector<std::size_t> rows = {};          // which rows are shown, in this order
    std::vector<std::string> row_labels = {};    // one for each of `rows`
    std::vector<ColumnLabel> column_labels = {}; // one for each column that is shown, from 0 on
    std::string axes = {};                       // said before the columns of each band
    Shading shading = Shading::none;
    int digits = 4;

    // True for cells that show "·" because the mask took their number away; none where empty.
    std::function<bool(std::size_t row, std::size_t column)> masked = {};
};

// No line is wider than `width`: labels are cut to fit, numbers never are.
std::string matrix_text(const MatrixPicture& picture, std::size_t width, Colours colours);

// How many columns, from 0 on, stand in the first `bands` bands.
std::size_t columns_in_bands(const MatrixPicture& picture, std::size_t width, std::size_t bands);

} // namespace whirlygig
