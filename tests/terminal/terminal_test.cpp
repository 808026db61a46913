#include "terminal/terminal.h"

#include <gtest/gtest.h>

using whirlygig::choose_colours;
using whirlygig::choose_width;
using whirlygig::Colours;

TEST(Terminal, GivesNoColoursToFilesAndPipes) {
    EXPECT_EQ(choose_colours(false, {.term = "xterm-256color", .colorterm = "truecolor"}),
              Colours::none);
}

TEST(Terminal, ObeysNoColor) {
    EXPECT_EQ(choose_colours(true, {.no_color = "1", .term = "xterm-256color"}), Colours::none);
    EXPECT_EQ(choose_colours(true, {.no_color = "0", .term = "xterm-256color"}), Colours::none);
}

TEST(Terminal, GivesNoColoursToTerminalsThatHaveNone) {
    EXPECT_EQ(choose_colours(true, {}), Colours::none);
    EXPECT_EQ(choose_colours(true, {.term = "dumb"}), Colours::none);
    EXPECT_EQ(choose_colours(true, {.term = "dumb", .colorterm = "truecolor"}), Colours::none);
    EXPECT_EQ(choose_colours(true, {.term = "vt100"}), Colours::none);
}

TEST(Terminal, FindsThePaletteByTheTerminalsName) {
    for (const char* name :
         {"xterm", "xterm-256color", "screen", "tmux-256color", "putty-256color"})
        EXPECT_EQ(choose_colours(true, {.term = name}), Colours::palette) << name;
}

TEST(Terminal, UsesEveryColourWhereTheTerminalSaysSo) {
    EXPECT_EQ(choose_colours(true, {.term = "xterm", .colorterm = "truecolor"}), Colours::full);
    EXPECT_EQ(choose_colours(true, {.term = "xterm", .colorterm = "24bit"}), Colours::full);
    EXPECT_EQ(choose_colours(true, {.term = "vt100", .colorterm = "yes"}), Colours::palette);
}

TEST(Terminal, IsEightyColumnsWideWhenNothingIsKnown) {
    EXPECT_EQ(choose_width(0), 80u);
    EXPECT_EQ(choose_width(133), 133u);
    EXPECT_EQ(choose_width(40), 40u);
    EXPECT_EQ(choose_width(7), 40u);
}
