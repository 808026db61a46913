// Back through a layer norm: the gradient by one number of the row, step by step.
#pragma once

#include "stages/inset_parts.h"
#include "trace/expression.h"

#include <string>
#include <vector>

namespace whirlygig {

struct NormStep {
    std::string words, numbers;
};

std::string norm_number(double value); // with the digits that the steps have

// The steps in the order in which they are taken, from the expression that explain gives:
// [straight on +] (gradient · gain − mean gradient − (x − mean) / spread · mean slope) / spread.
// The last one ends with the number that the pass has stored.
std::vector<NormStep> norm_steps_of(const Expression& expression, double stored);

} // namespace whirlygig
