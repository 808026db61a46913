// A source file with marked bodies: those of src/, the stubs and the learner's own files.
//
//     // EXERCISE 3 attention_scores
//     ...                                  the body, inside a function
//     // END
#pragma once

#include "exercises.h"

#include <string>
#include <string_view>
#include <vector>

namespace whirlygig {

// Lines count from 0; the body is lines first ... last - 1, the markers stand around it.
struct MarkedBody {
    std::string exercise;
    int lesson;
    std::size_t first, last;
};

struct ExerciseFile {
    std::string name; // for messages: my/attention.cpp
    std::vector<std::string> lines;
    std::vector<MarkedBody> bodies;

    bool has(const std::string& exercise) const;
    // Throws an Error that names the file when it has no such body.
    const MarkedBody& body(const std::string& exercise) const;
};

// Throws an Error that names the file and the line: an END too many or missing, a marker inside of
// a body or misspelt, an exercise that is marked twice.
ExerciseFile parse_exercise_file(const std::string& name, std::string_view text);

// Throws an Error unless the file has exactly the bodies of those exercises that belong to the
// source `file` (below src/), each with its lesson.
void check_markers(const ExerciseFile& parsed, const std::string& file,
                   const std::vector<Exercise>& exercises);

// The lines of a body, each with its line end.
std::string body_text(const ExerciseFile& file, const std::string& exercise);

// 16 hexadecimal digits that tell two bodies apart. White space at the ends of lines and empty
// lines around the body do not count.
std::string body_hash(const ExerciseFile& file, const std::string& exercise);

} // namespace whirlygig
