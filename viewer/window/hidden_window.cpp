#include "error.h"
#include "window/gl_drawing.h"

#define GL_GLEXT_PROTOTYPES // declares what came after OpenGL 1.1, like framebuffers
#include <GL/gl.h>
#include <GL/glext.h>

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

namespace whirlygig {
namespace {

// An OpenGL context without any display: EGL with Mesa's surfaceless platform.
class EglContext {
public:
    EglContext() {
        if (start()) return;
        const std::string first_complaint = complaint;
        end_context();
        if (display != EGL_NO_DISPLAY) eglTerminate(display);
        // The graphics card cannot do it; the processor can, if Mesa's software driver is there.
        ::setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
        if (start()) return;
        end_context();
        fail("cannot draw without a display ({}); install libegl-mesa0 and libgl1-mesa-dri "
             "(viewer/run does), or start the viewer where there is a display",
             first_complaint);
    }
    EglContext(const EglContext&) = delete;
    EglContext& operator=(const EglContext&) = delete;
    // The display stays ready for the next context: ending it would unload the driver, which
    // takes time and leaves some memory behind.
    ~EglContext() { end_context(); }

private:
    bool start();
    bool make_context();
    void end_context();

    // Remembers what failed, and EGL's number for why.
    bool refuse(const char* what) {
        complaint = fmt::format("{}, EGL error {:#x}", what, eglGetError());
        return false;
    }

    EGLDisplay display = EGL_NO_DISPLAY;
    EGLContext context = EGL_NO_CONTEXT;
    std::string complaint;
};

bool EglContext::start() {
    const auto get_display = reinterpret_cast<PFNEGLGETPLATFORMDISPLAYEXTPROC>(
        eglGetProcAddress("eglGetPlatformDisplayEXT"));
    if (get_display == nullptr) return refuse("EGL knows no platforms");
    display = get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (display == EGL_NO_DISPLAY) return refuse("EGL has no surfaceless platform");
    if (eglInitialize(display, nullptr, nullptr) != EGL_TRUE) return refuse("EGL has no driver");
    return make_context();
}

bool EglContext::make_context() {
    const std::array<EGLint, 5> wanted = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE,
                                          EGL_OPENGL_BIT, EGL_NONE};
    const std::array<EGLint, 7> version = {EGL_CONTEXT_MAJOR_VERSION,
                                           3,
                                           EGL_CONTEXT_MINOR_VERSION,
                                           3,
                                           EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                           EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                           EGL_NONE};
    if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) return refuse("EGL has no OpenGL");
    EGLConfig config = nullptr;
    EGLint count = 0;
    if (eglChooseConfig(display, wanted.data(), &config, 1, &count) != EGL_TRUE || count == 0)
        return refuse("the driver has no OpenGL");
    context = eglCreateContext(display, config, EGL_NO_CONTEXT, version.data());
    if (context == EGL_NO_CONTEXT) return refuse("the driver has no OpenGL 3.3");
    if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) != EGL_TRUE)
        return refuse("the driver cannot draw without a surface");
    return true;
}

void EglContext::end_context() {
    if (context == EGL_NO_CONTEXT) return;
    eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
    eglDestroyContext(display, context);
    context = EGL_NO_CONTEXT;
}

// Memory to draw into, where otherwise a window would be.
class Canvas {
public:
    explicit Canvas(PixelSize size) {
        GLint largest = 0;
        glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &largest);
        if (size.width < 1 || size.height < 1 || size.width > largest || size.height > largest) {
            fail("cannot draw a picture of {}x{} pixels; each side may have from 1 to {}",
                 size.width, size.height, largest);
        }
        glGenRenderbuffers(1, &pixels);
        glBindRenderbuffer(GL_RENDERBUFFER, pixels);
        glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, size.width, size.height);
        glGenFramebuffers(1, &frame);
        glBindFramebuffer(GL_FRAMEBUFFER, frame);
        glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, pixels);
        if (glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE) return;
        fail("cannot draw a picture of {}x{} pixels: the graphics driver has no memory for it; "
             "make it smaller",
             size.width, size.height);
    }
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;
    ~Canvas() {
        glDeleteFramebuffers(1, &frame);
        glDeleteRenderbuffers(1, &pixels);
    }

private:
    GLuint pixels = 0, frame = 0;
};

// The keys that Dear ImGui itself asks for have the numbers that they have in a window of GLFW.
void name_keys() {
    constexpr std::array<std::pair<int, int>, 22> keys = {{
        {ImGuiKey_Tab, GLFW_KEY_TAB},
        {ImGuiKey_LeftArrow, GLFW_KEY_LEFT},
        {ImGuiKey_RightArrow, GLFW_KEY_RIGHT},
        {ImGuiKey_UpArrow, GLFW_KEY_UP},
        {ImGuiKey_DownArrow, GLFW_KEY_DOWN},
        {ImGuiKey_PageUp, GLFW_KEY_PAGE_UP},
        {ImGuiKey_PageDown, GLFW_KEY_PAGE_DOWN},
        {ImGuiKey_Home, GLFW_KEY_HOME},
        {ImGuiKey_End, GLFW_KEY_END},
        {ImGuiKey_Insert, GLFW_KEY_INSERT},
        {ImGuiKey_Delete, GLFW_KEY_DELETE},
        {ImGuiKey_Backspace, GLFW_KEY_BACKSPACE},
        {ImGuiKey_Space, GLFW_KEY_SPACE},
        {ImGuiKey_Enter, GLFW_KEY_ENTER},
        {ImGuiKey_Escape, GLFW_KEY_ESCAPE},
        {ImGuiKey_KeyPadEnter, GLFW_KEY_KP_ENTER},
        {ImGuiKey_A, GLFW_KEY_A},
        {ImGuiKey_C, GLFW_KEY_C},
        {ImGuiKey_V, GLFW_KEY_V},
        {ImGuiKey_X, GLFW_KEY_X},
        {ImGuiKey_Y, GLFW_KEY_Y},
        {ImGuiKey_Z, GLFW_KEY_Z},
    }};
    for (const auto& [key, number] : keys)
        ImGui::GetIO().KeyMap[key] = number;
}

class HiddenWindow final : public Window {
public:
    explicit HiddenWindow(PixelSize size)
        : size(size),
          canvas(size) {
        name_keys();
    }

    bool begin_frame(Wait) override {
        ImGuiIO& io = ImGui::GetIO();
        io.DisplaySize = {static_cast<float>(size.width), static_cast<float>(size.height)};
        io.DeltaTime = 1.0F / 60; // whatever time it takes: the same frames on every machine
        drawing.begin_frame();
        return true;
    }

    void end_frame() override {
        draw_frame(size);
        glFinish();
    }

    Picture picture() override { return read_pixels(size); }
    float pixel_scale() const override { return 1; }

private:
    PixelSize size;
    EglContext context; // the order matters: what comes later goes first
    Canvas canvas;
    GlDrawing drawing;
};

} // namespace

std::unique_ptr<Window> hidden_window(int width, int height) {
    return std::make_unique<HiddenWindow>(PixelSize{width, height});
}

} // namespace whirlygig
