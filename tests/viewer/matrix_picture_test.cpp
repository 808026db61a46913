// The matrices of a stage: numbers in cells, outlines, scales of colours, where they stand, and
// which cell of a finished stage is shown.
#include "draw/cell_digits.h"
#include "draw/outlines.h"
#include "stages/arrangement.h"
#include "stages/focus.h"
#include "stages/scales.h"
#include "support/creature_viewer.h"
#include "terminal/stage_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

using namespace whirlygig;
using support::corpora;
using support::ViewerScreen;

namespace {

class MatrixPicture : public support::CreatureViewer {
protected:
    MatrixPicture() { screen.frame(); }

    const Stage& stage_of(const std::string& name) { return *stage_named(state, name); }
    // In cells of this width, without their gaps.
    std::string digits(double largest, double value, float width = 26) {
        return digits_for(state.theme, largest, width).text(value);
    }
};

TEST_F(MatrixPicture, NumbersHaveTwoDigitsInAPowerOfTenThatAllShare) {
    EXPECT_EQ(digits(2.47, 2.47), "2.5");
    EXPECT_EQ(digits(2.47, -0.31), "−0.3");
    EXPECT_EQ(digits(13.9, -13.9), "−14");
    EXPECT_EQ(digits(13.9, -13.9, 60), "−13.9");
    EXPECT_EQ(digits(0.42, 0.071), ".07");
    EXPECT_EQ(digits(0.42, 0.071, 60), "0.07");
    EXPECT_EQ(digits(0.0347, -0.0347), "−35"); // in thousandths
    EXPECT_EQ(digits(0.000347, 0.000347, 60), "0.35");
    EXPECT_EQ(power_in_words(digits_for(state.theme, 0.0345, 60).power), "in thousandths");
    EXPECT_EQ(power_in_words(digits_for(state.theme, 3e-9, 60).power), "× 10⁻⁹");
    EXPECT_EQ(power_in_words(digits_for(state.theme, 3, 60).power), "");
}

TEST_F(MatrixPicture, OnlyZeroReadsZero) {
    EXPECT_EQ(digits(2.5, 0), "0");
    EXPECT_EQ(digits(2.5, 0.01), "0.0");
    EXPECT_EQ(digits(2.5, -0.01), "0.0");
    EXPECT_EQ(digits(25, 0.01), "≈0");
}

TEST_F(MatrixPicture, NumbersNeverTouchTheBorderOfTheirCell) {
    for (float width = 4; width < 80; width += 0.5F) {
        const CellDigits found = digits_for(state.theme, 0.87, width);
        if (found.font == nullptr) continue;
        EXPECT_LT(Ink::size_of(found.font, found.text(-0.87)).x, width - 2) << width;
    }
    EXPECT_EQ(digits_for(state.theme, 0.87, 12).font, nullptr);
    EXPECT_EQ(digits_for(state.theme, 0.87, 70).font, state.theme.fonts.large);
}

TEST(Outlines, JoinWhatStandsTogether) {
    using Cells = std::set<std::pair<std::size_t, std::size_t>>;
    EXPECT_TRUE(rectangles_of({}).empty());
    const Cells row = {{2, 0}, {2, 1}, {2, 2}}, column = {{0, 3}, {1, 3}, {2, 3}, {3, 3}};
    EXPECT_EQ(rectangles_of(row), (std::vector<CellRectangle>{{{2, 0}, {2, 2}}}));
    EXPECT_EQ(rectangles_of(column), (std::vector<CellRectangle>{{{0, 3}, {3, 3}}}));
    Cells all;
    for (std::size_t index = 0; index < 5 * 7; ++index)
        all.insert({index / 7, index % 7});
    EXPECT_EQ(rectangles_of(all), (std::vector<CellRectangle>{{{0, 0}, {4, 6}}}));
    all.erase({4, 6});
    EXPECT_EQ(rectangles_of(all).size(), 2U);
    EXPECT_EQ(rectangles_of({{0, 0}, {0, 2}, {2, 0}}).size(), 3U);
}

TEST_F(MatrixPicture, WhatIsAddedOrPassedOnHasTheSameColours) {
    for (const char* name : {"embedding.sum", "block.0.attention.residual", "block.0.head.1.scaled",
                             "block.0.head.0.masked", "block.0.attention.joined"}) {
        const Stage& it = stage_of(name);
        double largest = 0;
        for (const Operand& operand : it.made_from) {
            for (std::size_t index = 0; index < operand.numbers.rows * operand.numbers.columns;
                 ++index)
                largest =
                    std::max(largest, std::abs(static_cast<double>(operand.numbers.data[index])));
        }
        EXPECT_GE(scale_of(it), largest) << name;
        const Arrangement shown = arrange(state, it, 0, {{0, 0}, {900, 600}});
        for (const MatrixView& view : shown.operands) {
            EXPECT_EQ(view.full_colour(), shown.result.full_colour()) << name;
            EXPECT_FALSE(view.note(state.theme).starts_with("±")) << name;
        }
    }
    const Arrangement queries =
        arrange(state, stage_of("block.0.head.0.queries"), 0, {{0, 0}, {900, 600}});
    EXPECT_TRUE(queries.operands[1].note(state.theme).starts_with("±"));
    const Arrangement mixed =
        arrange(state, stage_of("block.0.head.0.mixed"), 0, {{0, 0}, {900, 600}});
    EXPECT_EQ(mixed.operands[0].note(state.theme), ""); // shares
}

// The softmax does not change when all scores of a row rise: the exact gradient is 0.
TEST_F(MatrixPicture, RoundingNoiseHasNoColour) {
    for (const char* name :
         {"gradient.block.0.head.0.key_bias", "gradient.block.0.head.1.key_bias"}) {
        const Stage& it = stage_of(name);
        EXPECT_GT(scale_of(it), 1e4 * largest_of(it.values)) << name;
    }
    const Stage& queries = stage_of("gradient.block.0.head.0.query_bias");
    EXPECT_LT(scale_of(queries), 100 * largest_of(queries.values));
}

TEST_F(MatrixPicture, SmallCanvasesHaveLargeCells) {
    const Box small{{0, 0}, {706, 408}}; // as in a window of 1280x720
    const Arrangement masked = arrange(state, stage_of("gradient.block.0.head.0.masked"), 0, small);
    EXPECT_EQ(masked.operands[0].low.y, masked.result.low.y) << "not beside each other";
    EXPECT_GE(masked.result.smaller_side(), state.theme.units(18));
    const Arrangement queries = arrange(state, stage_of("block.0.head.0.queries"), 0, small);
    EXPECT_GE(queries.result.smaller_side(), state.theme.units(6));
    EXPECT_LT(queries.inset.high.y, queries.operands[0].low.y) << "not in the corner";
    EXPECT_LT(queries.inset.high.x, queries.operands[1].low.x);
    EXPECT_GE(queries.inset.width(), state.theme.units(400));
}

TEST_F(MatrixPicture, SmallCanvasesHaveRoomForTheLabelOfEachRowOfTheText) {
    const Box small{{0, 0}, {706, 400}};
    for (const Stage* stage : state.timeline.stages) {
        const Arrangement found = arrange(state, *stage, 0, small);
        std::vector<MatrixView> views = found.operands;
        views.push_back(found.result);
        // The hidden numbers are so many that their weights need all of the height.
        const auto high = [](const MatrixView& view) { return view.drawn_rows() > 40; };
        if (std::any_of(views.begin(), views.end(), high)) continue;
        if (stage->operation == Operation::weights_backward) continue; // so do gradients of weights
        for (const MatrixView& view : views) {
            if (view.drawn_rows() > state.trace->ids.size()) continue;
            EXPECT_GE(view.cell.y, state.theme.units(9)) << stage->name << ": " << view.name;
        }
    }
}

TEST_F(MatrixPicture, LargeCanvasesHaveCellsThatAreLargerStill) {
    const Box large{{0, 0}, {1700, 1000}};
    for (const char* name : {"block.0.head.0.scores", "block.0.head.0.scaled"}) {
        const float cell = arrange(state, stage_of(name), 0, large).result.smaller_side();
        EXPECT_GT(cell, state.theme.units(41)) << name;
        EXPECT_LE(cell, state.theme.units(72)) << name;
    }
}

TEST_F(MatrixPicture, AFinishedStageShowsACellThatIsWorthALook) {
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const Stage& it = *state.timeline.stages[number];
        const Focus cell = focus_of(state, state.timeline.moment(state.timeline.done(number)));
        ASSERT_LT(cell.row, it.values.rows) << it.name;
        ASSERT_LT(cell.column, it.values.columns) << it.name;
        if (it.operation == Operation::mask) {
            EXPECT_GT(cell.column, cell.row) << it.name;
            continue;
        }
        if (is_attention_map(parse_stage_name(it.name))) {
            EXPECT_LE(cell.column, cell.row) << it.name;
        }
        EXPECT_NE(it.values(cell.row, cell.column), 0) << it.name;
    }
    const Stage& gelu = stage_of("block.0.mlp.activated");
    const Focus bend = focus_of(
        state, state.timeline.moment(state.timeline.done(number("block.0.mlp.activated"))));
    EXPECT_EQ(bend.row, gelu.values.rows - 1);
    EXPECT_NEAR(std::abs(gelu.made_from[0].numbers(bend.row, bend.column)), 1, 0.2);
}

TEST_F(MatrixPicture, TheTimelineNamesTheCellThatIsShown) {
    go("block.0.head.0.masked");
    screen.frame();
    const Focus cell = focus_of(state, state.moment());
    EXPECT_TRUE(reads(fmt::format("done · shown: row {}, column {}", cell.row, cell.column)));
}

// Where there is room for a few words only, those of the text come first.
TEST_F(MatrixPicture, TablesNameTheWordsOfTheText) {
    go("embedding.tokens");
    ImGui::GetIO().DisplaySize = {1280, 720};
    screen.frame();
    screen.frame();
    for (const std::string word : {"the", "blue", "creature", "floated"}) { // not all 36 fit
        EXPECT_TRUE(std::ranges::any_of(screen.written, [&](const WrittenText& text) {
            return text.text == word;
        })) << word;
    }
}

} // namespace
