// The arithmetic of any one cell of any stage, made from the stage's declaration alone.
#pragma once

#include "trace/expression.h"
#include "trace/trace.h"

namespace whirlygig {

// How the number at (row, column) was computed. Its value is within 1e-6 · magnitude of the stored
// one. Throws an Error when the stage has no such cell.
Expression explain(const Stage& stage, std::size_t row, std::size_t column);

} // namespace whirlygig
