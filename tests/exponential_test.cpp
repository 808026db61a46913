#include "exponential.h"

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
    // Every 501st of all floats from -86 to 88.7: their bits, as whole numbers, lie one after the
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
    sweep(88.7F, 0);
    sweep(-86.0F, 0x8000'0000);
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
    EXPECT_NEAR(exponential(-86) / std::exp(-86.0), 1, 1e-5);
    EXPECT_NEAR(exponential(Real(88.7)) / std::exp(88.7), 1, 1e-5);
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

} // namespace
