// The panels around the canvas. Each fills the current ImGui window and changes the state.
#pragma once

#include "state.h"

namespace whirlygig {

void draw_header(State& state, Ink& ink);       // title, text box, scenes, look, help
void draw_stage_list(State& state, Ink& ink);   // all stages, in groups; the current one lit
void draw_cell_panel(State& state, Ink& ink);   // the arithmetic of the shown cell
void draw_comparison(State& state, Ink& ink);   // what a pass from a file says differently
void draw_timeline_bar(State& state, Ink& ink); // play, step, scrub, level, speed, loop
void draw_help(State& state, Ink& ink);         // the keys and the words, over everything else
ImVec2 help_size(const Theme& theme);           // of the window that draw_help fills
void draw_settings(State& state, Ink& ink);     // look, palette, digits, font scale, motion
void draw_tour(State& state, Ink& ink);         // one step of the guided tour, over everything

} // namespace whirlygig
