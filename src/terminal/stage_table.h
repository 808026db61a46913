// All stages of a pass as a table: number, name, shape and formula.
#pragma once

#include "trace/trace.h"

#include <string>

namespace whirlygig {

std::string stage_table(const Trace& trace, std::size_t width);

} // namespace whirlygig
