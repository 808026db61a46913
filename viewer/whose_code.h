// Whose code made the numbers, in a build that holds bodies of a learner (see composition.h).
#pragma once

#include "composition.h"
#include "trace/trace.h"

#include <string>

namespace whirlygig {

// "3 of 15 functions are yours"; empty where no learner takes part.
std::string whose_code(const std::vector<ExerciseBody>& bodies);

// "attention_scores: your code (my/attention.cpp, line 41)"; empty where no learner takes part.
std::string whose_stage(const Stage& stage, const std::vector<ExerciseBody>& bodies);

// Why the pass stopped, at the stage where it did.
std::string words_on_stop(const StoppedPass& stopped, const Stage& stage,
                          const std::vector<ExerciseBody>& bodies);

} // namespace whirlygig
