#include "controls.h"

#include "script.h"
#include "support/error_sentence.h"

#include <gtest/gtest.h>
#include <imgui_internal.h>

#include <cmath>
#include <string>
#include <vector>

using namespace whirlygig;

namespace {

// Where each thing on the bench is drawn.
const ImVec2 area_low = {20, 300}, area_high = {120, 380};
const ImVec2 far_away = {620, 20};

// A window with one control of each kind, without anything that draws it.
class Bench : public ::testing::Test {
protected:
    Bench() {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.DisplaySize = {640, 480};
        io.DeltaTime = 1.0F / 60;
        unsigned char* pixels = nullptr;
        int width = 0, height = 0;
        io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
        apply_look(state.theme);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;
    ~Bench() override { ImGui::DestroyContext(); }

    void frame() {
        ImGui::NewFrame();
        state.controls.begin_frame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
        ImGui::Begin("bench", nullptr,
                     ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                         ImGuiWindowFlags_NoSavedSettings);
        draw_controls();
        ImGui::End();
        ImGui::Render();
    }

    void run(const std::string& script) {
        const ScriptHost host{.frame = [&] { frame(); },
                              .shot = [&](const auto& file) { shots.push_back(file); }};
        run_script(state, parse_script(script, "bench.txt"), host, "bench.txt");
    }

    std::string refusal(const std::string& script) {
        return error_sentence([&] { run(script); });
    }

    void move_to(ImVec2 place) {
        ImGui::GetIO().MousePos = place;
        frame();
    }
    void set_button(bool down) {
        ImGui::GetIO().MouseDown[0] = down;
        frame();
    }

    State state;
    int presses = 0, follows = 0, moves = 0, choices = 0, answers = 0, area_clicks = 0;
    bool area_hovered = false, loop = false;
    float speed = 1;
    int level = 1;
    std::string text = "the blue";
    std::vector<ImWchar> signs;
    std::vector<std::string> shots;

private:
    void draw_controls() {
        Controls& controls = state.controls;
        const Theme& theme = state.theme;
        for (const ImWchar sign : ImGui::GetIO().InputQueueCharacters)
            signs.push_back(sign);
        presses += button(controls, theme, "Play", {0, 0}, Weight::strong, "Starts to play.");
        ImGui::SameLine();
        button(controls, theme, "Step##once", {20, 20}, Weight::plain, "");
        follows += link(controls, theme, "follow this##link", "Goes there.");
        toggle(controls, theme, "loop", loop, "Starts again at the end.");
        moves += slider(controls, theme, "speed", speed, {.least = 0.25F, .most = 16}, 200, "%.2f×",
                        "How fast it plays.");
        choices += choice(controls, theme, "Level", level, {"stage", "row", "cell"}, "");
        answers += text_box(controls, theme, "text", text, 200, "Any text.");
        const Pointer pointer = area(controls, "canvas", area_low, area_high, "empty");
        area_hovered = pointer.hovered;
        area_clicks += pointer.clicked;
        ImGui::SetCursorScreenPos({30, 310});
        button(controls, theme, "on the canvas", {40, 20}, Weight::plain, "");
        controls.record(cell_label("logits", 2, 1), {200, 300}, {220, 320}, "0.42");
        controls.record("beyond", {700, 300}, {720, 320}, "unseen");
        controls.record("half", {600, 300}, {700, 320});
        controls.record("other half", {-60, -40}, {40, 20});
        presses += button(controls, theme, loop ? "Pause###Loop" : "Begin###Loop", {0, 0},
                          Weight::plain, "");
    }
};

} // namespace

TEST_F(Bench, AButtonIsPressedOncePerClick) {
    run("click \"Play\"");
    EXPECT_EQ(presses, 1);
    run("click \"Play\"\nclick \"Play\"\nwait 3");
    EXPECT_EQ(presses, 3);
    EXPECT_EQ(follows, 0);
    EXPECT_FALSE(loop);
}

TEST_F(Bench, ControlsAreRecordedWithTheirWholeLabel) {
    frame();
    ASSERT_NE(state.controls.find("Step##once"), nullptr);
    EXPECT_EQ(state.controls.find("Step"), nullptr);
    const Control& step = *state.controls.find("Step##once");
    EXPECT_EQ(step.high.x - step.low.x, 20);
    EXPECT_EQ(step.high.y - step.low.y, 20);
    const Control& play = *state.controls.find("Play");
    EXPECT_EQ(play.high.y - play.low.y, control_height(state.theme));
    const Control& slider = *state.controls.find("speed");
    EXPECT_EQ(slider.high.x - slider.low.x, 200);
    EXPECT_EQ(slider.high.y - slider.low.y, control_height(state.theme));
}

TEST_F(Bench, NoControlIsRecordedTwiceAndNoneIsLeftFromTheFrameBefore) {
    frame();
    const std::size_t count = state.controls.all().size();
    frame();
    EXPECT_EQ(state.controls.all().size(), count);
    for (const Control& control : state.controls.all())
        EXPECT_EQ(state.controls.find(control.label), &control) << control.label;
}

TEST_F(Bench, ALinkIsFollowed) {
    run("click \"follow this##link\"");
    EXPECT_EQ(follows, 1);
}

TEST_F(Bench, AToggleTurns) {
    run("expect \"loop\" = \"off\"\nclick \"loop\"\nexpect \"loop\" = \"on\"");
    EXPECT_TRUE(loop);
    run("click \"loop\"\nexpect \"loop\" = \"off\"");
    EXPECT_FALSE(loop);
}

TEST_F(Bench, ASliderGoesWhereItIsClicked) {
    run("expect \"speed\" = \"1.00×\"\nclick \"speed\" 0\nexpect \"speed\" = \"0.25×\"");
    EXPECT_EQ(speed, 0.25F);
    run("click \"speed\" 1\nexpect \"speed\" = \"16.00×\"");
    EXPECT_EQ(speed, 16);
    run("click \"speed\"");
    EXPECT_NEAR(speed, 8.125F, 0.1F);
    EXPECT_EQ(moves, 3);
}

TEST_F(Bench, ASliderIsDragged) {
    frame();
    const Control slider = *state.controls.find("speed");
    const float middle = (slider.low.y + slider.high.y) / 2;
    move_to({slider.low.x + 50, middle});
    set_button(true);
    const float before = speed;
    move_to({slider.low.x + 150, middle});
    EXPECT_GT(speed, before + 4);
    move_to({slider.high.x + 400, middle});
    set_button(false);
    EXPECT_EQ(speed, 16);
}

TEST_F(Bench, AChoiceAndItsPartsAreRecorded) {
    run("expect \"Level\" = \"row\"\nexpect \"Level: row\" = \"on\"\n"
        "expect \"Level: cell\" = \"off\"\nclick \"Level: cell\"\nexpect \"Level\" = \"cell\"\n"
        "expect \"Level: cell\" = \"on\"\nexpect \"Level: row\" = \"off\"");
    EXPECT_EQ(level, 2);
    EXPECT_EQ(choices, 1);
    run("click \"Level: cell\"");
    EXPECT_EQ(choices, 1); // it was chosen before
}

TEST_F(Bench, ATextBoxTakesTextUntilEnter) {
    run("expect \"text\" = \"the blue\"\nclick \"text\" 0.9\nkey End\ntype \" dragön\"\n"
        "expect \"text\" = \"the blue dragön\"");
    EXPECT_EQ(answers, 0);
    run("key Enter");
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(text, "the blue dragön");
}

TEST_F(Bench, ATextBoxIsEditedByKeys) {
    run("click \"text\"\nkey Ctrl+A\ntype \"a c\"\nkey Left\nkey Backspace\nkey Space\nkey b\n"
        "key Home\nkey Delete\nkey z\nkey Enter");
    EXPECT_EQ(text, "z bc");
    EXPECT_EQ(answers, 1);
}

TEST_F(Bench, LeavingAChangedTextBoxAnswers) {
    run("click \"text\"\nkey Ctrl+A\ntype \"huge\"\nclick \"loop\"\nwait 3");
    EXPECT_EQ(answers, 1);
    EXPECT_EQ(text, "huge");
    EXPECT_TRUE(loop);
    run("click \"text\"\nclick \"loop\"\nwait 3");
    EXPECT_EQ(answers, 1); // nothing was changed
}

TEST_F(Bench, KeysAreSeenByTheViewer) {
    run("key l\nkey ?\nkey é\nkey Space\nkey Ctrl+A\nkey Left");
    EXPECT_EQ(signs, (std::vector<ImWchar>{'l', '?', 0xE9, ' '}));
    int pressed = 0;
    const std::vector<Command> left = parse_script("key Left\nkey Left\nkey Ctrl+Left", "keys");
    const ScriptHost host{.frame =
                              [&] {
                                  frame();
                                  const int key = ImGui::GetKeyIndex(ImGuiKey_LeftArrow);
                                  pressed += ImGui::IsKeyPressed(key, false);
                                  if (ImGui::GetIO().KeyCtrl) pressed += 10;
                              },
                          .shot = {}};
    run_script(state, left, host, "keys");
    EXPECT_EQ(pressed, 13);
}

TEST_F(Bench, AnAreaIsHoveredAndClicked) {
    run("hover \"canvas\"\nexpect \"canvas\" = \"empty\"");
    EXPECT_TRUE(area_hovered);
    EXPECT_EQ(area_clicks, 0);
    run("click \"canvas\"");
    EXPECT_EQ(area_clicks, 1);
    run("hover \"Play\"");
    EXPECT_FALSE(area_hovered);
}

TEST_F(Bench, AButtonOnAnAreaTakesThePointer) {
    run("hover \"on the canvas\"\nwait 1");
    EXPECT_FALSE(area_hovered);
    run("click \"on the canvas\"");
    EXPECT_EQ(area_clicks, 0);
}

TEST_F(Bench, DraggingAnAreaIsNoClick) {
    frame();
    move_to({90, 350});
    set_button(true);
    move_to({110, 370});
    set_button(false);
    EXPECT_EQ(area_clicks, 0);
    // Nor is a press elsewhere that ends on the area.
    move_to({300, 350});
    set_button(true);
    move_to({90, 350});
    set_button(false);
    EXPECT_EQ(area_clicks, 0);
}

TEST_F(Bench, ATipIsShownWhereThePointerRests) {
    const auto tip_is_shown = [] {
        const ImGuiWindow* window = ImGui::FindWindowByName("##Tooltip_00");
        return window != nullptr && window->Active;
    };
    run("hover \"Play\"\nwait 2");
    EXPECT_FALSE(tip_is_shown());
    run("wait 30");
    EXPECT_TRUE(tip_is_shown());
    run("hover \"Step##once\"\nwait 30");
    EXPECT_FALSE(tip_is_shown()); // it has none
    for (const std::string label : {"follow this##link", "loop", "speed", "text"}) {
        run("hover \"" + label + "\"\nwait 30");
        EXPECT_TRUE(tip_is_shown()) << label;
    }
    ImGui::GetIO().MousePos = far_away;
    run("wait 2");
    EXPECT_FALSE(tip_is_shown());
}

TEST_F(Bench, WhatIsOutOfSightIsRecordedButCannotBeReached) {
    run("expect \"beyond\" = \"unseen\"");
    EXPECT_EQ(refusal("wait 1\nclick \"beyond\""),
              "bench.txt line 2: \"beyond\" is out of sight; go to where it is drawn, or make the "
              "window larger");
    expect_contains(refusal("hover \"beyond\""), "is out of sight");
    // The pointer goes to the middle of what is seen.
    run("hover \"half\"");
    EXPECT_NEAR(ImGui::GetIO().MousePos.x, 620, 1);
    run("hover \"other half\"");
    EXPECT_NEAR(ImGui::GetIO().MousePos.x, 20, 1);
    EXPECT_NEAR(ImGui::GetIO().MousePos.y, 10, 1);
    const Control& beyond = *state.controls.find("beyond");
    EXPECT_EQ(beyond.low.x, beyond.high.x);
    EXPECT_EQ(beyond.low.y, beyond.high.y);
}

TEST_F(Bench, ALabelThatChangesIsFoundByWhatLasts) {
    run("click \"Loop\"\nexpect \"Loop\" = \"Begin\"\nexpect \"Begin###Loop\"\nclick \"loop\"\n"
        "expect \"Loop\" = \"Pause\"");
    EXPECT_EQ(presses, 1);
}

TEST_F(Bench, ACellIsFoundByMatrixRowAndColumn) {
    run("hover logits 2 1\nexpect \"logits 2 1\" = \"0.42\"");
    EXPECT_NEAR(ImGui::GetIO().MousePos.x, 210, 1);
    EXPECT_NEAR(ImGui::GetIO().MousePos.y, 310, 1);
    expect_contains(refusal("click logits 2 3"),
                    "there is no control \"logits 2 3\"; the nearest is \"logits 2 1\"");
}

TEST_F(Bench, AnUnknownLabelIsAnsweredWithTheNearest) {
    EXPECT_EQ(refusal("wait 1\n\nclick \"Plya\""),
              "bench.txt line 3: there is no control \"Plya\"; the nearest is \"Play\"");
    EXPECT_EQ(refusal("expect \"Step\""), "bench.txt line 1: there is no control \"Step\"; the "
                                          "nearest is \"Step##once\"");
    EXPECT_EQ(refusal("expect \"Level: ro\" = \"on\""),
              "bench.txt line 1: there is no control \"Level: ro\"; the nearest is \"Level: row\"");
}

TEST_F(Bench, AnotherStateThanExpectedIsAnError) {
    EXPECT_EQ(refusal("expect \"loop\" = \"off\"\nexpect \"loop\" = \"on\""),
              "bench.txt line 2: \"loop\" is \"off\", not \"on\"");
}

TEST_F(Bench, TextNeedsABoxThatTakesIt) {
    EXPECT_EQ(refusal("type \"the\""),
              "bench.txt line 1: nothing takes a text here; click a text box first");
}

TEST_F(Bench, ShotsAreTakenByTheHostAndItsErrorsNameTheLine) {
    run("shot first.png\nwait 1\nshot \"second one.png\"");
    EXPECT_EQ(shots, (std::vector<std::string>{"first.png", "second one.png"}));
    const ScriptHost host{.frame = [&] { frame(); },
                          .shot = [](const auto&) { fail("the disk is full; tidy up"); }};
    EXPECT_EQ(
        error_sentence([&] { run_script(state, parse_script("\nshot a.png", "s"), host, "s"); }),
        "s line 2: the disk is full; tidy up");
}

TEST_F(Bench, WaitingDrawsFrames) {
    int frames = 0;
    const ScriptHost host{.frame =
                              [&] {
                                  frame();
                                  ++frames;
                              },
                          .shot = {}};
    run_script(state, {}, host, "s");
    const int first = frames;
    EXPECT_GE(first, 1); // otherwise nothing would be there to be clicked
    frames = 0;
    run_script(state, parse_script("wait 7", "s"), host, "s");
    EXPECT_EQ(frames, first + 7);
}
