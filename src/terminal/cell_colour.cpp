#include "terminal/cell_colour.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace whirlygig {
namespace {

constexpr double uncoloured = 0.1; // up to this share a cell is left as it is

// From a greyish to a full colour, and the same in four steps of the palette; black is well read on
// all of them.
struct Scale {
    CellColour weak, strong;
    std::array<int, 4> palette;
};
constexpr Scale orange{{165, 140, 115}, {255, 150, 50}, {137, 179, 215, 214}};
constexpr Scale blue{{120, 140, 165}, {80, 160, 255}, {67, 68, 75, 39}};
constexpr Scale violet{{145, 135, 165}, {185, 155, 255}, {103, 104, 140, 141}};

int between(int from, int to, double share) {
    return static_cast<int>(std::lround(from + share * (to - from)));
}

std::optional<CellColour> on_scale(const Scale& scale, double share) {
    if (!(share > uncoloured)) return std::nullopt;
    const double strength = std::min((share - uncoloured) / (1 - uncoloured), 1.0);
    const auto step = static_cast<std::size_t>(std::lround(3 * strength));
    return CellColour{between(scale.weak.red, scale.strong.red, strength),
                      between(scale.weak.green, scale.strong.green, strength),
                      between(scale.weak.blue, scale.strong.blue, strength), scale.palette[step]};
}

} // namespace

std::optional<CellColour> colour_around_zero(double share) {
    return share > 0 ? on_scale(orange, share) : on_scale(blue, -share);
}

std::optional<CellColour> colour_of_share(double share) {
    return on_scale(violet, share);
}

std::string on_background(std::string_view text, std::optional<CellColour> background,
                          Colours colours) {
    if (colours == Colours::none || !background) return std::string(text);
    if (colours == Colours::palette) {
        constexpr int black = 16;
        return fmt::format("\x1b[38;5;{};48;5;{}m{}\x1b[0m", black, background->palette, text);
    }
    return fmt::format("\x1b[38;2;0;0;0;48;2;{};{};{}m{}\x1b[0m", background->red,
                       background->green, background->blue, text);
}

std::string bold(std::string_view text, Colours colours) {
    return colours == Colours::none ? std::string(text) : fmt::format("\x1b[1m{}\x1b[0m", text);
}

} // namespace whirlygig
