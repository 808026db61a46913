// Composition: the source that is built in the place of a file of src/. It is the learner's file as
// it is, but the bodies that are not theirs yet are filled in from src/. Lines keep the number and
// the file that they come from, so that compilers and debuggers name those.
#pragma once

#include "exercise_file.h"

#include <set>
#include <string>

namespace whirlygig {

struct ComposedPaths {
    std::string learners, reference;             // the files that #line names
    std::string shown_learners, shown_reference; // what composition.h's `file` says
};

// `taken`: the exercises whose bodies are the learner's. At its end the source defines
// whirlygig::composed::NAME() for each exercise in it, which returns its ExerciseBody.
std::string compose(const ExerciseFile& learners, const ExerciseFile& reference,
                    const std::set<std::string>& taken, const ComposedPaths& paths);

// The source that takes the place of src/composition.cpp.
std::string composition_source(const std::vector<Exercise>& exercises);

} // namespace whirlygig
