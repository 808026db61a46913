// What stands on the right of a stage's rows: what the model predicts for each place, what really
// came next, why a row of a gradient is zero.
#pragma once

#include "draw/ink.h"
#include "stages/arrangement.h"
#include "state.h"

#include <string>

namespace whirlygig {

struct ShownStage {
    const Stage& stage;
    const Moment& moment;
    const Arrangement& arrangement;
    Box area; // of the whole picture
};

class RowNotes {
public:
    RowNotes(const State& state, Ink& ink, const ShownStage& shown);
    void draw() const;

private:
    void head(float x, const std::string& upper, const std::string& lower) const;
    void why_the_last_row_is_zero() const;
    bool is_free(const Box& box) const;

    const State& state;
    Ink& ink;
    const Theme& theme;
    const Stage& stage;
    const Moment& moment;
    const Arrangement& arrangement;
    const MatrixView& result;
    Box area;
};

} // namespace whirlygig
