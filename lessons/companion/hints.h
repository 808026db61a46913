// Hints: three levels for each exercise, from lessons/NN_name/hints.md.
//
//     # attention_scores
//     ## A question
//     ...
//     ## The formula
//     ...
//     ## Step by step
//     ...
#pragma once

#include <string>
#include <vector>

namespace whirlygig {

struct Hint {
    std::string title; // A question
    std::string text;  // ends with a line end
};

// The hints for an exercise in the text of a hints.md, the gentlest first; none when the exercise
// has no heading in it.
std::vector<Hint> read_hints(const std::string& text, const std::string& exercise);

} // namespace whirlygig
