// What the colours of a stage's matrices are measured by.
#pragma once

#include "trace/trace.h"

namespace whirlygig {

// Numbers that go into the result as they are, copied, added or scaled, are painted in the result's
// colours: then the same colour is the same number.
bool shares_scale(const Stage& stage, std::size_t operand);

// The number that has the full colour in the result and in the operands that share its scale: the
// largest of all of them. Always above 0.
double scale_of(const Stage& stage);

} // namespace whirlygig
