// The stub of a source file: all of it, but the bodies of its exercises are still to be written.
#pragma once

#include "exercise_file.h"

#include <optional>

namespace whirlygig {

// The lines that stand in the place of a body: they throw NotWrittenYet (error.h).
std::vector<std::string> stub_body(const ExerciseFile& reference, const std::string& exercise);

// Makes the stub of a file of src/; it includes "error.h" in any case.
std::string make_stub(const ExerciseFile& reference);

// The learner's file with the body of one exercise put back to how it is in the stub.
std::string with_stub_body(const ExerciseFile& learners, const ExerciseFile& reference,
                           const std::string& exercise);

// The learner's file with the exercise marked in it and still to be written, where it had the very
// lines of src/ for its body; none when these lines do not stand there exactly once.
std::optional<std::string> with_new_exercise(const ExerciseFile& learners,
                                             const ExerciseFile& reference,
                                             const std::string& exercise);

} // namespace whirlygig
