// The pictures within the diagram of the whole model: one part, an attention map, the tokens that
// go in, the ones that may come next. Boxes are in pixels here.
#pragma once

#include "scenes/model_layout.h"
#include "state.h"

namespace whirlygig {

// How far the pass is with a part.
struct PartProgress {
    bool computed = false, current = false, hovered = false;
    double share = 0; // of the current part's cells
};

// Boxes, chips, marks and plus signs. `size` is written below or behind the name: "5×32".
void draw_part(Ink& ink, const Part& part, Box room, const PartProgress& progress,
               const std::string& size);

// The lower half of a T×T stage, or of its gradient; what is not computed yet is only hinted at.
void draw_map(Ink& ink, const Part& part, Box room, const PartProgress& progress,
              const Stage& stage);

// The tokens below each other; beside them the line from which the ways into the model begin, at
// the heights `ways`.
void draw_tokens(Ink& ink, const TracedText& text, Box room, ImVec2 ways);

// The most probable tokens after the last one.
void draw_prediction(Ink& ink, const TracedText& text, Box room, bool computed);

} // namespace whirlygig
