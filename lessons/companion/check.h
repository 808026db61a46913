// One check, from the learner's file to the verdict.
#pragma once

#include "build.h"
#include "verdict.h"

#include <set>
#include <string>

namespace whirlygig {

// Builds what checks the exercise, so that its first check is quick. The output is the compiler's.
Outcome build_check(const Places& places, const std::vector<Exercise>& exercises,
                    const Exercise& exercise, const std::set<std::string>& taken);
bool check_is_built(const Places& places, const Exercise& exercise);

// Composes, builds, runs and judges. `taken`: the exercises whose bodies are the learner's, the
// checked one among them. What the learner's files lack is in the verdict, too; throws an Error for
// what is beyond them (a disk that is full).
Verdict check_exercise(const Places& places, const std::vector<Exercise>& exercises,
                       const Exercise& exercise, const std::set<std::string>& taken);

// The same for several exercises with one build: passes when each of them does. It ends
// with the first that does not.
Verdict check_together(const Places& places, const std::vector<Exercise>& exercises,
                       const std::vector<Exercise>& checked, const std::set<std::string>& taken);

} // namespace whirlygig
