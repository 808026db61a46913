// The colours behind the numbers of a matrix. Orange is above zero, blue below: the pair that
// colour-blind readers tell apart. Around zero a cell has the terminal's own colours, and all
// others are bright enough for black digits, so that dark and light terminals both work.
#pragma once

#include "terminal/terminal.h"

#include <optional>
#include <string>
#include <string_view>

namespace whirlygig {

struct CellColour {
    int red = 0, green = 0, blue = 0; // 0 to 255
    int palette = 0;                  // what comes near it among the 256 colours
};

// For a number that is `share` of the largest one of its matrix, -1 to 1.
std::optional<CellColour> colour_around_zero(double share);

// For a share of a whole, 0 to 1: one hue.
std::optional<CellColour> colour_of_share(double share);

// The text in black on this background, or in bold, with the terminal's colours restored after it;
// the bare text where there are no colours.
std::string on_background(std::string_view text, std::optional<CellColour> background,
                          Colours colours);
std::string bold(std::string_view text, Colours colours);

} // namespace whirlygig
