// A matrix as cells: colours, digits where there is room, labels beside the rows and above the
// columns, what is being read lit up.
#pragma once

#include "controls.h"
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
};

// What to draw and where.
struct MatrixView {
    std::string name;    // for scripts and for the cell panel: "block.0.head.1.scores"
    std::string caption; // above it: "queries"
    Numbers numbers;
    bool transposed = false; // drawn with rows and columns swapped; cells keep their own indices
    Shading shading = Shading::around_zero;
    ImVec2 low = {0, 0};      // upper left corner of the cells, in pixels
    float cell = 20;          // width and height of a cell with its gap
    AxisLabels rows, columns; // as drawn: rows are on the left even when transposed
    std::set<std::pair<std::size_t, std::size_t>> lit;          // cells that are being read
    std::optional<std::pair<std::size_t, std::size_t>> current; // framed: the cell being computed
    std::size_t computed = 0; // how many cells, in reading order, are there already
    bool digits = true;       // numbers in the cells where they fit
    std::function<bool(std::size_t row, std::size_t column)> masked = {}; // hatched cells
    std::function<bool(std::size_t row, std::size_t column)> differs = {}; // marked as wrong

    std::size_t drawn_rows() const { return transposed ? numbers.columns : numbers.rows; }
    std::size_t drawn_columns() const { return transposed ? numbers.rows : numbers.columns; }
    ImVec2 high() const;                                      // lower right corner
    ImVec2 low_of(std::size_t row, std::size_t column) const; // of a cell, by its own indices
    ImVec2 centre_of(std::size_t row, std::size_t column) const;
};

// The largest number without its sign, infinities left out; at least the smallest positive one.
double largest_of(const Numbers& numbers);

struct MatrixPointer {
    std::optional<std::pair<std::size_t, std::size_t>> hovered; // by the cell's own indices
    bool clicked = false;
};

// Draws it and says which cell the pointer is on. Cells outside of the clip rectangle cost nothing.
MatrixPointer draw_matrix(Ink& ink, Controls& controls, const MatrixView& view);

} // namespace whirlygig
