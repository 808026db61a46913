// Where the matrices of a stage stand, so that its arithmetic reads naturally: a product's left
// operand on the left of the result and its right operand above it, other operands in a row or on
// top of each other. Nothing is drawn here.
#pragma once

#include "draw/box.h"
#include "draw/matrix_view.h"
#include "stages/matrix_labels.h"
#include "state.h"

#include <string>
#include <vector>

namespace whirlygig {

// A cell of the stage that the picture is about.
struct Focus {
    std::size_t row = 0, column = 0;
};

struct Sign {
    std::string text; // "+", "=", "·"
    ImVec2 centre = {0, 0};
};

struct Arrangement {
    bool crosses = false;             // a product: operands 0 and 1 are its left and right one
    std::vector<MatrixView> operands; // in the order of stage.made_from, as far as they are shown
    MatrixView result;
    std::optional<MatrixView> companion; // beside a gradient: what it is the gradient by
    std::vector<Sign> signs;
    Box inset; // the room for how the cell comes about
};

// Fits everything into the area, then zooms and moves the matrices (not the inset) by the state's
// zoom and pan. `term` chooses the pair of operands that is shown where a stage has many.
Arrangement arrange(const State& state, const Stage& stage, std::size_t term, Box area);

// The same, frame after frame: searches for the places only where they can have changed.
Arrangement arrange_again(State& state, const Stage& stage, std::size_t term, Box area);

} // namespace whirlygig
