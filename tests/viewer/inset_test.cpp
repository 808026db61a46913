#include "stages/inset.h"

#include "draw/ink.h"
#include "state.h"
#include "terminal/stage_labels.h"
#include "trace/explain.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

using namespace whirlygig;

namespace {

// A Dear ImGui without a screen, in which one window fills all.
class Screen {
public:
    explicit Screen(Theme& theme) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {1200, 400};
        ImFont* font = io.Fonts->AddFontDefault();
        theme.fonts = {font, font, font, font, font};
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
        apply_look(theme);
    }
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    ~Screen() { ImGui::DestroyContext(); }
};

struct Size {
    float width, height;
};

constexpr Size small{420, 150}, large{1000, 220};
const ImVec2 corner{40, 60};

class InsetTest : public testing::Test {
protected:
    State state;
    Screen screen{state.theme};

    void SetUp() override {
        open_model(state, std::string(WHIRLYGIG_CORPORA) + "/creatures/model",
                   "the fluffy blue creature floated");
    }

    std::vector<WrittenText> draw(const Moment& moment, Size size) {
        std::vector<WrittenText> written;
        ImGui::GetIO().DeltaTime = 1.0F / 60;
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::Begin("all", nullptr, ImGuiWindowFlags_NoDecoration);
        Ink ink(state.theme, written);
        Inset inset{ink,    state,  *moment.stage,
                    moment, corner, {corner.x + size.width, corner.y + size.height}};
        draw_inset(inset);
        ImGui::End();
        ImGui::EndFrame();
        return written;
    }

    std::vector<WrittenText> draw_at(std::size_t stage, double share, Size size) {
        const double cells = state.timeline.done(stage).cells;
        return draw(state.timeline.moment({stage, cells * share}), size);
    }
};

std::string all_of(const std::vector<WrittenText>& written) {
    std::string all;
    for (const WrittenText& text : written)
        all += text.text + "\n";
    return all;
}

bool overlap(const WrittenText& a, const WrittenText& b) {
    constexpr float touching = 1; // texts are moved to whole pixels
    return a.low.x + touching < b.high.x && b.low.x + touching < a.high.x &&
           a.low.y + touching < b.high.y && b.low.y + touching < a.high.y;
}

void expect_readable(const std::vector<WrittenText>& written, Size size, const std::string& where) {
    EXPECT_FALSE(written.empty()) << where;
    for (std::size_t index = 0; index < written.size(); ++index) {
        const WrittenText& text = written[index];
        EXPECT_TRUE(text.low.x >= corner.x - 1 && text.low.y >= corner.y - 1 &&
                    text.high.x <= corner.x + size.width + 1 &&
                    text.high.y <= corner.y + size.height + 1)
            << where << ": \"" << text.text << "\" leaves the area";
        for (std::size_t other = 0; other < index; ++other)
            EXPECT_FALSE(overlap(text, written[other]))
                << where << ": \"" << text.text << "\" lies on \"" << written[other].text << "\"";
    }
}

bool is_running_sum(const Stage& stage) {
    switch (stage.operation) {
    case Operation::linear:
    case Operation::linear_backward:
    case Operation::weights_backward:
    case Operation::bias_backward:
    case Operation::lookup_backward:
    case Operation::tied_table_backward:
    case Operation::product_a_bt:
        return true;
    case Operation::product:
        return !stage.name.ends_with(".mixed");
    default:
        return false;
    }
}

} // namespace

TEST_F(InsetTest, NothingOverlapsOrLeavesTheAreaInAnyStageAtAnyMoment) {
    for (std::size_t stage = 0; stage < state.timeline.stages.size(); ++stage) {
        for (const double share : {0.0, 0.13, 0.36, 0.5, 0.77, 0.97, 1.0}) {
            for (const Size size : {small, large, Size{500, 200}}) {
                const std::string where =
                    fmt::format("{} at {} in {} x {}", state.timeline.stages[stage]->name, share,
                                size.width, size.height);
                expect_readable(draw_at(stage, share, size), size, where);
            }
        }
    }
}

TEST_F(InsetTest, NothingOverlapsOrLeavesTheAreaWhenAllIsLarger) {
    state.theme.scale = 0.7F; // the font stays as it is: as if all text were larger
    for (std::size_t stage = 0; stage < state.timeline.stages.size(); ++stage) {
        for (const double share : {0.0, 0.7, 1.0}) {
            const std::string where = state.timeline.stages[stage]->name + " in larger letters";
            expect_readable(draw_at(stage, share, small), small, where);
        }
    }
}

