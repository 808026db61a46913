// Models that were trained without a part: no stage, part of the overview or sentence speaks of it.
#include "parameters.h"
#include "support/creature_viewer.h"
#include "support/small_model.h"
#include "terminal/stage_name.h"

using namespace whirlygig;

namespace {

class WithoutMask : public support::CreatureViewer {
protected:
    WithoutMask() {
        ModelFolder folder = state.folder;
        auto model = std::make_shared<Model>(*folder.model);
        model->config.without = Without::mask;
        for (BlockParameters& block : model->parameters.blocks)
            block.mask = Mask::none;
        folder.model = std::move(model);
        show_folder(state, std::move(folder));
    }
};

TEST_F(WithoutMask, EveryStageCanBeLookedAtAndNoneIsMasked) {
    state.scene = Scene::stages;
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        state.time = state.timeline.done(number);
        screen.frame();
        EXPECT_FALSE(stage().ends_with("masked"));
        EXPECT_FALSE(reads("the mask")) << stage();
    }
}

TEST_F(WithoutMask, TheOverviewLeadsFromTheScaledScoresToTheMap) {
    state.scene = Scene::model;
    state.time = state.timeline.done(number("probabilities"));
    screen.frame();
    EXPECT_TRUE(has("part block.0.head.1.scaled"));
    EXPECT_FALSE(has("part block.0.head.1.masked"));
    click("part block.0.head.1.attention_weights");
    EXPECT_EQ(stage(), "block.0.head.1.attention_weights");
}

// The first word now looks at later ones, and its blend takes them in.
TEST_F(WithoutMask, TheFirstWordsBlendNamesLaterWords) {
    state.scene = Scene::stages;
    state.time = state.timeline.at_cell(number("block.0.head.1.mixed"), 0, 1);
    screen.frame();
    for (const char* word : {"fluffy", "blue", "creature", "floated"})
        EXPECT_TRUE(reads(word)) << word;
    EXPECT_GT(state.moment().stage->made_from[0].numbers(0, 4), 0);
}

class WithoutPart : public support::CreatureViewer, public testing::WithParamInterface<Without> {
protected:
    WithoutPart() {
        ModelFolder folder = state.folder;
        auto model = std::make_shared<Model>(*folder.model);
        model->config.without = GetParam();
        model->config.layers = 3;
        Random random(5);
        initialize(*model, Initialization::readable, random);
        folder.model = std::move(model);
        show_folder(state, std::move(folder));
    }
};

TEST_P(WithoutPart, EveryCellOfEveryStageCanBeLookedAt) {
    state.scene = Scene::stages;
    for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
        const Numbers& values = state.timeline.stages[number]->values;
        for (const std::size_t share : {0, 1}) {
            state.time = state.timeline.at_cell(number, share * (values.rows - 1),
                                                share * (values.columns - 1));
            screen.frame();
        }
    }
}

TEST_P(WithoutPart, TheOverviewShowsWhatThereIsAndSaysWhatIsNot) {
    state.scene = Scene::model;
    for (const Stage& each : state.trace->forward_stages) {
        state.time = state.timeline.done(number(each.name));
        screen.frame();
    }
    EXPECT_TRUE(reads("This model was trained without")) << name_of(GetParam()).name;
    EXPECT_TRUE(has("part block.2.head.0.scores"));
    EXPECT_EQ(has("part embedding.positions"), GetParam() != Without::positions);
    EXPECT_EQ(has("part block.2.head.0.scaled"), GetParam() != Without::scale);
    EXPECT_EQ(has("part block.2.attention.residual"), GetParam() != Without::residual);
    EXPECT_EQ(has("part block.2.attention.norm"), GetParam() != Without::norm);
    EXPECT_EQ(has("part block.2.mlp.output"), GetParam() != Without::mlp);
    for (std::size_t back = state.trace->forward_stages.size(); back < state.timeline.stages.size();
         ++back) {
        state.time = state.timeline.done(back);
        screen.frame();
    }
}

TEST_P(WithoutPart, TheTourGoesToItsEnd) {
    click("Tour");
    int stops = 1;
    for (; has("Next##tour"); ++stops) {
        EXPECT_FALSE(GetParam() == Without::scale && reads("is divided by"));
        EXPECT_FALSE(GetParam() == Without::mask && reads("the mask takes"));
        EXPECT_FALSE(GetParam() == Without::mlp && reads("the MLP thinks"));
        click("Next##tour");
    }
    EXPECT_EQ(stops, 11);
    click("Done##tour");
    EXPECT_FALSE(state.tour.running);
}

INSTANTIATE_TEST_SUITE_P(Parts, WithoutPart, testing::ValuesIn(support::all_parts()),
                         [](const auto& info) { return std::string(name_of(info.param).name); });

} // namespace
