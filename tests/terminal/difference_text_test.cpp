#include "terminal/difference_text.h"

#include "support/traced_example.h"
#include "terminal/text_layout.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

using namespace whirlygig;
using namespace support;

namespace {

// A pass and the same once more, for planting wrong numbers.
struct Pair {
    TracedExample here, there;

    void set(const std::string& stage, std::size_t row, std::size_t column, double value) {
        set(*there.trace, stage, row, column, value);
    }
    void set_both(const std::string& stage, std::size_t row, std::size_t column, double value_here,
                  double value_there) {
        set(*here.trace, stage, row, column, value_here);
        set(*there.trace, stage, row, column, value_there);
    }
    static void set(const Trace& trace, const std::string& stage, std::size_t row,
                    std::size_t column, double value) {
        const Numbers& numbers = trace.stage(stage).values;
        const_cast<Real&>(numbers.data[row * numbers.columns + column]) = static_cast<Real>(value);
    }
    double get(const std::string& stage, std::size_t row, std::size_t column) const {
        return here.trace->stage(stage).values(row, column);
    }
    TraceDifference difference() const {
        return compare_passes(recorded_pass(*here.trace), recorded_pass(*there.trace, "my/t.file"));
    }
    std::string summary() const { return difference_summary(here.text, difference()); }
};

void expect_starts(const std::string& text, const std::string& start) {
    EXPECT_TRUE(text.starts_with(start)) << text << "\nshould start with\n" << start;
}

} // namespace

TEST(DifferenceText, SaysTheFirstDifferenceInWords) {
    Pair pair;
    pair.set_both("block.0.head.1.scores", 3, 1, 0.4132, -0.2066);
    pair.set("logits", 3, 1, 7);
    // Stages 1 to 3 embed, 4 is the norm, a head has eight.
    expect_starts(pair.summary(), "The first difference is in stage 16 (Block 0, head 1: scores), "
                                  "row 3 (“creature”), column 1 (“blue”): 0.4132 here, −0.2066 "
                                  "there. Numbers differ in 2 of ");
    EXPECT_TRUE(pair.summary().ends_with(" stages.")) << pair.summary();
}

TEST(DifferenceText, RowsOfLaterBlocksArePlaces) {
    Pair pair;
    pair.set("block.1.attention.norm", 4, 2, std::numeric_limits<double>::quiet_NaN());
    expect_starts(pair.summary(), "The first difference is in stage ");
    EXPECT_NE(pair.summary().find(", row 4 (the place of “slept”), column 2: "), std::string::npos)
        << pair.summary();
    EXPECT_NE(pair.summary().find(" here, not a number there."), std::string::npos)
        << pair.summary();
}

TEST(DifferenceText, ColumnsOfTheVocabularyAreItsTokens) {
    Pair pair;
    pair.set("probabilities", 0, 2, 0.5);
    const std::string token = pair.here.folder.wording.label(2);
    EXPECT_NE(pair.summary().find(fmt::format("column 2 (“{}”): ", token)), std::string::npos)
        << pair.summary();
}

TEST(DifferenceText, NumbersHaveEnoughDigitsToTellThemApart) {
    Pair pair;
    pair.set_both("embedding.sum", 2, 3, 1.5, 1.500244140625); // 1.5 + 2⁻¹²
    EXPECT_NE(pair.summary().find(": 1.5 here, 1.5002 there."), std::string::npos)
        << pair.summary();
}

TEST(DifferenceText, SaysWhenNothingDiffersAndWhatWasCompared) {
    const Pair pair;
    const TraceDifference none = pair.difference();
    EXPECT_EQ(difference_summary(pair.here.text, none),
              fmt::format("No number differs in any of the {} stages.", none.compared));
    EXPECT_EQ(difference_table(pair.here.text, none, 80, 20), "");
    const TracedExample forward("the blue fluffy creature slept .", Passes::forward);
    const TraceDifference part =
        compare_passes(recorded_pass(*pair.here.trace), recorded_pass(*forward.trace, "my/t.file"));
    EXPECT_EQ(
        difference_summary(pair.here.text, part),
        fmt::format("No number differs in any of the {} forward stages (my/t.file has no backward "
                    "pass).",
                    forward.trace->forward_stages.size()));
}

TEST(DifferenceText, TheTableHasALineForEachStage) {
    Pair pair;
    for (std::size_t column = 0; column < 3; ++column)
        pair.set("embedding.positions", 1, column,
                 pair.get("embedding.positions", 1, column) - 0.5);
    pair.set("gradient.logits", 1, 1, std::numeric_limits<double>::infinity());
    const std::string table = difference_table(pair.here.text, pair.difference(), 80, 20);
    const std::vector<std::string> lines = lines_of(table);
    ASSERT_EQ(lines.size(), 4u) << table; // two of heads
    expect_starts(lines[2], "      2  embedding.positions");
    EXPECT_NE(lines[2].find("3 of 72"), std::string::npos) << table;
    EXPECT_NE(lines[2].find("0.5"), std::string::npos) << table;
    EXPECT_NE(lines[3].find("gradient.logits"), std::string::npos) << table;
    EXPECT_NE(lines[3].find("∞"), std::string::npos) << table;
}

TEST(DifferenceText, NoLineIsTooWideAndWhatIsLeftOutIsSaid) {
    const Pair pair;
    TracedExample other("the blue fluffy creature slept .");
    for (const auto* stages : {&other.trace->forward_stages, &other.trace->backward_stages}) {
        for (const Stage& stage : *stages)
            const_cast<Real&>(stage.values.data[0]) += 1;
    }
    const TraceDifference all =
        compare_passes(recorded_pass(*pair.here.trace), recorded_pass(*other.trace, "other"));
    EXPECT_EQ(all.stages.size(), all.compared);
    for (const std::size_t width : {40, 60, 80}) {
        const auto lines = lines_of(difference_table(pair.here.text, all, width, 1000));
        EXPECT_GE(lines.size(), all.compared);
        for (const std::string& line : lines)
            EXPECT_LE(columns_of(line), width) << line;
    }
    const auto some = lines_of(difference_table(pair.here.text, all, 80, 3));
    EXPECT_EQ(some.size(), 2 + 3 + 1u);
    EXPECT_EQ(some.back(), fmt::format("  … and {} more", all.compared - 3));
}
