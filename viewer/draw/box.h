// A rectangle on the screen, or room that is shared out.
#pragma once

#include <imgui.h>

namespace whirlygig {

// From its upper left corner to its lower right one.
struct Box {
    ImVec2 low = {0, 0}, high = {0, 0};

    float width() const { return high.x - low.x; }
    float height() const { return high.y - low.y; }
    ImVec2 size() const { return {width(), height()}; }
    ImVec2 centre() const { return {(low.x + high.x) / 2, (low.y + high.y) / 2}; }

    // Take a strip off one side and give it; a box that is too small gives what it has.
    Box cut_top(float size);
    Box cut_bottom(float size);
    Box cut_left(float size);
    Box cut_right(float size);
};

} // namespace whirlygig
