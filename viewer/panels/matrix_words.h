// Matrices and cells in words: stages and parameters alike.
#pragma once

#include "state.h"

#include <string>

namespace whirlygig {

// "Block 0, head 1: scores", "Gradient by block 0: the heads joined", "Block 0: MLP up weights"
std::string title_of(const State& state, const std::string& matrix);

// "row 3 creature, column 1 fluffy"; "number 5 of 32" of a vector.
std::string words_for_cell(const State& state, const CellRef& cell);

// What one number of a parameter does, as a sentence.
std::string meaning_of_parameter(const State& state, const CellRef& cell);

} // namespace whirlygig
