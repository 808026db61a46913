// Whose code runs. In a build for the lessons the bodies of some functions are the learner's own
// (lessons/companion/compose.h makes the sources); everywhere else all code is that of src/.
#pragma once

#include <string>
#include <vector>

namespace whirlygig {

struct ExerciseBody {
    std::string exercise; // the name of the exercise: attention_scores
    int lesson;
    bool learners;    // whether the learner wrote the body; else it is that of src/
    std::string file; // where it stands: my/attention.cpp or src/attention.cpp
    int line;         // its first line there
    std::string hash; // of the learner's body, as body_hash (exercise_file.h); else empty
};

// In the order of the lessons; empty where no learner takes part.
const std::vector<ExerciseBody>& exercise_bodies();

} // namespace whirlygig
