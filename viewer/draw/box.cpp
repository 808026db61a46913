#include "draw/box.h"

#include <algorithm>

namespace whirlygig {

Box Box::cut_top(float size) {
    Box strip = *this;
    strip.high.y = low.y = std::min(high.y, low.y + size);
    return strip;
}

Box Box::cut_bottom(float size) {
    Box strip = *this;
    strip.low.y = high.y = std::max(low.y, high.y - size);
    return strip;
}

Box Box::cut_left(float size) {
    Box strip = *this;
    strip.high.x = low.x = std::min(high.x, low.x + size);
    return strip;
}

Box Box::cut_right(float size) {
    Box strip = *this;
    strip.low.x = high.x = std::max(low.x, high.x - size);
    return strip;
}

} // namespace whirlygig
