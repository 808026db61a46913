// Below the matrices of a stage: how the cell or the row that is being computed comes about, drawn
// after the stage's operation: the terms of a sum one by one, exponentials and their shares, mean
// and spread, a point on a curve.
#pragma once

#include "draw/ink.h"
#include "state.h"

namespace whirlygig {

// What an inset draws from, and where.
struct Inset {
    Ink& ink;
    const State& state;
    const Stage& stage;
    Moment moment;
    ImVec2 low, high; // the area, in pixels
};

// Chooses by the stage's operation.
void draw_inset(Inset& inset);

// The arithmetic of the moment's cell in the area's first line, as much of it as fits: where there
// is no room for a picture.
void draw_one_line(Inset& inset);

// Sums of products: a bar for each term, filled up to the current one; under them the running sum;
// in words the term that is being added: "0.42 · (−0.89) = −0.37, sum so far −0.37".
void draw_running_sum(Inset& inset);

// The weighted sum of values: for each place that is looked at its attention weight as a bar and
// its row of values, as strong as the weight; the sum fills at the bottom.
void draw_mixing(Inset& inset);

// One row of scores: each less the largest, its exponential, the sum of all, the share of each.
void draw_softmax(Inset& inset);

// One row as dots on an axis: where they are, mean and spread taken out, gain and shift put in.
void draw_normalise(Inset& inset);

// Back through a layer norm: the gradient by one number of a row, in numbered steps.
void draw_normalise_backward(Inset& inset);

// The gradient by a gain: a line for each place that adds to it.
void draw_gain_backward(Inset& inset);

// The curve with the current x on it.
void draw_gelu(Inset& inset);

// −log p as a curve, with the probability of the real next token on it; the loss in words.
void draw_loss(Inset& inset);

// The most probable next tokens of the row as bars, with their names.
void draw_next_tokens(Inset& inset);

// Any other arithmetic: the expression of the current cell with its numbers, in lines.
void draw_arithmetic(Inset& inset);

} // namespace whirlygig
