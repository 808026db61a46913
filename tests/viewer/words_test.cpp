// One name for one thing, whole words, and letters that can be read.
#include "panels/matrix_words.h"
#include "stages/matrix_labels.h"
#include "support/creature_viewer.h"
#include "terminal/stage_name.h"
#include "trace/expression.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

using namespace whirlygig;

namespace {

using Words = support::CreatureViewer;

// The relative luminance of WCAG 2.1.
double luminance(ImU32 colour) {
    const auto part = [&](int shift) {
        const double value = static_cast<double>((colour >> shift) & 255U) / 255;
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(IM_COL32_R_SHIFT) + 0.7152 * part(IM_COL32_G_SHIFT) +
           0.0722 * part(IM_COL32_B_SHIFT);
}

double contrast(ImU32 one, ImU32 other) {
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

TEST(Contrast, OfBlackAndWhiteIs21) {
    EXPECT_NEAR(contrast(IM_COL32(0, 0, 0, 255), IM_COL32(255, 255, 255, 255)), 21, 1e-9);
}

TEST_F(Words, CanBeReadOnWhatTheyStandOn) {
    for (const Look look : {Look::dark, Look::light}) {
        state.theme.look = look;
        apply_look(state.theme);
        const Theme& theme = state.theme;
        for (const ImU32 text : {theme.text, theme.dim, theme.faint}) {
            for (const ImU32 behind : {theme.background, theme.panel, theme.empty_cell})
                EXPECT_GE(contrast(text, behind), 4.5) << name_of(look);
        }
    }
}

TEST_F(Words, EachStageHasATitleOfItsOwnThatIsNoBareName) {
    std::set<std::string> titles;
    for (const Stage* stage : state.timeline.stages) {
        EXPECT_TRUE(titles.insert(stage->title).second) << stage->title;
        EXPECT_EQ(stage->title.find_first_of("._"), std::string::npos) << stage->title;
        EXPECT_EQ(stage->title, title_of(state, stage->name));
    }
    EXPECT_EQ(title_of(state, "gradient.block.0.mlp.norm.gain"),
              "Gradient by block 0: MLP norm gain");
    EXPECT_EQ(title_of(state, "gradient.embedding.sum"), "Gradient by the stream at its start");
}

TEST_F(Words, TheEntriesOfTheListCanBeToldApart) {
    screen.resize(1280, 720);
    for (std::size_t number = 0; number < state.timeline.stages.size(); number += 3) {
        state.time = state.timeline.done(number);
        screen.frame();
        screen.frame();
        std::set<std::string> entries;
        const Control* first = state.controls.find(stage());
        ASSERT_NE(first, nullptr) << stage();
        for (const WrittenText& text : screen.written) {
            if (text.low.x >= first->high.x || text.low.y < 80 || text.high.y > 610) continue;
            EXPECT_FALSE(text.text.ends_with("…")) << stage() << ": " << text.text;
            EXPECT_TRUE(entries.insert(text.text).second) << stage() << ": " << text.text;
        }
        EXPECT_GT(entries.size(), 5U);
    }
}

TEST_F(Words, AGuessIsCalledTheModelsAndNotShownBeforeItIsThere) {
    go("block.0.head.0.queries");
    screen.frame();
    const std::string guess = prediction_at(state, 2);
    EXPECT_TRUE(reads(guess));
    EXPECT_TRUE(reads("final guess"));
    state.time = state.timeline.at_cell(number("block.0.head.0.queries"), 3, 1);
    screen.frame();
    EXPECT_FALSE(reads(guess));
    EXPECT_FALSE(reads("final guess"));
}

TEST_F(Words, TheLossNamesWhatReallyCame) {
    go("loss");
    screen.frame();
    EXPECT_TRUE(reads("what really"));
    for (const char* next : {"→ fluffy", "→ blue", "→ creature", "→ floated"})
        EXPECT_TRUE(reads(next)) << next;
    double mean = 0;
    for (std::size_t place = 0; place < 4; ++place)
        mean += state.moment().stage->values(place, 0) / 4.0;
    EXPECT_TRUE(reads(number_text(mean, 4))) << words();
    EXPECT_TRUE(reads(fmt::format("{:.1f} words", std::exp(mean)))) << words();
}

TEST_F(Words, TheLastRowOfAGradientSaysWhyItIsZero) {
    screen.resize(1600, 1000);
    go("gradient.block.0.head.0.masked");
    screen.frame();
    EXPECT_TRUE(reads("no next word, so no gradient"));
    go("block.0.head.0.masked");
    screen.frame();
    EXPECT_FALSE(reads("no next word, so no gradient"));
}

TEST_F(Words, ThePanelReadsOutTheRingedCell) {
    go("block.0.head.0.scores");
    screen.frame();
    EXPECT_TRUE(reads("THE RINGED CELL"));
    EXPECT_FALSE(reads("Every number explains itself"));
    double largest = 0;
    const Numbers& values = state.moment().stage->values;
    // Of a finished stage the last row has the cell that is worth a look.
    for (std::size_t column = 0; column < values.columns; ++column) {
        const double here = values(values.rows - 1, column);
        if (std::abs(here) > std::abs(largest)) largest = here;
    }
    EXPECT_TRUE(reads(number_text(largest, 6))) << words();
    state.scene = Scene::model;
    screen.frame();
    EXPECT_TRUE(reads("Every number explains itself"));
}

TEST_F(Words, NoShareIsWrittenAsAPowerOfTen) {
    for (const char* name : {"probabilities", "block.0.head.0.attention_weights"}) {
        go(name);
        const Stage& stage = *state.moment().stage;
        for (std::size_t column = 0; column < stage.values.columns; ++column) {
            state.pinned = CellRef{name, stage.values.rows - 1, column};
            screen.frame();
            for (const WrittenText& text : screen.written) {
                // In the panel on the right the numbers are as exact as they are stored.
                if (text.low.x > 1230) continue;
                EXPECT_EQ(text.text.find("e-0"), std::string::npos) << text.text;
            }
        }
    }
}

} // namespace
