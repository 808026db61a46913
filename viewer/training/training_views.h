// What the training scene is made of. Each draws into the room that it is given.
#pragma once

#include "draw/chart.h"
#include "state.h"

namespace whirlygig {

// The controls of a run, in the place of the list of stages.
void draw_training_panel(State& state, Ink& ink);

// Losses over the steps, attention maps and samples of the step that is looked at.
void draw_curves_view(State& state, Ink& ink, Box box);

// One step in slow motion: batch, forward, loss, backward, and how the update moves one number.
void draw_step_view(State& state, Ink& ink, Box box);

// The loss over two directions, and the way that the run took.
void draw_landscape_view(State& state, Ink& ink, Box box);

// The lower edge of the training scene: from snapshot to snapshot.
void draw_training_bar(State& state, Ink& ink);

// Where in the training one is, with a tick for every snapshot; dragging goes to another step.
void draw_training_scrubber(State& state, Ink& ink, const Box& box);

// The loss of every branch, its held-out loss and the floor.
void draw_loss_chart(State& state, Ink& ink, const Box& box);

// Every head's map on the text that is shown, and how much it follows known patterns.
void draw_heads_view(State& state, Ink& ink, const Box& box);

// The colour of a branch's curve.
ImU32 colour_of_branch(const Theme& theme, std::size_t branch);

} // namespace whirlygig
