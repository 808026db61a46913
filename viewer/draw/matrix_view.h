// A matrix as cells: colours, digits where there is room, labels beside the rows and above the
// columns, what is being read lit up.
#pragma once

#include "controls.h"
#include "draw/cell_digits.h"
#include "draw/ink.h"
#include "terminal/matrix_text.h"
#include "trace/trace.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace whirlygig {

struct AxisLabels {
    std::vector<std::string> labels;     // one for each row or column; empty: none
    std::vector<std::string> brief = {}; // for columns that are too narrow for their labels
    std::vector<std::size_t> first = {}; // where there is no room for all: these before others
    bool words = false;                  // as many words as there is room for, in place of `brief`
    std::optional<std::size_t> marked = {}; // always written, in the colour of what is current
};

// What to draw and where.
struct MatrixView {
    std::string name;            // for scripts and for the cell panel: "block.0.head.1.scores"
    std::string caption;         // above it: "queries (4, 16)"
    bool broken_caption = false; // in two lines: the shape stands below the name
    Numbers numbers;
    bool transposed = false; // drawn with rows and columns swapped; cells keep their own indices
    Shading shading = Shading::around_zero;
    double scale = 0;         // the number with the full colour; 0: its own largest one
    bool says_scale = false;  // after the caption: "±2.3"
    ImVec2 low = {0, 0};      // upper left corner of the cells, in pixels
    ImVec2 cell = {20, 20};   // width and height of a cell with its gap
    AxisLabels rows, columns; // as drawn: rows are on the left even when transposed
    std::set<std::pair<std::size_t, std::size_t>> lit;          // cells that are being read
    std::optional<std::pair<std::size_t, std::size_t>> current; // framed: the cell being computed
    std::size_t computed = 0; // how many cells, in reading order, are there already
    bool digits = true;       // numbers in the cells where they fit
    // Which cells are hatched as soon as they are computed: what the mask has taken away.
    std::function<bool(std::size_t row, std::size_t column)> masked = {};
    std::function<bool(std::size_t row, std::size_t column)> differs = {}; // marked as wrong

    double full_colour() const; // above 0
    CellDigits digits_of_cells(const Theme& theme) const;
    std::string note(const Theme& theme) const; // after the caption: "±0.0034  in thousandths"
    std::size_t drawn_rows() const { return transposed ? numbers.columns : numbers.rows; }
    std::size_t drawn_columns() const { return transposed ? numbers.rows : numbers.columns; }
    ImVec2 high() const;                                      // lower right corner
    ImVec2 low_of(std::size_t row, std::size_t column) const; // of a cell, by its own indices
    ImVec2 centre_of(std::size_t row, std::size_t column) const;
    float smaller_side() const; // of a cell
};

// The largest number without its sign, infinities left out; at least the smallest positive one.
double largest_of(const Numbers& numbers);

struct MatrixPointer {
    std::optional<std::pair<std::size_t, std::size_t>> hovered; // by the cell's own indices
    bool clicked = false;
};

// Draws the cells and says which one the pointer is on. Those outside of the clip rectangle cost
// nothing.
MatrixPointer draw_cells(Ink& ink, Controls& controls, const MatrixView& view);

// The cells with their labels and the caption.
MatrixPointer draw_matrix(Ink& ink, Controls& controls, const MatrixView& view);

} // namespace whirlygig
