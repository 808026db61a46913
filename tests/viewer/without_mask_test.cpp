// A model that was trained without the causal mask: no stage, part or sentence speaks of one.
#include "support/creature_viewer.h"
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

} // namespace
