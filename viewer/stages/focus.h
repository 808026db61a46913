// The cell that the picture of a stage is about.
#pragma once

#include "stages/arrangement.h"
#include "state.h"

namespace whirlygig {

// The cell of the moment's stage that is pinned or under the pointer, or from which one followed a
// link to the parameter that is; else the one that is being
// computed now; of a finished stage the one that is worth a look.
Focus focus_of(const State& state, const Moment& moment);

} // namespace whirlygig
