#include "window/window.h"

#include "support/error_sentence.h"

#include <GLFW/glfw3.h>
#include <gtest/gtest.h>
#include <imgui.h>

#include <array>
#include <memory>

using whirlygig::hidden_window;
using whirlygig::Picture;
using whirlygig::Wait;
using whirlygig::Window;

namespace {

using Pixel = std::array<int, 4>; // red, green, blue, alpha

// Where a pixel begins.
std::size_t first_byte(const Picture& picture, int x, int y) {
    const int pixel = y * picture.width + x;
    return std::size_t{4} * static_cast<std::size_t>(pixel);
}

Pixel pixel_of(const Picture& picture, int x, int y) {
    const std::size_t at = first_byte(picture, x, y);
    return {picture.pixels.at(at), picture.pixels.at(at + 1), picture.pixels.at(at + 2),
            picture.pixels.at(at + 3)};
}

class HiddenWindow : public testing::Test {
protected:
    HiddenWindow() {
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui::GetStyle().Colors[ImGuiCol_WindowBg] = {1, 0, 51.0F / 255, 0.5F};
    }
    ~HiddenWindow() override { ImGui::DestroyContext(); }

    template <class Draw>
    static Picture frame(Window& window, Draw draw) {
        EXPECT_TRUE(window.begin_frame(Wait::no));
        ImGui::NewFrame();
        draw();
        ImGui::Render();
        window.end_frame();
        return window.picture();
    }

    // What the letters cover, in pixels.
    static int letters_in(Window& window) {
        const Picture picture = frame(window, [] {
            ImGui::GetBackgroundDrawList()->AddText({2, 2}, ~0U, "MMM");
        });
        int covered = 0;
        for (std::size_t green = 1; green < picture.pixels.size(); green += 4)
            covered += picture.pixels[green] > 100 ? 1 : 0;
        return covered;
    }
};

} // namespace

TEST_F(HiddenWindow, BeginsEveryPictureWithTheBackground) {
    const auto window = hidden_window(67, 41);
    const Picture picture = frame(*window, [] {});
    EXPECT_EQ(picture.width, 67);
    EXPECT_EQ(picture.height, 41);
    ASSERT_EQ(picture.pixels.size(), std::size_t{67 * 41 * 4});
    EXPECT_EQ(pixel_of(picture, 0, 0), (Pixel{255, 0, 51, 255}));
    EXPECT_EQ(pixel_of(picture, 66, 40), (Pixel{255, 0, 51, 255}));
}

TEST_F(HiddenWindow, DrawsFromTheTopLeftCorner) {
    const auto window = hidden_window(67, 41);
    const Picture picture = frame(*window, [] {
        ImGui::GetBackgroundDrawList()->AddRectFilled({3, 5}, {7, 12}, IM_COL32(10, 200, 30, 255));
    });
    const Pixel green = {10, 200, 30, 255}, background = {255, 0, 51, 255};
    EXPECT_EQ(pixel_of(picture, 3, 5), green);
    EXPECT_EQ(pixel_of(picture, 6, 11), green);
    EXPECT_EQ(pixel_of(picture, 2, 5), background);
    EXPECT_EQ(pixel_of(picture, 3, 4), background);
    EXPECT_EQ(pixel_of(picture, 7, 11), background);
    EXPECT_EQ(pixel_of(picture, 6, 12), background);
    EXPECT_EQ(pixel_of(frame(*window, [] {}), 3, 5), background); // nothing stays
}

TEST_F(HiddenWindow, TakesOneSixtiethOfASecondForEachFrame) {
    const auto window = hidden_window(20, 10);
    for (int time = 0; time < 3; ++time)
        frame(*window, [] {});
    EXPECT_FLOAT_EQ(ImGui::GetIO().DeltaTime, 1.0F / 60);
    EXPECT_NEAR(ImGui::GetTime(), 3.0 / 60, 1e-6);
    EXPECT_EQ(window->pixel_scale(), 1);
}

TEST_F(HiddenWindow, KnowsTheKeysByTheirNumbersInGlfw) {
    const auto window = hidden_window(20, 10);
    ImGui::GetIO().KeysDown[GLFW_KEY_LEFT] = true;
    bool pressed = false;
    frame(*window, [&] { pressed = ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_LeftArrow)); });
    EXPECT_TRUE(pressed);
}

TEST_F(HiddenWindow, DrawsWithTheFontsThatWereLoadedLast) {
    const auto window = hidden_window(200, 100);
    const int before = letters_in(*window);
    EXPECT_GT(before, 10);
    ImGui::GetIO().Fonts->Clear();
    ImFontConfig large;
    large.SizePixels = 39; // three times as large
    ImGui::GetIO().Fonts->AddFontDefault(&large);
    EXPECT_GT(letters_in(*window), before * 6);
}

TEST_F(HiddenWindow, CanBeOpenedAgain) {
    for (const int width : {30, 11}) {
        const auto window = hidden_window(width, 8);
        EXPECT_EQ(frame(*window, [] {}).width, width);
    }
}

TEST_F(HiddenWindow, HasASensibleSize) {
    expect_contains(error_sentence([] { hidden_window(0, 50); }),
                    "cannot draw a picture of 0x50 pixels");
    expect_contains(error_sentence([] { hidden_window(10, 1'000'000); }),
                    "cannot draw a picture of 10x1000000 pixels");
}
