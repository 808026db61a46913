// The shapes of a stage's operands and of its result, as one line.
#pragma once

#include "trace/trace.h"

#include <string>

namespace whirlygig {

// "(5, 16)"; "(16)" for a vector, which is kept as one row.
std::string shape_text(const Operand& operand);
std::string shape_text(const Stage& stage);

// As the formula multiplies or adds them, transposed where it says so:
// "(5, 16)(16, 5) -> (5, 5)" for the scores.
std::string shape_formula(const Stage& stage);

} // namespace whirlygig
