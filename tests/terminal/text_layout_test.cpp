#include "terminal/text_layout.h"

#include "support/traced_example.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace whirlygig;

TEST(TextLayout, PadsByDisplayWidth) {
    EXPECT_EQ(pad_right("ᵀ", 3), "ᵀ  ");
    EXPECT_EQ(pad_left("你", 3), " 你");
    EXPECT_EQ(pad_left("wide", 2), "wide");
}

TEST(TextLayout, CutsToTheWidth) {
    EXPECT_EQ(cut("creature", 8), "creature");
    EXPECT_EQ(cut("creature", 5), "crea…");
    EXPECT_EQ(cut("你好世界", 5), "你好…");
    EXPECT_EQ(cut("你好世界", 4), "你…"); // "你好" and "…" would be five columns
    EXPECT_EQ(cut("你好", 1), "…");
    EXPECT_EQ(cut("你好", 2), "…");
    EXPECT_EQ(cut("creature", 0), "");
}

TEST(TextLayout, MakesControlCharactersVisible) {
    EXPECT_EQ(visible("a\x1b[31mb\x7f"), "a␛[31mb␡");
    EXPECT_EQ(visible("\xC2\x9B\xE2\x80\xAE!"), "��!"); // C1's own escape, right-to-left override
    EXPECT_EQ(visible("naïve 🦋"), "naïve 🦋");
}

TEST(TextLayout, WrapsAtBlanks) {
    EXPECT_EQ(wrap("one two three", 7), "one two\nthree");
    EXPECT_EQ(wrap("one two three", 7, 2), "one two\n  three");
    EXPECT_EQ(wrap("  made from stage 7", 13, 4), "  made from\n    stage 7");
    EXPECT_EQ(wrap("one\ntwo three", 20), "one\ntwo three");
    EXPECT_EQ(wrap("", 10), "");
}

TEST(TextLayout, BreaksAtTheDotBeforeItBreaksANumber) {
    EXPECT_EQ(wrap("0.123456·(−0.654321)", 12), "0.123456·\n(−0.654321)");
}

TEST(TextLayout, KeepsEveryLineWithinTheWidth) {
    const std::string text =
        "supercalifragilisticexpialidocious 你好世界你好世界 a·b·c·ddddddddddddd, "
        "and so on, with (0.1234 − 0.5678)·12345.678 in it";
    for (std::size_t width = 4; width < 60; ++width) {
        for (const std::size_t indent : {std::size_t(0), std::size_t(2), std::size_t(50)}) {
            std::string wrapped = wrap(text, width, indent);
            for (const std::string& line : support::lines_of(wrapped))
                EXPECT_LE(columns_of(line), width) << line;
            // Nothing is lost: without blanks and line ends it is the same text.
            const auto squeezed = [](std::string all) {
                std::erase_if(all, [](char letter) { return letter == ' ' || letter == '\n'; });
                return all;
            };
            EXPECT_EQ(squeezed(wrapped), squeezed(text));
        }
    }
}

TEST(TextLayout, KeepsShortBracketsOfArithmeticTogether) {
    EXPECT_EQ(wrap_arithmetic("exp(0.5 − 1.5) + exp(0.25 − 1.5)", 20),
              "exp(0.5 − 1.5) +\nexp(0.25 − 1.5)");
    EXPECT_EQ(wrap_arithmetic("where the mean 2 is", 14), "where the\nmean 2 is");
}
