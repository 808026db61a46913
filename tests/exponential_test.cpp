#include "exponential.h"

#include "random.h"
#include "softmax.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace {

using namespace whirlygig;

// How many units in the last place of a float lie between the two.
double units_apart(float got, double expected) {
    const auto nearest = static_cast<float>(expected);
    const double unit = static_cast<double>(std::nextafter(nearest, 1e38F)) - nearest;
    return std::abs(got - expected) / unit;
}

TEST(Exponential, IsWithinTwoUnitsInTheLastPlace) {
    double worst = 0;
    // Every 501st of all floats from -87.3 to 88.3: their bits, as whole numbers, lie one after the
    // other.
    const auto sweep = [&](float end, std::uint32_t first_bits) {
        std::uint32_t last_bits = 0;
        std::memcpy(&last_bits, &end, sizeof last_bits);
        for (std::uint32_t bits = first_bits; bits <= last_bits; bits += 501) {
            float x = 0;
            std::memcpy(&x, &bits, sizeof x);
            const double expected = std::exp(static_cast<double>(x));
            worst = std::max(worst, units_apart(static_cast<float>(exponential(x)), expected));
        }
    };
    sweep(88.3F, 0);
    sweep(-87.3F, 0x8000'0000);
    EXPECT_LE(worst, 2);
    EXPECT_GT(worst, 0.1) << "nothing was compared";
}

TEST(Exponential, KnowsTheExtremes) {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    EXPECT_EQ(exponential(0), 1);
    EXPECT_EQ(exponential(-infinity), 0);
    EXPECT_EQ(exponential(infinity), infinity);
    EXPECT_EQ(exponential(Real(1000)), infinity);
    EXPECT_EQ(exponential(Real(-1000)), 0);
    EXPECT_TRUE(std::isnan(exponential(std::numeric_limits<Real>::quiet_NaN())));
    EXPECT_NEAR(exponential(Real(-87.25)) / std::exp(-87.25), 1, 1e-5);
    EXPECT_NEAR(exponential(Real(88.25)) / std::exp(88.25), 1, 1e-5);
}

TEST(Exponential, IsTheSameInALoop) {
    std::vector<Real> numbers, together(997);
    for (int i = 0; i < 997; ++i)
        numbers.push_back(static_cast<Real>(i * 0.17 - 90));
    for (std::size_t i = 0; i < numbers.size(); ++i)
        together[i] = exponential(numbers[i]);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        volatile Real alone = numbers[i];
        EXPECT_NEAR(together[i], exponential(alone), 3e-7 * together[i]) << numbers[i];
    }
}

// There the compiler may take sums apart. A share is one exponential over a sum of 19, so it may be
// a few units further off than an exponential alone.
TEST(Exponential, StaysExactInSoftmax) {
    Random random(3);
    Matrix scores(37, 19), shares;
    for (Real& score : scores.data())
        score = static_cast<Real>(-87.3 * random.uniform());
    for (std::size_t row = 0; row < scores.size1(); ++row)
        scores(row, row % scores.size2()) = 0;
    softmax_forward(scores, shares);
    double worst = 0;
    for (std::size_t row = 0; row < scores.size1(); ++row) {
        double sum = 0;
        for (std::size_t column = 0; column < scores.size2(); ++column)
            sum += std::exp(static_cast<double>(scores(row, column)));
        for (std::size_t column = 0; column < scores.size2(); ++column) {
            const double expected = std::exp(static_cast<double>(scores(row, column))) / sum;
            const auto share = static_cast<float>(shares(row, column));
            worst = std::max(worst, units_apart(share, expected));
        }
    }
    EXPECT_LE(worst, 5);
    EXPECT_GT(worst, 0.1) << "nothing was compared";
}

} // namespace
