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
// changed. Call it before ImGui::NewFrame. True when the fonts' texture must be made again.
bool apply_settings(State& state, float pixel_scale);

} // namespace whirlygig
