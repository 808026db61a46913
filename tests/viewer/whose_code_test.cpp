// What the viewer says of a learner's code, and what it shows when that throws.
#include "whose_code.h"

#include "support/creature_viewer.h"

#include <limits>

using namespace whirlygig;

namespace {

class WhoseCode : public support::CreatureViewer {
protected:
    // In block 0, head 1, softmax has nothing to share out.
    void stop_in_head_1() {
        ModelFolder folder = state.folder;
        auto model = std::make_shared<Model>(*folder.model);
        fill(model->parameters.blocks[0].attention.heads[1].query.bias,
             std::numeric_limits<Real>::quiet_NaN());
        folder.model = std::move(model);
        show_folder(state, std::move(folder));
    }

    const std::vector<ExerciseBody> bodies = {
        {"attention_scores", 3, true, "my/attention.cpp", 41, "a1"},
        {"softmax_forward", 3, false, "src/softmax.cpp", 50, ""}};
};

TEST_F(WhoseCode, IsSaidOnlyWhereALearnerTakesPart) {
    EXPECT_EQ(whose_code({}), "");
    EXPECT_EQ(whose_code({bodies[1]}), "");
    EXPECT_EQ(whose_code(bodies), "1 of 2 functions is yours");
    const Stage& scores = state.trace->stage("block.0.head.0.scores");
    EXPECT_EQ(whose_stage(scores, {}), "");
    EXPECT_EQ(whose_stage(scores, bodies), "attention_scores: your code (my/attention.cpp, "
                                           "line 41)");
    for (const char* other : {"block.0.head.0.attention_weights", "final.norm"})
        EXPECT_NE(whose_stage(state.trace->stage(other), bodies).find("own code"),
                  std::string::npos);
}

TEST_F(WhoseCode, AStageThatThrowsSaysSoAndTheTimelineEndsThere) {
    stop_in_head_1();
    const std::string stopped = "block.0.head.1.attention_weights";
    ASSERT_TRUE(state.trace->stopped);
    state.time = state.timeline.end();
    EXPECT_EQ(stage(), stopped);
    EXPECT_FALSE(state.moment().done);
    for (int press = 0; press < 3; ++press)
        key("Right");
    EXPECT_EQ(stage(), stopped);
    EXPECT_TRUE(reads("This stage could not be computed. softmax_forward stopped"));
    EXPECT_TRUE(reads("nothing to share out"));
    key("Left");
    EXPECT_EQ(stage(), "block.0.head.1.masked");
    EXPECT_FALSE(reads("could not be computed."));
}

// Every scene and every stage up to there can still be looked at, and a healthy model shown again.
TEST_F(WhoseCode, TheRestOfTheViewerLivesOn) {
    stop_in_head_1();
    for (const Scene scene : {Scene::model, Scene::stages, Scene::training}) {
        state.scene = scene;
        for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
            state.time = state.timeline.done(number);
            screen.frame();
            EXPECT_LE(state.time.stage, state.timeline.stop);
        }
    }
    for (const double share : {0.0, 0.2, 0.5, 1.0}) {
        state.time = state.timeline.at_share(share);
        EXPECT_LE(state.time.stage, state.timeline.stop);
        screen.frame();
        EXPECT_GE(state.timeline.share(state.time), 0);
    }
    open_model(state, support::corpora + "/creatures/model", "the fluffy blue creature floated");
    EXPECT_FALSE(state.trace->stopped);
    state.scene = Scene::stages;
    screen.frame();
    EXPECT_FALSE(reads("could not be computed"));
}

} // namespace
