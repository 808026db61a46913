// Each control of the timeline, the overview and the settings, pressed by scripts.
#include "support/creature_viewer.h"

using namespace whirlygig;
using support::corpora;
using support::ViewerScreen;

namespace {

constexpr const char* scores = "block.0.head.0.scores"; // 5 × 5, each a sum of 16 terms

using Viewer = support::CreatureViewer;

struct Steps {
    Level level;
    Time back, forward; // from row 1, column 1 of the scores
};

TEST_F(Viewer, StepsAtEachLevelByButtonAndByKey) {
    const std::size_t here = number(scores);
    const auto done = [&](const char* stage) { return state.timeline.done(number(stage)); };
    const Time start = {here, 6};
    const Steps all[] = {{Level::model, done("embedding.sum"), done("block.0.mlp.norm")},
                         {Level::stage, done("block.0.head.0.values"), done(scores)},
                         {Level::row, {here, 5}, {here, 10}},
                         {Level::cell, {here, 5}, {here, 7}},
                         {Level::term, {here, 6 - 1.0 / 16}, {here, 6 + 1.0 / 16}}};
    for (const Steps& steps : all) {
        const std::string level = name_of(steps.level);
        click("Level: " + level);
        EXPECT_EQ(state.level, steps.level);
        screen.run("expect \"Level\" = \"" + level + "\"");
        const auto after = [&](const std::string& command) {
            state.time = start;
            state.player.playing = true; // a step pauses
            state.settings.speed = 0;
            screen.run(command);
            EXPECT_FALSE(state.player.playing) << level << " " << command;
            return state.time;
        };
        EXPECT_EQ(after("click \"◀##back\""), steps.back) << level;
        EXPECT_EQ(after("key Left"), steps.back) << level;
        EXPECT_EQ(after("click \"▶##step\""), steps.forward) << level;
        EXPECT_EQ(after("key Right"), steps.forward) << level;
    }
}

TEST_F(Viewer, UpAndDownChangeTheLevel) {
    for (const Level level : {Level::row, Level::cell, Level::term, Level::term}) {
        key("Down");
        EXPECT_EQ(state.level, level);
    }
    for (const Level level : {Level::cell, Level::row, Level::stage, Level::model, Level::model}) {
        key("Up");
        EXPECT_EQ(state.level, level);
    }
}

TEST_F(Viewer, EndAndHomeGoToTheLastAndTheFirstStage) {
    key("End");
    EXPECT_EQ(state.time, state.timeline.end());
    EXPECT_TRUE(reads("stage 91 of 91"));
    key("Home");
    EXPECT_EQ(state.time, state.timeline.start());
    EXPECT_TRUE(reads("stage 1 of 91"));
}

TEST_F(Viewer, PlaysAndPausesByKeyAndByButton) {
    for (const std::string press : {"key Space\n", "click \"Play\"\n"}) {
        state.time = {number(scores), 0};
        screen.run(press + "expect \"Play\" = \"Pause\"\nwait 30");
        EXPECT_GT(state.time.cells, 25 * 30.0 / 60 / 4); // a stage takes four seconds
        EXPECT_LT(state.time.cells, 25);
        screen.run(press + "expect \"Play\" = \"▶ Play\"");
        const Time paused = state.time;
        screen.run("wait 30");
        EXPECT_EQ(state.time, paused);
    }
}

TEST_F(Viewer, PlaysOnFromStageToStageAndFromForwardToBackward) {
    state.time = {number("loss"), 3};
    state.settings.speed = 16;
    screen.run("key Space\nwait 10");
    EXPECT_EQ(stage(), "gradient.loss");
}

TEST_F(Viewer, TheFirstTimePlayingBeginsAtTheStart) {
    state.player.fresh = true;
    go("probabilities"); // where the viewer opens
    key("Space");
    EXPECT_EQ(stage(), "embedding.tokens");
    EXPECT_TRUE(state.player.playing);
    go("probabilities");
    screen.run("key Space\nkey Space");
    EXPECT_EQ(stage(), "probabilities");
}

TEST_F(Viewer, AtTheEndPlayingBeginsAgain) {
    key("End");
    key("Space");
    EXPECT_TRUE(state.player.playing);
    EXPECT_EQ(stage(), "embedding.tokens");
}

TEST_F(Viewer, SpeedBySliderAndByKeys) {
    const auto played = [&] {
        state.time = {number("gradient.unembedding"), 0};
        state.player.playing = true;
        screen.run("wait 10");
        state.player.playing = false;
        return state.time.cells;
    };
    const double once = played();
    screen.run("click \"speed\" 0.9");
    EXPECT_GT(state.settings.speed, 8);
    EXPECT_NEAR(played(), state.settings.speed * once, 1e-6 * state.settings.speed * once);
    state.settings.speed = 1;
    key("+");
    EXPECT_EQ(state.settings.speed, 2);
    screen.run("expect \"speed\" = \"2.00x\"\nkey -\nkey -");
    EXPECT_EQ(state.settings.speed, 0.5);
    screen.run("key -\nkey -\nkey -");
    EXPECT_EQ(state.settings.speed, 0.25);
}

TEST_F(Viewer, LoopsAtTheEndWhenAsked) {
    state.settings.speed = 16;
    const auto play_past_the_end = [&] {
        state.time = state.timeline.end();
        state.player.playing = true;
        screen.run("wait 10");
    };
    play_past_the_end();
    EXPECT_EQ(state.time, state.timeline.end());
    EXPECT_FALSE(state.player.playing);
    screen.run("click \"loop\"\nexpect \"loop\" = \"on\"");
    EXPECT_TRUE(state.settings.loop);
    play_past_the_end();
    EXPECT_TRUE(state.player.playing);
    EXPECT_LT(state.time.stage, 3U);
    key("r");
    EXPECT_FALSE(state.settings.loop);
}

TEST_F(Viewer, ScrubsByClickingAndByDragging) {
    state.player.playing = true;
    screen.run("click \"Timeline\" 0.5");
    EXPECT_NEAR(state.timeline.share(state.time), 0.5, 0.002);
    EXPECT_FALSE(state.player.playing);
    const Control bar = *state.controls.find("Timeline");
    ImGuiIO& io = ImGui::GetIO();
    io.MouseDown[0] = true;
    for (const float share : {0.5F, 0.6F, 0.8F, 0.3F}) {
        io.MousePos.x = bar.low.x + share * (bar.high.x - bar.low.x);
        screen.frame();
        screen.frame();
        EXPECT_NEAR(state.timeline.share(state.time), share, 0.002);
    }
    io.MouseDown[0] = false;
    screen.frame();
}

TEST_F(Viewer, ADragThatBeganElsewhereDoesNotScrub) {
    screen.frame();
    screen.frame();
    const Control speed = *state.controls.find("speed"), bar = *state.controls.find("Timeline");
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {(speed.low.x + speed.high.x) / 2, (speed.low.y + speed.high.y) / 2};
    screen.frame();
    io.MouseDown[0] = true;
    screen.frame();
    io.MousePos.x = bar.high.x - 20;
    screen.frame();
    screen.frame();
    EXPECT_EQ(state.time, state.timeline.start());
    io.MouseDown[0] = false;
    screen.frame();
}

TEST_F(Viewer, TheListOfStagesGoesToAGroupAndToAStage) {
    state.scene = Scene::model;
    screen.run("click \"Block 0, head 1\"");
    EXPECT_EQ(state.time, state.timeline.done(number("block.0.head.1.queries")));
    EXPECT_EQ(state.scene, Scene::stages);
    click("block.0.head.1.mixed");
    EXPECT_EQ(state.time, state.timeline.done(number("block.0.head.1.mixed")));
    EXPECT_TRUE(reads("Block 0, head 1: mixed"));
    click("Back: prediction");
    EXPECT_EQ(stage(), "gradient.loss");
    screen.run("expect \"Back: prediction\" = \"open\"\nexpect \"gradient.loss\" = \"current\"");
}

// Every kind of part of the overview.
TEST_F(Viewer, ThePartsOfTheOverviewLeadToTheirStages) {
    for (const std::string part :
         {"block.0.attention.norm", "block.0.head.0.queries", scores,
          "block.0.head.1.attention_weights", "block.0.head.1.mixed", "block.0.attention.joined",
          "block.0.attention.residual", "block.0.mlp.hidden", "logits", "probabilities", "loss"}) {
        state.time = state.timeline.start();
        state.scene = Scene::model;
        click("part " + part);
        EXPECT_EQ(state.scene, Scene::stages) << part;
        EXPECT_EQ(state.time, (Time{number(part), 0}));
    }
    key("End");
    state.scene = Scene::model;
    click("part gradient.block.0.mlp.hidden"); // on the way back the parts stand for gradients
    EXPECT_EQ(stage(), "gradient.block.0.mlp.hidden");
}

TEST(ViewerOfTwoBlocks, AFoldedBlockOpens) {
    ViewerScreen screen(corpora + "/reviews/model", "", 1600, 1000);
    screen.state.time = screen.state.timeline.start();
    screen.state.scene = Scene::model;
    screen.run("expect \"part block.1.attention.norm\" = \"folded\"\nclick \"part "
               "block.1.attention.norm\"");
    EXPECT_EQ(screen.state.scene, Scene::model);
    EXPECT_EQ(screen.state.moment().stage->name, "block.1.attention.norm");
    screen.run("expect \"part block.1.head.0.queries\" = \"not computed\"");
}

TEST_F(Viewer, OverviewAndStagesTakeTurns) {
    click("Scene: Overview");
    EXPECT_EQ(state.scene, Scene::model);
    EXPECT_TRUE(reads("The whole model"));
    click("Scene: Stages");
    EXPECT_EQ(state.scene, Scene::stages);
    EXPECT_FALSE(reads("The whole model"));
    key("o");
    EXPECT_EQ(state.scene, Scene::model);
    key("o");
    EXPECT_EQ(state.scene, Scene::stages);
}

// The picture is made from the trace, the time and the view, so that the way to it is the same.
TEST_F(Viewer, PlayingBackGivesTheSamePictures) {
    state.controls.cells_too = false;
    state.settings.speed = 8; // half a second for a stage: thirty frames
    for (const Level level : {Level::stage, Level::model}) {
        state.level = level;
        for (const char* name : {"embedding.tokens", scores, "block.0.head.0.attention_weights",
                                 "block.0.mlp.activated", "probabilities", "loss",
                                 "gradient.logits", "gradient.block.0.head.1.scores"}) {
            const std::size_t here = number(name);
            state.time = {here, 0};
            picture(); // the list of stages has scrolled
            state.time = {here, 0};
            state.player = {.playing = true};
            screen.frame(1e-9);
            std::vector<std::pair<Time, std::vector<unsigned char>>> seen;
            while (!state.moment().done) {
                const Time now = state.time;
                screen.frame();
                seen.emplace_back(now, screen.painted());
            }
            ASSERT_GT(seen.size(), 5U) << name;
            EXPECT_NE(seen.front().second, seen.back().second) << name;
            while (!seen.empty()) {
                state.time = seen.back().first;
                screen.frame();
                EXPECT_EQ(screen.painted() == seen.back().second, true)
                    << name << " at cell " << seen.back().first.cells;
                seen.pop_back();
            }
        }
    }
}

TEST_F(Viewer, GoingBackThroughTheModelGivesTheSamePictures) {
    state.controls.cells_too = false;
    std::vector<std::vector<unsigned char>> seen;
    constexpr int moments = 150;
    for (int moment = 0; moment <= moments; ++moment) {
        state.time = state.timeline.at_share(moment / double{moments});
        seen.push_back(picture());
    }
    for (int moment = moments; moment >= 0; --moment) {
        state.time = state.timeline.at_share(moment / double{moments});
        EXPECT_EQ(picture() == seen[static_cast<std::size_t>(moment)], true) << stage();
    }
}

} // namespace
