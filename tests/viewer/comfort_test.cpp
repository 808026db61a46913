// Overlays, settings, looks and zoom of the whole viewer, driven by scripts.
#include "support/creature_viewer.h"

#include <cmath>

using namespace whirlygig;

namespace {

constexpr const char* scores = "block.0.head.0.scores";

using Comfort = support::CreatureViewer;

TEST_F(Comfort, TheKeysAreListedOnRequest) {
    const auto is_open = [&] { return reads("round again after the end"); };
    EXPECT_FALSE(is_open());
    for (const std::string way : {"key ?", "key Escape", "click \"help\""}) {
        click("?");
        EXPECT_TRUE(is_open());
        screen.run(way);
        EXPECT_FALSE(is_open()) << way;
    }
    key("?");
    EXPECT_TRUE(is_open());
}

TEST_F(Comfort, TheSettingsOpenAndClose) {
    for (const std::string way :
         {"key Escape", "click \"Close##settings\"", "click \"Settings\""}) {
        EXPECT_FALSE(has("digits"));
        click("Settings");
        EXPECT_TRUE(has("digits"));
        screen.run(way);
        EXPECT_FALSE(has("digits")) << way;
    }
}

TEST_F(Comfort, LooksChangeThePictureAndLandInTheSettings) {
    go(scores);
    const auto before = picture();
    click("Light");
    EXPECT_EQ(state.settings.look, Look::light);
    EXPECT_NE(picture(), before);
    EXPECT_GT(state.theme.background & 0xFF, 200U);
    click("Dark");
    EXPECT_EQ(state.settings.look, Look::dark);
    EXPECT_EQ(picture(), before);
    key("l");
    EXPECT_EQ(state.settings.look, Look::light);
    key("l");
    for (const Palette palette : {Palette::purple_green, Palette::grey, Palette::blue_orange}) {
        key("p");
        EXPECT_EQ(state.settings.palette, palette);
        EXPECT_EQ(picture() == before, palette == Palette::blue_orange);
    }
    key("d");
    EXPECT_FALSE(state.settings.digits_in_cells);
    EXPECT_NE(picture(), before);
    key("d");
    EXPECT_EQ(picture(), before);
}

TEST_F(Comfort, TheSettingsChangeThePicture) {
    go(scores);
    click("Settings");
    const auto before = picture();
    for (const Palette palette : {Palette::grey, Palette::purple_green, Palette::blue_orange}) {
        click(std::string("Palette: ") + name_of(palette));
        EXPECT_EQ(state.settings.palette, palette);
        EXPECT_EQ(picture() == before, palette == Palette::blue_orange);
    }
    screen.run("click \"digits\"\nexpect \"digits\" = \"off\"");
    EXPECT_FALSE(state.settings.digits_in_cells);
    EXPECT_NE(picture(), before);
    click("digits");
    EXPECT_EQ(picture(), before);
    screen.resize(2560, 1440); // room for letters of twice the size
    screen.run("wait 2");
    const float letters = state.theme.fonts.text->FontSize;
    screen.run("click \"font size\" 0.8");
    EXPECT_GT(state.settings.font_scale, 1.5F);
    EXPECT_NEAR(state.theme.fonts.text->FontSize, letters * state.settings.font_scale, 1);
}

TEST_F(Comfort, ReducedMotionShowsFinishedStagesOnly) {
    click("Settings");
    screen.run("click \"reduced motion\"\nexpect \"reduced motion\" = \"on\"");
    EXPECT_TRUE(state.settings.reduced_motion);
    go("embedding.sum");
    state.player.playing = true;
    for (int frame = 0; frame < 100; ++frame) {
        screen.frame();
        EXPECT_TRUE(state.moment().done);
    }
    EXPECT_EQ(stage(), "block.0.attention.norm");
}

TEST_F(Comfort, TheWheelZoomsAndTheRightButtonMoves) {
    go(scores);
    const auto before = picture();
    const Control canvas = *state.controls.find(std::string(scores) + " matrix");
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {canvas.low.x + 3, canvas.low.y + 3};
    for (int turn = 0; turn < 3; ++turn) {
        io.MouseWheel = 1;
        screen.frame();
    }
    EXPECT_NEAR(state.zoom, std::pow(1.15, 3), 1e-4);
    EXPECT_NE(picture(), before);
    const Control zoomed = *state.controls.find(std::string(scores) + " matrix");
    EXPECT_GT(zoomed.high.x - zoomed.low.x, 1.4F * (canvas.high.x - canvas.low.x));
    const ImVec2 pan = state.pan;
    io.MousePos = {canvas.low.x + 3, canvas.low.y + 3};
    screen.frame();
    io.MouseDown[1] = true;
    screen.frame();
    io.MousePos = {canvas.low.x + 53, canvas.low.y + 33};
    screen.frame();
    io.MouseDown[1] = false;
    screen.frame();
    EXPECT_FLOAT_EQ(state.pan.x, pan.x + 50);
    EXPECT_FLOAT_EQ(state.pan.y, pan.y + 30);
    key("0");
    EXPECT_EQ(state.zoom, 1);
    EXPECT_EQ(picture(), before);
}

TEST_F(Comfort, EverySettingHasAKey) {
    go(scores);
    key("s");
    EXPECT_TRUE(state.settings_open);
    key("s");
    EXPECT_FALSE(state.settings_open);
    key("m");
    EXPECT_TRUE(state.settings.reduced_motion);
    const float before = state.settings.font_scale;
    key("]");
    EXPECT_GT(state.settings.font_scale, before);
    key("[");
    EXPECT_FLOAT_EQ(state.settings.font_scale, before);
}

TEST_F(Comfort, ThePinnedCellMovesByKeysAndStaysInItsMatrix) {
    go(scores);
    state.pinned = CellRef{scores, 2, 1};
    screen.run("key Ctrl+Right\nkey Ctrl+Down");
    EXPECT_EQ(*state.pinned, (CellRef{scores, 3, 2}));
    const Time time = state.time;
    screen.run("key Ctrl+Left\nkey Ctrl+Left\nkey Ctrl+Left\nkey Ctrl+Up");
    EXPECT_EQ(*state.pinned, (CellRef{scores, 2, 0}));
    EXPECT_EQ(state.time, time); // the timeline stays where it is
}

TEST_F(Comfort, TheKeyNNudgesThePinnedParameter) {
    state.pinned = CellRef{"block.0.head.1.query_weights", 3, 5};
    key("n");
    ASSERT_TRUE(state.nudge);
    EXPECT_EQ(state.nudge->parameter, *state.pinned);
    state.nudge.reset();
    state.pinned = CellRef{scores, 1, 1}; // no parameter
    key("n");
    EXPECT_FALSE(state.nudge);
    EXPECT_FALSE(state.message.empty());
}

TEST_F(Comfort, AnotherModelOpensFromTheSettings) {
    const auto open = [&](const std::string& folder) {
        screen.run("click \"Model folder\"\nkey Ctrl+A\ntype \"" + folder + "\"\nkey Enter");
    };
    click("Settings");
    open(support::corpora + "/nowhere/model");
    EXPECT_NE(state.message.find("nowhere"), std::string::npos) << state.message;
    EXPECT_EQ(state.folder.model->config.layers, 1U); // the creatures are still there
    open(support::corpora + "/sorting/model");
    EXPECT_EQ(state.folder.model->config.layers, 2U);
    EXPECT_EQ(state.text.typed, "4 2 5 2 5 8 3 7 >");
    EXPECT_TRUE(reads("7"));
}

} // namespace
