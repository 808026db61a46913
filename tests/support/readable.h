// Whether a frame of the viewer can be read: nothing is cut off, no text lies on another.
#pragma once

#include "support/viewer_screen.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace support {

inline float overlap(float low_a, float high_a, float low_b, float high_b) {
    return std::min(high_a, high_b) - std::max(low_a, low_b);
}

inline bool is_seen(const whirlygig::WrittenText& text) {
    return overlap(text.low.x, text.high.x, text.clip_low.x, text.clip_high.x) > 1 &&
           overlap(text.low.y, text.high.y, text.clip_low.y, text.clip_high.y) > 1;
}

// Panels that scroll cut their text at the upper and the lower edge; nothing is cut at the sides.
inline std::string cut_off(const std::vector<whirlygig::WrittenText>& written) {
    constexpr float rounding = 1.5F;
    for (const whirlygig::WrittenText& text : written) {
        if (!is_seen(text)) continue;
        if (text.low.x < text.clip_low.x - rounding || text.high.x > text.clip_high.x + rounding)
            return text.text;
    }
    return "";
}

// A letter's box has empty room above and below: boxes may touch by a third of a line.
inline std::string overlapping(const std::vector<whirlygig::WrittenText>& written) {
    for (std::size_t a = 0; a < written.size(); ++a) {
        if (!is_seen(written[a])) continue;
        for (std::size_t b = a + 1; b < written.size(); ++b) {
            const whirlygig::WrittenText &one = written[a], &other = written[b];
            if (!is_seen(other)) continue;
            const float height = std::min(one.high.y - one.low.y, other.high.y - other.low.y);
            if (overlap(one.low.x, one.high.x, other.low.x, other.high.x) > 2 &&
                overlap(one.low.y, one.high.y, other.low.y, other.high.y) > height / 3)
                return fmt::format("“{}” and “{}” at {:.0f}, {:.0f}", one.text, other.text,
                                   other.low.x, other.low.y);
        }
    }
    return "";
}

inline void expect_readable(const ViewerScreen& screen, const std::string& where) {
    EXPECT_EQ(cut_off(screen.written), "") << where << ": cut off at the side";
    EXPECT_EQ(overlapping(screen.written), "") << where << ": on top of each other";
    EXPECT_GT(screen.written.size(), 10U) << where;
}

} // namespace support
