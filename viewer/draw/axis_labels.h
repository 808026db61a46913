// What is written around the cells of a matrix: labels beside the rows and above the columns, and
// the caption above all.
#pragma once

#include "draw/box.h"
#include "draw/matrix_view.h"

namespace whirlygig {

void draw_labels(Ink& ink, const MatrixView& view);

// Where the caption is written.
Box caption_box(const Theme& theme, const MatrixView& view);

// The room that labels and caption need around the cells.
struct Margins {
    float left = 0, top = 0, right = 0;
};
Margins margins_of(const Theme& theme, const MatrixView& view);

} // namespace whirlygig
