// What the two ways of placing a stage's matrices share: the matrices themselves, the largest cells
// that fit, the room below. Used by arrangement.cpp, crossing.cpp and in_line.cpp only.
#pragma once

#include "draw/axis_labels.h"
#include "stages/arrangement.h"

#include <functional>

namespace whirlygig {

// A product: the left operand on the left of the result, the right one above it. Where there are
// several pairs of operands, `pair` is the number of the first operand of the one that is shown.
Arrangement arrange_crossing(const State& state, const Stage& stage, std::size_t pair, Box area);

// The first operand of the pair that the term of a sum belongs to; 0 where there is one pair.
std::size_t first_of_pair(const Stage& stage, std::size_t term);

// Any other operation: beside each other or below each other, whichever has the larger cells.
Arrangement arrange_in_line(const State& state, const Stage& stage, Box area);

MatrixView view_of(const State& state, const Operand& operand, bool transposed);

// How large all cells of a picture are, in pixels. Rows and columns of matrices that have only a
// few are at least `few` wide and high, so that each can have its label.
struct CellSize {
    float width = 0, height = 0, few = 0; // 0: nothing fits

    float worth() const; // to compare by
};
CellSize better(const CellSize& one, const CellSize& other);

class Arranger {
protected:
    // With the result and the companion; the operands are added by who places them.
    Arranger(const State& state, const Stage& stage, Box area);

    // Draws the result with rows and columns swapped.
    void turn_result();

    // With its scale, which it may share with the result.
    MatrixView operand(std::size_t index, bool transposed) const;

    // Operands, result, companion.
    std::vector<MatrixView*> all();
    void set_cell(const CellSize& size);

    // The largest cell with which `fits` holds: no smaller than 3 units, no larger than 72. Small
    // cells may be wider than high, or the other way round. 0 where nothing fits.
    using Fits = std::function<bool(const CellSize& cell)>;
    CellSize largest_cell(const Fits& fits) const;
    CellSize least_cell() const;

    // What stands beside a gradient must not make everything much smaller.
    void keep_companion_if(const std::function<CellSize()>& largest);
    float room_for_companion() const;

    // The room for an inset below the matrices, with the gap between them.
    float height_below() const;
    Box inset_below() const;
    float gap_beside() const { return theme.units(34); }

    const State& state;
    const Theme& theme;
    const Stage& stage;
    Box area;
    float predictions; // the room for them on the right
    Arrangement arrangement;
};

} // namespace whirlygig
