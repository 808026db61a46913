#include "product.h"

#include "support/expect.h"
#include "support/matrices.h"
#include "support/plain_loops.h"

using namespace whirlygig;
using namespace support;

namespace {

// Sizes at and around the edges of the kernel's tiles and panels.
const std::size_t row_counts[] = {1, 2, 3, 5, 6, 7, 8, 9, 13, 17, 25, 35};
const std::size_t column_counts[] = {1, 2, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 65, 140};
const std::size_t depths[] = {1, 3, 4, 64, 255, 256, 257, 600};

// Small whole numbers: a float holds their products and the sums exactly, in whatever order they
// are added, so a single wrong term shows.
Matrix whole_numbers(Random& random, std::size_t rows, std::size_t columns) {
    Matrix matrix(rows, columns);
    for (Real& number : matrix.data())
        number = static_cast<Real>(random.below(17)) - 8;
    return matrix;
}

Matrix transposed(const Matrix& matrix) {
    return to_matrix(plain::transpose(to_grid(matrix)));
}

void expect_all_forms_exact(Random& random, std::size_t rows, std::size_t columns,
                            std::size_t depth) {
    SCOPED_TRACE(fmt::format("({}, {})({}, {})", rows, depth, depth, columns));
    const Matrix a = whole_numbers(random, rows, depth), b = whole_numbers(random, depth, columns);
    const Matrix start = whole_numbers(random, rows, columns);
    const Matrix at = transposed(a), bt = transposed(b);
    const Grid expected = plain::product(to_grid(a), to_grid(b));
    const Grid expected_sum = plain::add(to_grid(start), expected);
    Matrix c = stale_matrix(a.size1(), b.size2());
    product(a, b, c);
    expect_equal(c, expected);
    c = stale_matrix(a.size1(), b.size2());
    product_a_bt(a, bt, c);
    expect_equal(c, expected);
    c = stale_matrix(a.size1(), b.size2());
    product_at_b(at, b, c);
    expect_equal(c, expected);
    add_product(a, b, c = start);
    expect_equal(c, expected_sum);
    add_product_a_bt(a, bt, c = start);
    expect_equal(c, expected_sum);
    add_product_at_b(at, b, c = start);
    expect_equal(c, expected_sum);
}

} // namespace

TEST(Product, MultipliesRowsByColumns) {
    Matrix c;
    product(to_matrix({{1, 2, 3}, {4, 5, 6}}), to_matrix({{1, 0}, {0, 1}, {10, 100}}), c);
    expect_equal(c, {{31, 302}, {64, 605}});
}

TEST(Product, EveryFormIsExactForWholeNumbersOfEveryShape) {
    Random random(1);
    for (const std::size_t depth : depths) {
        for (const std::size_t rows : row_counts) {
            for (const std::size_t columns : column_counts) {
                expect_all_forms_exact(random, rows, columns, depth);
                if (testing::Test::HasFailure()) return; // the first shape says enough
            }
        }
    }
}

TEST(Product, ManyRowsAreExact) { // for them, b is copied
    Random random(2);
    for (const std::size_t depth : {3, 257}) {
        for (const std::size_t columns : {65, 140})
            expect_all_forms_exact(random, 267, columns, depth);
    }
}

TEST(Product, FractionsAreOnlyRounded) {
    for (const std::size_t depth : {3, 50, 300}) {
        Random random(depth);
        const Matrix a = random_matrix(random, 13, depth), b = random_matrix(random, depth, 17);
        Matrix c;
        product(a, b, c);
        expect_close(c, plain::product(to_grid(a), to_grid(b)));
    }
}

TEST(Product, AnInfinityStaysInItsRowAndColumn) {
    Matrix a(9, 5, 1), b(5, 19, 1), c;
    a(2, 3) = std::numeric_limits<Real>::infinity();
    b(4, 17) = -std::numeric_limits<Real>::infinity();
    product(a, b, c);
    for (std::size_t row = 0; row < 9; ++row) {
        for (std::size_t column = 0; column < 19; ++column)
            EXPECT_EQ(std::isfinite(c(row, column)), row != 2 && column != 17) << row << column;
    }
}

TEST(Product, NothingToAddUpIsZero) {
    Matrix c = stale_matrix(5, 7);
    product(Matrix(5, 0), Matrix(0, 7), c);
    expect_equal(c, plain::zeros(5, 7));
    fill(c, 3);
    add_product(Matrix(5, 0), Matrix(0, 7), c);
    expect_equal(c, Grid(5, std::vector<double>(7, 3)));
}

TEST(Product, NoRowsOrNoColumnsGiveAnEmptyResult) {
    Matrix c(2, 2);
    product(Matrix(0, 3), Matrix(3, 65, 1), c);
    EXPECT_EQ(shape_text(c), "(0, 65)");
    product(Matrix(13, 3, 1), Matrix(3, 0), c);
    EXPECT_EQ(shape_text(c), "(13, 0)");
}

TEST(Product, ResultsKeepTheirMemory) {
    const Matrix a(5, 3, 1), b(3, 7, 1);
    Matrix c;
    product(a, b, c);
    const Real* before = address(c);
    product(a, b, c);
    EXPECT_EQ(address(c), before);
    product(Matrix(2, 3, 1), b, c); // a shorter text in between
    product(a, b, c);
    EXPECT_EQ(address(c), before);
}

TEST(Product, ErrorsNameTheFormAndBothShapes) {
    const Matrix a(5, 3, 1), b(4, 7, 1);
    Matrix c;
    expect_error([&] { product(a, b, c); }, {"product:", "(5, 3)", "(4, 7)"});
    expect_error([&] { product_a_bt(a, b, c); }, {"product_a_bt", "(5, 3)", "(4, 7)"});
    expect_error([&] { product_at_b(a, b, c); }, {"product_at_b", "(5, 3)", "(4, 7)"});
}

TEST(Product, WhatIsAddedToMustHaveItsShapeAlready) {
    const Matrix a(5, 3, 1), b(3, 7, 1), at(3, 5, 1), bt(7, 3, 1);
    Matrix c(7, 5, 0);
    expect_error([&] { add_product(a, b, c); }, {"add_product", "(7, 5)", "(5, 7)"});
    expect_error([&] { add_product_a_bt(a, bt, c); }, {"add_product_a_bt", "(7, 5)", "(5, 7)"});
    expect_error([&] { add_product_at_b(at, b, c); }, {"add_product_at_b", "(7, 5)", "(5, 7)"});
}

TEST(Product, AResultMayNotBeOneOfItsFactors) {
    Matrix a(4, 4, 1), b(4, 4, 1);
    for (const auto form :
         {product, product_a_bt, product_at_b, add_product, add_product_a_bt, add_product_at_b}) {
        expect_error([&] { form(a, b, a); }, {"product", "written over"});
        expect_error([&] { form(a, b, b); }, {"product", "written over"});
    }
    expect_equal(a, Grid(4, std::vector<double>(4, 1)));
}

TEST(Product, AFactorMayBeUsedTwice) {
    Random random(6);
    const Matrix a = random_matrix(random, 5, 3);
    Matrix c;
    product_a_bt(a, a, c);
    expect_close(c, plain::product(to_grid(a), plain::transpose(to_grid(a))));
}
