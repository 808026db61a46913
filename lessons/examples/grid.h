// Small matrices, written by hand and shown as text.
#pragma once

#include "matrix.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace whirlygig {

// The rows one below the other; all have the same length.
Matrix matrix_of(std::initializer_list<std::initializer_list<Real>> rows);

using Words = std::vector<std::string>;

// A line for each row, under a line with the title, the shape and the columns' words.
std::string grid(const std::string& title, const Matrix& matrix, const Words& row_words,
                 const Words& column_words, int decimals);

// One number: "0.25", "−1", "−∞".
std::string number(Real value, int decimals);

} // namespace whirlygig
