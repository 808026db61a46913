#include "error.h"
#include "window/gl_drawing.h"

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>

namespace whirlygig {
namespace {

constexpr PixelSize least_size = {960, 600};             // on an ordinary screen
constexpr double longest_sleep = 0.5, short_sleep = 0.2; // seconds

std::string complaint_of_glfw() {
    const char* sentence = nullptr;
    glfwGetError(&sentence);
    return sentence == nullptr ? "it gives no reason" : sentence;
}

struct GlfwLibrary {
    GlfwLibrary() {
        if (glfwInit() == GLFW_TRUE) return;
        fail("cannot open a window ({}); start the viewer where there is a display, or let it make "
             "a picture without one: --shot FILE.png",
             complaint_of_glfw());
    }
    GlfwLibrary(const GlfwLibrary&) = delete;
    GlfwLibrary& operator=(const GlfwLibrary&) = delete;
    ~GlfwLibrary() { glfwTerminate(); }
};

struct CloseWindow {
    void operator()(GLFWwindow* window) const { glfwDestroyWindow(window); }
};
using WindowHandle = std::unique_ptr<GLFWwindow, CloseWindow>;

PixelSize size_in_pixels(GLFWwindow* window) {
    PixelSize size;
    glfwGetFramebufferSize(window, &size.width, &size.height);
    return size;
}

// How many pixels there are in one of the steps in which the system measures windows and the
// pointer: 1 with X, 2 or more with macOS and with Wayland on a fine screen.
float pixels_in_step(GLFWwindow* window) {
    int width = 0, height = 0;
    glfwGetWindowSize(window, &width, &height);
    const PixelSize pixels = size_in_pixels(window);
    if (width == 0 || pixels.width == 0) return 1;
    return static_cast<float>(pixels.width) / static_cast<float>(width);
}

float scale_of(GLFWwindow* window) {
    float across = 1, down = 1;
    glfwGetWindowContentScale(window, &across, &down);
    return across > 0 ? across : 1;
}

int multiplied(int length, float factor) {
    return static_cast<int>(std::lround(static_cast<float>(length) * factor));
}

// As large as it was asked for, but large enough to read and no larger than the screen.
void set_size(GLFWwindow* window, PixelSize asked) {
    const float step = pixels_in_step(window), scale = scale_of(window);
    PixelSize least = {multiplied(least_size.width, scale / step),
                       multiplied(least_size.height, scale / step)};
    PixelSize size = {std::max(least.width, multiplied(asked.width, 1 / step)),
                      std::max(least.height, multiplied(asked.height, 1 / step))};
    PixelSize room;
    if (GLFWmonitor* screen = glfwGetPrimaryMonitor())
        glfwGetMonitorWorkarea(screen, nullptr, nullptr, &room.width, &room.height);
    if (room.width > 0 && room.height > 0) {
        least = {std::min(least.width, room.width), std::min(least.height, room.height)};
        size = {std::min(size.width, room.width), std::min(size.height, room.height)};
    }
    glfwSetWindowSizeLimits(window, least.width, least.height, GLFW_DONT_CARE, GLFW_DONT_CARE);
    glfwSetWindowSize(window, size.width, size.height);
}

WindowHandle make_window(PixelSize size) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE); // macOS insists on it
    glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);              // until it has its size
    WindowHandle window(glfwCreateWindow(size.width, size.height, "Whirlygig", nullptr, nullptr));
    if (!window) {
        fail("cannot open a window: this display offers no OpenGL 3.3 ({}); install "
             "libgl1-mesa-dri, then try LIBGL_ALWAYS_SOFTWARE=1 viewer/run",
             complaint_of_glfw());
    }
    set_size(window.get(), size);
    glfwMakeContextCurrent(window.get());
    glfwSwapInterval(1); // wait for the screen: no frame is drawn in vain
    glfwShowWindow(window.get());
    return window;
}

// What the keyboard and the mouse do, for Dear ImGui.
struct GlfwInput {
    explicit GlfwInput(GLFWwindow* window) { ImGui_ImplGlfw_InitForOpenGL(window, true); }
    GlfwInput(const GlfwInput&) = delete;
    GlfwInput& operator=(const GlfwInput&) = delete;
    ~GlfwInput() { ImGui_ImplGlfw_Shutdown(); }
};

// Dear ImGui would draw in the system's steps and then enlarge: letters would be blurred on fine
// screens. So it is told of a larger display, whose steps are pixels.
void measure_in_pixels() {
    ImGuiIO& io = ImGui::GetIO();
    const ImVec2 pixels = io.DisplayFramebufferScale;
    if (pixels.x <= 0 || pixels.y <= 0) return; // the window is folded away
    io.DisplaySize = {io.DisplaySize.x * pixels.x, io.DisplaySize.y * pixels.y};
    io.DisplayFramebufferScale = {1, 1};
    if (!ImGui::IsMousePosValid(&io.MousePos)) return;
    io.MousePos = {io.MousePos.x * pixels.x, io.MousePos.y * pixels.y};
}

class ScreenWindow final : public Window {
public:
    explicit ScreenWindow(PixelSize size)
        : handle(make_window(size)),
          input(handle.get()) {}

    bool begin_frame(Wait wait) override {
        if (wait == Wait::no) {
            glfwPollEvents();
        } else {
            glfwWaitEventsTimeout(wait == Wait::briefly ? short_sleep : longest_sleep);
        }
        drawing.begin_frame();
        ImGui_ImplGlfw_NewFrame();
        measure_in_pixels();
        return glfwWindowShouldClose(handle.get()) == GLFW_FALSE;
    }

    void end_frame() override {
        draw_frame(size_in_pixels(handle.get()));
        glfwSwapBuffers(handle.get());
    }

    // What is on the screen cannot be read back reliably, but the same can be drawn once more.
    Picture picture() override {
        const PixelSize size = size_in_pixels(handle.get());
        draw_frame(size);
        return read_pixels(size);
    }

    float pixel_scale() const override { return scale_of(handle.get()); }

private:
    GlfwLibrary library; // the order matters: what comes later goes first
    WindowHandle handle;
    GlfwInput input;
    GlDrawing drawing;
};

} // namespace

std::unique_ptr<Window> open_window(int width, int height) {
    return std::make_unique<ScreenWindow>(PixelSize{width, height});
}

bool has_display() {
#ifdef __APPLE__
    return true;
#else
    const auto names_something = [](const char* variable) {
        const char* value = std::getenv(variable);
        return value != nullptr && *value != '\0';
    };
    return names_something("DISPLAY") || names_something("WAYLAND_DISPLAY");
#endif
}

} // namespace whirlygig
