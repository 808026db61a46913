// Building what has the learner's code in it: the programs that check it and those that run it.
#pragma once

#include "exercise_file.h"
#include "places.h"
#include "process.h"

#include <set>
#include <string>

namespace whirlygig {

// One of the two folders with composed sources, and the preset (CMakePresets.json) that builds it.
struct ComposedBuild {
    std::filesystem::path folder; // the sources are in its composed/
    std::string preset;
};

ComposedBuild checks_build(const Places& places);
ComposedBuild programs_build(const Places& places);

// Composes every file that has exercises from the learner's, where the bodies `taken` are theirs
// and all others are filled in from src/. Files are written only when they change. Throws an Error
// for files of the learner's that are missing, unreadable or have broken markers.
void write_composition(const Places& places, const ComposedBuild& build,
                       const std::vector<Exercise>& exercises, const std::set<std::string>& taken);

// Builds targets of it, with configuring when that was not done before, and shows on a terminal how
// far it is. The output is what the compiler said.
Outcome build_targets(const Places& places, const ComposedBuild& build,
                      const std::set<std::string>& targets);

// The learner's file and that of src/, parsed, with their markers checked.
ExerciseFile read_mine(const Places& places, const std::string& file,
                       const std::vector<Exercise>& exercises);
ExerciseFile read_reference(const Places& places, const std::string& file,
                            const std::vector<Exercise>& exercises);

// The target that checks an exercise: check_attention_test.
std::string check_target(const Exercise& exercise);

} // namespace whirlygig
