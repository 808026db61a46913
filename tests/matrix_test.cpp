#include "matrix.h"

#include "support/expect.h"
#include "support/matrices.h"
#include "support/matrix_mistakes.h"
#include "support/plain_loops.h"
#include "support/teach.h"

#include <cstdint>

using namespace whirlygig;
using namespace support;

namespace {

void try_fill(Teacher& teacher, const Grid& before, Real value) {
    Matrix matrix = to_matrix(before);
    const Grid expected(before.size(), std::vector<double>(before[0].size(), value));
    const std::string given = shown({{"matrix", before}}) + fmt::format("given value: {}\n", value);
    teacher.try_out({given, expected, mistakes::fill(before, value)}, matrix,
                    [&] { fill(matrix, value); });
}

// `sum` may hold anything before; afterwards it holds what the next call finds there.
void try_add(Teacher& teacher, const Grid& a, const Grid& b, Matrix& sum) {
    const Matrix first = to_matrix(a), second = to_matrix(b);
    const Grid before = to_grid(sum);
    teacher.try_out({shown({{"a", a}, {"b", b}}), plain::add(a, b), mistakes::add(a, b, before)},
                    sum, [&] { add(first, second, sum); });
}

void try_add(Teacher& teacher, std::size_t rows, std::size_t columns, Matrix& sum) {
    Random random(10 * rows + columns);
    const Grid a = to_grid(random_matrix(random, rows, columns));
    const Grid b = to_grid(random_matrix(random, rows, columns));
    try_add(teacher, a, b, sum);
}

} // namespace

TEST(Fill, SetsEveryNumber) {
    Teacher teacher("fill");
    try_fill(teacher, {{1, 2, 3}, {4, 5, 6}}, 7);
    try_fill(teacher, {{1, 2, 3, 4}}, -2);
    try_fill(teacher, {{1}, {2}, {3}}, 0.5);
    try_fill(teacher, {{1}}, 8);
    for (const auto& [rows, columns] : {std::pair{5, 3}, {2, 7}, {6, 6}, {1, 9}, {17, 1}}) {
        Random random(static_cast<std::uint64_t>(10 * rows + columns));
        try_fill(teacher, to_grid(random_matrix(random, rows, columns)), Real(rows));
    }
}

TEST(Fill, AnythingMayStandThereBefore) {
    Teacher teacher("fill");
    try_fill(teacher, to_grid(stale_matrix(3, 2)), 4);
    try_fill(teacher, {{1, plain::infinity}, {-plain::infinity, 1e30}}, 0);
    try_fill(teacher, {{5, 5, 5}, {5, 6, 5}}, 5);
}

TEST(Add, AddsNumberByNumber) {
    Teacher teacher("add");
    Matrix sum(2, 3, 100);
    try_add(teacher, {{1, 2, 3}, {4, 5, 6}}, {{10, 20, 30}, {40, 50, 60}}, sum);
    for (const auto& [rows, columns] : {std::pair{1, 1}, {1, 7}, {5, 6}, {9, 2}, {4, 4}, {3, 1}}) {
        sum = Matrix(rows, columns, 100);
        try_add(teacher, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), sum);
    }
}

TEST(Add, TheSumMayHaveHadAnyShapeAndAnyNumbers) {
    Teacher teacher("add");
    Matrix sum; // has no rows at first, and later those of the call before
    try_add(teacher, {{1, 2, 3}, {4, 5, 6}}, {{10, 20, 30}, {40, 50, 60}}, sum);
    try_add(teacher, 5, 6, sum);
    try_add(teacher, 2, 3, sum);
    try_add(teacher, 3, 2, sum);
    sum = stale_matrix(4, 7);
    try_add(teacher, 4, 7, sum);
    sum = stale_matrix(7, 4);
    try_add(teacher, 4, 7, sum);
}

