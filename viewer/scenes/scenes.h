// What the canvas shows.
#pragma once

#include "state.h"

namespace whirlygig {

// The whole model as one diagram: the residual stream from left to right, what reads it and what
// adds to it, heads side by side. A click on any part goes to its stage.
void draw_model_scene(State& state, Ink& ink, ImVec2 low, ImVec2 high);

// The current stage: the matrices it is made from, the one it makes, and how.
void draw_stages_scene(State& state, Ink& ink, ImVec2 low, ImVec2 high);

// Training runs: what the losses and the heads do, one step in slow motion, the landscape.
void draw_training_scene(State& state, Ink& ink, ImVec2 low, ImVec2 high);

} // namespace whirlygig
