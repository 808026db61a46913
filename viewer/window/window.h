// Where the frames go: a window on the screen, or pictures in memory when there is no display.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace whirlygig {

// Pixels row by row from the top, four bytes each: red, green, blue and an opaque alpha.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels = {};
};

// for_events: sleeps until something happens, or half a second; briefly: or a fifth of a second.
enum class Wait { no, briefly, for_events };

class Window {
public:
    Window() = default;
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    virtual ~Window() = default;

    // Collects what the user did and readies the backends of Dear ImGui. False when the user has
    // closed the window. ImGui::NewFrame is called by the caller, who may change the input before.
    virtual bool begin_frame(Wait wait) = 0;

    // Draws what ImGui::Render left, and shows it where there is a screen.
    virtual void end_frame() = 0;

    // What end_frame drew last.
    virtual Picture picture() = 0;

    // How many pixels a unit of length has, 1 on ordinary screens.
    virtual float pixel_scale() const = 0;
};

// Both need an ImGui context and throw an Error when there is no way to draw. Sizes in pixels.
std::unique_ptr<Window> open_window(int width, int height);   // with GLFW
std::unique_ptr<Window> hidden_window(int width, int height); // no display needed

// False without an X server or a Wayland compositor to connect to.
bool has_display();

} // namespace whirlygig
