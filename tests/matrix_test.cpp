#include "matrix.h"

#include "support/expect.h"
#include "support/matrices.h"
#include "support/plain_loops.h"

using namespace whirlygig;
using namespace support;

TEST(Matrix, RowsLieOneAfterAnotherInMemory) {
    const Matrix matrix = to_matrix({{1, 2, 3}, {4, 5, 6}});
    EXPECT_EQ(matrix.data(), (std::vector<Real>{1, 2, 3, 4, 5, 6}));
    EXPECT_EQ(matrix.size1(), 2u);
    EXPECT_EQ(matrix.size2(), 3u);
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

TEST(Add, AddsNumberByNumber) {
    for (const auto& [rows, columns] : {std::pair{1, 1}, {1, 7}, {5, 6}, {9, 2}}) {
        Random random(static_cast<std::uint64_t>(10 * rows + columns));
        const Matrix a = random_matrix(random, rows, columns);
        const Matrix b = random_matrix(random, rows, columns);
        Matrix sum = stale_matrix(rows, columns);
        const Real* before = address(sum);
        add(a, b, sum);
        expect_close(sum, plain::add(to_grid(a), to_grid(b)));
        EXPECT_EQ(address(sum), before);
    }
}

TEST(Matrix, AddRefusesOtherShapesAndResultsThatAreRead) {
    Matrix a(5, 6, 0), b(6, 5, 0), sum;
    expect_error([&] { add(a, b, sum); }, {"add", "(6, 5)", "(5, 6)"});
    Matrix c = a;
    expect_error([&] { add(a, c, a); }, {"add", "written over"});
    expect_error([&] { add(c, a, a); }, {"add", "written over"});
}

TEST(Fill, SetsEveryNumber) {
    Matrix matrix = stale_matrix(2, 3);
    fill(matrix, 4);
    expect_equal(matrix, {{4, 4, 4}, {4, 4, 4}});
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