TEST_F(InsetTest, NothingOverlapsInATextAsLongAsTheContext) {
    show_text(state, "the fluffy blue creature floated . the fluffy blue creature floated . the "
                     "fluffy blue creature floated . the");
    ASSERT_TRUE(state.text.complaint.empty()) << state.text.complaint;
    for (std::size_t stage = 0; stage < state.timeline.stages.size(); ++stage) {
        for (const double share : {0.0, 0.52, 1.0}) {
            for (const Size size : {small, large}) {
                const std::string where = state.timeline.stages[stage]->name + " of a long text";
                expect_readable(draw_at(stage, share, size), size, where);
            }
        }
    }
}

TEST_F(InsetTest, NothingOverlapsInOtherModels) {
    for (const std::string corpus : {"creatures_long", "induction", "reviews", "sorting"}) {
        open_model(state, std::string(WHIRLYGIG_CORPORA) + "/" + corpus + "/model", "");
        for (std::size_t stage = 0; stage < state.timeline.stages.size(); ++stage) {
            for (const double share : {0.0, 0.52, 1.0}) {
                const std::string where = state.timeline.stages[stage]->name + " of " + corpus;
                expect_readable(draw_at(stage, share, small), small, where);
            }
        }
    }
}

TEST_F(InsetTest, ARunningSumEndsWithTheNumberInTheCell) {
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const Stage& stage = *state.timeline.stages[number];
        if (!is_running_sum(stage)) continue;
        const Numbers& values = stage.values;
        const std::string last = number_text(values(values.rows - 1, values.columns - 1), 4);
        for (const Size size : {small, large}) {
            const std::string all = all_of(draw_at(number, 1, size));
            EXPECT_NE(all.find(last), all.npos) << stage.name << "\n" << all;
        }
    }
}

TEST_F(InsetTest, AMomentOfARunningSumNamesTheTermAndTheSumSoFar) {
    const std::size_t number = state.timeline.stage_number("block.0.head.1.scores");
    const Stage& stage = *state.timeline.stages[number];
    const std::size_t columns = stage.values.columns, terms = terms_of(stage);
    const double cells = static_cast<double>(3 * columns + 1);
    const double term = 4.75 / static_cast<double>(terms);
    const std::string all = all_of(draw(state.timeline.moment({number, cells + term}), large));
    const Expression expression = explain(stage, 3, 1);
    double so_far = 0;
    for (std::size_t k = 0; k <= 4; ++k)
        so_far += expression.parts[k].value;
    for (const double value :
         {expression.parts[4].parts[0].value, expression.parts[4].parts[1].value,
          expression.parts[4].value, so_far})
        EXPECT_NE(all.find(number_text(value, 4)), all.npos) << value << "\n" << all;
    EXPECT_NE(all.find(fmt::format("Term 5 of {}", terms)), all.npos) << all;
    EXPECT_NE(all.find("queries (3, 4) · keys (1, 4)"), all.npos) << all;
}

TEST_F(InsetTest, AFinishedCellShowsItsNumberInEveryStageThatHasOne) {
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const Stage& stage = *state.timeline.stages[number];
        // A row of softmax shows three digits, and of a vocabulary only its best tokens.
        if (stage.operation == Operation::softmax) continue;
        for (std::size_t row = 0; row < stage.values.rows; row += 3) {
            const std::size_t column = (row * 7 + 1) % stage.values.columns;
            Moment moment = state.timeline.moment(state.timeline.done(number));
            moment.row = row;
            moment.column = column;
            const std::string all = all_of(draw(moment, large));
            EXPECT_NE(all.find(number_text(stage.values(row, column), 4)), all.npos)
                << stage.name << " (" << row << ", " << column << ")\n"
                << all;
        }
    }
}

TEST_F(InsetTest, SoftmaxShowsOneThingAfterTheOther) {
    const std::size_t number = state.timeline.stage_number("block.0.head.1.attention_weights");
    const Stage& stage = *state.timeline.stages[number];
    const double columns = static_cast<double>(stage.values.columns);
    const auto text_at = [&](double row_fraction) {
        return all_of(draw(state.timeline.moment({number, (3 + row_fraction) * columns}), large));
    };
    const std::string sum = number_text(explain(stage, 3, 0).parts[1].value, 4);
    const std::string share = number_text(stage.values(3, 2), 3);
    EXPECT_EQ(text_at(0.1).find(sum), std::string::npos);
    EXPECT_NE(text_at(0.6).find(sum), std::string::npos);
    EXPECT_EQ(text_at(0.6).find(share), std::string::npos);
    EXPECT_NE(text_at(0.95).find(share), std::string::npos);
}

