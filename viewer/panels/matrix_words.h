// Matrices and cells in words: stages and parameters alike.
#pragma once

#include "state.h"

#include <string>
#include <vector>

namespace whirlygig {

// "Block 0, head 1: scores", "Gradient by block 0: the heads joined", "Block 0: MLP up weights"
std::string title_of(const State& state, const std::string& matrix);

// Gives each stage of the state's trace the title that the whole viewer uses: the names of
// gradients are words, too.
void name_stages(State& state);

// "row 3 creature, column 1 fluffy"; "number 5 of 32" of a vector.
std::string words_for_cell(const State& state, const CellRef& cell);

// "(5, 16)(16, 5) → (5, 5)"
std::string shapes_of(const Stage& stage);

// What the signs in the stage's formula mean, a sentence each.
std::vector<std::string> signs_of(const Stage& stage);

// What one number of a parameter does, as a sentence.
std::string meaning_of_parameter(const State& state, const CellRef& cell);

} // namespace whirlygig
