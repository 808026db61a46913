// The experiment behind a gradient: move one parameter a little, see what the loss does.
#pragma once

#include "state.h"

namespace whirlygig {

// Moves the parameter by +ε and −ε on copies of the model, runs the text through both and compares
// the slope with the analytic gradient. The passes are in float, whose numbers have seven digits:
// ε is chosen from several so that neither rounding (ε too small) nor the curve (too large) spoils
// the slope. Throws an Error when it is no parameter or the text has no loss.
Nudge nudge_parameter(const State& state, const CellRef& parameter);

// The same for state.nudge; what is wrong becomes state.message.
void try_nudge(State& state, const CellRef& parameter);

// What it found, in one or two sentences.
std::string words_of(const Nudge& nudge);

} // namespace whirlygig