TEST_F(InsetTest, ProbabilitiesNameTheBestTokens) {
    const std::size_t number = state.timeline.stage_number("probabilities");
    const Stage& stage = *state.timeline.stages[number];
    const std::size_t row = stage.values.rows - 1;
    std::size_t best = 0;
    for (std::size_t column = 1; column < stage.values.columns; ++column)
        if (stage.values(row, column) > stage.values(row, best)) best = column;
    const std::string token = state.traced_text().token(static_cast<int>(best));
    for (const Size size : {small, large}) {
        const std::string all = all_of(draw_at(number, 1, size));
        EXPECT_NE(all.find(token), all.npos) << all;
        EXPECT_NE(all.find("more tokens"), all.npos) << all;
    }
}

TEST_F(InsetTest, TheLossNamesTheRealNextToken) {
    const std::size_t number = state.timeline.stage_number("loss");
    for (const Size size : {small, large}) {
        const std::string all = all_of(draw_at(number, 1, size));
        EXPECT_NE(all.find("came \"floated\""), all.npos) << all;
    }
}

TEST_F(InsetTest, TheMaskSaysWhyACellIsHatchedOrKept) {
    const std::size_t number = state.timeline.stage_number("block.0.head.0.masked");
    Moment moment = state.timeline.moment(state.timeline.done(number));
    moment.row = 1;
    moment.column = 3;
    EXPECT_NE(all_of(draw(moment, large)).find("hatched"), std::string::npos);
    moment.column = 0;
    EXPECT_NE(all_of(draw(moment, large)).find("keeps the score"), std::string::npos);
}

TEST_F(InsetTest, ScaleDividesByTheRootOfTheHeadWidth) {
    const std::size_t number = state.timeline.stage_number("block.0.head.0.scaled");
    const std::string all = all_of(draw_at(number, 1, large));
    EXPECT_NE(all.find("√16\n"), all.npos) << all;
    EXPECT_NE(all.find("\n4\n"), all.npos) << all;
}

TEST_F(InsetTest, ABiasIsNamedUnderItsBar) {
    const std::size_t number = state.timeline.stage_number("block.0.head.1.queries");
    for (const Size size : {small, large}) {
        const std::string all = "\n" + all_of(draw_at(number, 1, size));
        EXPECT_NE(all.find("\nbias\n"), all.npos) << all;
    }
}

TEST_F(InsetTest, BarsOfSeveralHeadsAreNamedByTheirMatrices) {
    const std::size_t number = state.timeline.stage_number("gradient.block.0.attention.norm");
    const std::string all = "\n" + all_of(draw_at(number, 1, large));
    for (const char* name : {"head 0 queries", "head 0 values", "head 1 keys"})
        EXPECT_NE(all.find(std::string("\n") + name + "\n"), all.npos) << all;
}

TEST_F(InsetTest, WhatIsMixedIsWrittenAsASumOfProducts) {
    const std::size_t number = state.timeline.stage_number("block.0.head.1.mixed");
    const Stage& stage = *state.timeline.stages[number];
    Moment moment = state.timeline.moment(state.timeline.done(number));
    moment.row = 2;
    moment.column = 5;
    const std::string all = all_of(draw(moment, large));
    const Expression expression = explain(stage, 2, 5);
    for (std::size_t place = 0; place <= 2; ++place) {
        const std::string product = number_text(expression.parts[place].value, 4);
        EXPECT_NE(all.find(product), all.npos) << product << "\n" << all;
    }
    EXPECT_NE(all.find("= " + number_text(stage.values(2, 5), 4)), all.npos) << all;
}

TEST_F(InsetTest, ANormsWayBackHasNumberedStepsWithTheStreamStraightOn) {
    for (const auto& [name, straight_on] : {std::pair("gradient.block.0.attention.residual", true),
                                            std::pair("gradient.block.0.mlp.residual", false)}) {
        const std::size_t number = state.timeline.stage_number(name);
        const Stage& stage = *state.timeline.stages[number];
        Moment moment = state.timeline.moment(state.timeline.done(number));
        moment.row = 1;
        moment.column = 3;
        const std::string all = all_of(draw(moment, large));
        EXPECT_NE(all.find("mean slope: the mean of g · n"), all.npos) << all;
        EXPECT_NE(all.find("= " + number_text(stage.values(1, 3), 4)), all.npos) << all;
        EXPECT_EQ(all.find("+ the gradient straight on") != all.npos, straight_on) << all;
    }
}
