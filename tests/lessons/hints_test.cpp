#include "hints.h"

#include <gtest/gtest.h>

using namespace whirlygig;

TEST(Hints, EachLevelIsAHeadingUnderTheExercise) {
    const std::string text =
        "# fill\n\n## A question\n\nWhat is it?\n\n# add\n\n## A question\nWhy?\n"
        "\n## The formula\n```\n# no heading\n## nor this\n```\n## Step by "
        "step\n1. One\n\n2. Two\n";
    const std::vector<Hint> hints = read_hints(text, "add");
    ASSERT_EQ(hints.size(), 3u);
    EXPECT_EQ(hints[0].title, "A question");
    EXPECT_EQ(hints[0].text, "Why?\n");
    EXPECT_EQ(hints[1].text, "```\n# no heading\n## nor this\n```\n");
    EXPECT_EQ(hints[2].title, "Step by step");
    EXPECT_EQ(hints[2].text, "1. One\n\n2. Two\n");
    EXPECT_EQ(read_hints(text, "fill").size(), 1u);
    EXPECT_TRUE(read_hints(text, "encode").empty());
}
