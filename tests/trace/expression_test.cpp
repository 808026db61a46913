// Expressions: values, magnitudes and text, all checked by hand.
#include "trace/expression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace whirlygig;

TEST(Expression, AScoreIsWrittenAsASumOfProducts) {
    const Expression score =
        sum({product({number(0.31), number(0.5)}), product({number(-0.2), number(1.1)})});
    EXPECT_DOUBLE_EQ(score.value, 0.31 * 0.5 - 0.2 * 1.1);
    EXPECT_DOUBLE_EQ(score.magnitude, 0.31 * 0.5 + 0.2 * 1.1);
    EXPECT_EQ(to_text(score), "0.31·0.5 + (−0.2)·1.1 = −0.065");
}

TEST(Expression, LongSumsAreCutOnRequest) {
    const Expression long_sum = sum({number(1), number(2), number(3), number(4)});
    EXPECT_EQ(to_text(long_sum, {4, 2}), "1 + 2 + … (2 more) = 10");
    EXPECT_EQ(to_text(long_sum, {4, 4}), "1 + 2 + 3 + 4 = 10");
}

TEST(Expression, NamedNumbersAreWrittenBelow) {
    const Expression mean = named("mean", quotient(sum({number(1), number(4)}), number(2)));
    const Expression spread = named("spread", root(square(difference(number(4), mean))));
    const Expression normal = quotient(difference(number(4), mean), spread);
    EXPECT_DOUBLE_EQ(normal.value, 1);
    EXPECT_EQ(to_text(normal), "(4 − mean) / spread = 1\n"
                               "where mean = (1 + 4) / 2 = 2.5\n"
                               "where spread = √((4 − mean)²) = 1.5");
}

TEST(Expression, FunctionsAreEvaluatedInDouble) {
    EXPECT_DOUBLE_EQ(exponential(number(0.5)).value, std::exp(0.5));
    EXPECT_DOUBLE_EQ(logarithm(number(0.5)).value, std::log(0.5));
    EXPECT_DOUBLE_EQ(hyperbolic_tangent(number(0.5)).value, std::tanh(0.5));
    EXPECT_DOUBLE_EQ(root(number(2)).value, std::sqrt(2.0));
    EXPECT_EQ(to_text(negative(logarithm(number(0.5)))), "−log(0.5) = 0.6931");
    EXPECT_EQ(to_text(negative(logarithm(number(0.5))), {9}), "−log(0.5) = 0.693147181");
}

TEST(Expression, InfinityIsANumberLikeAnyOther) {
    const double infinity = std::numeric_limits<double>::infinity();
    const Expression share = exponential(difference(number(-infinity), number(2)));
    EXPECT_EQ(share.value, 0);
    EXPECT_EQ(to_text(share), "exp(−∞ − 2) = 0");
    EXPECT_EQ(sum({}).value, 0);
    EXPECT_EQ(to_text(sum({})), "0 = 0");
}

TEST(Expression, NumbersHaveSignificantDigitsAndARealMinus) {
    EXPECT_EQ(number_text(-0.00012345678, 4), "−0.0001235");
    EXPECT_EQ(number_text(1234.5678, 4), "1235");
    EXPECT_EQ(number_text(0, 4), "0");
    EXPECT_EQ(number_text(-0.0, 4), "0");
    EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity(), 4), "−∞");
}

} // namespace
