// What stands above the matrices of a stage: its title, its formula, what it is for, and what the
// colours mean.
#pragma once

#include "draw/box.h"
#include "draw/ink.h"
#include "trace/trace.h"

namespace whirlygig {

// Takes the room off the area's top.
void draw_heading(Ink& ink, const Stage& stage, Box& area);

} // namespace whirlygig