TEST(Matrix, RowsLieOneAfterAnotherInMemory) {
    const Matrix matrix = to_matrix({{1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(std::vector<Real>(matrix.data().begin(), matrix.data().end()),
              (std::vector<Real>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(matrix.size1(), 2u);
    EXPECT_EQ(matrix.size2(), 3u);
}

TEST(Matrix, BeginsAtALineOfMemory) {
    for (const std::size_t rows : {1, 2, 3, 5, 17, 300}) {
        Matrix matrix(rows, 7);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(matrix.data().data()) % 64, 0u) << rows;
        append_rows(matrix, to_matrix({{1, 2, 3, 4, 5, 6, 7}}));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(matrix.data().data()) % 64, 0u) << rows;
    }
}

TEST(Matrix, ResizeGivesTheShape) {
    Matrix matrix;
    resize(matrix, 5, 3);
    EXPECT_EQ(shape_text(matrix), "(5, 3)");
    resize(matrix, 0, 7);
    EXPECT_EQ(shape_text(matrix), "(0, 7)");
}

TEST(Matrix, ResizeKeepsTheMemoryItHas) {
    Matrix matrix(5, 7);
    const Real* before = address(matrix);
    resize(matrix, 2, 3);
    EXPECT_EQ(address(matrix), before) << "after shrinking";
    resize(matrix, 7, 5);
    EXPECT_EQ(address(matrix), before) << "after growing back to as many numbers";
}

TEST(Matrix, ResizeKeepsTheFirstRowsWhenTheColumnsStay) {
    Matrix matrix = to_matrix({{1, 2, 3}, {4, 5, 6}});
    resize(matrix, 4, 3);
    resize(matrix, 2, 3);
    expect_equal(matrix, {{1, 2, 3}, {4, 5, 6}});
    resize(matrix, 1, 3);
    expect_equal(matrix, {{1, 2, 3}});
}

TEST(Matrix, AppendRowsAddsThemBelow) {
    Matrix matrix = to_matrix({{1, 2, 3}});
    append_rows(matrix, to_matrix({{4, 5, 6}, {7, 8, 9}}));
    expect_equal(matrix, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
    append_rows(matrix, Matrix(0, 3));
    expect_equal(matrix, {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
}

TEST(Matrix, AppendRowsToAnEmptyMatrixIsACopy) {
    Matrix matrix;
    append_rows(matrix, to_matrix({{1, 2}, {3, 4}, {5, 6}}));
    expect_equal(matrix, {{1, 2}, {3, 4}, {5, 6}});
}

TEST(Matrix, AppendRowsRefusesOtherColumnsAndItself) {
    Matrix matrix(2, 3, 0);
    expect_error([&] { append_rows(matrix, Matrix(1, 4)); }, {"append_rows", "(1, 4)", "3"});
    expect_error([&] { append_rows(matrix, matrix); }, {"append_rows", "written over"});
    EXPECT_EQ(shape_text(matrix), "(2, 3)") << "a refused matrix stays as it was";
}

TEST(Matrix, AddRowsAddsEveryRowToTheSums) {
    Random random(3);
    for (const std::size_t rows : {0, 1, 3, 4, 7, 9}) {
        for (const std::size_t columns : {1, 4, 13}) {
            const Matrix matrix = random_matrix(random, rows, columns);
            Vector sums(columns, Real(0.5));
            add_rows(matrix, sums);
            for (std::size_t column = 0; column < columns; ++column) {
                double expected = 0.5;
                for (std::size_t row = 0; row < rows; ++row)
                    expected += static_cast<double>(matrix(row, column));
                EXPECT_NEAR(static_cast<double>(sums(column)), expected, 1e-5)
                    << rows << " rows, column " << column;
            }
        }
    }
}

TEST(Matrix, AddRowsRefusesOtherColumns) {
    Vector sums(5);
    expect_error([&] { add_rows(Matrix(3, 4), sums); }, {"add_rows", "sums", "(5)", "(4)"});
}

TEST(Matrix, AddKeepsTheMemoryOfTheSum) {
    const Matrix a(5, 6, 1), b(5, 6, 2);
    Matrix sum = stale_matrix(5, 6);
    const Real* before = address(sum);
    add(a, b, sum);
    EXPECT_EQ(address(sum), before);
}

TEST(Matrix, AddRefusesOtherShapesAndResultsThatAreRead) {
    Matrix a(5, 6, 0), b(6, 5, 0), sum;
    expect_error([&] { add(a, b, sum); }, {"add", "(6, 5)", "(5, 6)"});
    Matrix c = a;
    expect_error([&] { add(a, c, a); }, {"add", "written over"});
    expect_error([&] { add(c, a, a); }, {"add", "written over"});
}

TEST(Matrix, FillSetsEveryNumberOfAVector) {
    Vector vector(3, 1);
    fill(vector, -2);
    expect_equal(vector, {{-2, -2, -2}});
}

TEST(Matrix, ShapesAreWrittenRowsFirst) {
    EXPECT_EQ(shape_text(Matrix(5, 6)), "(5, 6)");
    EXPECT_EQ(shape_text(Matrix()), "(0, 0)");
    EXPECT_EQ(shape_text(Vector(6)), "(6)");
}

TEST(Matrix, ChecksNameTheFunctionTheMatrixAndBothShapes) {
    const Matrix matrix(5, 6);
    const Vector vector(3);
    expect_error([&] { check_shape("whirl", "wings", matrix, 6, 5); },
                 {"whirl", "wings", "(5, 6)", "(6, 5)"});
    expect_error([&] { check_shape("whirl", "wings", matrix, 5, 7); }, {"(5, 6)", "(5, 7)"});
    expect_error([&] { check_shape("whirl", "tail", vector, 4); }, {"whirl", "tail", "(3)", "(4)"});
    expect_error([&] { check_columns("whirl", "wings", matrix, 5); },
                 {"whirl", "wings", "(5, 6)", "5 columns"});
    EXPECT_NO_THROW(check_shape("whirl", "wings", matrix, 5, 6));
    EXPECT_NO_THROW(check_shape("whirl", "tail", vector, 3));
    EXPECT_NO_THROW(check_columns("whirl", "wings", matrix, 6));
}

TEST(Matrix, EqualMatricesAreDistinctButOneMatrixIsNot) {
    const Matrix a(2, 2, 1), b(2, 2, 1);
    EXPECT_NO_THROW(check_distinct("whirl", a, b));
    expect_error([&] { check_distinct("whirl", a, a); }, {"whirl", "written over"});
}
