#include "terminal/cell_colour.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace whirlygig;

namespace {

// The contrast of black on a colour as the Web Content Accessibility Guidelines define it: at least
// 4.5 is well read.
double contrast_with_black(double red, double green, double blue) {
    const auto linear = [](double value) {
        value /= 255;
        return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    const double light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    return (light + 0.05) / 0.05;
}

double contrast_of_palette(int index) {
    const auto level = [](int step) { return step == 0 ? 0.0 : 55.0 + 40.0 * step; };
    const int cube = index - 16;
    return contrast_with_black(level(cube / 36), level(cube / 6 % 6), level(cube % 6));
}

} // namespace

TEST(CellColour, IsNoneAroundZero) {
    EXPECT_FALSE(colour_around_zero(0));
    EXPECT_FALSE(colour_around_zero(0.05));
    EXPECT_FALSE(colour_around_zero(-0.05));
    EXPECT_FALSE(colour_of_share(0));
    EXPECT_FALSE(colour_around_zero(std::nan("")));
}

TEST(CellColour, IsOrangeAboveAndBlueBelow) {
    for (const double share : {0.2, 0.5, 1.0}) {
        const auto above = colour_around_zero(share), below = colour_around_zero(-share);
        ASSERT_TRUE(above && below);
        EXPECT_GT(above->red, above->blue);
        EXPECT_LT(below->red, below->blue);
        EXPECT_NE(above->palette, below->palette);
    }
}

TEST(CellColour, LetsBlackDigitsBeReadEverywhere) {
    for (int percent = -100; percent <= 100; ++percent) {
        for (const auto& colour :
             {colour_around_zero(percent / 100.0), colour_of_share(std::abs(percent) / 100.0)}) {
            if (!colour) continue;
            EXPECT_GE(contrast_with_black(colour->red, colour->green, colour->blue), 4.5)
                << percent;
            ASSERT_GE(colour->palette, 16);
            ASSERT_LE(colour->palette, 231);
            EXPECT_GE(contrast_of_palette(colour->palette), 4.5) << percent;
        }
    }
}

TEST(CellColour, WritesCodesOnlyWhereThereAreColours) {
    const CellColour colour{1, 2, 3, 99};
    EXPECT_EQ(on_background("0.5", colour, Colours::none), "0.5");
    EXPECT_EQ(on_background("0.5", std::nullopt, Colours::full), "0.5");
    EXPECT_EQ(on_background("0.5", colour, Colours::palette), "\x1b[38;5;16;48;5;99m0.5\x1b[0m");
    EXPECT_EQ(on_background("0.5", colour, Colours::full), "\x1b[38;2;0;0;0;48;2;1;2;3m0.5\x1b[0m");
    EXPECT_EQ(bold("x", Colours::none), "x");
    EXPECT_EQ(bold("x", Colours::palette), "\x1b[1mx\x1b[0m");
}
