// One frame of the viewer: the keys, the time, and everything that is on the screen.
#pragma once

#include "state.h"

#include <vector>

namespace whirlygig {

// Between ImGui::NewFrame and ImGui::Render. Gives all text that was written, for tests.
std::vector<WrittenText> draw_frame(State& state);

// Moves the time on by so many seconds, if it plays.
void play_on(State& state, double seconds);

// Takes look, palette and font size from the settings; fonts are loaded again when their size
// changed. Call it before the window's begin_frame, which draws with the fonts that are there then.
void apply_settings(State& state, float pixel_scale);

} // namespace whirlygig
