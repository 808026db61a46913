#include "matrix.h"

#include "error.h"

#include <algorithm>

namespace whirlygig {

void change_shape(Matrix& matrix, std::size_t rows, std::size_t columns) {
    constexpr bool preserve = false; // uBLAS preserves by copying; row-major rows stay in any case
    matrix.resize(rows, columns, preserve);
}

void append_rows(Matrix& matrix, const Matrix& more) {
    const std::size_t rows = matrix.size1();
    if (rows > 0) check_columns("append_rows", "more", more, matrix.size2());
    check_distinct("append_rows", more, matrix);
    resize(matrix, rows + more.size1(), more.size2());
    std::copy(more.data().begin(), more.data().end(),
              matrix.data().begin() + static_cast<std::ptrdiff_t>(rows * more.size2()));
}

void add(const Matrix& a, const Matrix& b, Matrix& sum) {
    check_shape("add", "b", b, a.size1(), a.size2());
    check_distinct("add", a, sum);
    check_distinct("add", b, sum);
    // EXERCISE 0 add
    throw NotWrittenYet("add", 0);
    // END
}

void fill(Matrix& matrix, Real value) {
    // EXERCISE 0 fill
    throw NotWrittenYet("fill", 0);
    // END
}

void fill(Vector& vector, Real value) {
    std::fill(vector.data().begin(), vector.data().end(), value);
}

std::string shape_text(const Matrix& matrix) {
    return shape_text(matrix.size1(), matrix.size2());
}

std::string shape_text(const Vector& vector) {
    return shape_text(vector.size());
}

std::string shape_text(std::size_t rows, std::size_t columns) {
    return fmt::format("({}, {})", rows, columns);
}

std::string shape_text(std::size_t elements) {
    return fmt::format("({})", elements);
}

void fail_shape(std::string_view function, std::string_view name, const Matrix& matrix,
                std::size_t rows, std::size_t columns) {
    fail("{}: {} has shape {} but should have shape {}", function, name, shape_text(matrix),
         shape_text(rows, columns));
}

void fail_shape(std::string_view function, std::string_view name, const Vector& vector,
                std::size_t elements) {
    fail("{}: {} has shape {} but should have shape {}", function, name, shape_text(vector),
         shape_text(elements));
}

void check_columns(std::string_view function, std::string_view name, const Matrix& matrix,
                   std::size_t columns) {
    if (matrix.size2() == columns) return;
    fail("{}: {} has shape {} but should have {} columns", function, name, shape_text(matrix),
         columns);
}

void fail_distinct(std::string_view function) {
    fail("{}: the result would be written over a matrix that it is made from; "
         "give it a matrix of its own",
         function);
}

} // namespace whirlygig
