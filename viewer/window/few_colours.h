// The few colours that suit a picture best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace whirlygig {

using Colour = std::uint32_t; // 0xRRGGBB

struct ColourTable {
    std::vector<Colour> colours;
    std::unordered_map<Colour, std::uint8_t> place; // where in the table: for each colour met
};

// At most `most` colours, up to 256, that take the place of all in `pixels`. Where there are few
// enough, each keeps its own. Otherwise the colours are split, always where they differ most and
// most often, and each group gets one colour: that of most of its pixels, or their mean.
ColourTable choose_colours(const std::vector<Colour>& pixels, std::size_t most);

} // namespace whirlygig
