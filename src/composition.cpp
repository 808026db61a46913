#include "composition.h"

namespace whirlygig {

// A build for the lessons has a generated file in the place of this one.
const std::vector<ExerciseBody>& exercise_bodies() {
    static const std::vector<ExerciseBody> none;
    return none;
}

} // namespace whirlygig
