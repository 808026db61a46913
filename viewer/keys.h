// What the keys do, as far as no text box has them. The help lists them.
#pragma once

#include "state.h"

namespace whirlygig {

// Takes what was pressed since the last frame.
void take_keys(State& state);

} // namespace whirlygig
