#include "window/gl_drawing.h"

#include "error.h"

#include <GLFW/glfw3.h> // and with it OpenGL's header, wherever this system keeps it
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <algorithm>

namespace whirlygig {

GlDrawing::GlDrawing() {
    if (!ImGui_ImplOpenGL3_Init("#version 330")) {
        fail("cannot draw: no OpenGL library was found; install libgl1 and libgl1-mesa-dri "
             "(viewer/run does)");
    }
}

GlDrawing::~GlDrawing() {
    ImGui_ImplOpenGL3_Shutdown();
}

void GlDrawing::begin_frame() {
    ImGui_ImplOpenGL3_NewFrame(); // the first one makes the texture of the fonts
    if (ImGui::GetIO().Fonts->IsBuilt()) return;
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
}

void draw_frame(PixelSize size) {
    const ImVec4 background = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
    glViewport(0, 0, size.width, size.height);
    glDisable(GL_SCISSOR_TEST);
    glClearColor(background.x, background.y, background.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    // There is nothing to draw before the first frame.
    if (ImDrawData* drawn = ImGui::GetDrawData()) ImGui_ImplOpenGL3_RenderDrawData(drawn);
}

Picture read_pixels(PixelSize size) {
    Picture picture{size.width, size.height, {}};
    picture.pixels.resize(static_cast<std::size_t>(size.width) *
                          static_cast<std::size_t>(size.height) * 4);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, size.width, size.height, GL_RGBA, GL_UNSIGNED_BYTE, picture.pixels.data());
    // OpenGL's rows go up, and what is drawn half transparent leaves its alpha behind.
    const auto row_bytes = static_cast<std::ptrdiff_t>(size.width) * 4;
    for (std::ptrdiff_t row = 0; row < size.height / 2; ++row) {
        const auto upper = picture.pixels.begin() + row * row_bytes;
        const auto lower = picture.pixels.begin() + (size.height - 1 - row) * row_bytes;
        std::swap_ranges(upper, upper + row_bytes, lower);
    }
    for (std::size_t alpha = 3; alpha < picture.pixels.size(); alpha += 4)
        picture.pixels[alpha] = 255;
    return picture;
}

} // namespace whirlygig
