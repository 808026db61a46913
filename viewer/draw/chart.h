// What charts are made of: room that is shared out, lines of text, axes with ticks, bars and
// curves.
#pragma once

#include "draw/box.h"
#include "draw/ink.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

// The height of a line of text with the gap to the next one.
float line_height(ImFont* font);

// Text for a box; where there is too little room, the last line that fits ends with "…".
struct Writing {
    ImFont* font = nullptr;
    ImU32 colour = 0;
    std::size_t most_lines = 1;
};

// Takes the room off the box's top. Writes nothing where not even one line fits.
void write(Ink& ink, Box& box, const Writing& writing, std::string_view text);

// From numbers to pixels: `from` lies at `start`, `to` at `end`.
struct Scale {
    double from = 0, to = 1;
    float start = 0, end = 1;

    float at(double value) const;
};

// The smallest range that holds all of the values and 0; never empty.
Scale range_with_zero(const std::vector<double>& values);

// Round numbers within the scale, about `count` of them.
std::vector<double> ticks_of(const Scale& scale, std::size_t count);

// Ticks with their numbers. A horizontal axis fills the top of its box, a vertical one the right
// side; numbers that would touch each other or leave the box are left out.
void draw_horizontal_axis(Ink& ink, const Box& box, const Scale& scale);
void draw_vertical_axis(Ink& ink, const Box& box, const Scale& scale);
float axis_height(const Theme& theme);
float axis_width(const Theme& theme);

struct Bar {
    double value = 0;
    double grown = 1; // how much of it is there: 0 shows an outline, 1 all of it
    ImU32 colour = 0;
    bool current = false; // with a frame around it
};

// Upright bars side by side, from a zero line.
struct BarChart {
    Box area;
    Scale heights; // from the area's lower to its upper edge
    std::vector<Bar> bars;

    float pitch() const { return area.width() / static_cast<float>(bars.size()); }
    float centre(std::size_t bar) const;
};
void draw_bars(Ink& ink, const BarChart& chart);

// A curve in an area, with both axes.
struct Plot {
    Box area;     // of the curve alone
    Scale across; // x, from left to right
    Scale up;     // y, from the lower to the upper edge

    ImVec2 at(double x, double y) const { return {across.at(x), up.at(y)}; }
    bool holds(double x, double y) const;
};

// Leaves room for the axes at the left and below, and draws them; gives where the curve goes.
Plot draw_axes(Ink& ink, Box box, Scale across, Scale up);

} // namespace whirlygig
