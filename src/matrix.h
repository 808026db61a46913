// Matrix and Vector: the numbers everything else works on, kept by Boost.uBLAS.
//
// A matrix holds one sequence, a row per token. `m(row, column)` is one number, `m.size1()` counts
// the rows and `m.size2()` the columns. Rows lie one after another in memory (row-major).
//
// Three habits of uBLAS to know: `auto sum = a + b` does not add yet (it would keep references to
// a and b: always name the type, `Matrix sum = a + b`); `noalias(c) = a + b` adds without a
// temporary copy and is wrong only when c is also read on the right; and its own `prod` is slow, so
// products are made by product.h.
#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <boost/numeric/ublas/matrix.hpp>
#include <boost/numeric/ublas/vector.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#ifndef WHIRLYGIG_REAL
#define WHIRLYGIG_REAL float
#endif

namespace whirlygig {

using Real = WHIRLYGIG_REAL; // float; the tests build everything a second time with double

namespace ublas = boost::numeric::ublas;

// Memory hands out lines of 64 bytes: a matrix begins with one, so that a vector register can be
// filled from one line instead of two.
using AlignedReals = std::vector<Real, boost::alignment::aligned_allocator<Real, 64>>;
using Matrix = ublas::matrix<Real, ublas::row_major, AlignedReals>;
using Vector = ublas::vector<Real, std::vector<Real>>;

using ublas::noalias;

// What resize does when there is something to do. It is not inline: the functions that ask for a
// shape, which is mostly there already, are quicker to enter without it.
void change_shape(Matrix& matrix, std::size_t rows, std::size_t columns);

// Gives the matrix this shape. What it holds afterwards is unspecified, except that the first rows
// stay as they were when the number of columns does not change. Keeps the memory it already has.
inline void resize(Matrix& matrix, std::size_t rows, std::size_t columns) {
    if (matrix.size1() == rows && matrix.size2() == columns) return;
    change_shape(matrix, rows, columns);
}

// Adds the rows of `more` below those of `matrix`; both have the same number of columns, or
// `matrix` is still empty.
void append_rows(Matrix& matrix, const Matrix& more);

// sum = a + b, of the same shape.
void add(const Matrix& a, const Matrix& b, Matrix& sum);

void fill(Matrix& matrix, Real value);
void fill(Vector& vector, Real value);

// "(5, 6)" for a matrix with 5 rows and 6 columns, "(6)" for a vector with 6 elements.
std::string shape_text(const Matrix& matrix);
std::string shape_text(const Vector& vector);
std::string shape_text(std::size_t rows, std::size_t columns);
std::string shape_text(std::size_t elements);

// The checks of shapes that every public function makes, in release builds too. Each throws an
// Error that names the function, the matrix and both shapes.
[[noreturn]] void fail_shape(std::string_view function, std::string_view name, const Matrix& matrix,
                             std::size_t rows, std::size_t columns);
[[noreturn]] void fail_shape(std::string_view function, std::string_view name, const Vector& vector,
                             std::size_t elements);

inline void check_shape(std::string_view function, std::string_view name, const Matrix& matrix,
                        std::size_t rows, std::size_t columns) {
    if (matrix.size1() == rows && matrix.size2() == columns) return;
    fail_shape(function, name, matrix, rows, columns);
}

inline void check_shape(std::string_view function, std::string_view name, const Vector& vector,
                        std::size_t elements) {
    if (vector.size() == elements) return;
    fail_shape(function, name, vector, elements);
}

void check_columns(std::string_view function, std::string_view name, const Matrix& matrix,
                   std::size_t columns);

// Throws an Error when a result would be written over one of the matrices it is made from.
[[noreturn]] void fail_distinct(std::string_view function);

inline void check_distinct(std::string_view function, const Matrix& input, const Matrix& output) {
    if (&input == &output) fail_distinct(function);
}

// Adds each row of the matrix to `sums`, in order. Four rows at a time: a sum that is written to
// memory and read again for each row would wait for it.
inline void add_rows(const Matrix& matrix, Vector& sums) {
    check_shape("add_rows", "sums", sums, matrix.size2());
    std::size_t row = 0;
    for (; row + 4 <= matrix.size1(); row += 4) {
        for (std::size_t column = 0; column < matrix.size2(); ++column) {
            Real sum = sums(column);
            for (std::size_t i = 0; i < 4; ++i)
                sum += matrix(row + i, column);
            sums(column) = sum;
        }
    }
    for (; row < matrix.size1(); ++row) {
        for (std::size_t column = 0; column < matrix.size2(); ++column)
            sums(column) += matrix(row, column);
    }
}

} // namespace whirlygig
