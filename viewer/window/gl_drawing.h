// Drawing with OpenGL: what a window on the screen and a hidden one have in common.
#pragma once

#include "window/window.h"

namespace whirlygig {

struct PixelSize {
    int width = 0, height = 0;
};

// What Dear ImGui keeps in the OpenGL context that is current, which must still be so at the end.
class GlDrawing {
public:
    GlDrawing(); // throws an Error where the driver is too old
    GlDrawing(const GlDrawing&) = delete;
    GlDrawing& operator=(const GlDrawing&) = delete;
    ~GlDrawing();

    // Between two frames other fonts may be loaded; this brings them to where they are drawn from.
    void begin_frame();
};

// Clears everything with the background of Dear ImGui's windows and draws what ImGui::Render left.
void draw_frame(PixelSize size);

// What has been drawn, from the top, and opaque.
Picture read_pixels(PixelSize size);

} // namespace whirlygig
