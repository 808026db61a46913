// What once went wrong and must not come back.
#include "support/creature_viewer.h"

#include <fmt/format.h>

#include <map>

using namespace whirlygig;
using support::corpora;
using support::ViewerScreen;

namespace {

using Viewer = support::CreatureViewer;

TEST_F(Viewer, AClickOnACompletionCompletesTheWord) {
    screen.run("click \"Text\"\nkey Ctrl+A\ntype \"the flu\"\nclick \"fluffy##offer\"");
    EXPECT_EQ(state.text.typed, "the fluffy");
    EXPECT_EQ(state.text.complaint, "");
    EXPECT_EQ(state.trace->ids, state.folder.encode("the fluffy"));
}

TEST_F(Viewer, EachCompletionOfSeveralCompletesTheWord) {
    for (const std::string word : {"green", "garden", "glowed"}) {
        screen.run("click \"Text\"\nkey Ctrl+A\ntype \"the g\"\nclick \"" + word + "##offer\"");
        EXPECT_EQ(state.text.typed, "the " + word);
    }
}

TEST_F(Viewer, TheTourOfShortTextsSaysTheRealShare) {
    for (const char* text : {"the", "the blue", "the blue dragon"}) {
        state.time = state.timeline.start();
        show_text(state, text);
        click("Tour");
        while (!stage().ends_with("attention_weights"))
            click("Next##tour");
        const CellRef cell = *state.pinned;
        const double weight = state.moment().stage->values(cell.row, cell.column);
        EXPECT_TRUE(reads(fmt::format("gives {:.0f} % of its attention", 100 * weight)))
            << text << ": " << weight << ": ";
        key("Escape");
    }
}

TEST(ViewerTour, NamesNoWordsThatTheModelDoesNotKnow) {
    ViewerScreen screen(corpora + "/sorting/model", "", 1600, 1000);
    screen.run("click \"Tour\"");
    while (screen.state.controls.find("Next##tour") != nullptr)
        screen.run("click \"Next##tour\"");
    for (const WrittenText& text : screen.written)
        EXPECT_EQ(text.text.find("fluffy"), std::string::npos) << text.text;
}

TEST_F(Viewer, PlayBeginsAtTheStageThatWasChosenBefore) {
    const std::map<std::string, std::string> ways = {
        {"list", "click \"Block 0, head 1\""},
        {"overview", "click \"Scene: Overview\"\nclick \"part block.0.head.1.queries\""},
        {"end and home", "key End"},
        {"tour", "key t\nclick \"Next##tour\"\nclick \"Next##tour\"\nkey Escape"}};
    for (const auto& [name, way] : ways) {
        state.time = state.timeline.start();
        state.player = {};
        state.scene = Scene::stages;
        if (name == "end and home") {
            screen.run("key End\nkey Left\nkey Left\nkey Space");
            EXPECT_GT(state.time.stage, 80U);
            continue;
        }
        screen.run(way);
        const Time chosen = state.time;
        screen.run("key Space");
        EXPECT_EQ(state.time.stage, chosen.stage) << name;
    }
    state.player = {};
    follow(state, {"block.0.head.0.scores", 2, 1});
    key("Space");
    EXPECT_EQ(stage(), "block.0.head.0.scores");
}

TEST_F(Viewer, APauseAtTheEndStaysAtTheEnd) {
    go("gradient.embedding.position_table");
    state.time.cells -= 0.001;
    screen.run("key Space\nwait 5");
    ASSERT_EQ(state.time, state.timeline.end());
    ASSERT_TRUE(state.player.playing); // the last stage is being held
    key("Space");
    EXPECT_FALSE(state.player.playing);
    EXPECT_EQ(state.time, state.timeline.end());
}

TEST_F(Viewer, AStepBackNeverGoesForward) {
    state.level = Level::model;
    for (const Time time : {Time{0, 0}, Time{0, 5}}) {
        state.time = time;
        key("Left");
        EXPECT_EQ(state.time, state.timeline.start());
    }
}

TEST_F(Viewer, TheFontSizeStaysUnderThePointer) {
    click("Settings");
    const Control slider = *state.controls.find("font size");
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {slider.low.x + 0.6F * (slider.high.x - slider.low.x), slider.low.y + 8};
    screen.frame();
    io.MouseDown[0] = true;
    screen.frame();
    screen.frame();
    const float first = state.settings.font_scale;
    for (int frame = 0; frame < 20; ++frame)
        screen.frame();
    EXPECT_EQ(state.settings.font_scale, first); // the pointer did not move
    io.MouseDown[0] = false;
    screen.frame();
    EXPECT_NEAR(state.settings.font_scale, 0.75F + 0.6F * 1.25F, 0.1F);
}

TEST_F(Viewer, LabelsAreUniqueInAFrame) {
    state.controls.cells_too = false;
    for (const Scene scene : {Scene::model, Scene::stages}) {
        state.scene = scene;
        for (std::size_t number = 0; number < state.timeline.stages.size(); ++number) {
            state.time = state.timeline.done(number);
            screen.frame();
            std::map<std::string, int> counts;
            for (const Control& control : state.controls.all())
                EXPECT_EQ(++counts[control.label], 1)
                    << control.label << " at " << stage()
                    << (scene == Scene::model ? " (overview)" : "");
        }
    }
}

TEST_F(Viewer, AMessageIsShown) {
    state.message = "something went wrong";
    screen.frame();
    EXPECT_TRUE(reads("something went wrong"));
}

TEST(ViewerHeader, OffersLeaveTheOtherButtonsFree) {
    for (const float width : {1280.0F, 1600.0F}) {
        for (const char* typed : {"the g", "the c"}) {
            ViewerScreen screen(corpora + "/creatures/model", "", width, 720);
            screen.run(std::string("click \"Text\"\nkey Ctrl+A\ntype \"") + typed + "\"");
            const Control scenes = *screen.state.controls.find("Scene");
            for (const Control& control : screen.state.controls.all()) {
                if (!control.label.ends_with("##offer")) continue;
                EXPECT_LE(control.high.x, scenes.low.x) << control.label << " at " << width;
            }
        }
    }
}

TEST(ViewerHeader, FontSizesKeepTheHeaderApart) {
    for (const float scale : {1.5F, 2.0F}) {
        ViewerScreen screen(corpora + "/creatures/model", "", 1600, 1000);
        screen.state.settings.font_scale = scale;
        screen.frame();
        screen.frame();
        const Controls& controls = screen.state.controls;
        EXPECT_LE(controls.find("Text")->high.x, controls.find("Scene")->low.x) << scale;
        EXPECT_GT(controls.find("Timeline")->high.x - controls.find("Timeline")->low.x, 50)
            << scale;
        EXPECT_GT(controls.find("Light")->high.x - controls.find("Light")->low.x, 20) << scale;
    }
}

} // namespace
