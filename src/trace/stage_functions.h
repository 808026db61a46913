// Which function of src/ computes a stage: what a reader of the numbers may want to read next.
#pragma once

#include "trace/trace.h"

#include <string_view>

namespace whirlygig {

// The function's name, "attention_scores"; that of the exercise, where the function is one.
std::string_view function_of(const Stage& stage);

} // namespace whirlygig
