#include "study/eigenvectors.h"

#include "random.h"
#include "support/expect.h"

using namespace whirlygig;
using namespace support;

namespace {

// matrix · vector, in plain loops.
std::vector<double> times(const SymmetricMatrix& matrix, const std::vector<double>& vector) {
    std::vector<double> result(matrix.size(), 0.0);
    for (std::size_t row = 0; row < matrix.size(); ++row) {
        for (std::size_t column = 0; column < matrix.size(); ++column)
            result[row] += matrix[row][column] * vector[column];
    }
    return result;
}

} // namespace

TEST(Eigenvectors, OfAMatrixWorkedOutByHand) {
    // Eigenvalues 1, 3 along (1, −1), (1, 1); and 2 along the third axis.
    const Eigenvectors found = find_eigenvectors({{2, 1, 0}, {1, 2, 0}, {0, 0, 2}});
    expect_close(Grid{found.values}, Grid{{3, 2, 1}}, 1e-14);
    const double root = std::sqrt(0.5);
    EXPECT_NEAR(found.vectors[0][0] * found.vectors[0][1], 0.5, 1e-14); // the same sign
    EXPECT_NEAR(std::abs(found.vectors[0][0]), root, 1e-14);
    EXPECT_NEAR(std::abs(found.vectors[1][2]), 1, 1e-14);
    EXPECT_NEAR(found.vectors[2][0] * found.vectors[2][1], -0.5, 1e-14);
}

TEST(Eigenvectors, AreOnlyStretchedByTheMatrix) {
    for (const std::size_t size : {1, 2, 7, 60}) {
        Random random(size);
        SymmetricMatrix matrix(size, std::vector<double>(size));
        for (std::size_t row = 0; row < size; ++row) {
            for (std::size_t column = 0; column <= row; ++column)
                matrix[row][column] = matrix[column][row] = random.normal();
        }
        const Eigenvectors found = find_eigenvectors(matrix);
        for (std::size_t i = 0; i < size; ++i) {
            const std::vector<double>& vector = found.vectors[i];
            const std::vector<double> stretched = times(matrix, vector);
            for (std::size_t k = 0; k < size; ++k)
                EXPECT_NEAR(stretched[k], found.values[i] * vector[k], 1e-11);
            EXPECT_GE(found.values[i > 0 ? i - 1 : 0], found.values[i]);
            for (std::size_t other = 0; other <= i; ++other) {
                double product = 0;
                for (std::size_t k = 0; k < size; ++k)
                    product += vector[k] * found.vectors[other][k];
                EXPECT_NEAR(product, other == i ? 1 : 0, 1e-12);
            }
        }
    }
}

TEST(Eigenvectors, OfNothingAndOfZeros) {
    EXPECT_TRUE(find_eigenvectors({}).values.empty());
    expect_close(Grid{find_eigenvectors({{0, 0}, {0, 0}}).values}, Grid{{0, 0}}, 0);
    expect_error([] { find_eigenvectors({{1, 2}, {2}}); }, {"1", "2"});
}
